import { ValidationError } from "yup";
import { type BrokenRule, BrokenRulesError } from "../modules/broken-rule.ts";
import { brokenTuningRules, functionTuning, workerTuning } from "../modules/tuning.ts";
import type { Environment, EnvironmentTuning } from "./environment.ts";
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
  const shape = brokenShapeRules(environment, at);
  const tuningIsReadable = readableTuning.isValidSync(environment.tuning, { strict: true });
  if (!tuningIsReadable) return shape;
  const { ingest, enrich, notify } = environmentTuning(environment);
  const { latencyBudgetSeconds } = environment;
  return [...shape, ...brokenTuningRules({ http: { ingest }, workers: { enrich, notify }, latencyBudgetSeconds }, at)];
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
