import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { deadLetters } from "../runtime/dead-letters.ts";
import { leadStore } from "../runtime/lead-store.ts";
import { Variable } from "../runtime/names.ts";
import { once } from "../runtime/once.ts";
import { limits } from "../runtime/request-limits.ts";
import { setting } from "../runtime/settings.ts";
import { telemetry } from "../runtime/telemetry.ts";
import { domainKind } from "./email-domains.ts";
import { makeHandler } from "./handler.ts";

/** S3 that stays silent at a read and at a write must not take the ten seconds of an invocation, and its batch with it. */
const patient = { maxAttempts: 2, requestHandler: limits(1000, 2000) };

export const handler = makeHandler({
  store: leadStore(new S3Client(patient), setting(Variable.bucket)),
  loadEnrichment: once(() => import("./enrich-lead.ts")),
  domainKind,
  sendToDeadLetters: deadLetters(new SQSClient(patient), setting(Variable.deadLetterQueueUrl)),
  defaultCountry: process.env[Variable.defaultCountry],
  ...telemetry("enrich"),
  now: () => new Date(),
});
