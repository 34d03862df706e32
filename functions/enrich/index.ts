import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { withCircuitBreaker } from "../runtime/circuit-breaker.ts";
import { createClient } from "../runtime/clients.ts";
import { createDeadLetterSender } from "../runtime/dead-letters.ts";
import { createLeadStore } from "../runtime/lead-store.ts";
import { Variable } from "../runtime/names.ts";
import { once } from "../runtime/once.ts";
import { createOutcomeWriter, withOutcome } from "../runtime/outcomes.ts";
import { createOwnQueue } from "../runtime/own-queue.ts";
import { createPostponer } from "../runtime/postpone.ts";
import { jsonSetting, setting } from "../runtime/settings.ts";
import { createTelemetry } from "../runtime/telemetry.ts";
import { declarationOf, readerOf } from "../sources/index.ts";
import type { ReadSource } from "../sources/source-parameters.ts";
import { domainKind } from "./email-domains.ts";
import { createFetchedLead } from "./fetched-lead.ts";
import { makeHandler } from "./handler.ts";

/** If S3 does not answer a read or a write, the batch must still end within the function's ten seconds. */
const limits = { milliseconds: 2000, maxAttempts: 2 };
const s3 = withCircuitBreaker("S3", createClient(S3Client, limits));
const bucket = setting(Variable.bucket);
const store = createLeadStore(s3, bucket);
const sqs = createClient(SQSClient, limits);

const telemetry = createTelemetry("enrich");
/** A circuit breaker of its own: leads are stored even if outcomes cannot be written. */
const outcomes = createOutcomeWriter(withCircuitBreaker("S3", createClient(S3Client, limits, s3)), bucket, telemetry);
const deadLetterQueue = createDeadLetterSender(sqs, setting(Variable.deadLetterQueueUrl));
const sendToDeadLetters = withOutcome(deadLetterQueue, outcomes, () => Date.now());
const queue = createOwnQueue(sqs, setting(Variable.queueUrl));
const giveUpAfterHours = jsonSetting<number>(Variable.giveUpAfterHours);
/** The format of each source of the environment, by the source's name. */
const sources = jsonSetting<Readonly<Record<string, string>>>(Variable.sources);
const sourceParameters = setting(Variable.sourceParameters);
const sourceReader = once(async () => (await import("./source-reader.ts")).openSourceReader(sourceParameters));
const readSource: ReadSource = async (...question) => (await sourceReader())(...question);
const fetchOf = (format: string | undefined) => declarationOf(format)?.fetch;

const enrich = makeHandler({
  store,
  loadEnrichment: once(() => import("./enrich-lead.ts")),
  readerOf: (format) => readerOf(format),
  settingsOf: async (source) => {
    if (!Object.hasOwn(sources, source)) return undefined;
    // The token is read too, so that a lead that is fetched needs no further request.
    return (await readSource(source, fetchOf(sources[source])?.secrets ?? [])).settings;
  },
  fetchedLead: createFetchedLead({ store, fetchOf, sources, readSource, now: () => new Date() }),
  domainKind,
  sendToDeadLetters,
  outcomes,
  queue,
  postpone: createPostponer({ queue, sendToDeadLetters, giveUpAfterHours, ...telemetry, now: () => Date.now() }),
  defaultCountry: process.env[Variable.defaultCountry],
  ...telemetry,
  now: () => new Date(),
});

export const handler = telemetry.withRequestId(enrich);
