import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { destinationOf, type Routing } from "../lead/routing.ts";
import { withCircuitBreaker } from "../runtime/circuit-breaker.ts";
import { createClient } from "../runtime/clients.ts";
import { createDeadLetterSender } from "../runtime/dead-letters.ts";
import { createLeadStore } from "../runtime/lead-store.ts";
import { Variable } from "../runtime/names.ts";
import { createOutcomeWriter, withOutcome } from "../runtime/outcomes.ts";
import { createOwnQueue } from "../runtime/own-queue.ts";
import { createPostponer } from "../runtime/postpone.ts";
import { createSecretReader } from "../runtime/secrets.ts";
import { jsonSetting, setting } from "../runtime/settings.ts";
import { createTelemetry } from "../runtime/telemetry.ts";
import { createAnnouncer } from "./announce.ts";
import type { ListedChannel } from "./channels/channel.ts";
import { webhookVariable } from "./channels/declaration.ts";
import { type ChosenChannels, channels, defaultChannels } from "./channels/index.ts";
import { makeHandler } from "./handler.ts";
import { createLedger } from "./ledger.ts";
import { createAnnouncingChannel } from "./open-channels.ts";
import { recognizingPeople } from "./people.ts";
import { createPreparer, createRelease } from "./prepare.ts";
import { createSendSlots } from "./send-slots.ts";
import { reserveSeconds } from "./time-budget.ts";

/** A service that does not answer must not use up the invocation's time. */
const limits = { milliseconds: 2000 };
const sqs = createClient(SQSClient, limits);
const queue = createOwnQueue(sqs, setting(Variable.queueUrl));
const dynamo = withCircuitBreaker("DynamoDB", createClient(DynamoDBClient, limits));
/** For what is best effort: if DynamoDB fails, post without a send slot and obey the service's 429. */
const singleAttempt = withCircuitBreaker(
  "DynamoDB",
  createClient(DynamoDBClient, { ...limits, maxAttempts: 1 }, dynamo),
);
const ssm = withCircuitBreaker("SSM", createClient(SSMClient, { milliseconds: 1000, maxAttempts: 2 }));
const s3 = withCircuitBreaker("S3", createClient(S3Client, limits));

const now = () => Date.now();
const sleepUntil = async (time: number) => {
  if (time > now()) await sleep(time - now());
};
const instruments = createTelemetry("notify");
const bucket = setting(Variable.bucket);
/** A circuit breaker of its own: leads are read even if outcomes cannot be written. */
const outcomes = createOutcomeWriter(withCircuitBreaker("S3", createClient(S3Client, limits, s3)), bucket, instruments);
const deadLetterQueue = createDeadLetterSender(sqs, setting(Variable.deadLetterQueueUrl));
const sendToDeadLetters = withOutcome(deadLetterQueue, outcomes, now);
const table = setting(Variable.ledgerTable);
const slots = createSendSlots(singleAttempt, table, instruments.log, now);
const chosen = process.env[Variable.channels] ? jsonSetting<ChosenChannels>(Variable.channels) : defaultChannels;
const declarations = chosen.map((name) => channels[name].declaration);
const routing = jsonSetting<Routing>(webhookVariable(chosen[0]));
const leadDays = jsonSetting<number>(Variable.leadRetentionDays);
const ledger = createLedger({ dynamo, singleAttempt }, table, { leadDays, routing }, () => new Date());

const gatherMilliseconds = jsonSetting<number>(Variable.gatherMilliseconds);

const tools = { secret: createSecretReader(ssm), log: instruments.log };
const readVariable = (name: string, kind: "text" | "json") => (kind === "json" ? jsonSetting(name) : setting(name));
const opened = (channel: ListedChannel) => createAnnouncingChannel(channel, tools, readVariable);

const announce = createAnnouncer({
  channels: chosen.map((name) => opened(channels[name])),
  ledger,
  slots,
  outcomes,
  ...instruments,
  now,
  sleepUntil,
});
const days = jsonSetting<number>(Variable.samePersonDays);
const form = setting(Variable.samePerson) === "line" ? "line" : "card";

const notify = makeHandler({
  prepare: createPreparer({
    store: createLeadStore(s3, bucket),
    loadShape: () => import("../lead/enriched-lead.ts"),
    ledger,
    destinationOf: (lead) => destinationOf(lead, routing),
    sendToDeadLetters,
    ...instruments,
  }),
  announce:
    days > 0
      ? recognizingPeople(announce, { days, form }, { dynamo: singleAttempt, table, log: instruments.log, now })
      : announce,
  postpone: createPostponer({
    queue,
    sendToDeadLetters,
    giveUpAfterHours: jsonSetting<number>(Variable.giveUpAfterHours),
    ...instruments,
    now,
  }),
  release: createRelease(ledger, instruments.log),
  reserveFirstSlot: (destination, latest, isAlone) =>
    slots.reserve(channels[chosen[0]].declaration, destination, latest, {
      earlyWait: isAlone ? gatherMilliseconds : 0,
    }),
  queue,
  outcomes,
  // A group of leads can go to any channel, so the smallest capacity bounds it.
  capacity: Math.min(...declarations.map(({ capacity }) => capacity)),
  reserveSeconds: reserveSeconds(declarations),
  gatherMilliseconds,
  ...instruments,
  now,
  sleepUntil,
});

export const handler = instruments.withRequestId(notify);
