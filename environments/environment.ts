import { sumBy } from "es-toolkit/math";
import { mapValues, omit, pick } from "es-toolkit/object";
import type { InferType } from "yup";
import { type ByStage, byStage, workerNames } from "../flow.ts";
import { smokeSource } from "../functions/lead/lead-id.ts";
import type { Routing } from "../functions/lead/routing.ts";
import type { ChannelDeclaration } from "../functions/notify/channels/declaration.ts";
import {
  type ChosenChannels,
  defaultChannels,
  isWebhookChannel,
  channels as listedChannels,
  type WebhookChannelName,
} from "../functions/notify/channels/index.ts";
import type { WebhookSettings } from "../functions/notify/channels/webhook.ts";
import type { SettingValues } from "../functions/sources/declaration.ts";
import {
  type FunctionTuning,
  functionTuning,
  type WorkerKnobs,
  type WorkerTuning,
  workerTuning,
} from "../modules/tuning/knobs.ts";
import { ownSettings } from "./schema/consumers.ts";
import { settingDefaults, type shapeOf } from "./schema/environment.ts";

/** A type whose properties are all read-only, and whose optional ones are never `undefined`. */
type ReadonlyDeep<T> = T extends object ? { readonly [Key in keyof T]: ReadonlyDeep<Exclude<T[Key], undefined>> } : T;

/** The settings of each channel of webhooks. */
type ChannelSettings = {
  readonly [Name in WebhookChannelName]: Pick<WebhookSettings, "patienceSeconds"> &
    SettingValues<(typeof listedChannels)[Name]["declaration"]["webhooks"]["settings"]>;
};

/** The channels in the order in which they are tried: Slack and then email, or a list. The first one has the routes. */
type ChannelOrder =
  | { readonly channels?: never; readonly slack: Routing }
  | {
      readonly [First in WebhookChannelName]: Readonly<Record<First, Routing>> & {
        readonly channels: readonly [First, ...WebhookChannelName[], "email"];
      };
    }[WebhookChannelName];

/** The settings of consumers that have no worker, by the consumer's name. */
export type OwnSettings = ReadonlyDeep<{ [Name in keyof typeof ownSettings]: InferType<(typeof ownSettings)[Name]> }>;

/** The consumers of an environment by their names: settings of its own, or the knobs of its worker. */
type Consumers = Partial<OwnSettings> & Readonly<Record<string, WorkerKnobs | OwnSettings[keyof OwnSettings]>>;

/**
 * What one deployment of the pipeline is made of. Every difference between environments is a value here. docs/tuning.md
 * lists the settings.
 */
export type Environment = Omit<ReadonlyDeep<InferType<ReturnType<typeof shapeOf>>>, "channels" | "consumers"> & {
  readonly consumers?: Consumers;
} & Partial<ChannelSettings> &
  ChannelOrder;

/** The AWS account and Region of resources or of Terraform's state. */
export type Account = Pick<Environment, "accountId" | "region">;

/** Ids that AWS's documentation uses for made-up accounts: groups of equal digits, a repeated group, or digits in a row. */
const madeUp = /^(?:(?:(\d)\1{3}){3}|(\d{1,4})\2+|123456789012|012345678901)$/;

/** Whether nobody has replaced the account id that an environment or the state came with. Such an environment is not enabled. */
export const isPlaceholder = ({ accountId }: Pick<Account, "accountId">): boolean => madeUp.test(accountId);

/** How leads go out by email when Slack fails. */
export type Email = Environment["email"];

/** Tuning of every stage with every default filled in. */
export type EnvironmentTuning = ByStage<FunctionTuning, WorkerTuning>;

/** Fills in the defaults of an environment's tuning. */
export const environmentTuning = ({ tuning }: Pick<Environment, "tuning">): EnvironmentTuning =>
  byStage(
    (name) => functionTuning(tuning[name]),
    (name) => workerTuning(tuning[name]),
  );

/** Tuning of the worker of each consumer that has one, by the consumer's name, with every default filled in. */
export const consumerTuning = ({ consumers = {} }: Pick<Environment, "consumers">): Record<string, WorkerTuning> =>
  mapValues(omit(consumers, Object.keys(ownSettings)) as Record<string, WorkerKnobs>, workerTuning);

/** Tuning of every worker, of stages and of consumers. */
const workersOf = (environment: Pick<Environment, "tuning" | "consumers">): readonly WorkerTuning[] => [
  ...workerNames.map((name) => workerTuning(environment.tuning[name])),
  ...Object.values(consumerTuning(environment)),
];

/** Invocations of an account that nobody can reserve. */
const unreservedConcurrency = 100;

/** Invocations that an environment has at the same time. */
export function concurrencyOf(environment: Pick<Environment, "tuning" | "consumers">) {
  const { ingest } = environment.tuning;
  const workers = workersOf(environment);
  const reserved = sumBy([ingest, ...workers], ({ reservedConcurrency = 0 }) => reservedConcurrency);
  return {
    /** What is reserved for ingest, if anything. */
    ingest: ingest.reservedConcurrency,
    /** Of all workers together, at most. */
    workers: sumBy(workers, ({ maximumConcurrency }) => maximumConcurrency),
    /** What the account needs so that AWS accepts the reserved concurrency of all functions; 0 without any. */
    forReservations: reserved > 0 ? reserved + unreservedConcurrency : 0,
  };
}

/** Days for which messages of an environment can point to an object: while they are postponed, then as dead letters. */
export function messageDays(environment: Pick<Environment, "tuning" | "consumers" | "giveUpAfterHours">): number {
  const { giveUpAfterHours = settingDefaults.giveUpAfterHours } = environment;
  const retentions = workersOf(environment).map((one) => one.deadLetterRetentionSeconds);
  return giveUpAfterHours / 24 + Math.max(...retentions) / 86_400;
}

/**
 * Days for which a deleted or overwritten version of a lead can be read and restored, at least. An event names a version. SQS
 * keeps a message with an event for 14 days at most, and one that is postponed begins anew.
 */
const minimumVersionDays = 15;

/** Days for which versions of a lead are kept that were deleted or overwritten. */
export const versionDays = (environment: Parameters<typeof messageDays>[0]): number =>
  Math.max(minimumVersionDays, Math.ceil(messageDays(environment)) + 1);

/** Days for which a person is recognised who comes again: never longer than leads are kept. */
export const samePersonDays = ({ samePersonDays: days, leadRetentionDays }: Environment): number =>
  days ?? Math.min(settingDefaults.samePersonDays, leadRetentionDays);

/** The sources of an environment: its own, and that of smoke tests. */
export const sourcesOf = ({ sources }: Pick<Environment, "sources">): Environment["sources"] => ({
  ...sources,
  [smokeSource]: { format: "standard-webhooks", title: "Smoke test" },
});

const chosenBy = ({ channels }: Pick<Environment, "channels">): ChosenChannels => channels ?? defaultChannels;

/** The channels of an environment in the order in which they are tried. */
export const channelsOf = (environment: Pick<Environment, "channels">): readonly ChannelDeclaration[] =>
  chosenBy(environment).map((name) => listedChannels[name].declaration);

/** Which destination gets which lead. The type requires the routes of the first channel. */
export const routingOf = (environment: Environment): Routing => environment[chosenBy(environment)[0]] as Routing;

/** The settings of an environment's channels of webhooks by their names, in the order in which the channels are tried. */
export const channelSettings = (environment: Environment) =>
  pick(environment as ChannelSettings, chosenBy(environment).filter(isWebhookChannel));
