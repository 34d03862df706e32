import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { environments } from "../../environments/index.ts";
import { enrichedKey, webhookLeadId } from "../../functions/lead/lead-id.ts";
import { type IndexItem, indexItems } from "../../functions/lead-index/items.ts";
import { lead } from "../../ops/commands/lead.ts";
import { pipelineOf } from "../../ops/outputs.ts";
import { failureOf } from "../helpers/failure.ts";
import { enrichedLead } from "../helpers/leads.ts";
import { leadOutcome } from "../helpers/outcomes.ts";
import { run, runLine } from "./ops-fixtures.ts";

const read = (name: string) =>
  name === "leads_bucket" ? "leadwire-dev-leads-1" : `https://sqs.eu-west-3.amazonaws.com/1/${name}`;
const pipeline = pipelineOf(read, "the test", ["lead_index_table"]);
const now = new Date("2026-03-05T12:00:00Z");

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: {
    readonly Key?: string;
    readonly TableName?: string;
    readonly ExpressionAttributeValues?: { readonly ":id": { readonly S: string } };
    readonly ExclusiveStartKey?: { readonly start: { readonly N: string } };
  };
}

/** Ports over a bucket with objects, and the table that the index keeps of those that it has got. */
function portsOf(objects: Readonly<Record<string, string>>, indexed = Object.keys(objects)) {
  const items = indexed.flatMap((key) => indexItems(key, { body: Buffer.from(objects[key] ?? "") }));
  const asked: string[] = [];
  const s3 = Object.assign(Object.create(S3Client.prototype) as S3Client, {
    async send({ input: { Key = "" } }: Command) {
      asked.push(Key);
      const text = objects[Key];
      if (text === undefined) throw new NoSuchKey({ message: "gone", $metadata: {} });
      return { Body: { transformToByteArray: async () => Buffer.from(text) }, LastModified: now };
    },
  });
  const dynamo = Object.assign(Object.create(DynamoDBClient.prototype) as DynamoDBClient, {
    /** Answers one item a page. */
    async send({ input }: Command) {
      assert.is(input.TableName, pipeline.leadIndexTable);
      const found = items
        .filter(({ id }) => id === input.ExpressionAttributeValues?.[":id"].S)
        .sort((a: IndexItem, b: IndexItem) => (a.entry < b.entry ? -1 : 1));
      const start = Number(input.ExclusiveStartKey?.start.N ?? 0);
      const Items = found
        .slice(start, start + 1)
        .map(({ entry, value }) => ({ entry: { S: entry }, value: { S: value } }));
      const next = start + 1 < found.length ? { LastEvaluatedKey: { start: { N: String(start + 1) } } } : {};
      return { Items, ...next };
    },
  });
  return { asked, ports: { s3: () => s3, dynamo: () => dynamo, now: () => now } };
}

const of = (text: string, { ports }: ReturnType<typeof portsOf>) =>
  run(
    lead,
    {
      env: { name: "dev", settings: { ...environments.dev, defaultCountry: "DE" } },
      of: text,
      outputs: () => pipeline,
    },
    ports,
  );

