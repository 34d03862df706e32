/**
 * Runs one comparison, or only its listings, against the server of the benchmark, and prints what it took as JSON, and what AWS
 * would bill of its requests.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { billedUnits } from "../../cost/per-lead.ts";
import { createComparisons } from "../../functions/reconcile/comparisons.ts";
import { createLedgerReader } from "../../functions/reconcile/ledger.ts";
import { createListings } from "../../functions/reconcile/listings.ts";
import { createClient } from "../../functions/runtime/clients.ts";
import { createdAt } from "./reconcile-leads.ts";

const limits = { milliseconds: 60_000 };
const calls: Record<string, number> = {};
/** Counts the requests of a client. */
function counted<Client extends S3Client | DynamoDBClient>(service: string, client: Client): Client {
  const { middlewareStack } = client as S3Client;
  middlewareStack.add((next, { commandName = "" }) => (request) => {
    const name = `${service}:${commandName.replace(/Command$/, "")}`;
    calls[name] = (calls[name] ?? 0) + billedUnits(name, { ...request.input });
    return next(request);
  });
  return client;
}
const s3 = counted("s3", createClient(S3Client, limits));
const bucket = "leads";
const { announced, enriched } = createComparisons({
  s3,
  bucket,
  ledger: createLedgerReader(counted("dynamodb", createClient(DynamoDBClient, limits)), "ledger"),
  sources: {},
  settingsOf: async () => undefined,
  messageDays: 3,
  defaultCountry: undefined,
});
const { objects, rootVersions } = createListings(s3, bucket);
const days = 86_400_000;
const window = { from: new Date(createdAt.getTime() - 2 * days), to: new Date(createdAt.getTime() + days) };

const jobs: Readonly<Record<string, () => AsyncIterable<unknown>[]>> = {
  announced: () => [announced(window)],
  enriched: () => [enriched(window)],
  "announced-floor": () => [objects("enriched/")],
  "enriched-floor": () => [rootVersions(), objects("enriched/")],
};

let found = 0;
for (const items of jobs[process.argv[2] ?? ""]?.() ?? []) for await (const _ of items) found += 1;
const { user, system } = process.cpuUsage();
const seconds = (user + system) / 1e6;
console.log(JSON.stringify({ found, seconds, megabytes: process.resourceUsage().maxRSS / 1024, calls }));
