import { suite } from "uvu";
import * as assert from "uvu/assert";
import { makeHandler } from "../../../functions/enrich/handler.ts";
import { memberLeadId, rawObjectLeadId, webhookLeadId } from "../../../functions/lead/lead-id.ts";
import type { RejectedError } from "../../../functions/lead/rejection.ts";
import type { StoredObject } from "../../../functions/runtime/lead-store.ts";
import { createReaderOf } from "../../../functions/sources/reader-of.ts";
import { objectCreated, sqsEvent, sqsRecord } from "../../helpers/aws-events.ts";
import { awsError, memoryStore, recordedLog, recordedMeter } from "../../helpers/fakes.ts";

const id = webhookLeadId("website", "msg_1", 0);
const metadata = { "correlation-id": id, source: "website", "received-at": "2026-02-28T23:59:59.000Z" };

function setUp(objects: Record<string, Partial<StoredObject> & { text: string }>) {
  const store = memoryStore(objects);
  const log = recordedLog();
  const meter = recordedMeter();
  const buried: { record: { readonly body: string }; rejection: RejectedError; correlationId: string | undefined }[] =
    [];
  const ports = {
    store,
    loadEnrichment: () => import("../../../functions/enrich/enrich-lead.ts"),
    readerOf: createReaderOf(),
    domainKind: async () => ({ freeMail: false, disposable: false }),
    sendToDeadLetters: async (record: { readonly body: string }, rejection: RejectedError, correlationId?: string) => {
      buried.push({ record, rejection, correlationId });
    },
    defaultCountry: undefined,
    log,
    meter,
    now: () => new Date("2026-03-01T12:00:01.000Z"),
  };
  return { ports, handler: makeHandler(ports), store, log, meter, buried };
}

const enrich = suite("enrich handler");

enrich("writes the enriched lead under the day of the raw object", async () => {
  const { handler, store, meter } = setUp({ [`${id}.json`]: { text: '{"email":"jane@acme.example"}', metadata } });
  assert.equal(await handler(sqsEvent(sqsRecord(objectCreated(`${id}.json`)))), { batchItemFailures: [] });
  const key = `enriched/dt=2026-03-01/${id}.json`;
  const lead = store.json(key);
  assert.equal([lead.id, lead.source, lead.receivedAt], [id, "website", "2026-02-28T23:59:59.000Z"]);
  assert.equal(store.all.get(key)?.metadata, metadata);
  assert.equal([meter.counts.LeadsEnriched, meter.flushed], [1, 1]);
});

enrich("writes nothing twice when an event comes again", async () => {
  const { handler, store, meter } = setUp({ [`${id}.json`]: { text: '{"email":"jane@acme.example"}', metadata } });
  const event = sqsEvent(sqsRecord(objectCreated(`${id}.json`), "1"), sqsRecord(objectCreated(`${id}.json`), "2"));
  assert.equal(await handler(event), { batchItemFailures: [] });
  assert.is(store.all.size, 2);
  assert.is(meter.counts.LeadsEnriched, 1);
});

enrich("takes a file that was dropped by hand, whatever its name", async () => {
  const key = "Jané Roe – new lead (1).json";
  const { handler, store, log } = setUp({ [key]: { text: '{"email":"jane@acme.example","name":"Jane"}' } });
  await handler(sqsEvent(sqsRecord(objectCreated(key))));
  const fileId = rawObjectLeadId(key, "e1");
  const lead = store.json(`enriched/dt=2026-03-01/${fileId}.json`);
  assert.equal([lead.id, lead.source, lead.receivedAt], [fileId, "file", "2026-03-01T12:00:00.000Z"]);
  assert.not.match(JSON.stringify(log.lines), /jan[eé]/i);
});

enrich("takes a file with several leads, and buries only the one that cannot pass", async () => {
  const text = JSON.stringify([{ email: "a@acme.example" }, { name: "nobody" }, { email: "b@acme.example" }]);
  const { handler, store, buried } = setUp({ "leads.json": { text } });
  assert.equal(await handler(sqsEvent(sqsRecord(objectCreated("leads.json")))), { batchItemFailures: [] });
  const ids = [0, 1, 2].map((index) => memberLeadId(rawObjectLeadId("leads.json", "e1"), index, 3));
  assert.ok(store.all.has(`enriched/dt=2026-03-01/${ids[0]}.json`));
  assert.ok(store.all.has(`enriched/dt=2026-03-01/${ids[2]}.json`));
  assert.equal(
    buried.map(({ rejection, correlationId }) => [rejection.code, correlationId]),
    [["NoContact", ids[1]]],
  );
});

