import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkEnrichedLead } from "../../../functions/lead/enriched-lead.ts";
import {
  enrichedKey,
  keyInMetadata,
  memberLeadId,
  rawObjectLeadId,
  webhookLeadId,
} from "../../../functions/lead/lead-id.ts";
import { emailId, phoneId } from "../../../functions/lead/person.ts";
import type { RejectedError } from "../../../functions/lead/rejection.ts";
import { makeHandler } from "../../../functions/lead-index/handler.ts";
import { type IndexItem, indexItems, isIndexed, leadEntriesId } from "../../../functions/lead-index/items.ts";
import { UnavailableError } from "../../../functions/runtime/failures.ts";
import type { Failed } from "../../../functions/runtime/postpone.ts";
import { objectCreated, sqsEvent, sqsRecord } from "../../helpers/aws-events.ts";
import { awsError, memoryStore, recordedLog, recordedMeter } from "../../helpers/fakes.ts";
import { enrichedLead } from "../../helpers/leads.ts";
import { leadOutcome } from "../../helpers/outcomes.ts";

const idOf = (name: string) => webhookLeadId("website", name);
const linesOf = (...outcomes: readonly object[]) => outcomes.map((one) => `${JSON.stringify(one)}\n`).join("");
const createdAt = new Date("2026-03-01T12:00:00.000Z");

/** A handler over objects in memory, and the table that it keeps. */
function setUp(objects: Readonly<Record<string, string>>) {
  const table = new Map<string, IndexItem & { expiresAt: number }>();
  const letters: RejectedError[] = [];
  const postponed: Failed[] = [];
  const meter = recordedMeter();
  const ports = {
    store: memoryStore(Object.fromEntries(Object.entries(objects).map(([key, text]) => [key, { text, createdAt }]))),
    write: async (items: readonly IndexItem[], expiresAt: number) => {
      for (const item of items) table.set(`${item.id} ${item.entry}`, { ...item, expiresAt });
    },
    sendToDeadLetters: async (_: object, rejection: RejectedError) => void letters.push(rejection),
    postpone: async (failed: readonly Failed[]) => {
      postponed.push(...failed);
      return failed.filter(({ kind }) => kind === "fault").map(({ message }) => message);
    },
    days: 10,
    log: recordedLog(),
    meter,
  };
  const handle = (keys: readonly string[], changes: Partial<typeof ports> = {}) =>
    makeHandler({ ...ports, ...changes })(sqsEvent(...keys.map((key) => sqsRecord(objectCreated(key)))));
  return { table, letters, postponed, meter, handle };
}

const lead = enrichedLead({ id: idOf("a") });
const leadKey = enrichedKey(lead.id, createdAt);
const outcomesKey = "outcomes/dt=2026-03-01/120002500-0123456789abcdef.json";

const deadLettered = (id: string, happenedAt = "2026-03-01T12:00:02.500Z") => {
  return { schemaVersion: 1, id, source: "website", outcome: "deadLettered", reason: "InvalidLead", happenedAt };
};

const handler = suite("lead index :: handler");

handler("keeps a lead, and each address and number of its person, until no version of it is left", async () => {
  const { table, handle } = setUp({ [leadKey]: JSON.stringify(lead) });
  assert.equal(await handle([leadKey]), { batchItemFailures: [] });
  const people = [
    emailId("jane.roe@acme.example"),
    emailId("jane@roe.example"),
    phoneId({ e164: "+4930123456", extension: "42" }),
    phoneId({ e164: "+12025550143", extension: "7" }),
  ];
  const expiresAt = createdAt.getTime() / 1000 + 10 * 86_400;
  const { source, receivedAt, enrichedAt, score } = lead;
  const value = { source, receivedAt, enrichedAt, score, enrichedKey: leadKey, rawKey: `${lead.id}.json` };
  assert.equal(
    [...table.values()],
    [
      { id: leadEntriesId(lead.id), entry: leadKey, value: JSON.stringify(value), expiresAt },
      ...people.map((id) => ({ id, entry: lead.id, expiresAt })),
    ],
  );
});

handler(
  "knows the file of a lead by its key, whatever characters it has, and no file where none is recorded",
  async () => {
    const id = memberLeadId(rawObjectLeadId("a", "e"), 1, 2);
    const body = Buffer.from(JSON.stringify(enrichedLead({ id, source: "file" })));
    const rawKeyOf = (metadata: Record<string, string>) => {
      const [{ value = "" } = {}] = indexItems(enrichedKey(id, createdAt), { body, metadata });
      return JSON.parse(value).rawKey;
    };
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }), (key) => {
        const text = keyInMetadata.write(key);
        assert.match(text, /^[\w-]+$/);
        assert.is(rawKeyOf({ "raw-key": text }), key);
      }),
    );
    assert.is(keyInMetadata.write("x".repeat(1024)).length, 1366);
    assert.is(rawKeyOf({}), undefined);
  },
);

handler("keeps no address, number or name in an item", async () => {
  const objects = { [leadKey]: JSON.stringify(lead), [outcomesKey]: linesOf(deadLettered(lead.id)) };
  const { table, handle } = setUp(objects);
  await handle(Object.keys(objects));
  assert.is(table.size, 6);
  assert.not.match(JSON.stringify([...table.values()]), /jane|roe|acme|30123456|2025550143/i);
});

