import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { webhookLeadId } from "../../functions/lead/lead-id.ts";
import { httpRequest, objectCreated, sqsEvent, sqsRecord } from "../helpers/aws-events.ts";
import { FakeAws } from "../helpers/fake-aws.ts";
import { bareLead } from "../helpers/leads.ts";
import { type FunctionName, functionHandler, type Variables } from "./function-module.ts";

const aws = await FakeAws.start();
const secret = `whsec_${Buffer.from("a-key-that-is-long-enough").toString("base64")}`;

/** A service that does not answer, and what its function does about it. */
interface Silence {
  readonly function: FunctionName;
  /** Part of the requests that get no answer. */
  readonly word: string;
  /** How many of them; later ones are answered. */
  readonly times: number;
  /** What they get. @default silence */
  readonly kind?: "500";
  readonly variables?: Variables;
  readonly event: () => unknown;
}

interface Outcome {
  readonly answer: unknown;
  /** Requests to the silent service, in seconds after the first one. */
  readonly attempts: readonly number[];
  /** Seconds from the first of them to the function's answer. */
  readonly seconds: number;
}

const slack = (channel: string, parameter: string) => ({
  SLACK: JSON.stringify({
    defaultChannel: channel,
    routes: [],
    patienceSeconds: 1,
    webhookParameters: { [channel]: parameter },
  }),
});

/** A signed request with a lead. */
function signedRequest() {
  const body = JSON.stringify({ email: "jane.roe@acme.example" });
  const now = new Date();
  return httpRequest("crm", body, {
    "webhook-id": "event",
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign("event", now, body),
  });
}

/** A message about an object that is put into a bucket. */
function stored(bucket: string, key: string, content: object) {
  aws.objects.set(`${bucket}/${key}`, { text: JSON.stringify(content), metadata: {} });
  return sqsEvent(sqsRecord(objectCreated(key)));
}
const rawLead = (bucket: string) => () => stored(bucket, "dropped.json", { email: "jane.roe@acme.example" });
const enrichedLead =
  (event: string, bucket = "leads") =>
  () => {
    const lead = bareLead({ id: webhookLeadId("crm", event, 0), source: "crm" });
    return stored(bucket, `enriched/dt=2026-03-01/${lead.id}.json`, lead);
  };

const always = Number.POSITIVE_INFINITY;
const sources = (secretParameter: string) => JSON.stringify({ crm: { format: "standard-webhooks", secretParameter } });

const silences = {
  "ingest's secret": {
    function: "ingest",
    word: "/silent/secret",
    times: always,
    variables: { SOURCES: sources("/silent/secret") },
    event: signedRequest,
  },
  "ingest's bucket": {
    function: "ingest",
    word: "silent-raw",
    times: always,
    variables: { LEADS_BUCKET: "silent-raw" },
    event: signedRequest,
  },
  "enrich's read": {
    function: "enrich",
    word: "silent-read",
    times: always,
    variables: { LEADS_BUCKET: "silent-read" },
    event: rawLead("silent-read"),
  },
  "enrich's write": {
    function: "enrich",
    word: "silent-write/enriched/",
    times: always,
    variables: { LEADS_BUCKET: "silent-write" },
    event: rawLead("silent-write"),
  },
  "enrich's dead letter queue": {
    function: "enrich",
    word: "silent-dead-letters",
    times: always,
    variables: { DEAD_LETTER_QUEUE_URL: `${aws.url}/1/silent-dead-letters` },
    event: () => sqsEvent(sqsRecord("not JSON")),
  },
  "notify's bucket": {
    function: "notify",
    word: "silent-enriched",
    times: 1,
    variables: { LEADS_BUCKET: "silent-enriched", ...slack("bucket", "/slack/bucket") },
    event: enrichedLead("bucket", "silent-enriched"),
  },
  "notify's ledger": {
    function: "notify",
    word: "silent-ledger",
    times: 1,
    variables: { LEDGER_TABLE: "silent-ledger", ...slack("ledger", "/slack/ledger") },
    event: enrichedLead("ledger"),
  },
  "notify's send slots": {
    function: "notify",
    word: "pace#slots",
    times: always,
    variables: slack("slots", "/slack/slots"),
    event: enrichedLead("slots"),
  },
  "notify's webhook secret": {
    function: "notify",
    word: "/silent/webhook",
    times: always,
    variables: slack("secretless", "/silent/webhook"),
    event: enrichedLead("secretless"),
  },
  "notify's own queue": {
    function: "notify",
    word: "silent-own",
    times: 1,
    variables: { QUEUE_URL: `${aws.url}/1/silent-own` },
    event: () => sqsEvent(sqsRecord("not JSON"), sqsRecord("not JSON", "message-2")),
  },
  Slack: {
    function: "notify",
    word: "/slack/silent",
    times: always,
    variables: { ...slack("silent", "/slack/mute"), EMAIL_CONFIGURATION_SET: "after-slack" },
    event: enrichedLead("mute"),
  },
  "SES's suppression list": {
    function: "notify",
    word: "suppression/addresses/silent",
    times: always,
    variables: {
      ...slack("throttled", "/slack/throttled"),
      EMAIL_RECIPIENTS: JSON.stringify(["silent@example.com"]),
      EMAIL_CONFIGURATION_SET: "after-suppression",
    },
    event: enrichedLead("suppression"),
  },
  SES: {
    function: "notify",
    word: "silent-set",
    times: always,
    variables: { ...slack("refused", "/slack/refused"), EMAIL_CONFIGURATION_SET: "silent-set" },
    event: enrichedLead("email"),
  },
  "SES's failure": {
    function: "notify",
    word: "failing-set",
    times: always,
    kind: "500",
    variables: { ...slack("undone", "/slack/undone"), EMAIL_CONFIGURATION_SET: "failing-set" },
    event: enrichedLead("failure"),
  },
} as const satisfies Readonly<Record<string, Silence>>;
type Service = keyof typeof silences;

