import { LeadwireError } from "../errors.ts";

/** A setting that AWS, or the pipeline's own promise, does not allow. */
export interface BrokenRule {
  /** Where the setting stands, such as `environments.dev.tuning.enrich.batchSize`. */
  readonly path: string;
  readonly value: unknown;
  /** What is allowed, to be read after "must be". */
  readonly bound: string;
  /** Why, in a sentence. */
  readonly reason: string;
  /** The page that states the rule. */
  readonly link: string;
}

function paragraph({ path, value, bound, reason, link }: BrokenRule): string {
  return `${path} is ${JSON.stringify(value) ?? "missing"}: it must be ${bound}.\n  ${reason}\n  ${link}`;
}

/** Settings that break rules: all of them at once, a paragraph each. */
export abstract class BrokenRulesError extends LeadwireError {
  readonly rules: readonly BrokenRule[];

  constructor(code: string, rules: readonly BrokenRule[]) {
    const headline = rules.length === 1 ? "1 setting breaks a rule:" : `${rules.length} settings break a rule:`;
    super(code, [headline, ...rules.map(paragraph)].join("\n\n"));
    this.rules = rules;
  }
}
