import { hash } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { NoSuchKey, NotFound, S3Client } from "@aws-sdk/client-s3";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Environment, messageDays } from "../../environments/environment.ts";
import { environments } from "../../environments/index.ts";
import { announcementId } from "../../functions/lead/announcement-id.ts";
import { enrichedKey, webhookLeadId } from "../../functions/lead/lead-id.ts";
import { reconcile } from "../../ops/commands/reconcile.ts";
import { pipelineOf } from "../../ops/outputs.ts";
import { failureOf } from "../helpers/failure.ts";
import { enrichedLead } from "../helpers/leads.ts";
import { FakeSqs } from "./fake-sqs.ts";
import { run, runLine } from "./ops-fixtures.ts";

type Json = Readonly<Record<string, unknown>>;

const pipeline = pipelineOf((name) => {
  if (name === "leads_bucket") return "leadwire-dev-leads-1";
  return `https://sqs.eu-west-3.amazonaws.com/1/${name}`;
}, "the test");
const { leads, notifications } = pipeline.queues;
const now = new Date("2026-03-05T12:00:00Z");
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

interface Stored {
  readonly key: string;
  readonly text: string;
  readonly at: Date;
  readonly version: string;
  /** Of its source. */
  readonly format?: string;
}

const leadOf = (name: string) => enrichedLead({ id: webhookLeadId("website", name), source: "website" });
const person = JSON.stringify({ email: "ada@acme.example" });
const raw = (key: string, at: Date, text = person, version = "v1"): Stored => ({ key, at, text, version });
const enriched = (name: string, at: Date): Stored => {
  const lead = leadOf(name);
  return { key: enrichedKey(lead.id, at), at, text: JSON.stringify(lead), version: "v1" };
};

const byKey = (a: Stored, b: Stored) => (a.key < b.key ? -1 : 1);

/** Answers S3's calls from objects in memory. */
function answered(objects: readonly Stored[], name: string, input: Json) {
  const { Bucket, Key, VersionId, Prefix = "", StartAfter = "" } = input as Readonly<Record<string, string>>;
  assert.is(Bucket, pipeline.bucket);
  const entries = (which: (one: Stored) => boolean) =>
    objects
      .filter(which)
      .sort(byKey)
      .map(({ key, text, at, version }) => ({
        ...{ Key: key, ETag: `"${hash("md5", text)}"`, Size: text.length, LastModified: at, VersionId: version },
      }));
  if (name === "ListObjectsV2Command") {
    return { Contents: entries(({ key }) => key.startsWith(Prefix) && key > StartAfter) };
  }
  if (name === "ListObjectVersionsCommand") return { Versions: entries(({ key }) => !key.includes("/")) };
  const found = objects.find(({ key, version }) => key === Key && (VersionId ?? version) === version);
  const missing = { message: "gone", $metadata: {} };
  if (!found) throw name === "HeadObjectCommand" ? new NotFound(missing) : new NoSuchKey(missing);
  const [head] = entries((one) => one === found);
  const transformToByteArray = async () => Buffer.from(found.text);
  return {
    ...head,
    ContentLength: head?.Size,
    Metadata: found.format ? { format: found.format } : {},
    Body: { transformToByteArray },
  };
}

const fake = <Client extends object>(
  type: { readonly prototype: Client },
  answer: (name: string, input: Json) => Json,
) =>
  Object.assign(Object.create(type.prototype) as Client, {
    send: async ({ constructor: { name }, input }: { constructor: { name: string }; input: Json }) =>
      answer(name, input),
  });

interface Given {
  readonly objects: readonly Stored[];
  /** Names of the leads that were announced. */
  readonly announced?: readonly string[];
  readonly since?: Date;
  readonly replays?: boolean;
  readonly settings?: Environment;
  /** What SQS fails with. */
  readonly fault?: () => Error;
}

