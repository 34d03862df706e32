import type { Construct } from "constructs";
import type { Bundle } from "../../modules/build/bundle.ts";
import type { BundledFunction } from "../../modules/bundled-function.ts";
import type { WorkerTuning } from "../../modules/tuning/knobs.ts";
import type { WorkQueue } from "../../modules/work-queue.ts";
import type { Alarm } from "../alarms.ts";
import type { Pipeline } from "../stages/stage.ts";

/** What a consumer gets when it is created. */
export interface ConsumerSettings {
  /** The consumer's name in the registry. Names of its rule, queue and function derive from it. */
  readonly name: string;
  /** The environment's knobs for the consumer, checked, with every default filled in. */
  readonly tuning: WorkerTuning;
}

/** What a consumer created, by name without the stack's prefix. Its alarms refer to these names. */
export interface ConsumerParts {
  readonly queues?: Readonly<Record<string, WorkQueue>>;
  readonly functions?: Readonly<Record<string, BundledFunction>>;
  /** Outputs of the stack. */
  readonly outputs?: Readonly<Record<string, unknown>>;
}

interface CommonConsumer {
  /** Alarms of the consumer. They join the table of all alarms. */
  readonly alarms: readonly Alarm[];
}

/** A consumer without a function. */
export interface PlainConsumer extends CommonConsumer {
  create(scope: Construct, pipeline: Pipeline, settings: ConsumerSettings): ConsumerParts;
}

/** A consumer with a function. */
export interface CodeConsumer extends CommonConsumer {
  /** Entry point of the function, such as `functions/NAME/index.ts`. */
  readonly entry: string;
  create(scope: Construct, pipeline: Pipeline, settings: ConsumerSettings & { readonly bundle: Bundle }): ConsumerParts;
}

/**
 * A consumer of enriched leads: one more event rule on the creation of enriched leads, with a target of its own. Stages do not
 * know their consumers.
 */
export type Consumer = PlainConsumer | CodeConsumer;

/** Consumers by name: `^[a-z][a-z0-9-]{1,30}$`. */
export type ConsumerRegistry = Readonly<Record<string, Consumer>>;
