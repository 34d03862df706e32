import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { environments } from "../../environments/index.ts";
import { announcementId } from "../../functions/lead/announcement-id.ts";
import type { EnrichedLead } from "../../functions/lead/enriched-lead.ts";
import {
  enrichedKey,
  keyInMetadata,
  memberLeadId,
  rawObjectLeadId,
  webhookLeadId,
} from "../../functions/lead/lead-id.ts";
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
    readonly Bucket?: string;
    readonly Key?: string;
    readonly TableName?: string;
    readonly ExpressionAttributeValues?: { readonly ":id": { readonly S: string } };
    readonly ExclusiveStartKey?: { readonly start: { readonly N: string } };
    readonly RequestItems?: Readonly<Record<string, { readonly Keys: { readonly id: { readonly S: string } }[] }>>;
  };
}

type LedgerItem = Readonly<Record<"id" | "state" | "by" | "settledAt", string>>;

/** Ports over a bucket with objects, a ledger, and the table that the index keeps of the objects. */
function portsOf(objects: Readonly<Record<string, string>>, ledger: readonly LedgerItem[] = [], stored = objects) {
  const items = Object.entries(objects).flatMap(([key, text]) =>
    indexItems(key, { body: Buffer.from(text), metadata: text.includes("ann@") ? fileMetadata : {} }),
  );
  const s3 = Object.assign(Object.create(S3Client.prototype) as S3Client, {
    async send({ input: { Bucket, Key = "" } }: Command) {
      assert.is(Bucket, pipeline.bucket);
      const text = stored[Key];
      if (text === undefined) throw new NoSuchKey({ message: "gone", $metadata: {} });
      return { Body: { transformToByteArray: async () => Buffer.from(text) }, LastModified: now };
    },
  });
  const attributes = (item: LedgerItem) => Object.fromEntries(Object.entries(item).map(([name, S]) => [name, { S }]));
  const dynamo = Object.assign(Object.create(DynamoDBClient.prototype) as DynamoDBClient, {
    /** Answers one item of the index a page. */
    async send({ constructor: { name }, input }: Command) {
      if (input.TableName !== pipeline.leadIndexTable && !input.RequestItems)
        assert.is(input.TableName, pipeline.ledgerTable);
      if (name === "GetItemCommand") return { Item: { destinations: { SS: ["#events", "sales"] } } };
      if (input.RequestItems) {
        const asked = new Set(input.RequestItems[pipeline.ledgerTable]?.Keys.map(({ id }) => id.S));
        return { Responses: { [pipeline.ledgerTable]: ledger.filter(({ id }) => asked.has(id)).map(attributes) } };
      }
      assert.is(input.TableName, pipeline.leadIndexTable);
      const found = items
        .filter(({ id }) => id === input.ExpressionAttributeValues?.[":id"].S)
        .sort((a: IndexItem, b: IndexItem) => (a.entry < b.entry ? -1 : 1));
      const start = Number(input.ExclusiveStartKey?.start.N ?? 0);
      const Items = found
        .slice(start, start + 1)
        .map(({ entry, value }) => ({ entry: { S: entry }, ...(value !== undefined && { value: { S: value } }) }));
      const next = start + 1 < found.length ? { LastEvaluatedKey: { start: { N: String(start + 1) } } } : {};
      return { Items, ...next };
    },
  });
  return { ports: { s3: () => s3, dynamo: () => dynamo, now: () => now } };
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
const addressLikeId = `${webhookLeadId("website", 4)}@acme.example`;
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
    otherEmails: ["other@acme.example", addressLikeId],
    otherPhones: [],
    phone: { e164: "+4930123456" },
  }),
];
const fileMetadata = { "raw-key": keyInMetadata.write("fair 2026.json") };
const member = enrichedLead({
  id: memberLeadId(rawObjectLeadId("fair 2026.json", "e"), 1, 2),
  source: "file",
  email: { address: "ann@fair.example", domain: "fair.example", freeMail: false, disposable: false },
  otherEmails: [],
  phone: undefined,
  otherPhones: [],
});
const keyOf = ({ id }: { readonly id: string }, date: string) => enrichedKey(id, day(date));
const keys = [keyOf(first, "2026-03-01"), keyOf(second, "2026-03-02"), keyOf(other, "2026-03-01")];
const memberKey = keyOf(member, "2026-03-01");
const deadLettered = {
  schemaVersion: 1,
  id: second.id,
  source: "crm",
  outcome: "deadLettered",
  happenedAt: "2026-03-02T09:30:00.000Z",
  reason: "OutageTooLong",
};
const objects = {
  ...Object.fromEntries([first, second, other].map((one, index) => [keys[index] ?? "", JSON.stringify(one)])),
  [memberKey]: JSON.stringify(member),
  "outcomes/dt=2026-03-02/1-a.json": [deadLettered, leadOutcome({ id: first.id })]
    .map((one) => JSON.stringify(one))
    .join("\n"),
};
const announced = (lead: EnrichedLead, by: string, settledAt: string, destination = "sales", state = "sent") => {
  return { id: announcementId(lead, destination), state, by, settledAt };
};
const ofFirst = announced(first, "slack", "2026-03-01T12:00:02.500Z");
const wayOfFirst = [
  `${first.id} announced`,
  `2026-03-01T12:00:00.000Z received from website: ${first.id}.json`,
  `2026-03-01T12:00:01.000Z enriched with score 100: ${keys[0]}`,
  "2026-03-01T12:00:02.500Z sent by slack at sales 2.5 s after its receipt",
];
const receiptOfSecond = [
  `2026-03-02T09:00:00.000Z received from crm: ${second.id}.json`,
  `2026-03-02T09:00:01.000Z enriched with score 7: ${keys[1]}`,
  "2026-03-02T09:30:00.000Z deadLettered OutageTooLong",
];