/** Runs the command for dev. */
async function reconciled({ objects, announced = [], since, replays = false, ...given }: Given) {
  const { settings = environments.dev, fault } = given;
  const sqs = new FakeSqs();
  if (fault) sqs.fault = fault;
  const regions = new Set<string | undefined>();
  const s3 = fake(S3Client, (name, input) => answered(objects, name, input) as Json);
  const dynamo = fake(DynamoDBClient, (name) => {
    if (name === "GetItemCommand") return { Item: { destinations: { SS: ["#sales"] } } };
    const items = announced.map((one) => ({ id: { S: announcementId(leadOf(one), "#sales") }, state: { S: "sent" } }));
    return { Responses: { [pipeline.ledgerTable]: items } };
  });
  const at =
    <Client>(client: Client) =>
    (region: string | undefined) => {
      regions.add(region);
      return client;
    };
  const env = { name: "dev", settings } as const;
  const values = { env, outputs: () => pipeline, since, replay: replays };
  const ports = { s3: at(s3), sqs: sqs.client, dynamo: at(dynamo), now: () => now };
  const outcome = await run(reconcile, values, ports);
  const sent = [leads, notifications].flatMap(({ url }) =>
    sqs.bodies(url).map((body) => {
      const { key, "version-id": version } = JSON.parse(body).detail.object;
      return `${key} ${version} to ${url === leads.url ? "enrich" : "notify"}`;
    }),
  );
  return { lines: outcome.printed.split("\n"), code: outcome.code, sent: sent.sort(), regions: [...regions] };
}

const keyOf = (name: string) => enriched(name, minutesAgo(60)).key;
/** Two leads on their ways' ends, one that notify did not get, and two versions of a file and a webhook that enrich did not. */
const stopped: Given = {
  announced: ["jane"],
  objects: [
    enriched("jane", minutesAgo(60)),
    enriched("john", minutesAgo(60)),
    raw("today.json", minutesAgo(90), person, "v1"),
    raw("today.json", minutesAgo(80), `{"email":"grace@acme.example"}`, "v2"),
    raw(`${leadOf("jane").id}.json`, minutesAgo(60)),
    raw(`${leadOf("jack").id}.json`, minutesAgo(60)),
  ],
};

const reconciling = suite("ops reconcile");

reconciling("names each lead that stopped with its stage and why, and ends with 1", async () => {
  const { lines, code, sent, regions } = await reconciled(stopped);
  assert.equal(lines, [
    `${keyOf("john")} notify not announced`,
    ...["today.json", "today.json", `${leadOf("jack").id}.json`].map((key) => `${key} enrich not enriched`),
    "4 stopped; rules decided about 0 others",
  ]);
  assert.equal([code, sent, regions], [1, [], ["eu-west-3"]]);
});

reconciling("--replay sends each to its stage in its version, and ends with 0", async () => {
  const { lines, code, sent } = await reconciled({ ...stopped, replays: true });
  assert.is(lines.at(-1), "4 stopped and were sent again; rules decided about 0 others");
  assert.is(code, 0);
  assert.equal(
    sent,
    [
      `${keyOf("john")} v1 to notify`,
      `${leadOf("jack").id}.json v1 to enrich`,
      "today.json v1 to enrich",
      "today.json v2 to enrich",
    ].sort(),
  );
});

reconciling("ends with 0 when nothing stopped", async () => {
  const { lines, code } = await reconciled({ announced: ["jane"], objects: [enriched("jane", minutesAgo(60))] });
  assert.equal([lines, code], [["0 stopped; rules decided about 0 others"], 0]);
});

reconciling("names leads that a rule stopped, counts them apart, and sends none of them", async () => {
  const { lines, code, sent } = await reconciled({ objects: [raw("x.json", minutesAgo(60), "{}")], replays: true });
  assert.equal(lines, [
    "x.json enrich rejected NoContact",
    "0 stopped and were sent again; rules decided about 1 others",
  ]);
  assert.equal([code, sent], [0, []]);
});

reconciling("follows the environment's country and the settings of its sources, as enrich does", async () => {
  const id = webhookLeadId("website", "test");
  const source = { format: "standard-webhooks", fields: { phone: "Ref__c" } } as const;
  const settings: Environment = { ...environments.dev, defaultCountry: "DE", sources: { website: source } };
  const objects = [
    raw("national.json", minutesAgo(60), '{"phone":"030 123456"}'),
    raw(`${id}.json`, minutesAgo(60), '{"Ref__c":"030 123457"}'),
  ];
  assert.is((await reconciled({ objects, settings })).lines.at(-1), "2 stopped; rules decided about 0 others");
});

