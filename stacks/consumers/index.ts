import type { Construct } from "constructs";
import type { Environment } from "../../environments/environment.ts";
import { LeadwireError } from "../../errors.ts";
import { workerTuning } from "../../modules/tuning/knobs.ts";
import type { Pipeline } from "../stages/stage.ts";
import type { Consumer, ConsumerParts, ConsumerRegistry } from "./consumer.ts";

/**
 * Every consumer of enriched leads that an environment can have, a line each. An environment has those that its setting
 * `consumers` names.
 */
export const consumers: ConsumerRegistry = {};

/** An environment names a consumer that is not in the registry. */
export class UnknownConsumerError extends LeadwireError {
  constructor(environmentName: string, name: string, known: readonly string[]) {
    const available = known.length === 0 ? "there are no consumers" : `it must be one of ${known.join(", ")}`;
    super("UnknownConsumer", `environments.${environmentName}.consumers names "${name}": ${available}.`);
  }
}

/**
 * Finds the consumers that an environment names.
 * @returns what makes them
 * @throws UnknownConsumerError
 */
export function consumersOf(
  registry: ConsumerRegistry,
  environmentName: string,
  environment: Environment,
): () => Promise<Consumer[]> {
  const chosen = Object.entries(environment.consumers ?? {}).map(([name, knobs]) => {
    const create = Object.hasOwn(registry, name) ? registry[name] : undefined;
    if (!create) throw new UnknownConsumerError(environmentName, name, Object.keys(registry));
    return () => create({ name, tuning: workerTuning(knobs) });
  });
  return () => Promise.all(chosen.map((create) => create()));
}

/** Creates the resources of consumers. Returns all that they created. */
export function addConsumers(
  scope: Construct,
  pipeline: Pipeline,
  consumers: readonly Consumer[],
): Required<ConsumerParts> {
  const created = consumers.map((consumer) => consumer.create(scope, pipeline));
  return {
    queues: Object.assign({}, ...created.map(({ queues }) => queues)),
    functions: Object.assign({}, ...created.map(({ functions }) => functions)),
    outputs: Object.assign({}, ...created.map(({ outputs }) => outputs)),
  };
}
