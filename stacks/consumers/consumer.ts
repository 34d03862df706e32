import type { Construct } from "constructs";
import type { BundledFunction } from "../../modules/bundled-function.ts";
import type { WorkerTuning } from "../../modules/tuning/knobs.ts";
import type { WorkQueue } from "../../modules/work-queue.ts";
import type { Alarm } from "../alarm-kinds.ts";
import type { Pipeline } from "../stages/stage.ts";

/** What a consumer created, by the names that it gave. */
export interface ConsumerParts {
  readonly queues?: Readonly<Record<string, WorkQueue>>;
  readonly functions?: Readonly<Record<string, BundledFunction>>;
  /** Outputs of the stack. Those of queues need no line here. */
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/**
 * Creates a consumer's resources. The name of the consumer stands before all that it names: the addresses below the scope, and
 * the names that begin with the pipeline's prefix. The queue `leads` of the consumer `archive` is `leadwire-ENV-archive-leads`.
 */
type CreateConsumer = (scope: Construct, pipeline: Pipeline) => ConsumerParts;

/**
 * A consumer of enriched leads: one more event rule on the creation of enriched leads, with a target of its own. Stages do not
 * know their consumers.
 */
export interface Consumer<Settings = WorkerTuning> {
  /** Alarms of the consumer, which join the table of all alarms. They name a part in full: `archive-leads`. */
  readonly alarms: readonly Alarm[];
  /**
   * Bundles the consumer's function, if it has one.
   * @param settings of the environment for the consumer, checked: its worker's knobs with every default filled in, or its own
   * settings, whose schema is in environments/schema/consumers.ts
   */
  prepare(settings: Settings): CreateConsumer | Promise<CreateConsumer>;
}

/** Consumers by name: `^[a-z][a-z0-9-]{1,30}$`. */
export type ConsumerRegistry = Readonly<Record<string, Consumer<object>>>;

/** A consumer that an environment has, ready to be created. */
export interface PreparedConsumer extends Pick<Consumer, "alarms"> {
  readonly name: string;
  readonly create: CreateConsumer;
}
