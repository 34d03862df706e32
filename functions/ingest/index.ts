import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import { createLeadStore } from "../runtime/lead-store.ts";
import { Variable } from "../runtime/names.ts";
import { limits } from "../runtime/request-limits.ts";
import { createSecretReader } from "../runtime/secrets.ts";
import { jsonSetting, setting } from "../runtime/settings.ts";
import { createTelemetry } from "../runtime/telemetry.ts";
import { type ConfiguredSource, sourceFormats } from "../sources/index.ts";
import { makeHandler } from "./handler.ts";

/** A source waits 5 s for its answer (HubSpot's limit), so two attempts must fit into that time. */
const shortTimeouts = { maxAttempts: 2, requestHandler: limits(1000, 2000) };

export const handler = makeHandler({
  sources: jsonSetting<Record<string, ConfiguredSource>>(Variable.sources),
  openDoor: async (format) => (await sourceFormats[format].door()).door,
  secret: createSecretReader(new SSMClient(shortTimeouts)),
  store: createLeadStore(new S3Client(shortTimeouts), setting(Variable.bucket)),
  ...createTelemetry("ingest"),
  now: () => new Date(),
});
