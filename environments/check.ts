import { ValidationError } from "yup";
import { reserveSeconds } from "../functions/notify/time-budget.ts";
import { type BrokenRule, BrokenRulesError } from "../modules/broken-rule.ts";
import { brokenTuningRules, functionTuning, workerTuning } from "../modules/tuning.ts";
import type { Environment, EnvironmentTuning } from "./environment.ts";
import { deadRoutes } from "./routing-rules.ts";
import { environmentSchema, readableTuning } from "./schema.ts";

/** Environments that cannot be deployed as they are. */
export class InvalidEnvironmentsError extends BrokenRulesError {
  constructor(rules: readonly BrokenRule[]) {
    super("InvalidEnvironments", rules);
  }
}

/**
 * Refuses environments that break a rule, their tuning's rules included.
 * @throws InvalidEnvironmentsError naming every broken rule of every environment
 */
export function checkEnvironments(environments: Readonly<Record<string, Environment>>): void {
  const rules = Object.entries(environments).flatMap(([name, environment]) =>
    brokenEnvironmentRules(environment, `environments.${name}`),
  );
  if (rules.length > 0) throw new InvalidEnvironmentsError(rules);
}

export const environmentTuning = ({ tuning }: Environment): EnvironmentTuning => ({
  ingest: functionTuning(tuning.ingest),
  enrich: workerTuning(tuning.enrich),
  notify: workerTuning(tuning.notify),
});

function brokenEnvironmentRules(environment: Environment, at: string): BrokenRule[] {
  const shape = [...brokenShapeRules(environment, at), ...deadRoutes(environment, `${at}.slack`)];
  const tuningIsReadable = readableTuning.isValidSync(environment.tuning, { strict: true });
  if (!tuningIsReadable) return shape;
  const tuning = environmentTuning(environment);
  return [
    ...shape,
    ...tuningRules(environment, tuning, at),
    ...retentionRules(environment, tuning, at),
    ...notifyRules(tuning, at),
  ];
}

function tuningRules({ latencyBudgetSeconds }: Environment, tuning: EnvironmentTuning, at: string): BrokenRule[] {
  const { ingest, enrich, notify } = tuning;
  return brokenTuningRules({ http: { ingest }, workers: { enrich, notify }, latencyBudgetSeconds }, at);
}

function notifyRules({ notify }: EnvironmentTuning, at: string): BrokenRule[] {
  const least = reserveSeconds + 3;
  if (!(notify.timeoutSeconds < least)) return [];
  return [
    {
      path: `${at}.tuning.notify.timeoutSeconds`,
      value: notify.timeoutSeconds,
      bound: `${least} or more`,
      reason: `notify begins no post in its last ${reserveSeconds} s, which are for that post and an email, and Slack needs some time before.`,
      link: "docs/tuning.md#slack",
    },
  ];
}

function retentionRules({ leadRetentionDays }: Environment, tuning: EnvironmentTuning, at: string): BrokenRule[] {
  const seconds = Math.max(tuning.enrich.deadLetterRetentionSeconds, tuning.notify.deadLetterRetentionSeconds);
  const days = seconds / 86_400;
  if (!(leadRetentionDays <= days)) return [];
  return [
    {
      path: `${at}.leadRetentionDays`,
      value: leadRetentionDays,
      bound: `more than ${days}, the days that dead letters are kept`,
      reason: "A dead letter is a pointer to a lead's object, and worth nothing once the object is gone.",
      link: "docs/tuning.md#retention-of-leads",
    },
  ];
}

function brokenShapeRules(environment: Environment, at: string): BrokenRule[] {
  try {
    environmentSchema.validateSync(environment, { strict: true, abortEarly: false });
    return [];
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const errors = error.inner.length > 0 ? error.inner : [error];
    return errors.map((broken) => ({ path: broken.path ? `${at}.${broken.path}` : at, ...explained(broken) }));
  }
}

/** The rule that a failed yup test carries, or one in the same words for the tests that come with yup. */
function explained({ type, params = {} }: ValidationError): Omit<BrokenRule, "path"> {
  const { value, bound, reason, link, unknown, type: expected } = params;
  if (bound) return { value, bound: String(bound), reason: String(reason), link: String(link) };
  const byInterface = {
    reason: "Its interface says what an environment is made of.",
    link: "environments/environment.ts",
  };
  if (unknown) return { value: { unknown }, bound: "without keys that have no meaning", ...byInterface };
  return { value, bound: type === "typeError" ? `of type ${expected}` : "set", ...byInterface };
}
