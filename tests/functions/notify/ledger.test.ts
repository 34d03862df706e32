import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  type PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { announcementId, createLedger } from "../../../functions/notify/ledger.ts";
import { bareLead } from "../../helpers/leads.ts";
import { ledgerTable } from "../../helpers/ledger-table.ts";

const start = Date.parse("2026-03-01T12:00:00.000Z");
const minute = 60_000;
let table: Awaited<ReturnType<typeof ledgerTable>>;
let clock = start;
let count = 0;

const ledger = suite("ledger");

ledger.before(async () => {
  table = await ledgerTable();
});
ledger.after(() => table.stop());

/** A ledger and an announcement that nobody has claimed. */
function setUp() {
  clock = start;
  count += 1;
  const made = createLedger(table.dynamo, "ledger", () => new Date(clock));
  const id = announcementId(bareLead({ message: `content ${count}` }), "sales");
  const claim = (minutes = 1) => made.claim(id, new Date(clock + minutes * minute));
  return { ...made, id, claim };
}

const granted = { status: "granted", mayBeRepeat: false };
const repeat = { status: "granted", mayBeRepeat: true };

ledger("grants the first claim and holds the second until the first has ended", async () => {
  const { claim } = setUp();
  assert.equal(await claim(), granted);
  assert.equal(await claim(), { status: "held" });
});

ledger("grants one of many claims made at once", async () => {
  const { claim } = setUp();
  const answers = await Promise.all(Array.from({ length: 20 }, () => claim()));
  assert.is(answers.filter(({ status }) => status === "granted").length, 1);
  assert.is(answers.filter(({ status }) => status === "held").length, 19);
});

ledger("never grants what was sent, and knows by what, when and as which message", async () => {
  const { claim, settle, id } = setUp();
  await claim();
  await settle(id, "sent", "email", "ses-1");
  clock += 10_000 * minute;
  assert.equal(await claim(), { status: "sent" });
  const { Item } = await table.dynamo.send(new GetItemCommand({ TableName: "ledger", Key: { id: { S: id } } }));
  assert.equal([Item?.by?.S, Item?.messageId?.S, Item?.settledAt?.S], ["email", "ses-1", "2026-03-01T12:00:00.000Z"]);
});

ledger("grants what certainly failed as if it had never been tried", async () => {
  const { claim, settle, id } = setUp();
  await claim();
  await settle(id, "failed", "email");
  assert.equal(await claim(), granted);
});

ledger("grants what may have gone out as a possible repeat", async () => {
  const { claim, settle, id } = setUp();
  await claim();
  await settle(id, "unknown", "slack");
  assert.equal(await claim(), repeat);
});

ledger("counts a claimant as dead when its time is over, and its announcement as a possible repeat", async () => {
  const { claim } = setUp();
  await claim(1);
  clock += minute + 1;
  assert.equal(await claim(), repeat);
});

ledger(
  "knows its own claim when the answer was lost and the SDK asks again; what was before may have been told",
  async () => {
    const { id, claim } = setUp();
    const send = async (command: PutItemCommand) => {
      await table.dynamo.send(command);
      return table.dynamo.send(command);
    };
    const unlucky = createLedger({ send } as unknown as DynamoDBClient, "ledger", () => new Date(clock));
    assert.equal(await unlucky.claim(id, new Date(clock + minute)), repeat);
    assert.equal(await claim(), { status: "held" });
  },
);

ledger("keeps the state, the times and the claimant of an announcement for 30 days", async () => {
  const { claim, settle, id } = setUp();
  const stored = async () => {
    const input = { TableName: "ledger", Key: { id: { S: id } }, ConsistentRead: true };
    return (await table.dynamo.send(new GetItemCommand(input))).Item ?? {};
  };
  await claim();
  const { claimant, ...claimed } = await stored();
  assert.match(claimant?.S ?? "", /^[0-9a-f-]{36}$/);
  assert.equal(claimed, {
    id: { S: id },
    state: { S: "claimed" },
    claimedUntil: { N: String(start + minute) },
    expiresAt: { N: String(start / 1000 + 30 * 86_400) },
  });
  clock += minute / 2;
  await settle(id, "sent", "email", "ses-1");
  assert.equal(await stored(), {
    ...claimed,
    ...(claimant && { claimant }),
    state: { S: "sent" },
    by: { S: "email" },
    messageId: { S: "ses-1" },
    settledAt: { S: "2026-03-01T12:00:30.000Z" },
  });
});

ledger("reads the state of a refused claim with consistency, so that it knows of the claim before", async () => {
  const asked: unknown[] = [];
  const refused = new ConditionalCheckFailedException({ message: "", $metadata: {} });
  const send = async ({ input }: { input: { ConsistentRead?: boolean } }) => {
    if (input.ConsistentRead === undefined) throw refused;
    asked.push(input);
    return { Item: { state: { S: "sent" } } };
  };
  const { claim } = createLedger({ send } as unknown as DynamoDBClient, "ledger", () => new Date(clock));
  assert.equal(await claim("lead#sales#content", new Date(clock)), { status: "sent" });
  assert.equal(asked, [{ TableName: "ledger", Key: { id: { S: "lead#sales#content" } }, ConsistentRead: true }]);
});

ledger("takes a claim for held until the very end of its time", async () => {
  const { claim } = setUp();
  await claim(1);
  clock += minute;
  assert.equal(await claim(), { status: "held" });
});

ledger("goes by lead, channel and content, and not by the time of the enrichment", () => {
  const lead = bareLead();
  const id = announcementId(lead, "sales");
  const others = [
    announcementId(bareLead({ id: `file-${"c".repeat(32)}` }), "sales"),
    announcementId(lead, "emea"),
    announcementId(bareLead({ phone: { e164: "+4930654321" } }), "sales"),
  ];
  assert.is(new Set([id, ...others]).size, 4);
  assert.is(announcementId(bareLead({ enrichedAt: "2026-03-02T12:00:00.000Z" }), "sales"), id);
  assert.is(announcementId(bareLead({ receivedAt: "2026-03-02T12:00:00.000Z" }), "sales"), id, "dropped once more");
});

ledger.run();