handler("keeps each outcome of a lead in the order of their times, but for announcements", async () => {
  const ignored = { ...deadLettered(lead.id, "2026-03-01T13:00:00.000Z"), outcome: "ignored", reason: "test lead" };
  const outcomes = [ignored, leadOutcome({ id: lead.id }), deadLettered(idOf("b")), deadLettered(lead.id)];
  const { table, handle } = setUp({ [outcomesKey]: linesOf(...outcomes) });
  await handle([outcomesKey]);
  const ofLead = [...table.values()].filter(({ id }) => id === leadEntriesId(lead.id));
  for (const { entry } of ofLead) assert.match(entry, /^2026-03-01T1\d:00:0\d\.\d00Z [0-9a-f]{8}$/);
  const sorted = ofLead.toSorted((a, b) => (a.entry < b.entry ? -1 : 1)).map(({ value = "" }) => JSON.parse(value));
  assert.equal(sorted, [outcomes[3], ignored]);
  assert.is(table.size, 3);
});

handler("is the same in whatever order and however often events come", async () => {
  const names = ["a", "b", "c", "d"];
  const leads = names.map((name, index) =>
    enrichedLead({ id: idOf(name), otherEmails: index % 2 === 0 ? [] : ["shared@acme.example"] }),
  );
  const outcomes = (at: string) => linesOf(...names.map((name) => deadLettered(idOf(name), at)));
  const objects = {
    ...Object.fromEntries(leads.map((one) => [enrichedKey(one.id, createdAt), JSON.stringify(one)])),
    "outcomes/dt=2026-03-01/1-a.json": outcomes("2026-03-01T12:00:05.000Z"),
    "outcomes/dt=2026-03-01/2-b.json": outcomes("2026-03-01T12:00:06.000Z"),
  };
  const keys = Object.keys(objects);
  const once = setUp(objects);
  await once.handle(keys);
  const sorted = (table: typeof once.table) => [...table].sort(([a], [b]) => (a < b ? -1 : 1));
  const expected = sorted(once.table);
  assert.is(expected.length, 4 + 4 * 3 + 2 + 8);
  const histories = fc
    .array(fc.constantFrom(...keys), { maxLength: 10 })
    .chain((more) => fc.shuffledSubarray([...keys, ...more], { minLength: keys.length + more.length }))
    .chain((events) => fc.tuple(fc.constant(events), fc.integer({ min: 1, max: events.length })));
  await fc.assert(
    fc.asyncProperty(histories, async ([events, batch]) => {
      const { table, handle } = setUp(objects);
      for (let start = 0; start < events.length; start += batch) await handle(events.slice(start, start + batch));
      assert.equal(sorted(table), expected);
    }),
    { numRuns: 50 },
  );
});

for (const [what, key, text, code] of [
  ["an enriched object that is no lead", leadKey, '{"id":1}', "InvalidLead"],
  ["a line that is no outcome", outcomesKey, linesOf(leadOutcome(), { id: "x" }), "InvalidLead"],
  ["a line that is no JSON", outcomesKey, "{", "NotJson"],
  ["an object of another folder", "raw.json", "{}", "NotAnObjectEvent"],
] as const) {
  handler(`dead-letters ${what}, and indexes the others`, async () => {
    const good = enrichedLead({ id: idOf("good") });
    const goodKey = enrichedKey(good.id, createdAt);
    const { table, letters, handle, meter } = setUp({ [key]: text, [goodKey]: JSON.stringify(good) });
    assert.equal(await handle([key, goodKey]), { batchItemFailures: [] });
    assert.equal(
      [letters.map((rejection) => rejection.code), [...table].every(([key]) => key.includes(good.id))],
      [[code], true],
    );
    assert.equal([table.size, meter.counts.LeadsRejected], [5, 1]);
  });
}

handler("postpones what a service has no room for, and leaves a fault to its receives", async () => {
  const { handle, postponed } = setUp({ [leadKey]: JSON.stringify(lead) });
  for (const [error, kind, left] of [
    [new UnavailableError("no capacity", undefined), "unavailable", 0],
    [awsError("AccessDeniedException", 403), "needsPerson", 0],
    [new TypeError("a fault"), "fault", 1],
  ] as const) {
    const { batchItemFailures } = await handle([leadKey], { write: () => Promise.reject(error) });
    assert.equal([postponed.pop()?.kind, batchItemFailures.length], [kind, left]);
  }
});

handler("reads as many objects at the same time as its client has sockets", async () => {
  const { handle } = setUp({});
  let [reading, most] = [0, 0];
  const read = async () => {
    reading += 1;
    most = Math.max(most, reading);
    await new Promise(setImmediate);
    reading -= 1;
    return { body: Buffer.from(JSON.stringify(lead)), etag: "e", createdAt, metadata: {} };
  };
  await handle(Array(60).fill(leadKey), { store: { ...memoryStore(), read } });
  assert.is(most, 50);
});

handler("takes every lead that notify takes", () => {
  assert.not.throws(() => checkEnrichedLead(lead));
  const body = Buffer.from(JSON.stringify(enrichedLead({ schemaVersion: 1 })));
  assert.is(indexItems(leadKey, { body, metadata: {} }).length, 5);
});

handler("has enriched leads and outcomes other than announcements, and no other object", () => {
  const keys = ["enriched/dt=2026-03-01/a.json", "outcomes/dt=2026-03-01/a-unannounced.json"];
  const others = ["outcomes/dt=2026-03-01/a.json", "a-unannounced.json", "fetched/a.json"];
  assert.equal([...keys, ...others].filter(isIndexed), keys);
});

handler.run();
