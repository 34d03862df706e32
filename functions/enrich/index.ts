import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { deadLetters } from "../shared/dead-letters.ts";
import { leadStore } from "../shared/lead-store.ts";
import { Variable } from "../shared/names.ts";
import { once } from "../shared/once.ts";
import { setting } from "../shared/settings.ts";
import { telemetry } from "../shared/telemetry.ts";
import { domainKind } from "./email-domains.ts";
import { makeHandler } from "./handler.ts";

export const handler = makeHandler({
  store: leadStore(new S3Client({}), setting(Variable.bucket)),
  loadEnrichment: once(() => import("./enrich-lead.ts")),
  domainKind,
  sendToDeadLetters: deadLetters(new SQSClient({}), setting(Variable.deadLetterQueueUrl)),
  defaultCountry: process.env[Variable.defaultCountry],
  ...telemetry("enrich"),
  now: () => new Date(),
});
