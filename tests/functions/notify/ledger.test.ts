import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { mapValues } from "es-toolkit/object";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { announcementId } from "../../../functions/lead/announcement-id.ts";
import type { EnrichedLead } from "../../../functions/lead/enriched-lead.ts";
import { memberLeadId, rawObjectLeadId, webhookLeadId } from "../../../functions/lead/lead-id.ts";
import type { Routing } from "../../../functions/lead/routing.ts";
import { createLedger, type GrantedClaim } from "../../../functions/notify/ledger.ts";
import { failureOf } from "../../helpers/failure.ts";
import { bareLead } from "../../helpers/leads.ts";
import { counted, isClaim, ledgerTable } from "../../helpers/ledger-table.ts";
import { recordedTimeLimits } from "../../helpers/time-limits.ts";

const start = Date.parse("2026-03-01T12:00:00.000Z");
const minute = 60_000;
/** Milliseconds after a claim's time in which it is still held, because clocks differ. */
const clocksApart = 2 * minute;
const table = await ledgerTable();
let clock = start;
let count = 0;

const ledger = suite("ledger");

ledger.after(() => table.stop());

const sales = { defaultChannel: "sales", routes: [] };
const salesAndDach = { ...sales, routes: [{ channel: "dach", when: { countries: ["DE"] } }] };
const everybody = { defaultChannel: "everybody", routes: [] };

/** A client whose calls have no limit of time, so that a busy machine changes no result. */
const unlimited = (dynamo: Pick<DynamoDBClient, "send">) =>
  ({ send: (command: UpdateItemCommand) => dynamo.send(command) }) as DynamoDBClient;

const ledgerOn = (dynamo: Pick<DynamoDBClient, "send">, routing: Routing = sales) =>
  createLedger(
    { dynamo: dynamo as DynamoDBClient, singleAttempt: unlimited(dynamo) },
    "ledger",
    { leadDays: 365, routing },
    () => new Date(clock),
  );

/** A ledger and a lead that nobody has claimed. */
function setUp(dynamo: Pick<DynamoDBClient, "send"> = table.dynamo, changes: Partial<EnrichedLead> = {}) {
  clock = start;
  count += 1;
  const lead = bareLead({ message: `content ${count}`, ...changes });
  return { lead, id: announcementId(lead, "sales"), ...claimsOf(lead, dynamo) };
}

/** A ledger as an execution environment with the given routes has it, for one lead. */
function claimsOf(lead: EnrichedLead, dynamo: Pick<DynamoDBClient, "send">, routing: Routing = sales) {
  const made = ledgerOn(dynamo, routing);
  let held: GrantedClaim = { ids: [], claimant: "nobody" };
  return {
    open: made.open,
    held: () => held,
    claim: async (minutes = 1, destination = routing.defaultChannel) => {
      const until = new Date(clock + minutes * minute);
      const { claim, ...answer } = { claim: held, ...(await made.claim(lead, destination, until)) };
      held = claim;
      return answer;
    },
    settle: (state: "sent" | "failed" | "unknown", by: string, messageId?: string) =>
      made.settle(held, state, by, messageId),
    giveBack: () => made.giveBack(held),
  };
}

const granted = { status: "granted", mayBeRepeat: false, wasInterrupted: false };
const repeat = { status: "granted", mayBeRepeat: true, wasInterrupted: false };
const interrupted = { status: "granted", mayBeRepeat: true, wasInterrupted: true };
const day = 24 * 60 * minute;

/** Puts an item into the table. */
const put = (dynamo: DynamoDBClient, item: Record<string, string | number>) =>
  dynamo.send(
    new PutItemCommand({
      TableName: "ledger",
      Item: mapValues(item, (value) => (typeof value === "number" ? { N: String(value) } : { S: value })),
    }),
  );

/** A table of its own. @param use ends with the table */
async function withTable(use: (dynamo: DynamoDBClient) => Promise<void>) {
  const own = await ledgerTable();
  try {
    await use(own.dynamo);
  } finally {
    await own.stop();
  }
}

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
  await settle("sent", "email", "ses-1");
  clock += 10_000 * minute;
  assert.equal(await claim(), { status: "sent" });
  const { Item } = await table.dynamo.send(new GetItemCommand({ TableName: "ledger", Key: { id: { S: id } } }));
  assert.equal([Item?.by?.S, Item?.messageId?.S, Item?.settledAt?.S], ["email", "ses-1", "2026-03-01T12:00:00.000Z"]);
});

ledger("grants what certainly failed as if it had never been tried", async () => {
  const { claim, settle } = setUp();
  await claim();
  await settle("failed", "email");
  assert.equal(await claim(), granted);
});

