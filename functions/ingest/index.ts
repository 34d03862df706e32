import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import { createClient } from "../runtime/clients.ts";
import { createLeadStore } from "../runtime/lead-store.ts";
import { Variable } from "../runtime/names.ts";
import { createSecretReader } from "../runtime/secrets.ts";
import { jsonSetting, setting } from "../runtime/settings.ts";
import { createTelemetry } from "../runtime/telemetry.ts";
import { type ConfiguredSource, sourceFormats } from "../sources/index.ts";
import { makeHandler } from "./handler.ts";

/** A source waits 5 s for its answer (HubSpot's limit), so two attempts must fit into that time. */
const limits = { milliseconds: 2000, maxAttempts: 2 };

export const handler = makeHandler({
  sources: jsonSetting<Record<string, ConfiguredSource>>(Variable.sources),
  openDoor: async (format) => (await sourceFormats[format].door()).door,
  secret: createSecretReader(createClient(SSMClient, limits)),
  store: createLeadStore(createClient(S3Client, limits), setting(Variable.bucket)),
  ...createTelemetry("ingest"),
  now: () => new Date(),
});
