import { UsageError } from "../../command-line/program.ts";
import { checkEnvironments, InvalidEnvironmentsError } from "../../environments/check.ts";
import type { Environment } from "../../environments/environment.ts";
import { type StageName, stageNames, workerNames } from "../../flow.ts";
import { functionKnobs, type Knob, workerKnobs } from "../../modules/tuning/knobs.ts";
import { allowedRange } from "../../modules/tuning/rules.ts";

/** A knob of a stage with a value. */
export interface Assignment {
  readonly stage: StageName;
  readonly knob: string;
  readonly value: number;
}

/** The knobs of a stage by their names. */
const knobsOf = (stage: StageName): Readonly<Record<string, Knob>> =>
  workerNames.some((name) => name === stage) ? workerKnobs : functionKnobs;

/**
 * Reads settings with commas between them: `enrich.batchSize=5,notify.batchSize=5`.
 * @throws UsageError for an unknown stage or knob, or a value out of the knob's range
 */
export const readAssignments = (text: string): Assignment[] => text.split(",").map(readAssignment);

function readAssignment(text: string): Assignment {
  const [, name, knob = "", given] = /^([^.=]*)\.([^.=]*)=(.*)$/.exec(text.trim()) ?? [];
  if (name === undefined) throw new UsageError(`--set ${text}: write STAGE.knob=value, such as enrich.batchSize=5.`);
  const stage = stageNames.find((one) => one === name);
  if (!stage) throw new UsageError(`--set ${text}: there is no stage ${name}. Allowed: ${stageNames.join(", ")}.`);
  const knobs = knobsOf(stage);
  const found = Object.hasOwn(knobs, knob) ? knobs[knob] : undefined;
  if (!found) {
    throw new UsageError(`--set ${text}: ${stage} has no knob ${knob}. Allowed: ${Object.keys(knobs).join(", ")}.`);
  }
  const { minimum, maximum = Number.POSITIVE_INFINITY } = found;
  const value = given?.trim() ? Number(given) : Number.NaN;
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new UsageError(`--set ${text}: ${knob} must be ${allowedRange(found)}.`);
  }
  return { stage, knob, value };
}

/** An environment with other values of some knobs. */
export function withKnobs(environment: Environment, assignments: readonly Assignment[]): Environment {
  let { tuning } = environment;
  for (const { stage, knob, value } of assignments) {
    tuning = { ...tuning, [stage]: { ...tuning[stage], [knob]: value } };
  }
  return { ...environment, tuning };
}

/** The rules that an environment breaks, a sentence or two each. */
export function brokenRules(name: string, environment: Environment): string[] {
  try {
    checkEnvironments({ [name]: environment });
    return [];
  } catch (error) {
    if (!(error instanceof InvalidEnvironmentsError)) throw error;
    return error.violations.map(
      ({ path, value, bound, reason }) => `${path} is ${JSON.stringify(value)}: it must be ${bound}. ${reason}`,
    );
  }
}