reconciling("looks for enriched leads at the days of raw leads for which there can be messages", async () => {
  const createdAt = minutesAgo(60);
  const daysBefore = (days: number) => new Date(minutesAgo(48 * 60).getTime() - days * 86_400_000);
  const days = messageDays(environments.dev);
  const [first, earlier] = [days, days + 1].map((one) => ({
    ...enriched("jane", createdAt),
    key: enrichedKey(leadOf("jane").id, daysBefore(one)),
  }));
  const { lines } = await reconciled({ objects: [first, earlier] as Stored[] });
  assert.equal(lines, [`${first?.key} notify not announced`, "1 stopped; rules decided about 0 others"]);
});

reconciling("fails if a lead cannot be sent again", async () => {
  const fault = () => new Error("SQS is down");
  assert.is((await failureOf(reconciled({ ...stopped, replays: true, fault }))).message, "SQS is down");
});

reconciling("asks no source for the record of a lead, and sends it again", async () => {
  const settings: Environment = { ...environments.dev, sources: { crm: { format: "hubspot" } } };
  const event = '{"objectId":2,"portalId":1,"subscriptionType":"object.creation"}';
  const key = `${webhookLeadId("crm", 1, 2)}.json`;
  const objects = [{ ...raw(key, minutesAgo(60), event), format: "hubspot" }];
  const { lines, sent } = await reconciled({ objects, settings, replays: true });
  assert.is(lines[0], `${key} enrich not enriched: FetchFailed`);
  assert.equal(sent, [`${key} v1 to enrich`]);
});

reconciling("a file with several leads is sent once", async () => {
  const several = JSON.stringify([{ email: "ada@acme.example" }, { email: "grace@acme.example" }]);
  const objects = [raw("list.json", minutesAgo(60), several)];
  const { lines, sent } = await reconciled({ objects, replays: true });
  assert.is(lines.at(-1), "2 stopped and were sent again; rules decided about 0 others");
  assert.equal(sent, ["list.json v1 to enrich"]);
});

reconciling("leads of the last ten minutes are left out, because they can be on their way", async () => {
  const objects = [raw("new.json", minutesAgo(10)), raw("old.json", minutesAgo(10 + 1 / 60))];
  assert.equal((await reconciled({ objects })).lines[0], "old.json enrich not enriched");
});

reconciling("looks at the last two days, or from --since on", async () => {
  const days = 2 * 24 * 60;
  const [old, older] = [raw("old.json", minutesAgo(days)), raw("older.json", minutesAgo(days + 1 / 60))];
  const firstOf = async (given: Given) => (await reconciled(given)).lines[0];
  assert.is(await firstOf({ objects: [older, old] }), "old.json enrich not enriched");
  assert.is(await firstOf({ objects: [older, old], since: minutesAgo(50 * 60) }), "old.json enrich not enriched");
  assert.is(await firstOf({ objects: [older], since: minutesAgo(50 * 60) }), "older.json enrich not enriched");
  assert.is(await firstOf({ objects: [old], since: minutesAgo(60) }), "0 stopped; rules decided about 0 others");
});

reconciling("leaves out leads whose retention is over, because their announcements can be forgotten", async () => {
  const days = environments.dev.leadRetentionDays;
  const objects = [
    raw("expired.json", minutesAgo(days * 24 * 60 + 1)),
    raw("kept.json", minutesAgo(days * 24 * 60 - 1)),
  ];
  const { lines, sent } = await reconciled({ objects, since: new Date(0), replays: true });
  assert.equal(lines, ["kept.json enrich not enriched", "1 stopped and were sent again; rules decided about 0 others"]);
  assert.equal(sent, ["kept.json v1 to enrich"]);
});

reconciling("refuses the outputs of another environment, and a time that nobody can read", async () => {
  const values = { env: { name: "prod", settings: environments.prod }, outputs: () => pipeline } as const;
  const refused = await failureOf(run(reconcile, { ...values, since: undefined, replay: false }, {}));
  assert.match(refused.message, "leadwire-dev-leads-1, which is not one of prod");
  for (const since of ["yesterday", "2026-13-01", "2026-03-01T09:00:00", "12", "12026-03-01", "on-2026-03-01"]) {
    const { code, errors } = await runLine(`reconcile dev --outputs outputs.json --since ${since}`);
    assert.is(code, 2);
    assert.match(errors, "Allowed: a date or a time with its zone, as ISO 8601 writes it");
  }
});

reconciling.run();
