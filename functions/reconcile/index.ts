import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { openSourceReader } from "../enrich/source-reader.ts";
import { createClient } from "../runtime/clients.ts";
import { Variable } from "../runtime/names.ts";
import { jsonSetting, setting } from "../runtime/settings.ts";
import { createTelemetry } from "../runtime/telemetry.ts";
import { createComparisons } from "./comparisons.ts";
import { makeHandler } from "./handler.ts";
import { createLedgerReader } from "./ledger.ts";

/** Nobody waits for this function. A page of a listing can take S3 some seconds. */
const limits = { milliseconds: 10_000 };
const ledger = createLedgerReader(createClient(DynamoDBClient, limits), setting(Variable.ledgerTable));
const sources = jsonSetting<Readonly<Record<string, string>>>(Variable.sources);
const readSource = openSourceReader(setting(Variable.sourceParameters));
const messageDays = jsonSetting<number>(Variable.messageDays);

const telemetry = createTelemetry("reconcile");
const reconcile = makeHandler({
  comparisons: createComparisons({
    s3: createClient(S3Client, limits),
    bucket: setting(Variable.bucket),
    ledger,
    sources,
    settingsOf: async (source) =>
      Object.hasOwn(sources, source) ? (await readSource(source, [])).settings : undefined,
    messageDays,
    defaultCountry: process.env[Variable.defaultCountry],
  }),
  watermarks: ledger,
  messageDays,
  ...telemetry,
  now: () => new Date(),
});

export const handler = telemetry.withRequestId(reconcile);
