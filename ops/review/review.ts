import { countBy, groupBy, mapValues, partition } from "es-toolkit";
import { type AttributeChange, attributesOf, isBelow } from "./attributes.ts";
import { withoutSecrets } from "./mask.ts";
import { goneIn, isGone } from "./owners.ts";
import { type Change, knownAfterApply, type Path, type Plan } from "./plan.ts";
import { type Context, classes, type Finding, type FindingClass, kinds, pathText, shownChange } from "./rule.ts";
import { follows } from "./rules/follows.ts";
import { rules } from "./rules/index.ts";

/** What a plan means for its reviewer. */
export interface Review {
  /** The highest class of the findings. */
  readonly class: FindingClass;
  /** The most serious first. Texts hold no secrets. */
  readonly findings: readonly Finding[];
  /** Number of resources in the plan by action, those without one included. */
  readonly counts: Readonly<Record<string, number>>;
  /** Addresses of what the plan destroys or replaces. */
  readonly destroyed: readonly string[];
}

type Surroundings = Omit<Context, "attributes">;

const moreSeriousFirst = (a: Finding, b: Finding) =>
  classes.indexOf(b.class) - classes.indexOf(a.class) || kinds.indexOf(a.kind) - kinds.indexOf(b.kind);

/** Applies every rule to every change. What no rule explains becomes a finding `unknown`. */
export async function review(plan: Plan, environment: Context["environment"]): Promise<Review> {
  const surroundings = { plan, environment, gone: goneIn(plan) };
  const planned = [...plan.changes, ...plan.outputs].map((change) => findingsOf(change, surroundings));
  const drifted = plan.drift.map((change) => driftOf(change, surroundings));
  const found = [...problemsOf(plan), ...(await Promise.all([...planned, ...drifted])).flat()];
  const findings = found.map(withoutSecretsIn).toSorted(moreSeriousFirst);
  return {
    class: findings[0]?.class ?? "none",
    findings,
    counts: countBy(plan.changes, ({ action }) => action),
    destroyed: plan.changes.filter(isGone).map(({ address }) => withoutSecrets(address)),
  };
}

const withoutSecretsIn = (finding: Finding): Finding => ({
  ...finding,
  ...mapValues(
    { address: finding.address, summary: finding.summary, why: finding.why, todo: finding.todo },
    withoutSecrets,
  ),
  ...mapValues({ before: finding.before, after: finding.after }, (value) =>
    value === null ? null : withoutSecrets(value),
  ),
});

async function findingsOf(change: Change, surroundings: Surroundings): Promise<Finding[]> {
  if (change.action === "read") return [];
  const isInPlace = change.action === "update" || change.action === "replace";
  const all = isInPlace ? attributesOf(change) : [];
  const following = await follows(change, { ...surroundings, attributes: all });
  const attributes = except(all, [...following.explains, ...change.replacedBy]);
  const results = await Promise.all(Object.values(rules).map((rule) => rule(change, { ...surroundings, attributes })));
  const explained = results.flatMap(({ explains }) => explains);
  const findings = [...following.findings, ...results.flatMap((result) => result.findings)];
  if (change.action === "no-op") return findings;
  return [...findings, ...unknown(change, except(attributes, explained))];
}

const except = (attributes: readonly AttributeChange[], paths: readonly Path[]): AttributeChange[] =>
  attributes.filter(({ path }) => !paths.some((parent) => isBelow(path, parent)));

/** What no rule explains: a finding for each attribute of the resource, or for an action that is not known. */
function unknown({ address, action }: Change, left: readonly AttributeChange[]): Finding[] {
  const common = { class: "look", kind: "unknown", address, why: "No rule of this review covers it." } as const;
  const todo = "Read this change in the plan itself.";
  const none = { before: undefined, after: undefined };
  if (action === "other")
    return [{ ...common, summary: "is changed in a way that this review does not know", ...shownChange(none), todo }];
  // AWS gives much anew to a resource that is replaced.
  const [open, known] = partition(left, ({ after }) => action === "replace" && after === knownAfterApply);
  const opened = open.map(({ path }) => pathText(path)).join(", ");
  const later = {
    summary: `is replaced, and a plan cannot say what these become: ${opened}`,
    ...shownChange(none),
    todo,
  };
  const changed = Object.values(groupBy(known, ({ path }) => String(path[0]))).map(([first, ...more]) => {
    const others = more.length > 0 ? ` and ${more.length} more values in it` : "";
    return { summary: `changes ${pathText(first?.path ?? [])}${others}`, ...shownChange(first ?? none), todo };
  });
  return [...changed, ...(open.length > 0 ? [later] : [])].map((finding) => ({ ...common, ...finding }));
}

/** What was changed outside Terraform: one finding for a resource, as serious as its most serious change. */
async function driftOf(change: Change, surroundings: Surroundings): Promise<Finding[]> {
  // A resource that only moves is in this list too.
  if (change.action === "no-op") return [];
  const findings = (await findingsOf(change, surroundings)).toSorted(moreSeriousFirst);
  const [worst] = findings;
  if (worst === undefined) return [];
  const isUndone = surroundings.plan.changes.some(
    ({ address, action }) => address === change.address && action !== "no-op",
  );
  const rest = findings.length > 1 ? ` and ${findings.length - 1} more` : "";
  const todo = isUndone
    ? "Find out who changed it and why: this plan changes the resource, perhaps back."
    : "Find out who changed it and why: this plan leaves it so.";
  const isNoise = findings.every(({ kind }) => kind === "noise");
  const attention = isNoise ? "none" : worst.class === "none" ? "look" : worst.class;
  const { address, before, after } = worst;
  const summary = `was changed outside Terraform: somebody ${worst.summary}${rest}`;
  return [{ class: attention, kind: "drift", address, summary, before, after, why: worst.why, todo }];
}

/** What the plan says of itself. */
function problemsOf({ errored, complete, deferred, invocations, failedChecks }: Plan): Finding[] {
  const again = "Plan again after apply, and review that plan too.";
  const failed = [
    "plan",
    "failed while it was made: it holds only a part of the changes",
    "Mend the error and plan again.",
  ];
  const problems = [
    ...(errored ? [failed] : []),
    ...(complete || errored ? [] : [["plan", "is not complete: changes are left for a later plan", again]]),
    ...deferred.map(({ address, reason }) => [address, `is put off to a later plan: ${reason}`, again]),
    ...invocations.map((one) => [one, "runs an action of a provider", "Read in the configuration what it does."]),
    ...failedChecks.map((one) => [one, "fails its check", "Read the check's message in the plan."]),
  ];
  const common = { class: "look", kind: "unknown", before: null, after: null, why: "" } as const;
  return problems.map(([address = "", summary = "", todo = ""]) => ({ ...common, address, summary, todo }));
}
