import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import { createClient } from "../runtime/clients.ts";
import { createLeadStore } from "../runtime/lead-store.ts";
import { Variable } from "../runtime/names.ts";
import { createParameterReader } from "../runtime/secrets.ts";
import { jsonSetting, setting } from "../runtime/settings.ts";
import { createTelemetry } from "../runtime/telemetry.ts";
import { type SourceFormat, sourceFormats } from "../sources/index.ts";
import { createSourceReader } from "../sources/source-parameters.ts";
import { makeHandler } from "./handler.ts";

/** A source waits 5 s for its answer (HubSpot's limit), so two attempts of each must fit into that time. */
const ssm = createClient(SSMClient, { milliseconds: 1000, maxAttempts: 2 });
const s3 = createClient(S3Client, { milliseconds: 1300, maxAttempts: 2 });

const telemetry = createTelemetry("ingest");
const ingest = makeHandler({
  sources: jsonSetting<Record<string, SourceFormat>>(Variable.sources),
  declarationOf: (format) => sourceFormats[format],
  readSource: createSourceReader(setting(Variable.sourceParameters), createParameterReader(ssm)),
  store: createLeadStore(s3, setting(Variable.bucket)),
  ...telemetry,
  now: () => new Date(),
});

export const handler = telemetry.withRequestId(ingest);