ledger("grants what may have gone out as a possible repeat", async () => {
  const { claim, settle } = setUp();
  await claim();
  await settle("unknown", "slack");
  assert.equal(await claim(), repeat);
});

ledger("counts a claimant as dead when its time is over, and its announcement as a possible repeat", async () => {
  const { claim } = setUp();
  await claim(1);
  clock += minute + clocksApart + 1;
  assert.equal(await claim(), interrupted);
});

/** A client that loses the answers to claims. @param send what becomes of a claim */
function losing(send: (claim: UpdateItemCommand) => Promise<unknown>) {
  const client = async (command: UpdateItemCommand) => {
    if (!isClaim(command.input)) return table.dynamo.send(command);
    await send(command);
    throw new Error("no answer");
  };
  return { send: client } as unknown as DynamoDBClient;
}

for (const [state, expected] of [
  [undefined, granted],
  ["failed", granted],
  ["unknown", repeat],
  ["claimed", interrupted],
] as const) {
  const known = state ?? "nothing";
  const begin = async () => {
    const { lead, id, open, ...other } = setUp();
    await open();
    if (state) await put(table.dynamo, { id, state, claimedUntil: 0, claimant: "former", by: "slack" });
    return { lead, id, ...other };
  };

  ledger(
    `finds its own claim over ${known} if the answer was lost and the SDK asks again, and can give it back`,
    async () => {
      const { lead, claim } = await begin();
      const send = async (command: UpdateItemCommand) => {
        if (isClaim(command.input)) await table.dynamo.send(command);
        return table.dynamo.send(command);
      };
      const unlucky = claimsOf(lead, { send } as unknown as DynamoDBClient);
      assert.equal([await unlucky.claim(), await claim()], [expected, { status: "held" }]);
      await unlucky.giveBack();
      assert.equal(await claim(), expected);
    },
  );

  ledger(`gives back a claim over ${known} without any answer, and its late requests claim nothing`, async () => {
    const { lead, id, claim } = await begin();
    const sent: UpdateItemCommand[] = [];
    const dynamo = losing(async (command) => {
      sent.push(command);
      await table.dynamo.send(command);
    });
    assert.is((await failureOf(claimsOf(lead, dynamo).claim())).message, "no answer");
    const [late] = sent;
    assert.ok(late);
    assert.is((await failureOf(table.dynamo.send(late))).name, "ConditionalCheckFailedException");
    const { Item } = await table.dynamo.send(new GetItemCommand({ TableName: "ledger", Key: { id: { S: id } } }));
    assert.equal([Item?.state?.S, Item?.by?.S], [state ?? "failed", state && "slack"]);
    assert.equal(await claim(), expected);
  });
}

ledger("lets a claim end by its time that is written after its claimant gave up, and marks the lead then", async () => {
  const { lead, open, claim } = setUp();
  await open();
  const sent: UpdateItemCommand[] = [];
  const dynamo = losing(async (command) => void sent.push(command));
  await failureOf(claimsOf(lead, dynamo).claim());
  for (const late of sent) await table.dynamo.send(late);
  assert.equal(await claim(), { status: "held" });
  clock += minute + clocksApart + 1;
  assert.equal(await claim(), interrupted);
});

ledger("gives back what it claimed at other destinations if it does not get one of them", () =>
  withTable(async (dynamo) => {
    const { lead } = setUp();
    const former = claimsOf(lead, dynamo, sales);
    await former.claim();
    const { claim } = claimsOf(lead, dynamo, salesAndDach);
    assert.equal(await claim(), { status: "held" });
    await former.settle("failed", "email");
    assert.equal(await claim(), granted);
  }),
);

ledger("keeps the state, the times and the claimant of an announcement a week longer than leads are kept", async () => {
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
    stateBefore: { S: "failed" },
    claimedUntil: { N: String(start + minute) },
    expiresAt: { N: String(start / 1000 + 372 * 86_400) },
  });
  clock += minute / 2;
  await settle("sent", "email", "ses-1");
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
  const { lead, id, open } = setUp();
  await open();
  const send = async (command: GetItemCommand) => {
    const { ConsistentRead, Key } = command.input;
    if (Key?.id?.S === "ledger#routes") return table.dynamo.send(command);
    if (ConsistentRead === undefined) throw refused;
    asked.push(command.input);
    return { Item: { state: { S: "sent" } } };
  };
  const { claim } = claimsOf(lead, { send } as unknown as DynamoDBClient);
  assert.equal(await claim(), { status: "sent" });
  assert.equal(asked, [{ TableName: "ledger", Key: { id: { S: id } }, ConsistentRead: true }]);
});

