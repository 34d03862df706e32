/** Says that a channel is in trouble. The stack makes a CloudWatch alarm of it, and the README lists it. */
export interface ChannelAlarm {
  /** End of the alarm's name: `leadwire-ENV-NAME`. */
  readonly name: string;
  /** The metric's name. The alarm fires when its sum over a minute is above 0. */
  readonly metric: string;
  /** Who counts the metric: notify, in Leadwire's namespace, or SES, by the configuration set. */
  readonly countedBy: "notify" | "ses";
  /** Minutes without a failure before the alarm is OK again, from 1. */
  readonly evaluationMinutes: number;
  /** `page` wakes somebody, `notify` waits for working hours. */
  readonly severity: "page" | "notify";
  /** What it means for leads, in sentences. ENV stands for the environment's name. */
  readonly meaning: string;
  /** What to do first, in sentences. ENV stands for the environment's name. */
  readonly firstStep: string;
}

/** What everybody but the channel's own code has to know of a channel: data, so that a stack can read it too. */
export interface ChannelDeclaration {
  /** Lower case. It stands in logs, in the ledger, in the metrics' dimension and in names of SSM parameters. */
  readonly name: string;
  /** As people write it, for texts. */
  readonly title: string;
  /** Leads that one message can hold, from 1. */
  readonly capacity: number;
  /**
   * Milliseconds between two messages to one destination.
   * @default no limit
   */
  readonly millisecondsBetweenPosts?: number;
  /** Seconds that one message may take: every attempt, and the pauses between them. */
  readonly budgetSeconds: number;
  /** Metric that counts messages which the channel did not take. */
  readonly failureMetric: string;
  /**
   * Last part of the SSM parameter `/leadwire/ENV/CHANNEL/DESTINATION/…` that holds a destination's secret.
   * @default destinations have no secret
   */
  readonly destinationSecret?: string;
  readonly alarms: readonly ChannelAlarm[];
}
