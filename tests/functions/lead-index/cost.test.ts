import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { S3Client } from "@aws-sdk/client-s3";
import { chunk } from "es-toolkit/array";
import { sum, sumBy } from "es-toolkit/math";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { billedUnits, leadCost } from "../../../cost/per-lead.ts";
import type { EnrichedLead } from "../../../functions/lead/enriched-lead.ts";
import { enrichedKey, webhookLeadId } from "../../../functions/lead/lead-id.ts";
import { makeHandler } from "../../../functions/lead-index/handler.ts";
import { createItemWriter } from "../../../functions/lead-index/table.ts";
import { createLeadStore } from "../../../functions/runtime/lead-store.ts";
import { objectCreated, sqsEvent, sqsRecord } from "../../helpers/aws-events.ts";
import { recordedLog, recordedMeter } from "../../helpers/fakes.ts";
import { enrichedLead } from "../../helpers/leads.ts";
import { leadOutcome } from "../../helpers/outcomes.ts";

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: Readonly<Record<string, unknown>>;
}

/** Milliseconds that Lambda bills for a message of a batch, with 512 MB: 0.1 s for ten that are read and written at once. */
const millisecondsOfMessage = 10;
/** What Lambda logs of an invocation. The function itself logs nothing while all is well. */
const invocationBytes = 900;

/** Bytes of a value in DynamoDB, of names and texts in ASCII. */
const bytesOf = (item: Readonly<Record<string, { readonly S?: string; readonly N?: string }>>) =>
  sumBy(Object.entries(item), ([name, { S = "", N = "" }]) => name.length + S.length + N.length);

interface Traffic {
  /** Messages of a batch. */
  readonly batch: number;
  readonly contacts: Partial<EnrichedLead>;
  /** Share of the leads that are dead-lettered or ignored, each with an object of its own. @default 0 */
  readonly unannounced?: number;
}

/** Dollars that the lead index costs for a million leads, by service; and the largest item. */
async function costOf({ batch, contacts, unannounced = 0 }: Traffic) {
  const leads = 200;
  const objects = new Map<string, string>();
  const ids = Array.from({ length: leads }, (_, index) => webhookLeadId("website", index));
  for (const id of ids)
    objects.set(enrichedKey(id, new Date(0)), JSON.stringify({ ...enrichedLead({ id }), ...contacts }));
  for (const id of ids.slice(0, leads * unannounced)) {
    const line = JSON.stringify(leadOutcome({ id, outcome: "deadLettered", reason: "OutageTooLong" }));
    objects.set(`outcomes/dt=1970-01-01/${id}-unannounced.json`, `${line}\n`);
  }
  const calls = new Map<string, number>();
  const add = (name: string, count: number) => calls.set(name, (calls.get(name) ?? 0) + count);
  let largest = 0;
  const s3 = {
    async send({ constructor: { name }, input }: Command) {
      add(`s3:${name.replace("Command", "")}`, 1);
      const body = Buffer.from(objects.get(String(input.Key)) ?? "");
      return { Body: { transformToByteArray: async () => body }, ETag: '"e1"', LastModified: new Date(0) };
    },
  };
  const dynamo = {
    async send({ constructor: { name }, input }: Command) {
      add(`dynamodb:${name.replace("Command", "")}`, billedUnits(`dynamodb:${name.replace("Command", "")}`, input));
      const items = Object.values(input.RequestItems as Readonly<Record<string, { PutRequest: { Item: never } }[]>>);
      largest = Math.max(largest, ...items.flat().map(({ PutRequest }) => bytesOf(PutRequest.Item)));
      return {};
    },
  };
  const handler = makeHandler({
    store: createLeadStore(s3 as unknown as S3Client, "leads"),
    write: createItemWriter(dynamo as unknown as DynamoDBClient, "index"),
    sendToDeadLetters: () => Promise.reject(new Error("No lead is invalid.")),
    postpone: async (failed) => failed.map(({ message }) => message),
    days: 400,
    log: recordedLog(),
    meter: recordedMeter(),
  });
  const batches = chunk([...objects.keys()], batch);
  for (const keys of batches) {
    const records = keys.map((key, index) => sqsRecord(objectCreated(key), String(index)));
    assert.equal(await handler(sqsEvent(...records)), { batchItemFailures: [] });
  }
  add("sqs:SendMessage", objects.size);
  // SQS bills a call for every ten messages that are received or deleted.
  add(
    "sqs:ReceiveMessage",
    sumBy(batches, ({ length }) => Math.ceil(length / 10)),
  );
  add(
    "sqs:DeleteMessageBatch",
    sumBy(batches, ({ length }) => Math.ceil(length / 10)),
  );
  const invocations = batches.length;
  const gbSeconds = (objects.size * millisecondsOfMessage) / 1000 / 2;
  const dollars = leadCost({ leads, calls, invocations, gbSeconds, logBytes: invocations * invocationBytes });
  // The request to the API is none of the index.
  const { "API Gateway": _, ...own } = dollars;
  return {
    million: sum(Object.values(own)) * 1e6,
    largest,
    writes: (calls.get("dynamodb:BatchWriteItem") ?? 0) / leads,
  };
}

const both: Partial<EnrichedLead> = { otherEmails: [], otherPhones: [] };
const emailAlone: Partial<EnrichedLead> = { ...both, phone: undefined };

const cost = suite("lead index :: cost");
cost(
  "of leads with an address and a number each is at most $3 for a million, one at a time or many at once",
  async () => {
    for (const batch of [10, 100]) {
      const { million, largest, writes } = await costOf({ batch, contacts: both });
      assert.ok(million <= 3, `it is $${million}`);
      // An item of up to 1 KB is one write.
      assert.ok(largest < 1024, `an item has ${largest} bytes`);
      assert.is(writes, 3);
    }
  },
);
// These are the figures of docs/consumers.md.
for (const [what, traffic, expected] of [
  ["one at a time, address and number", { batch: 10, contacts: both }, "2.89"],
  ["in bursts, address and number", { batch: 100, contacts: both }, "2.83"],
  ["one at a time, address alone", { batch: 10, contacts: emailAlone }, "2.26"],
  ["one at a time, a hundredth of them dead-lettered", { batch: 10, contacts: both, unannounced: 0.01 }, "2.91"],
] as const) {
  cost(`of a million leads, ${what}, is what the documentation says`, async () => {
    assert.is((await costOf(traffic)).million.toFixed(2), expected);
  });
}
cost.run();