ledger("does not let a slow claimant settle what another one has claimed since", async () => {
  const { claim, settle, held, claim: again, settle: settleAgain } = setUp();
  await claim(1);
  const slow = held();
  clock += minute + clocksApart + 1;
  assert.equal(await again(1), interrupted);
  await settleAgain("sent", "slack");
  const made = ledgerOn(table.dynamo);
  for (const state of ["failed", "unknown", "sent"] as const) {
    assert.is((await failureOf(made.settle(slow, state, "email"))).name, "ConditionalCheckFailedException");
  }
  assert.equal(await claim(), { status: "sent" });
  await settle("sent", "slack");
});

ledger("does not settle what is no longer there", async () => {
  const { id } = setUp();
  const made = ledgerOn(table.dynamo);
  const gone = { ids: [id], claimant: "me" };
  assert.is((await failureOf(made.settle(gone, "sent", "slack"))).name, "ConditionalCheckFailedException");
});

ledger("marks a lead that is older than any message and that it knows nothing of", () =>
  withTable(async (dynamo) => {
    clock = start - 20 * day;
    await ledgerOn(dynamo).open();
    const enriched = (milliseconds: number) => ({ enrichedAt: new Date(start - milliseconds).toISOString() });
    assert.equal(await setUp(dynamo, enriched(14 * day)).claim(), granted);
    const { claim, giveBack } = setUp(dynamo, enriched(14 * day + 1));
    assert.equal(await claim(), repeat);
    await giveBack();
    assert.equal(await claim(), repeat, "also if it was given back");
  }),
);

ledger("does not mark an old lead that certainly failed", async () => {
  const { claim, settle } = setUp(table.dynamo, { enrichedAt: new Date(start - 20 * day).toISOString() });
  await claim();
  await settle("failed", "email");
  assert.equal(await claim(), granted);
});

ledger("tries for a second to give back a claim that was not answered", async () => {
  const send = async (command: UpdateItemCommand) => {
    if (isClaim(command.input)) throw new Error("socket hang up");
    return table.dynamo.send(command);
  };
  const { open, claim } = setUp({ send } as unknown as DynamoDBClient);
  await open();
  using time = recordedTimeLimits();
  await failureOf(claim());
  assert.equal(time.limits, [1000]);
});

ledger("takes one call to claim and one to settle", async () => {
  const { calls, dynamo } = counted(table.dynamo);
  const { open, claim, settle } = setUp(dynamo);
  await open();
  calls.length = 0;
  await claim();
  await settle("sent", "slack");
  assert.equal(calls, ["UpdateItemCommand", "UpdateItemCommand"]);
});

ledger("takes one call to open while the routes stay, and none with the next lead", async () => {
  const { lead, open } = setUp();
  await open();
  const { calls, dynamo } = counted(table.dynamo);
  const later = claimsOf(lead, dynamo);
  await later.open();
  await later.open();
  assert.equal(calls, ["GetItemCommand"]);
});

ledger("opens again with the claim when the table did not answer", async () => {
  let isBroken = true;
  const send = (command: PutItemCommand) =>
    isBroken ? Promise.reject(new Error("broken")) : table.dynamo.send(command);
  const { open, claim } = setUp({ send } as unknown as DynamoDBClient);
  assert.is((await failureOf(open())).message, "broken");
  isBroken = false;
  assert.equal(await claim(), granted);
});

for (const [state, more, expected] of [
  ["sent", {}, { status: "sent" }],
  ["claimed", { claimedUntil: start - clocksApart + 1 }, { status: "held" }],
  ["claimed", { claimedUntil: start - clocksApart - 1 }, interrupted],
  ["unknown", {}, repeat],
  ["failed", {}, granted],
] as const) {
  const until = "claimedUntil" in more ? ` until ${more.claimedUntil - start} ms from now` : "";
  ledger(`honours what a version that recorded no routes left as ${state}${until}, at any destination`, () =>
    withTable(async (dynamo) => {
      for (const destination of ["sales", "dach"]) {
        const { lead } = setUp();
        await put(dynamo, { id: announcementId(lead, destination), state, claimant: "former", ...more });
        assert.equal(await claimsOf(lead, dynamo, salesAndDach).claim(), expected);
      }
    }),
  );
}

ledger("knows a lead that was announced at a destination that is no longer there", () =>
  withTable(async (dynamo) => {
    const { lead } = setUp();
    const before = claimsOf(lead, dynamo, salesAndDach);
    await before.claim(1, "dach");
    await before.settle("sent", "slack");
    clock += 100 * day;
    for (const routing of [everybody, sales, salesAndDach]) {
      assert.equal(await claimsOf(lead, dynamo, routing).claim(), { status: "sent" });
    }
  }),
);

