import { freshImport } from "./fresh-import.ts";

export type FunctionName = "ingest" | "enrich" | "notify";
export type Variables = Readonly<Record<string, string | undefined>>;
type Handler = (event: unknown, context: { getRemainingTimeInMillis(): number }) => Promise<unknown>;

/** Variables with which every function starts. */
export const variables = {
  LEADWIRE_ENVIRONMENT: "test",
  LEADS_BUCKET: "leads",
  SOURCES: JSON.stringify({ crm: "standard-webhooks" }),
  SOURCE_PARAMETERS: "/leadwire/test/sources",
  DEAD_LETTER_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/111122223333/dead-letters",
  QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/111122223333/own",
  GIVE_UP_AFTER_HOURS: "72",
  GATHER_MILLISECONDS: "150",
  DEFAULT_COUNTRY: "US",
  SLACK: JSON.stringify({
    defaultChannel: "sales",
    routes: [],
    patienceSeconds: 1,
    webhookParameters: { sales: "/slack/sales" },
  }),
  LEDGER_TABLE: "ledger",
  LEAD_RETENTION_DAYS: "365",
  SAME_PERSON_DAYS: "90",
  SAME_PERSON: "card",
  EMAIL_SENDER: "leadwire@example.com",
  EMAIL_RECIPIENTS: JSON.stringify(["sales@example.com"]),
  EMAIL_CONFIGURATION_SET: "set",
} as const;

/**
 * Loads a function's index.ts with variables of its own.
 * @returns its handler
 * @throws what index.ts throws while it is loaded
 */
export async function functionHandler(name: FunctionName, changes: Variables): Promise<Handler> {
  const own = process.env;
  const all = Object.entries({ ...own, ...variables, ...changes }).filter(([, value]) => value !== undefined);
  process.env = Object.fromEntries(all);
  try {
    return (await freshImport<{ handler: Handler }>(`functions/${name}/index.ts`)).handler;
  } finally {
    process.env = own;
  }
}
