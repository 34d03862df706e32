import { Construct } from "constructs";
import { mapKeys } from "es-toolkit/object";
import { snakeCase } from "es-toolkit/string";
import { consumerTuning, type Environment } from "../../environments/environment.ts";
import { LeadwireError } from "../../errors.ts";
import type { Pipeline } from "../stages/stage.ts";
import { athena } from "./athena.ts";
import type { ConsumerParts, ConsumerRegistry, PreparedConsumer } from "./consumer.ts";
import { leadIndex } from "./lead-index.ts";
import { redshift } from "./redshift.ts";

/**
 * Every consumer of enriched leads that an environment can have, a line each. An environment has those that its setting
 * `consumers` names.
 */
export const consumers: ConsumerRegistry = { athena, "lead-index": leadIndex, redshift };

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
): () => Promise<PreparedConsumer[]> {
  const settings = { ...environment.consumers, ...consumerTuning(environment) };
  const chosen = Object.entries(settings).map(([name, own]) => {
    const consumer = Object.hasOwn(registry, name) ? registry[name] : undefined;
    if (!consumer) throw new UnknownConsumerError(environmentName, name, Object.keys(registry));
    return async () => ({ name, alarms: consumer.alarms, create: await consumer.prepare(own) });
  });
  return () => Promise.all(chosen.map((prepare) => prepare()));
}

/** Creates the resources of consumers. Returns all that they created, each consumer's name before the names of its parts. */
export function addConsumers(
  stack: Construct,
  pipeline: Pipeline,
  consumers: readonly PreparedConsumer[],
): Required<ConsumerParts> {
  const created = consumers.map(({ name, create }) => {
    const parts = create(new Construct(stack, name), { ...pipeline, prefix: `${pipeline.prefix}-${name}` });
    return {
      queues: mapKeys({ ...parts.queues }, (_, part) => `${name}-${part}`),
      functions: mapKeys({ ...parts.functions }, (_, part) => `${name}-${part}`),
      outputs: mapKeys({ ...parts.outputs }, (_, output) => `${snakeCase(name)}_${output}`),
    };
  });
  return {
    queues: Object.assign({}, ...created.map(({ queues }) => queues)),
    functions: Object.assign({}, ...created.map(({ functions }) => functions)),
    outputs: Object.assign({}, ...created.map(({ outputs }) => outputs)),
  };
}
