import { groupBy, mapValues } from "es-toolkit";
import { type AttributeChange, attributesOf, isBelow } from "./attributes.ts";
import { withoutSecrets } from "./mask.ts";
import type { Change, Plan } from "./plan.ts";
import { type Context, classes, type Finding, type FindingClass, kinds, pathText, shownChange } from "./rule.ts";
import { rules } from "./rules/index.ts";

/** What a plan means for its reviewer. */
export interface Review {
  /** The highest class of the findings. */
  readonly class: FindingClass;
  /** The most serious first. Texts hold no secrets. */
  readonly findings: readonly Finding[];
  /** Number of planned changes by action, those without one included. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Applies every rule to every change. What no rule explains becomes a finding `unknown`. */
export async function review(plan: Plan, environment: Context["environment"]): Promise<Review> {
  const found = await Promise.all(
    [...plan.changes, ...plan.outputs].map((change) => findingsOf(change, plan, environment)),
  );
  const findings = found
    .flat()
    .map((finding) => mapValues(finding, (value) => (value === null ? null : withoutSecrets(value))) as Finding)
    .toSorted(
      (a, b) => classes.indexOf(b.class) - classes.indexOf(a.class) || kinds.indexOf(a.kind) - kinds.indexOf(b.kind),
    );
  return {
    class: findings[0]?.class ?? "none",
    findings,
    counts: mapValues(
      groupBy(plan.changes, ({ action }) => action),
      ({ length }) => length,
    ),
  };
}

async function findingsOf(change: Change, plan: Plan, environment: Context["environment"]): Promise<Finding[]> {
  if (change.action === "no-op" || change.action === "read") return [];
  const isInPlace = change.action === "update" || change.action === "replace";
  const attributes = isInPlace ? attributesOf(change) : [];
  const context = { plan, attributes, environment };
  const results = await Promise.all(Object.values(rules).map((rule) => rule(change, context)));
  const explained = results.flatMap(({ explains }) => explains);
  const findings = results.flatMap((result) => result.findings);
  if (explained.some((path) => path.length === 0)) return findings;
  const left = attributes.filter(({ path }) => !explained.some((parent) => isBelow(path, parent)));
  return [...findings, ...unknown(change, left)];
}

/** What no rule explains, a finding for each attribute of the resource. */
function unknown({ address, action }: Change, left: readonly AttributeChange[]): Finding[] {
  const common = { class: "look", kind: "unknown", address, why: "No rule of this review covers it." } as const;
  const todo = "Read this change in the plan itself.";
  if (action !== "update") return [{ ...common, summary: `${action}s it`, before: null, after: null, todo }];
  return Object.values(groupBy(left, ({ path }) => String(path[0]))).map(([first, ...more]) => {
    const others = more.length > 0 ? ` and ${more.length} more values in it` : "";
    return {
      ...common,
      summary: `changes ${first ? pathText(first.path) : ""}${others}`,
      ...shownChange(first ?? { before: undefined, after: undefined }),
      todo,
    };
  });
}
