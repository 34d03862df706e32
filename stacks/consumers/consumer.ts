import type { Construct } from "constructs";
import type { BundledFunction } from "../../modules/bundled-function.ts";
import type { WorkerTuning } from "../../modules/tuning/knobs.ts";
import type { WorkQueue } from "../../modules/work-queue.ts";
import type { Alarm } from "../alarms.ts";
import type { Pipeline } from "../stages/stage.ts";

/** What a consumer created, by name without the stack's prefix. Its alarms refer to these names. */
export interface ConsumerParts {
  readonly queues?: Readonly<Record<string, WorkQueue>>;
  readonly functions?: Readonly<Record<string, BundledFunction>>;
  /** Outputs of the stack. */
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/**
 * A consumer of enriched leads: one more event rule on the creation of enriched leads, with a target of its own. Stages do not
 * know their consumers.
 */
export interface Consumer {
  /** Alarms of the consumer. They join the table of all alarms. */
  readonly alarms: readonly Alarm[];
  create(scope: Construct, pipeline: Pipeline): ConsumerParts;
}

interface ConsumerSettings {
  /** The consumer's name in the registry. Names of its rule, queue and function derive from it. */
  readonly name: string;
  /** The environment's knobs for the consumer, checked, with every default filled in. */
  readonly tuning: WorkerTuning;
}

/** Makes a consumer for an environment. It bundles the consumer's function, if there is one. */
export type ConsumerFactory = (settings: ConsumerSettings) => Consumer | Promise<Consumer>;

/** Consumers by name: `^[a-z][a-z0-9-]{1,30}$`. */
export type ConsumerRegistry = Readonly<Record<string, ConsumerFactory>>;
