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
