import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createLedger } from "../../../functions/notify/ledger.ts";
import { createLedgerReader } from "../../../functions/reconcile/ledger.ts";
import { enrichedLead } from "../../helpers/leads.ts";
import { ledgerTable } from "../../helpers/ledger-table.ts";

const ledger = suite("reconcile ledger");

const tables: Awaited<ReturnType<typeof ledgerTable>>[] = [];
ledger.after(async () => {
  await Promise.all(tables.map((table) => table.stop()));
});

async function setUp() {
  const table = await ledgerTable();
  tables.push(table);
  return { dynamo: table.dynamo, reader: createLedgerReader(table.dynamo, "ledger") };
}

const put = (dynamo: DynamoDBClient, id: string, state: string) =>
  dynamo.send(new PutItemCommand({ TableName: "ledger", Item: { id: { S: id }, state: { S: state } } }));

ledger("says which announcements were sent, of any number", async () => {
  const { dynamo, reader } = await setUp();
  await Promise.all([put(dynamo, "1", "sent"), put(dynamo, "149", "sent")]);
  await Promise.all(["claimed", "failed", "unknown"].map((state, index) => put(dynamo, String(index + 10), state)));
  const ids = Array.from({ length: 150 }, (_, index) => String(index));
  assert.equal([...(await reader.sentOf(ids))].sort(), ["1", "149"]);
  assert.equal([...(await reader.sentOf([]))], []);
});

ledger("takes an id twice, because a file that is dropped on two days is one announcement", async () => {
  const { dynamo, reader } = await setUp();
  await put(dynamo, "1", "sent");
  assert.equal([...(await reader.sentOf(["1", "2", "1"]))], ["1"]);
});

ledger("asks again for what DynamoDB had no capacity for", async () => {
  const asked: unknown[] = [];
  const send = async ({ input }: { input: { RequestItems: { ledger: { Keys: { id: { S: string } }[] } } } }) => {
    const { Keys } = input.RequestItems.ledger;
    asked.push(Keys.map(({ id }) => id.S));
    const [first, ...rest] = Keys;
    return {
      Responses: { ledger: [{ ...first, state: { S: "sent" } }] },
      UnprocessedKeys: rest.length > 0 ? { ledger: { Keys: rest } } : {},
    };
  };
  const wait = async (milliseconds: number) => {
    asked.push(`after ${milliseconds} ms`);
    await new Promise(setImmediate);
    asked.push("now");
  };
  const reader = createLedgerReader({ send } as unknown as DynamoDBClient, "ledger", wait);
  assert.equal([...(await reader.sentOf(["a", "b"]))], ["a", "b"]);
  assert.equal(asked, [["a", "b"], "after 200 ms", "now", ["b"]]);
});

ledger("knows every destination that leads have had, and none before the first lead", async () => {
  const { dynamo, reader } = await setUp();
  assert.equal(await reader.destinations(), []);
  for (const defaultChannel of ["#old", "#new"]) {
    const routing = { routes: [], defaultChannel };
    const of = createLedger({ dynamo, singleAttempt: dynamo }, "ledger", { leadDays: 30, routing }, () => new Date());
    await of.claim(enrichedLead(), defaultChannel, new Date());
  }
  assert.equal([...(await reader.destinations())].sort(), ["#new", "#old"]);
});

ledger("keeps the watermark of each comparison", async () => {
  const { reader } = await setUp();
  assert.is(await reader.watermark("announced"), 0);
  await reader.setWatermark("announced", 1_772_712_000_000);
  assert.equal([await reader.watermark("announced"), await reader.watermark("enriched")], [1_772_712_000_000, 0]);
  await reader.setWatermark("enriched", 1);
  assert.equal([await reader.watermark("announced"), await reader.watermark("enriched")], [1_772_712_000_000, 1]);
});

ledger.run();