const day = (date: string) => new Date(`${date}T12:00:00Z`);
const [first, second, other] = [
  enrichedLead({ id: webhookLeadId("website", 1) }),
  enrichedLead({
    id: webhookLeadId("crm", 2),
    source: "crm",
    receivedAt: "2026-03-02T09:00:00.000Z",
    enrichedAt: "2026-03-02T09:00:01.000Z",
    score: 7,
    phone: undefined,
    otherPhones: [],
  }),
  enrichedLead({
    id: webhookLeadId("website", 3),
    email: undefined,
    otherEmails: ["other@acme.example"],
    otherPhones: [],
    phone: { e164: "+4930123456" },
  }),
];
const keys = [
  enrichedKey(first.id, day("2026-03-01")),
  enrichedKey(second.id, day("2026-03-02")),
  enrichedKey(other.id, day("2026-03-01")),
];
const outcomes = [
  leadOutcome({ id: first.id }),
  leadOutcome({ id: second.id, happenedAt: "2026-03-02T10:00:00.000Z", channel: "email" }),
  {
    schemaVersion: 1,
    id: second.id,
    source: "crm",
    outcome: "deadLettered",
    happenedAt: "2026-03-02T09:30:00.000Z",
    reason: "OutageTooLong",
  },
];
const objects = {
  ...Object.fromEntries([first, second, other].map((one, index) => [keys[index] ?? "", JSON.stringify(one)])),
  "outcomes/dt=2026-03-02/1-a.json": outcomes.map((one) => JSON.stringify(one)).join("\n"),
};
const wayOfFirst = [
  first.id,
  "2026-03-01T12:00:00.000Z received from website",
  `2026-03-01T12:00:01.000Z enriched with score 100: ${keys[0]}`,
  "2026-03-01T12:00:02.500Z announced slack sales 2.5 s after its receipt",
];
const wayOfSecond = [
  second.id,
  "2026-03-02T09:00:00.000Z received from crm",
  `2026-03-02T09:00:01.000Z enriched with score 7: ${keys[1]}`,
  "2026-03-02T09:30:00.000Z deadLettered OutageTooLong",
  "2026-03-02T10:00:00.000Z announced email sales 2.5 s after its receipt",
];

const lookup = suite("ops :: lead");
lookup("shows the way of all leads of a person, from every source", async () => {
  const { printed, code } = await of("jane.roe@acme.example", portsOf(objects));
  const ways = [wayOfFirst, wayOfSecond].sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  assert.equal([printed, code], [ways.flat().join("\n"), 0]);
});
for (const [form, expected] of [
  ["Jane Roe <JANE@Roe.example>", [first.id, second.id]],
  ["mailto:jane@roe.example", [first.id, second.id]],
  ["+49 30 123456 ext. 42", [first.id]],
  ["0049 30 123456", [other.id]],
  ["(030) 12 34 56", [other.id]],
  ["other@acme.example", [other.id]],
] as const) {
  lookup(`finds a person by ${form}`, async () => {
    const { printed } = await of(form, portsOf(objects));
    assert.equal(
      printed
        .split("\n")
        .filter((line) => !line.startsWith("2026"))
        .sort(),
      [...expected].sort(),
    );
  });
}
lookup("shows the way of a lead by its id", async () => {
  const { printed, code } = await of(first.id, portsOf(objects));
  assert.equal([printed, code], [wayOfFirst.join("\n"), 0]);
});
lookup("finds a lead by its id before anything became of it, on every day for which leads are kept", async () => {
  const { leadRetentionDays } = environments.dev;
  for (const days of [0, leadRetentionDays]) {
    const key = enrichedKey(first.id, new Date(now.getTime() - days * 86_400_000));
    const { printed } = await of(first.id, portsOf({ [key]: JSON.stringify(first) }, []));
    assert.equal(printed.split("\n"), [
      ...wayOfFirst.slice(0, 2),
      `2026-03-01T12:00:01.000Z enriched with score 100: ${key}`,
    ]);
  }
});
lookup("shows what became of a lead whose object is gone", async () => {
  const { printed } = await of(first.id, portsOf({ "outcomes/1.json": JSON.stringify(outcomes[0]) }));
  assert.equal(printed.split("\n"), [first.id, wayOfFirst[3]]);
});
lookup("says that there is no lead, without the person's address, and ends with 1", async () => {
  const { printed, code } = await of("nobody@acme.example", portsOf(objects));
  assert.equal(
    [printed, code],
    ["No lead. The index has leads from its deployment on, for as long as they are kept.", 1],
  );
});
lookup("refuses what is no id, address or number, and an environment without the index", async () => {
  const { message, name } = await failureOf(of("Jane", portsOf(objects)));
  assert.match(message, "It is no email address and no phone number.");
  assert.not.match(`${message}${name}`, /Jane/);
  const without = () => pipelineOf(read, "the test");
  const env = { name: "dev", settings: environments.dev } as const;
  const missing = await failureOf(run(lead, { env, of: first.id, outputs: without }, portsOf({}).ports));
  assert.is(missing.message, "dev has no consumer lead-index.");
});
lookup("is a command of ops", async () => {
  const { printed } = await runLine("lead --help");
  assert.match(printed, "Shows the way of a lead, or of all leads of a person");
});
lookup.run();
