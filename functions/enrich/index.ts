import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createDeadLetterSender } from "../runtime/dead-letters.ts";
import { createLeadStore } from "../runtime/lead-store.ts";
import { Variable } from "../runtime/names.ts";
import { limits } from "../runtime/request-limits.ts";
import { setting } from "../runtime/settings.ts";
import { createTelemetry } from "../runtime/telemetry.ts";
import { readerOf } from "../sources/index.ts";
import { domainKind } from "./email-domains.ts";
import { makeHandler } from "./handler.ts";

/** If S3 does not answer a read or a write, the batch must still end within the function's ten seconds. */
const shortTimeouts = { maxAttempts: 2, requestHandler: limits(1000, 2000) };

export const handler = makeHandler({
  store: createLeadStore(new S3Client(shortTimeouts), setting(Variable.bucket)),
  loadEnrichment: () => import("./enrich-lead.ts"),
  readerOf: (format) => readerOf(format),
  domainKind,
  sendToDeadLetters: createDeadLetterSender(new SQSClient(shortTimeouts), setting(Variable.deadLetterQueueUrl)),
  defaultCountry: process.env[Variable.defaultCountry],
  ...createTelemetry("enrich"),
  now: () => new Date(),
});