const own = process.env;
const outcomes = new Map<string, Outcome>();
const outcomeOf = (service: Service) => outcomes.get(service) as Outcome;

type Handler = Awaited<ReturnType<typeof functionHandler>>;

/** Loads a function for a silence. */
const loaded = ({ function: name, variables = {} }: Pick<Silence, "function" | "variables">): Promise<Handler> =>
  functionHandler(name, {
    DEAD_LETTER_QUEUE_URL: `${aws.url}/1/dead-letters`,
    QUEUE_URL: `${aws.url}/1/own`,
    ...variables,
  });

function invoke(handler: Handler, event: unknown): Promise<unknown> {
  const deadline = Date.now() + 30_000;
  return handler(event, { getRemainingTimeInMillis: () => deadline - Date.now() });
}

/** Seconds after which a function that has not answered yet counts as one that waits for ever. */
const patience = 15;

async function outcome({ word, times, kind, event }: Silence, handler: Handler): Promise<Outcome> {
  aws.troubles.set(word, { kind: kind ?? "silence", times });
  const answer = await Promise.race([invoke(handler, event()), sleep(patience * 1000, "no answer", { ref: false })]);
  const heard = aws.heard.get(word) ?? [];
  const [first = 0] = heard;
  return {
    answer,
    attempts: heard.map((time) => (time - first) / 1000),
    seconds: (performance.now() - first) / 1000,
  };
}

/** Lets each function do its work once, so that what is loaded late does not count as waiting. */
async function warmUp(): Promise<void> {
  await invoke(await loaded({ function: "ingest" }), signedRequest());
  await invoke(await loaded({ function: "enrich" }), rawLead("leads")());
  await invoke(await loaded({ function: "notify", variables: slack("warm", "/slack/warm") }), enrichedLead("warm")());
}

const limits = suite("functions :: time limits");
limits.before(async () => {
  process.env = { ...own, ...aws.variables, POWERTOOLS_LOG_LEVEL: "SILENT", POWERTOOLS_METRICS_DISABLED: "true" };
  await Promise.all(["ledger", "silent-ledger"].map((table) => aws.createTable(table, "id")));
  aws.parameters.set("/crm", secret);
  aws.parameters.set("/slack/mute", `${aws.url}/slack/silent`);
  for (const channel of ["warm", "bucket", "ledger", "slots", "throttled", "refused", "undone"]) {
    aws.parameters.set(`/slack/${channel}`, `${aws.url}/slack/${channel}`);
  }
  for (const channel of ["throttled", "refused", "undone"]) aws.slackPauses.set(channel, [60]);
  await warmUp();
  const cases: [service: string, silence: Silence, handler: Handler][] = [];
  for (const [service, silence] of Object.entries(silences)) cases.push([service, silence, await loaded(silence)]);
  await Promise.all(
    cases.map(async ([service, silence, handler]) => outcomes.set(service, await outcome(silence, handler))),
  );
});
limits.after(async () => {
  process.env = own;
  await aws.stop();
});

