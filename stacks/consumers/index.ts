import type { Construct } from "constructs";
import type { Environment } from "../../environments/environment.ts";
import { LeadwireError } from "../../errors.ts";
import { bundleFunction } from "../../modules/build/bundle.ts";
import { workerTuning } from "../../modules/tuning/knobs.ts";
import type { Alarm } from "../alarms.ts";
import type { Pipeline } from "../stages/stage.ts";
import type { Consumer, ConsumerParts, ConsumerRegistry, ConsumerSettings } from "./consumer.ts";

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

/** A consumer of an environment, with its settings. */
export interface ChosenConsumer extends ConsumerSettings {
  readonly consumer: Consumer;
}

/**
 * Returns the consumers that an environment names.
 * @throws UnknownConsumerError
 */
export function chosenConsumers(
  registry: ConsumerRegistry,
  environmentName: string,
  environment: Environment,
): ChosenConsumer[] {
  return Object.entries(environment.consumers ?? {}).map(([name, knobs]) => {
    const consumer = Object.hasOwn(registry, name) ? registry[name] : undefined;
    if (!consumer) throw new UnknownConsumerError(environmentName, name, Object.keys(registry));
    return { name, consumer, tuning: workerTuning(knobs) };
  });
}

/** A consumer that can be added to a pipeline. */
export interface ReadyConsumer {
  readonly alarms: readonly Alarm[];
  add(scope: Construct, pipeline: Pipeline): ConsumerParts;
}

/** Bundles the function of a consumer, if it has one. */
export async function readyConsumer({ name, consumer, tuning }: ChosenConsumer): Promise<ReadyConsumer> {
  const { alarms } = consumer;
  if (!("entry" in consumer)) {
    return { alarms, add: (scope, pipeline) => consumer.create(scope, pipeline, { name, tuning }) };
  }
  const bundle = await bundleFunction(consumer.entry);
  return { alarms, add: (scope, pipeline) => consumer.create(scope, pipeline, { name, tuning, bundle }) };
}

/** Creates consumers. Returns all that they created, and their alarms. */
export function addConsumers(
  scope: Construct,
  pipeline: Pipeline,
  consumers: readonly ReadyConsumer[],
): Required<ConsumerParts> & { readonly alarms: readonly Alarm[] } {
  const created = consumers.map((consumer) => consumer.add(scope, pipeline));
  return {
    queues: Object.assign({}, ...created.map(({ queues }) => queues)),
    functions: Object.assign({}, ...created.map(({ functions }) => functions)),
    outputs: Object.assign({}, ...created.map(({ outputs }) => outputs)),
    alarms: consumers.flatMap(({ alarms }) => alarms),
  };
}
