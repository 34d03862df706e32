import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createClient } from "../runtime/clients.ts";
import { createDeadLetterSender } from "../runtime/dead-letters.ts";
import { createLeadStore } from "../runtime/lead-store.ts";
import { Variable } from "../runtime/names.ts";
import { setting } from "../runtime/settings.ts";
import { createTelemetry } from "../runtime/telemetry.ts";
import { readerOf } from "../sources/index.ts";
import { domainKind } from "./email-domains.ts";
import { makeHandler } from "./handler.ts";

/** If S3 does not answer a read or a write, the batch must still end within the function's ten seconds. */
const limits = { milliseconds: 2000, maxAttempts: 2 };
const sqs = createClient(SQSClient, limits);

export const handler = makeHandler({
  store: createLeadStore(createClient(S3Client, limits), setting(Variable.bucket)),
  loadEnrichment: () => import("./enrich-lead.ts"),
  readerOf: (format) => readerOf(format),
  domainKind,
  sendToDeadLetters: createDeadLetterSender(sqs, setting(Variable.deadLetterQueueUrl)),
  defaultCountry: process.env[Variable.defaultCountry],
  ...createTelemetry("enrich"),
  now: () => new Date(),
});