for (const [what, text, code] of [
  ["is not JSON", "email;phone", "NotJson"],
  ["is empty", "", "NotJson"],
  ["is a scalar", '"lead"', "NotALead"],
  ["has no contact", '{"name":"Jane"}', "NoContact"],
  ["nests too deep", `{"a":${"[".repeat(40)}${"]".repeat(40)}}`, "TooDeep"],
] as const) {
  enrich(`buries an object at once that ${what}`, async () => {
    const { handler, buried, meter, log } = setUp({ "x.json": { text } });
    const record = sqsRecord(objectCreated("x.json"));
    assert.equal(await handler(sqsEvent(record)), { batchItemFailures: [] });
    assert.is(buried.length, 1);
    assert.is(buried[0]?.rejection.code, code);
    assert.is(buried[0]?.record.body, record.body);
    assert.is(meter.counts.LeadsRejected, 1);
    assert.equal([log.lines[0]?.level, log.lines[0]?.context.errorClass], ["warn", code]);
  });
}

enrich("buries a huge object without reading it", async () => {
  const { handler, buried } = setUp({});
  await handler(sqsEvent(sqsRecord(objectCreated("huge.bin", { size: 5e9 }))));
  assert.is(buried[0]?.rejection.code, "TooLarge");
});

for (const body of ["hello", "null", "{}", '{"detail":{"bucket":{"name":"b"},"object":{"key":7}}}']) {
  enrich(`buries the message ${body}, which tells of no object`, async () => {
    const { handler, buried } = setUp({});
    assert.equal(await handler(sqsEvent(sqsRecord(body))), { batchItemFailures: [] });
    assert.is(buried[0]?.rejection.code, "NotAnObjectEvent");
  });
}

enrich("names only the message that may pass later, and handles the others", async () => {
  const { ports, store, log, meter } = setUp({ "a.json": { text: '{"email":"a@acme.example"}' } });
  const handler = makeHandler({
    ...ports,
    store: {
      ...store,
      read: async (key) => {
        if (key === "b.json") throw awsError("SlowDown", 503);
        return store.read(key);
      },
    },
  });
  const answer = await handler(
    sqsEvent(sqsRecord(objectCreated("a.json"), "good"), sqsRecord(objectCreated("b.json"), "later")),
  );
  assert.equal(answer, { batchItemFailures: [{ itemIdentifier: "later" }] });
  const failure = log.lines.find(({ level }) => level === "error")?.context;
  assert.equal([failure?.errorClass, failure?.correlationId], ["SlowDown", rawObjectLeadId("b.json", "e1")]);
  assert.is(meter.counts.LeadsRetried, 1);
});

enrich("knows a lead's source by its key, whatever the object's metadata says", async () => {
  const { handler, store, log } = setUp({
    "x.json": { text: '{"email":"a@acme.example"}', metadata: { source: "Jane Roe <!channel>".repeat(9) } },
  });
  await handler(sqsEvent(sqsRecord(objectCreated("x.json"))));
  const key = `enriched/dt=2026-03-01/${rawObjectLeadId("x.json", "e1")}.json`;
  assert.equal([store.json(key).source, store.all.get(key)?.metadata.source], ["file", "file"]);
  assert.not.match(JSON.stringify(log.lines), /jane/i);
});

enrich("buries what is not at the bucket's root without reading it, so that nothing goes round", async () => {
  const key = `enriched/dt=2026-03-01/${id}.json`;
  const { handler, store, buried } = setUp({ [key]: { text: '{"email":"jane@acme.example"}' } });
  assert.equal(await handler(sqsEvent(sqsRecord(objectCreated(key)))), { batchItemFailures: [] });
  assert.equal([buried[0]?.rejection.code, store.all.size], ["NotARawLead", 1]);
});

enrich("lets a lead come back that could not be buried", async () => {
  const { ports } = setUp({});
  const handler = makeHandler({
    ...ports,
    sendToDeadLetters: () => Promise.reject(awsError("ServiceUnavailable", 503)),
  });
  const answer = await handler(sqsEvent(sqsRecord("hello", "m")));
  assert.equal(answer, { batchItemFailures: [{ itemIdentifier: "m" }] });
});

enrich("falls back on the object's time when its metadata holds none", async () => {
  const { handler, store } = setUp({
    "x.json": { text: '{"email":"a@acme.example"}', metadata: { "received-at": "yesterday" } },
  });
  await handler(sqsEvent(sqsRecord(objectCreated("x.json"))));
  assert.is(
    store.json(`enriched/dt=2026-03-01/${rawObjectLeadId("x.json", "e1")}.json`).receivedAt,
    "2026-03-01T12:00:00.000Z",
  );
});

enrich.run();