ledger("knows a lead of a file that is dropped again after a change of routes, on another day", () =>
  withTable(async (dynamo) => {
    const file = { id: memberLeadId(rawObjectLeadId("today.json", "e1"), 1, 2), source: "file" };
    const { lead } = setUp(dynamo, file);
    const before = claimsOf(lead, dynamo);
    await before.claim();
    await before.settle("sent", "slack");
    await claimsOf(lead, dynamo, everybody).open();
    clock += 10 * day;
    const again = { ...lead, enrichedAt: new Date(clock).toISOString(), receivedAt: new Date(clock).toISOString() };
    assert.equal(await claimsOf(again, dynamo, everybody).claim(), { status: "sent" });
  }),
);

ledger("marks a lead that may have been announced at a destination from before the history of the routes", () =>
  withTable(async (dynamo) => {
    const { lead } = setUp();
    await put(dynamo, { id: announcementId(lead, "sales"), state: "sent", claimant: "former" });
    clock = Date.parse(lead.enrichedAt) + minute + 1;
    assert.equal(await claimsOf(lead, dynamo, everybody).claim(), repeat);
  }),
);

ledger("does not mark the first lead of a new stack, which begins the history of the routes", () =>
  withTable(async (dynamo) => {
    const { lead } = setUp();
    clock = Date.parse(lead.enrichedAt) + minute;
    assert.equal(await claimsOf(lead, dynamo, everybody).claim(), granted);
  }),
);

ledger("knows a lead whose route has other conditions now, at the same destinations", () =>
  withTable(async (dynamo) => {
    const { lead } = setUp();
    const before = claimsOf(lead, dynamo, salesAndDach);
    await before.claim(1, "dach");
    await before.settle("unknown", "slack");
    clock += minute;
    const routing = { ...salesAndDach, routes: [{ channel: "dach", when: { countries: ["AT"] } }] };
    assert.equal(await claimsOf(lead, dynamo, routing).claim(), repeat);
  }),
);

ledger("grants one of the claims that are made with the former and with the new routes at once", () =>
  withTable(async (dynamo) => {
    for (let round = 0; round < 10; round += 1) {
      const { lead } = setUp();
      const former = claimsOf(lead, dynamo, sales);
      await former.open();
      const changed = claimsOf(lead, dynamo, everybody);
      await changed.open();
      const answers = await Promise.all([changed.claim(), former.claim(), changed.claim(), former.claim()]);
      assert.is(answers.filter(({ status }) => status === "granted").length, 1, JSON.stringify(answers));
    }
  }),
);

ledger("grants one of two claims at once, in whichever order the table lists the destinations", () =>
  withTable(async (dynamo) => {
    const send = async (command: GetItemCommand) => {
      const { Item, ...answer } = await dynamo.send(command);
      const SS = Item?.destinations?.SS?.toReversed();
      return { ...answer, Item: SS ? { ...Item, destinations: { SS } } : Item };
    };
    const { lead } = setUp();
    const one = claimsOf(lead, dynamo, salesAndDach);
    await one.open();
    const other = claimsOf(lead, { send } as unknown as DynamoDBClient, salesAndDach);
    await other.open();
    const answers = await Promise.all([one.claim(), other.claim()]);
    assert.equal(answers.map(({ status }) => status).sort(), ["granted", "held"]);
  }),
);

ledger("claims a lead at its own destination alone from 16 minutes after a change of routes", () =>
  withTable(async (dynamo) => {
    const { lead } = setUp(dynamo, { id: webhookLeadId("website", "evt_1"), source: "website" });
    await claimsOf(lead, dynamo, sales).open();
    await claimsOf(lead, dynamo, everybody).open();
    for (const [minutes, claimed] of [
      [15.9, 2],
      [16, 1],
    ] as const) {
      const enrichedAt = new Date(start + minutes * minute).toISOString();
      const { claim, held } = claimsOf({ ...lead, enrichedAt }, dynamo, everybody);
      await claim();
      assert.is(held().ids.length, claimed);
      clock += 4 * minute;
    }
  }),
);

for (const [asks, claims] of [
  [minute, 0],
  [0, -minute],
  [minute, -minute],
] as const) {
  const clocks = `${asks / 1000} s in the one that asks, ${claims / 1000} s in the one that claimed`;
  ledger(`takes no claim of an invocation at work, however its clock is off: ${clocks}`, async () => {
    const { claim } = setUp();
    clock = start + claims;
    await claim(1);
    clock = start + minute + asks;
    assert.equal(await claim(), { status: "held" });
  });
}

ledger("takes a claim for held until two minutes after its time, because clocks differ", async () => {
  const { claim } = setUp();
  await claim(1);
  clock += minute + clocksApart;
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