const postsTo = (channel: string) => aws.posts.filter((post) => post.channel === channel).length;
const emailsUnder = (set: string) =>
  aws.emails.filter(({ ConfigurationSetName }) => ConfigurationSetName === set).length;
const failure = { batchItemFailures: [{ itemIdentifier: "message-1" }] };
const success = { batchItemFailures: [] };

/** Whether something took its limit, give or take what a busy machine adds. */
const isAbout = (seconds: number, limit: number) => seconds > 0.75 * limit && seconds < 1.5 * limit + 1;

for (const service of ["ingest's secret", "ingest's bucket"] as const) {
  limits(`${service} gets two attempts of 2 s, and the source a 503 while it waits`, () => {
    const { answer, attempts, seconds } = outcomeOf(service);
    assert.is((answer as { statusCode: number }).statusCode, 503);
    assert.is(attempts.length, 2);
    assert.ok(isAbout(attempts[1] ?? 0, 2) && isAbout(seconds, 4), `${attempts} ${seconds}`);
  });
}
for (const service of ["enrich's read", "enrich's write", "enrich's dead letter queue"] as const) {
  limits(`${service} gets two attempts of 2 s, and the message is retried later`, () => {
    const { answer, attempts, seconds } = outcomeOf(service);
    assert.equal(answer, failure);
    assert.is(attempts.length, 2);
    assert.ok(isAbout(attempts[1] ?? 0, 2) && isAbout(seconds, 4), `${attempts} ${seconds}`);
  });
}
for (const [service, channel] of [
  ["notify's bucket", "bucket"],
  ["notify's ledger", "ledger"],
] as const) {
  limits(`${service} is asked again after 2 s`, () => {
    const { answer, attempts } = outcomeOf(service);
    assert.equal([answer, postsTo(channel)], [success, 1]);
    assert.ok(isAbout(attempts[1] ?? 0, 2), String(attempts));
  });
}
limits("notify's own queue is asked again after 2 s", () => {
  const { answer, attempts } = outcomeOf("notify's own queue");
  assert.equal(answer, success);
  assert.ok(isAbout(attempts.at(-1) ?? 0, 2), String(attempts));
});
limits("notify's send slots get one attempt of 2 s, and the lead is posted without one", () => {
  const { answer, attempts, seconds } = outcomeOf("notify's send slots");
  assert.equal([answer, postsTo("slots"), attempts.length], [success, 1, 1]);
  assert.ok(isAbout(seconds, 2), String(seconds));
});
limits("notify's webhook secret gets two attempts of 1 s, and the lead goes out by email", () => {
  const { answer, attempts, seconds } = outcomeOf("notify's webhook secret");
  assert.equal([answer, attempts.length], [success, 2]);
  assert.ok(isAbout(attempts[1] ?? 0, 1) && isAbout(seconds, 2), `${attempts} ${seconds}`);
});
limits("Slack gets one attempt of 5 s, and the lead goes out by email", () => {
  const { answer, attempts, seconds } = outcomeOf("Slack");
  assert.equal([answer, attempts.length, emailsUnder("after-slack")], [success, 1, 1]);
  assert.ok(isAbout(seconds, 5), String(seconds));
});
limits("SES's suppression list gets one attempt of 2 s, and the email is sent", () => {
  const { answer, attempts, seconds } = outcomeOf("SES's suppression list");
  assert.equal([answer, attempts.length, emailsUnder("after-suppression")], [success, 1, 1]);
  assert.ok(isAbout(seconds, 2), String(seconds));
});
limits("SES gets one attempt of 4 s, because an email that may have gone out is not sent again", () => {
  const { answer, attempts, seconds } = outcomeOf("SES");
  assert.equal([answer, attempts.length], [failure, 1]);
  assert.ok(isAbout(seconds, 4), String(seconds));
});
limits("an email that SES failed at is not sent again, because it may have gone out", () => {
  const { answer, attempts } = outcomeOf("SES's failure");
  assert.equal([answer, attempts.length], [failure, 1]);
});
limits.run();