const lookup = suite("ops :: lead");
lookup("shows the way of all leads of a person, from every source", async () => {
  const ofSecond = announced(second, "email", "2026-03-02T10:00:00.000Z");
  const { printed, code } = await of("jane.roe@acme.example", portsOf(objects, [ofFirst, ofSecond]));
  const wayOfSecond = [
    `${second.id} announced`,
    ...receiptOfSecond,
    "2026-03-02T10:00:00.000Z sent by email at sales 3600 s after its receipt",
  ];
  const ways = [wayOfFirst, wayOfSecond].sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  assert.equal([printed, code], [ways.flat().join("\n"), 0]);
});
lookup("names the file that a lead was in", async () => {
  const { printed } = await of("ann@fair.example", portsOf(objects));
  assert.match(printed, "received from file: fair 2026.json");
  const old = { [memberKey]: JSON.stringify({ ...member, email: { ...member.email, address: "bob@fair.example" } }) };
  assert.match((await of("bob@fair.example", portsOf(old))).printed, "received from file: unknown");
});
for (const [form, expected] of [
  ["Jane Roe <JANE@Roe.example>", [first.id, second.id]],
  ["mailto:jane@roe.example", [first.id, second.id]],
  ["+49 30 123456 ext. 42", [first.id]],
  ["0049 30 123456", [other.id]],
  ["(030) 12 34 56", [other.id]],
  ["other@acme.example", [other.id]],
  [addressLikeId, [other.id]],
  ["jane.roe@acme.example, +49 30 123456 ext. 42", [first.id, second.id]],
] as const) {
  lookup(`finds a person by ${form}`, async () => {
    const { printed } = await of(form, portsOf(objects));
    assert.equal(
      printed
        .split("\n")
        .filter((line) => !line.startsWith("2026"))
        .map((line) => line.split(" ")[0])
        .sort(),
      [...expected].sort(),
    );
  });
}
lookup("shows the way of a lead by its id", async () => {
  const { printed, code } = await of(first.id, portsOf(objects, [ofFirst]));
  assert.equal([printed, code], [wayOfFirst.join("\n"), 0]);
});
for (const [what, found, state, step] of [
  ["nothing", undefined, "deadLettered", undefined],
  ["a claim, after an attempt", ["slack", "sales", "claimed"], "deadLettered", "claimed at sales"],
  ["that nobody saw it", ["email", "sales", "failed"], "deadLettered", "failed by email at sales"],
  ["no answer", ["slack", "sales", "unknown"], "sent, and no answer came", "unknown by slack at sales"],
  ["that it was sent elsewhere", ["slack", "#events", "sent"], "announced", "sent by slack at #events"],
] as const) {
  lookup(`a dead letter is ${state} if the ledger has ${what}`, async () => {
    const at = "2026-03-02T10:00:00.000Z";
    const ledger = found ? [announced(second, found[0], at, found[1], found[2])] : [];
    const steps = step === undefined ? [] : [step.includes(" by ") ? `${at} ${step} 3600 s after its receipt` : step];
    const { printed } = await of(second.id, portsOf(objects, ledger));
    assert.equal(printed.split("\n"), [`${second.id} ${state}`, ...receiptOfSecond, ...steps]);
  });
}
lookup("shows an announcement before a dead letter that came later", async () => {
  const { printed } = await of(second.id, portsOf(objects, [announced(second, "slack", "2026-03-02T09:10:00.000Z")]));
  const steps = printed.split("\n").slice(1);
  assert.equal([steps.length, steps], [4, steps.toSorted()]);
});
lookup("the last of several outcomes is the state of a lead", async () => {
  const happened = [
    leadOutcome({ id: other.id, outcome: "ignored", happenedAt: "2026-03-01T13:00:00.000Z" }),
    leadOutcome({ id: other.id, outcome: "deadLettered", happenedAt: "2026-03-01T14:00:00.000Z" }),
  ];
  const stored = { "outcomes/dt=2026-03-01/1-a.json": happened.map((one) => JSON.stringify(one)).join("\n") };
  const { printed } = await of(other.id, portsOf(stored));
  assert.is(printed.split("\n")[0], `${other.id} deadLettered`);
});
lookup("a lead that the ledger does not know, or only of another content, is not announced", async () => {
  const corrected = announced({ ...first, score: 1 }, "slack", "2026-03-01T12:00:02.500Z");
  for (const ledger of [[], [corrected]]) {
    const { printed } = await of(first.id, portsOf(objects, ledger));
    assert.equal(printed.split("\n"), [`${first.id} not announced`, ...wayOfFirst.slice(1, 3)]);
  }
});
lookup("names no destination if the ledger has several, because only one of them got the lead", async () => {
  const sent = ["#events", "sales"].map((one) => announced(member, "slack", "2026-03-01T12:00:02.500Z", one));
  const { printed } = await of(member.id, portsOf(objects, sent));
  assert.equal(printed.split("\n").slice(3), ["2026-03-01T12:00:02.500Z sent by slack 2.5 s after its receipt"]);
  const later = { ...member, receivedAt: "2026-03-02T12:00:00.000Z", enrichedAt: "2026-03-02T12:00:01.000Z" };
  const dropped = { ...objects, [keyOf(member, "2026-03-02")]: JSON.stringify(later) };
  assert.match((await of(member.id, portsOf(dropped, sent))).printed, "sent by slack 2.5 s after its receipt");
});
lookup("shows a smoke test, which is announced to nobody", async () => {
  const smoke = enrichedLead({ id: webhookLeadId("smoke", 1), source: "smoke" });
  const stored = { [keyOf(smoke, "2026-03-01")]: JSON.stringify(smoke) };
  const ledger = [announced(smoke, "nobody", "2026-03-01T12:00:02.500Z", "nobody")];
  assert.match((await of(smoke.id, portsOf(stored, ledger))).printed, `${smoke.id} announced`);
});
lookup("shows what the index knows of a lead whose object is gone", async () => {
  const { printed } = await of(second.id, portsOf(objects, [], {}));
  assert.equal(printed.split("\n"), [`${second.id} deadLettered`, ...receiptOfSecond]);
});
lookup("says that there is no lead, without the person's address, and ends with 1", async () => {
  const { printed, code } = await of("nobody@acme.example", portsOf(objects));
  assert.equal(
    [printed, code],
    ["No lead. The index has leads from its deployment on, and older ones after reindex.", 1],
  );
});
lookup("refuses what is no id, address or number, and an environment without the index", async () => {
  const { message, name } = await failureOf(of("Jane", portsOf(objects)));
  assert.match(message, "It is no email address and no phone number.");
  assert.not.match(`${message}${name}`, /Jane/);
  const without = () => pipelineOf(read, "the test");
  const env = { name: "dev", settings: environments.dev } as const;
  const missing = await failureOf(run(lead, { env, of: first.id, outputs: without }, portsOf({}).ports));
  assert.is(missing.message, "dev has no consumer lead-index. Add it to consumers in environments/dev.ts and deploy.");
});
lookup("is a command of ops", async () => {
  const { printed } = await runLine("lead --help");
  assert.match(printed, "Shows the way of a lead, or of all leads of a person");
});
lookup.run();
