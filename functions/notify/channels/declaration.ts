import type { SettingRule } from "../../sources/declaration.ts";

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
  readonly severity: "page" | "email";
  /**
   * What it means for leads, in sentences. ENV stands for the environment's name, EARLIER for the titles of the channels that
   * are tried before (`Slack nor Teams`), and NEXT for the ways of those after this one (`in Teams or by email`).
   */
  readonly meaning: string;
  /** What to do first, in sentences. ENV stands for the environment's name. */
  readonly firstStep: string;
}

/** The pace at which one destination takes messages. All invocations share it, by send slots in the ledger table. */
export interface SendRate {
  /** Milliseconds between two messages on average, from 1. */
  readonly milliseconds: number;
  /**
   * Milliseconds by which messages may come before their turns after a quiet time, at most.
   * @default 0
   */
  readonly earlyMilliseconds?: number;
  /** Start of the send slots' ids: `{prefix}{destination}`. No two channels have the same. */
  readonly slotPrefix: string;
}

/** Everything about a channel that others must know. It is data, so a stack can read it too. */
export interface ChannelDeclaration {
  /** Lower case. It stands in logs, in the ledger, in the metrics' dimension and in names of SSM parameters. */
  readonly name: string;
  /** As people write it, for texts. */
  readonly title: string;
  /** Leads that one message can hold, from 1. */
  readonly capacity: number;
  /** @default no limit */
  readonly rate?: SendRate;
  /** Seconds that one message may take: every attempt, and the pauses between them. */
  readonly budgetSeconds: number;
  /** Milliseconds before the first of two retries, on average; the second waits longer. */
  readonly retryDelayMilliseconds: number;
  /**
   * After so many failures in a row a destination counts as down. Its messages are refused at once until the given seconds
   * are over. Then one message finds out whether it is back. A channel without webhooks has one destination.
   */
  readonly circuitBreaker: { readonly failures: number; readonly openSeconds: number };
  /**
   * The channel posts to an incoming webhook of each destination. The SSM parameter
   * `/leadwire/ENV/NAME/DESTINATION/webhook-url` holds the webhook's URL. The environment gives `patienceSeconds` and the
   * settings that are named here; the first channel of an environment also gets the routes.
   * @default the channel has one destination, and its settings stand in `environments/schema/`
   */
  readonly webhooks?: { readonly settings: Readonly<Record<string, SettingRule>> };
  /**
   * Environment variables that the channel needs besides that of webhooks, and whether they hold JSON. The stage sets them.
   * @default none
   */
  readonly variables?: Readonly<Record<string, "text" | "json">>;
  /** Metric that counts messages which the channel did not take. */
  readonly failureMetric: string;
  readonly alarms: readonly ChannelAlarm[];
}

/** The environment variable with the settings of a channel of webhooks. */
export const webhookVariable = (channel: string) => channel.toUpperCase().replaceAll("-", "_");

/** Every environment variable that a channel needs, and whether it holds JSON. */
export const variablesOf = ({ name, webhooks, variables }: ChannelDeclaration) => ({
  ...(webhooks && { [webhookVariable(name)]: "json" as const }),
  ...variables,
});
