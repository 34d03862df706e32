import type { Environment } from "../../environments/environment.ts";
import type { AttributeChange } from "./attributes.ts";
import type { Gone } from "./owners.ts";
import type { Change, Path, Plan } from "./plan.ts";

/** How much attention a finding needs: none, somebody looks at it, or a second person approves it. */
export const classes = ["none", "look", "approve"] as const;
export type FindingClass = (typeof classes)[number];

/** Kinds of findings, the most serious first. */
export const kinds = ["lost", "exposed", "silent", "knob", "code", "unknown", "drift", "added", "noise"] as const;
export type FindingKind = (typeof kinds)[number];

/** Something that a reviewer should know of a plan. */
export interface Finding {
  readonly class: FindingClass;
  readonly kind: FindingKind;
  readonly address: string;
  /** What happens, as a sentence without a full stop that begins with a verb: "replaces the queue leads". */
  readonly summary: string;
  /** Values, as `shown` writes them; null where there is none. */
  readonly before: string | null;
  readonly after: string | null;
  /** Why it matters, in a sentence. Empty where the summary says it. */
  readonly why: string;
  /** What to do, in a sentence. Empty where there is nothing to do. */
  readonly todo: string;
}

/** What a rule may look at beside a change. */
export interface Context {
  readonly plan: Plan;
  /** What the change changes. Of a resource that is created or destroyed, nothing: its values are in the change. */
  readonly attributes: readonly AttributeChange[];
  /** The texts by which others name resources that the plan destroys or replaces. */
  readonly gone: ReadonlyMap<string, Gone>;
  /** The environment that the plan is of, if it is known. */
  readonly environment: { readonly name: string; readonly settings: Environment } | undefined;
}

export interface RuleResult {
  readonly findings: readonly Finding[];
  /**
   * What the rule accounts for: paths of attributes, with all below them. The empty path is the whole change. What no rule
   * explains is reported as unknown.
   */
  readonly explains: readonly Path[];
}

/** Looks at one change. It says what it found and what it accounts for. */
export type Rule = (change: Change, context: Context) => RuleResult | Promise<RuleResult>;

/** A result that says nothing. */
export const nothing: RuleResult = { findings: [], explains: [] };

/** Longest text of one value. */
const longest = 160;

/** Writes a value for a finding: texts as they are, others as JSON, long ones shortened; null for no value. */
export function shown(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** Writes both values of a change. Of long texts it shows the place where they begin to differ. */
export function shownChange({ before, after }: { before: unknown; after: unknown }): Pick<Finding, "before" | "after"> {
  const texts = [before, after].map((value) => (typeof value === "string" ? value : JSON.stringify(value)) ?? "");
  const [left = "", right = ""] = texts;
  const isLong = Math.max(left.length, right.length) > longest;
  const start = isLong ? [...left].findIndex((character, index) => character !== right[index]) - 40 : 0;
  if (start <= 0 || before === undefined || after === undefined) return { before: shown(before), after: shown(after) };
  return { before: shown(`…${left.slice(start)}`), after: shown(`…${right.slice(start)}`) };
}

/** Writes a path: `environment[0].variables.NAME`. */
export const pathText = (path: Path): string =>
  path.map((step, index) => (typeof step === "number" ? `[${step}]` : `${index > 0 ? "." : ""}${step}`)).join("");
