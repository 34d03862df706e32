import { LeadwireError } from "../../errors.ts";

/** A setting that breaks a rule of AWS or a promise of the pipeline. */
export interface RuleViolation {
  /** Where the setting is, such as `environments.dev.tuning.enrich.batchSize`. */
  readonly path: string;
  readonly value: unknown;
  /** What is allowed, as a phrase that follows "must be". */
  readonly bound: string;
  /** Why, in a sentence. */
  readonly reason: string;
  /** The page that states the rule. */
  readonly link: string;
}

/** A {@link RuleViolation} without the setting: what a rule says about any value that breaks it. */
export type Rule = Pick<RuleViolation, "bound" | "reason" | "link">;

/** Returns the violation of a rule by a setting, or nothing if the rule holds. */
export const violated = (
  path: string,
  value: unknown,
  { holds, ...rule }: Rule & { readonly holds: boolean },
): RuleViolation[] => (holds ? [] : [{ path, value, ...rule }]);

function paragraph({ path, value, bound, reason, link }: RuleViolation): string {
  return `${path} is ${JSON.stringify(value) ?? "missing"}: it must be ${bound}.\n  ${reason}\n  ${link}`;
}

/** Settings that break rules. The message lists all of them, a paragraph each. */
export abstract class RuleViolationsError extends LeadwireError {
  readonly violations: readonly RuleViolation[];

  constructor(code: string, violations: readonly RuleViolation[]) {
    const count = violations.length;
    const headline = count === 1 ? "1 setting breaks a rule:" : `${count} settings break a rule:`;
    super(code, [headline, ...violations.map(paragraph)].join("\n\n"));
    this.violations = violations;
  }
}
