import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import { leadStore } from "../runtime/lead-store.ts";
import { type SourceSettings, Variable } from "../runtime/names.ts";
import { limits } from "../runtime/request-limits.ts";
import { secretReader } from "../runtime/secrets.ts";
import { jsonSetting, setting } from "../runtime/settings.ts";
import { telemetry } from "../runtime/telemetry.ts";
import { makeHandler } from "./handler.ts";

/** A source waits 5 s for its answer (HubSpot's limit): two tries have to fit. */
const impatient = { maxAttempts: 2, requestHandler: limits(1000, 2000) };

export const handler = makeHandler({
  sources: jsonSetting<Record<string, SourceSettings>>(Variable.sources),
  secret: secretReader(new SSMClient(impatient)),
  store: leadStore(new S3Client(impatient), setting(Variable.bucket)),
  ...telemetry("ingest"),
  now: () => new Date(),
});
