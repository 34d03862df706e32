import { setImmediate } from "node:timers/promises";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type EnrichPorts, makeHandler } from "../../../functions/enrich/handler.ts";
import {
  keyInMetadata,
  memberLeadId,
  rawKey,
  rawObjectLeadId,
  sourceOf,
  webhookLeadId,
} from "../../../functions/lead/lead-id.ts";
import type { RawLead } from "../../../functions/lead/raw-lead.ts";
import type { RejectedError } from "../../../functions/lead/rejection.ts";
import type { StoredObject } from "../../../functions/runtime/lead-store.ts";
import { withOutcome } from "../../../functions/runtime/outcomes.ts";
import type { NotSent, Postponement } from "../../../functions/runtime/own-queue.ts";
import { createPostponer, type PostponePorts } from "../../../functions/runtime/postpone.ts";
import { readerOf } from "../../../functions/sources/index.ts";
import { objectCreated, sqsEvent, sqsRecord } from "../../helpers/aws-events.ts";
import { awsError, memoryStore, recordedLog, recordedMeter } from "../../helpers/fakes.ts";
import { recordedOutcomes } from "../../helpers/outcomes.ts";
import { readingWith } from "../../helpers/reading.ts";

const id = webhookLeadId("website", "msg_1", 0);
const metadata = { "correlation-id": id, source: "website", "received-at": "2026-02-28T23:59:59.000Z" };

interface Ports extends Omit<EnrichPorts, "postpone" | "queue"> {
  readonly queue: EnrichPorts["queue"] & PostponePorts["queue"];
}

/** A handler whose invocations have ten seconds. */
function handlerOf(ports: Ports) {
  const postpone = createPostponer({ ...ports, giveUpAfterHours: 72, now: () => ports.now().getTime() });
  const handler = makeHandler({ ...ports, postpone });
  return (event: SQSEvent) => handler(event, { getRemainingTimeInMillis: () => 10_000 });
}

function setUp(objects: Record<string, Partial<StoredObject> & { text: string }>) {
  const store = memoryStore(objects);
  const log = recordedLog();
  const meter = recordedMeter();
  const deadLettered: {
    record: { readonly body: string };
    rejection: RejectedError;
    correlationId: string | undefined;
  }[] = [];
  const sentAgain: Postponement[] = [];
  const outcomes = recordedOutcomes();
  const now = () => new Date("2026-03-01T12:00:01.000Z");
  const send = async (record: { readonly body: string }, rejection: RejectedError, correlationId?: string) => {
    deadLettered.push({ record, rejection, correlationId });
  };
  const ports = {
    store,
    loadEnrichment: () => import("../../../functions/enrich/enrich-lead.ts"),
    readerOf: (format?: string) => readerOf(format),
    settingsOf: async () => undefined,
    fetchedLead: async (event: RawLead) => event,
    domainKind: async () => ({ freeMail: false, disposable: false }),
    sendToDeadLetters: withOutcome(send, outcomes, () => now().getTime()),
    outcomes,
    queue: {
      delete: async () => {},
      retryAfter: async () => {},
      sendAgain: async (postponements: readonly Postponement[]) => {
        sentAgain.push(...postponements);
        return [] as NotSent[];
      },
    },
    defaultCountry: undefined,
    log,
    meter,
    now,
  };
  const recorded = { store, log, meter, deadLettered, sentAgain, outcomes: outcomes.objects };
  return { ports, handler: handlerOf(ports), ...recorded };
}

const enrich = suite("enrich handler");

enrich("writes the enriched lead under the day of the raw object", async () => {
  const { handler, store, meter, log } = setUp({ [`${id}.json`]: { text: '{"email":"jane@acme.example"}', metadata } });
  assert.equal(await handler(sqsEvent(sqsRecord(objectCreated(`${id}.json`)))), { batchItemFailures: [] });
  const key = `enriched/dt=2026-03-01/${id}.json`;
  const lead = store.json(key);
  assert.equal(
    [lead.id, lead.source, lead.receivedAt, lead.enrichedAt],
    [id, "website", "2026-02-28T23:59:59.000Z", "2026-03-01T12:00:01.000Z"],
  );
  assert.equal(store.all.get(key)?.metadata, metadata);
  assert.equal([meter.counts, meter.flushed], [{ LeadsEnriched: 1 }, 1]);
  const context = { correlationId: id, source: "website", status: "stored" };
  assert.equal(log.lines, [{ level: "info", message: "lead enriched", context }]);
});

enrich(
  "reads the fields of the source's settings, and says its title, whether a link is the CRM's, and that it is a test",
  async () => {
    const text = '{"email":"jane@acme.example","x9":"Hello","url":"https://eu.crm.example/7"}';
    const asked: string[] = [];
    const { ports, store } = setUp({ [`${id}.json`]: { text, metadata: { ...metadata, test: "true" } } });
    const settingsOf = async (source: string) => {
      asked.push(source);
      return { fields: { message: "x9" }, crmHosts: [".crm.example"], testLeads: "announce", title: "Shop" } as const;
    };
    await handlerOf({ ...ports, settingsOf })(sqsEvent(sqsRecord(objectCreated(`${id}.json`))));
    const { sourceTitle, urlAllowed, test, message } = store.json(`enriched/dt=2026-03-01/${id}.json`);
    assert.equal([sourceTitle, urlAllowed, test, message], ["Shop", true, true, "Hello"]);
    assert.equal(asked, ["website"]);
  },
);

enrich("counts no smoke test", async () => {
  const smokeId = webhookLeadId("smoke", "msg_1", 0);
  const of = { ...metadata, "correlation-id": smokeId, source: "smoke", test: "true" };
  const { handler, store, meter } = setUp({ [`${smokeId}.json`]: { text: '{"email":"a@b.example"}', metadata: of } });
  await handler(sqsEvent(sqsRecord(objectCreated(`${smokeId}.json`))));
  assert.is(store.json(`enriched/dt=2026-03-01/${smokeId}.json`).test, true);
  assert.equal(meter.counts, {});
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

enrich("records the file of a lead, and no key where the lead's id names it", async () => {
  const key = "Messe Köln 2026 ✓.json";
  const lead = { email: "jane@acme.example" };
  const { ports, store } = setUp({
    [key]: { text: JSON.stringify([lead, { email: "joe@acme.example" }]) },
    [rawKey(id)]: { text: JSON.stringify(lead) },
  });
  await handlerOf(ports)(sqsEvent(...[key, rawKey(id)].map((one) => sqsRecord(objectCreated(one)))));
  const recorded = [...store.all]
    .filter(([one]) => one.startsWith("enriched/"))
    .map(([, { metadata }]) => metadata["raw-key"] && keyInMetadata.read(metadata["raw-key"]));
  assert.equal(recorded.toSorted(), [key, key, undefined]);
});

enrich("takes a file with several leads, and dead-letters only the invalid one", async () => {
  const text = JSON.stringify([{ email: "a@acme.example" }, { name: "nobody" }, { email: "b@acme.example" }]);
  const { handler, store, deadLettered } = setUp({ "leads.json": { text } });
  assert.equal(await handler(sqsEvent(sqsRecord(objectCreated("leads.json")))), { batchItemFailures: [] });
  const ids = [0, 1, 2].map((index) => memberLeadId(rawObjectLeadId("leads.json", "e1"), index, 3));
  assert.ok(store.all.has(`enriched/dt=2026-03-01/${ids[0]}.json`));
  assert.ok(store.all.has(`enriched/dt=2026-03-01/${ids[2]}.json`));
  assert.equal(
    deadLettered.map(({ rejection, correlationId }) => [rejection.code, correlationId]),
    [["NoContact", ids[1]]],
  );
});

const enrichedEmails = (store: ReturnType<typeof memoryStore>) =>
  [...store.all.keys()].filter((key) => key.startsWith("enriched/")).map((key) => [key, store.json(key).email.address]);

for (const data of [
  "imported",
  { email: "eve@acme.example" },
  [{ email: "eve@acme.example" }, { email: "mallory@acme.example" }],
]) {
  enrich(
    `takes what is stored under a lead's id for that one lead, also with a type and data ${JSON.stringify(data)}`,
    async () => {
      const lead = { email: "ada@acme.example", type: "contact", data };
      const { handler, store, deadLettered } = setUp({ [`${id}.json`]: { text: JSON.stringify(lead), metadata } });
      await handler(sqsEvent(sqsRecord(objectCreated(`${id}.json`))));
      assert.equal(enrichedEmails(store), [[`enriched/dt=2026-03-01/${id}.json`, "ada@acme.example"]]);
      assert.equal(deadLettered, []);
    },
  );
}

enrich("never splits what is stored under a lead's id into other leads", async () => {
  const leads = [{ email: "eve@acme.example" }, { email: "mallory@acme.example" }];
  for (const [content, code] of [
    [leads, "NotALead"],
    [{ type: "t", data: leads }, "NoContact"],
  ] as const) {
    const { handler, store, deadLettered } = setUp({ [`${id}.json`]: { text: JSON.stringify(content), metadata } });
    await handler(sqsEvent(sqsRecord(objectCreated(`${id}.json`))));
    assert.equal(enrichedEmails(store), []);
    assert.equal(
      deadLettered.map(({ rejection, correlationId }) => [rejection.code, correlationId]),
      [[code, id]],
    );
  }
});

enrich("reads a lead that an earlier version stored with an envelope around it", async () => {
  const text = JSON.stringify({ type: "lead.created", data: { email: "ada@acme.example" } });
  const { handler, store } = setUp({ [`${id}.json`]: { text, metadata } });
  await handler(sqsEvent(sqsRecord(objectCreated(`${id}.json`))));
  assert.equal(enrichedEmails(store), [[`enriched/dt=2026-03-01/${id}.json`, "ada@acme.example"]]);
});

enrich("keeps every digit of a lead's id in the CRM", async () => {
  const text = '{"id":12345678901234567890,"email":"ada@acme.example"}';
  const { handler, store } = setUp({ [`${id}.json`]: { text, metadata } });
  await handler(sqsEvent(sqsRecord(objectCreated(`${id}.json`))));
  assert.is(store.json(`enriched/dt=2026-03-01/${id}.json`).crmId, "12345678901234567890");
});

enrich("ignores what a file says was changed or deleted, and enriches the leads beside it", async () => {
  const events = [
    { type: "contact.deleted", data: { email: "gone@acme.example" } },
    { type: "contact.created", data: { email: "new@acme.example" } },
  ];
  const { handler, store, log, meter } = setUp({ "events.json": { text: JSON.stringify(events) } });
  assert.equal(await handler(sqsEvent(sqsRecord(objectCreated("events.json")))), { batchItemFailures: [] });
  const stored = [...store.all.keys()].filter((key) => key.startsWith("enriched/"));
  assert.equal(
    stored.map((key) => store.json(key).email.address),
    ["new@acme.example"],
  );
  assert.is(meter.counts.EventsIgnored, 1);
  assert.ok(log.lines.some(({ message }) => message === "event ignored"));
});

enrich("opens the envelope of a file, and gives each lead in it an id of its own", async () => {
  const leads = [{ email: "a@acme.example" }, { email: "b@acme.example", type: "contact", data: "imported" }];
  for (const content of [leads, { type: "t", data: leads }, [{ type: "t", data: leads[0] }, leads[1]]]) {
    const { handler, store } = setUp({ "leads.json": { text: JSON.stringify(content) } });
    await handler(sqsEvent(sqsRecord(objectCreated("leads.json"))));
    const ids = [0, 1].map((index) => memberLeadId(rawObjectLeadId("leads.json", "e1"), index, 2));
    assert.equal(enrichedEmails(store), [
      [`enriched/dt=2026-03-01/${ids[0]}.json`, "a@acme.example"],
      [`enriched/dt=2026-03-01/${ids[1]}.json`, "b@acme.example"],
    ]);
  }
});

for (const [what, text, code] of [
  ["is not JSON", "email;phone", "NotJson"],
  ["is empty", "", "NotJson"],
  ["is a scalar", '"lead"', "NotALead"],
  ["has no contact", '{"name":"Jane"}', "NoContact"],
  ["nests too deep", `{"a":${"[".repeat(40)}${"]".repeat(40)}}`, "TooDeep"],
] as const) {
  enrich(`dead-letters an object at once that ${what}`, async () => {
    const { handler, deadLettered, meter, log } = setUp({ "x.json": { text } });
    const record = sqsRecord(objectCreated("x.json"));
    assert.equal(await handler(sqsEvent(record)), { batchItemFailures: [] });
    assert.is(deadLettered.length, 1);
    assert.is(deadLettered[0]?.rejection.code, code);
    assert.is(deadLettered[0]?.record.body, record.body);
    assert.is(meter.counts.LeadsRejected, 1);
    assert.equal([log.lines[0]?.level, log.lines[0]?.context.errorClass], ["warn", code]);
  });
}

for (const body of ["hello", "null", "{}", '{"detail":{"bucket":{"name":"b"},"object":{"key":7}}}']) {
  enrich(`dead-letters the message ${body}, which names no object`, async () => {
    const { handler, deadLettered } = setUp({});
    assert.equal(await handler(sqsEvent(sqsRecord(body))), { batchItemFailures: [] });
    assert.is(deadLettered[0]?.rejection.code, "NotAnObjectEvent");
  });
}

/** What enrich does when the given error comes from S3 for `b.json`, which was received before or not. */
async function failing(error: Error, receives = 1) {
  const { ports, ...recorded } = setUp({ "a.json": { text: '{"email":"a@acme.example"}' } });
  const deleted: string[] = [];
  const handler = handlerOf({
    ...ports,
    store: {
      ...ports.store,
      read: async (object) => {
        if (object.key === "b.json") throw error;
        return ports.store.read(object);
      },
    },
    queue: {
      ...ports.queue,
      delete: async (messages) => {
        deleted.push(...messages.map(({ messageId }) => messageId));
      },
    },
  });
  const answer = await handler(sqsEvent(received("a", 1), received("b", receives)));
  return { answer, deleted, ...recorded };
}

for (const receives of [1, 2]) {
  enrich(`postpones a message whose attempt ${receives} found S3 unavailable, and handles the others`, async () => {
    const { answer, deleted, sentAgain, store, log, meter } = await failing(awsError("SlowDown", 503), receives);
    assert.equal(answer, { batchItemFailures: [] });
    assert.equal([sentAgain.map(({ message }) => message.messageId), deleted], [["b"], ["b"]]);
    assert.equal([store.all.size, meter.flushed], [2, 1]);
    assert.equal(meter.counts, { LeadsEnriched: 1, LeadsPostponed: 1 });
    const { correlationId, errorClass, httpStatus } =
      log.lines.find(({ message }) => message === "message postponed")?.context ?? {};
    assert.equal([correlationId, errorClass, httpStatus], [rawObjectLeadId("b.json", "e1"), "SlowDown", 503]);
  });
}

enrich("postpones what it may not read, and tells somebody", async () => {
  const { answer, sentAgain, meter } = await failing(awsError("AccessDenied", 403));
  assert.equal([answer, sentAgain.length], [{ batchItemFailures: [] }, 1]);
  assert.equal(meter.counts, { LeadsEnriched: 1, LeadsPostponed: 1, PersonNeeded: 1 });
});

enrich("names only the message that failed by a fault, and handles the others", async () => {
  const { answer, deleted, sentAgain, meter, log } = await failing(new TypeError("x is not a function"));
  assert.equal(answer, { batchItemFailures: [{ itemIdentifier: "b" }] });
  assert.equal([deleted, sentAgain], [[], []]);
  assert.equal([meter.counts, meter.flushed], [{ LeadsEnriched: 1, LeadsRetried: 1 }, 1]);
  assert.equal(
    log.lines.filter(({ level }) => level === "error").map(({ context }) => context.errorClass),
    ["TypeError"],
  );
});

enrich("leaves a message to its receives that could not be postponed", async () => {
  const { ports, meter } = setUp({});
  const handler = handlerOf({
    ...ports,
    store: { ...ports.store, read: () => Promise.reject(awsError("SlowDown", 503)) },
    queue: {
      ...ports.queue,
      sendAgain: async (postponements) =>
        postponements.map(({ message }) => ({ message, cause: { errorClass: "AccessDenied" } })),
    },
  });
  const answer = await handler(sqsEvent(received("a", 1), received("b", 2)));
  assert.equal(answer, { batchItemFailures: [{ itemIdentifier: "b" }, { itemIdentifier: "a" }] });
  assert.equal(meter.counts, { LeadsRetried: 2 });
});

enrich("dead-letters a file's rejected lead once, when all the others are stored", async () => {
  const text = JSON.stringify([{ email: "a@acme.example" }, { name: "nobody" }, { email: "b@acme.example" }]);
  const { ports, store, deadLettered, sentAgain } = setUp({ "leads.json": { text } });
  const ids = [0, 1, 2].map((index) => memberLeadId(rawObjectLeadId("leads.json", "e1"), index, 3));
  let outages = 3;
  const writeOnce: typeof store.writeOnce = async (key, ...rest) => {
    if (key.includes(String(ids[2])) && outages > 0) {
      outages -= 1;
      throw awsError("SlowDown", 503);
    }
    return store.writeOnce(key, ...rest);
  };
  const handler = handlerOf({ ...ports, store: { ...store, writeOnce } });
  for (const attempts of [1, 2, 3]) {
    assert.equal(await handler(sqsEvent(sqsRecord(objectCreated("leads.json")))), { batchItemFailures: [] });
    assert.equal([sentAgain.length, deadLettered.length], [attempts, 0]);
  }
  assert.equal(await handler(sqsEvent(sqsRecord(objectCreated("leads.json")))), { batchItemFailures: [] });
  assert.equal(
    deadLettered.map(({ rejection, correlationId }) => [rejection.code, correlationId]),
    [["NoContact", ids[1]]],
  );
  assert.equal([sentAgain.length, enrichedEmails(store).length], [3, 2]);
});

/** What is the same in all outcomes of these tests. */
const at = Date.parse("2026-03-01T12:00:01.000Z");
const stored = { at, receivedAt: "2026-03-01T12:00:00.000Z" };

enrich("writes what it dead-lettered and ignored as one object for the invocation", async () => {
  const gone = { type: "contact.deleted", data: { email: "gone@acme.example" } };
  const leads = [{ email: "a@acme.example" }, { name: "nobody" }, gone];
  const { handler, outcomes } = setUp({ "a.json": { text: JSON.stringify(leads) }, "b.json": { text: "no JSON" } });
  await handler(sqsEvent(sqsRecord(objectCreated("a.json"), "a"), sqsRecord(objectCreated("b.json"), "b")));
  const ids = [0, 1, 2].map((index) => memberLeadId(rawObjectLeadId("a.json", "e1"), index, 3));
  const reason = "the event says that something was changed or deleted";
  assert.is(outcomes.length, 1);
  assert.equal(
    new Set(outcomes.flat()),
    new Set([
      { id: ids[1], outcome: "deadLettered", at, reason: "NoContact" },
      { id: ids[2], outcome: "ignored", ...stored, reason },
      { id: rawObjectLeadId("b.json", "e1"), outcome: "deadLettered", at, reason: "NotJson" },
    ]),
  );
});

enrich("writes no outcome for leads that it only enriches", async () => {
  const { handler, outcomes } = setUp({ "a.json": { text: '{"email":"a@acme.example"}' } });
  await handler(sqsEvent(sqsRecord(objectCreated("a.json"))));
  assert.equal(outcomes, []);
});

enrich("says of an ignored test lead that it is one, and enriches the others", async () => {
  const text = '{"email":"jane@acme.example"}';
  const { ports, outcomes, meter } = setUp({
    [`${id}.json`]: { text, metadata: { ...metadata, test: "true" } },
    "file.json": { text },
  });
  const settingsOf = async () => ({ fields: {}, crmHosts: [], testLeads: "ignore", title: "Shop" }) as const;
  const records = [`${id}.json`, "file.json"].map((key) => sqsRecord(objectCreated(key), key));
  await handlerOf({ ...ports, settingsOf })(sqsEvent(...records));
  assert.equal(meter.counts, { EventsIgnored: 1, LeadsEnriched: 1 });
  const times = { at, receivedAt: metadata["received-at"] };
  assert.equal(outcomes, [[{ id, outcome: "ignored", ...times, reason: "test lead", test: true }]]);
});

enrich("counts an ignored event of a file once, however often the file is tried", async () => {
  const gone = { type: "contact.deleted", data: { email: "gone@acme.example" } };
  const text = JSON.stringify([gone, { email: "a@acme.example" }]);
  const { ports, store, outcomes, meter } = setUp({ "leads.json": { text } });
  let outages = 2;
  const writeOnce: typeof store.writeOnce = async (...lead) => {
    outages -= 1;
    if (outages >= 0) throw awsError("SlowDown", 503);
    return store.writeOnce(...lead);
  };
  const handler = handlerOf({ ...ports, store: { ...store, writeOnce } });
  for (let attempt = 1; attempt <= 3; attempt += 1) await handler(sqsEvent(sqsRecord(objectCreated("leads.json"))));
  assert.equal([outcomes.length, meter.counts.EventsIgnored], [1, 1]);
});

/** A file of leads. */
const fileOf = (count: number) => ({
  text: JSON.stringify(Array.from({ length: count }, (_, index) => ({ email: `a${index}@acme.example` }))),
});

enrich("stores the leads of ten files with no more writes at a time than there are sockets", async () => {
  const names = Array.from({ length: 10 }, (_, index) => `file-${index}.json`);
  const { ports, store } = setUp(Object.fromEntries(names.map((name) => [name, fileOf(100)])));
  const seen = { now: 0, most: 0 };
  const writeOnce: typeof store.writeOnce = async (...object) => {
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    await setImmediate();
    seen.now -= 1;
    return store.writeOnce(...object);
  };
  const handler = handlerOf({ ...ports, store: { ...store, writeOnce } });
  const records = names.map((name) => sqsRecord(objectCreated(name), name));
  assert.equal(await handler(sqsEvent(...records)), { batchItemFailures: [] });
  assert.equal([seen.most, store.all.size], [50, 10 + 1000]);
});

enrich("begins no write of a file after one has failed, and answers when those under way have ended", async () => {
  const { ports, store, sentAgain } = setUp({ "big.json": fileOf(100) });
  const writes: PromiseWithResolvers<"stored">[] = [];
  const begun = Promise.withResolvers<void>();
  const writeOnce = () => {
    const write = Promise.withResolvers<"stored">();
    if (writes.push(write) === 50) begun.resolve();
    return write.promise;
  };
  const handler = handlerOf({ ...ports, store: { ...store, writeOnce } });
  let answered = false;
  const answer = handler(sqsEvent(sqsRecord(objectCreated("big.json"), "m"))).finally(() => {
    answered = true;
  });
  await begun.promise;
  writes[0]?.reject(awsError("SlowDown", 503));
  await setImmediate();
  for (const write of writes.slice(1, -1)) write.resolve("stored");
  await setImmediate();
  assert.equal([writes.length, answered], [50, false]);
  writes.at(-1)?.resolve("stored");
  assert.equal(await answer, { batchItemFailures: [] });
  assert.equal([writes.length, sentAgain.length], [50, 1]);
});

/** A message about a raw lead that was received as often as is said. */
const received = (name: string, times: number) => {
  const record = sqsRecord(objectCreated(`${name}.json`), name);
  return { ...record, attributes: { ...record.attributes, ApproximateReceiveCount: String(times) } };
};

/** Runs messages of leads; an invocation goes on for ever with the one named killer. */
function withKiller(...records: SQSRecord[]) {
  const names = records.map(({ messageId }) => messageId);
  const lead = { text: '{"email":"a@acme.example"}' };
  const { ports, store, log, sentAgain } = setUp(Object.fromEntries(names.map((name) => [`${name}.json`, lead])));
  const steps: string[] = [];
  const deleted: string[] = [];
  const hidden: Record<string, number> = {};
  const clock = { now: Date.parse("2026-03-01T12:00:01.000Z") };
  const handler = handlerOf({
    ...ports,
    now: () => new Date(clock.now),
    store: {
      ...store,
      read: async (object) => {
        steps.push(`${object.key} after ${deleted}`);
        if (object.key === "slow.json") clock.now += 5000;
        return object.key === "killer.json" ? new Promise(() => {}) : store.read(object);
      },
    },
    queue: {
      ...ports.queue,
      delete: async (messages) => void deleted.push(...messages.map(({ messageId }) => messageId)),
      retryAfter: async (messages, seconds) => {
        for (const one of messages) hidden[one.messageId] = seconds(one);
      },
    },
  });
  return { answer: handler(sqsEvent(...records)), steps, deleted, hidden, log, sentAgain };
}

enrich(
  "deletes each message that was received before, so that the one that ends the invocation harms no other",
  async () => {
    const { steps, deleted, hidden } = withKiller(
      received("new", 1),
      received("a", 2),
      received("killer", 2),
      received("b", 2),
    );
    for (let turns = 0; turns < 50; turns += 1) await setImmediate();
    assert.equal(steps, ["a.json after ", "killer.json after a"]);
    assert.equal([deleted, hidden], [["a"], { a: 60, killer: 70, b: 80 }]);
  },
);

enrich("begins with the messages that were received most, and works on new ones together at the end", async () => {
  const run = withKiller(received("x", 1), received("a", 2), received("c", 3), received("y", 1));
  assert.equal(await run.answer, { batchItemFailures: [] });
  assert.equal(run.steps, ["c.json after ", "a.json after c", "x.json after c,a", "y.json after c,a"]);
});

enrich("begins nothing after half time, and postpones it, which uses up no receive", async () => {
  const run = withKiller(received("slow", 2), received("a", 2), received("x", 1));
  assert.equal(await run.answer, { batchItemFailures: [] });
  assert.equal(
    run.sentAgain.map(({ message }) => [message.messageId, message.receiveCount]),
    [
      ["a", 2],
      ["x", 1],
    ],
  );
  assert.equal(run.deleted, ["slow", "a", "x"]);
  const postponed = run.log.lines.filter(({ message }) => message === "message postponed");
  assert.equal(
    postponed.map(({ level, context }) => [level, context.messageId, context.errorClass]),
    [
      ["info", "a", "NoTime"],
      ["info", "x", "NoTime"],
    ],
  );
});

enrich("retries a message that was received before, and deletes only those that are done", async () => {
  const run = withKiller(received("a", 2), { ...received("b", 2), body: objectCreated("b.json", { size: 1 }) });
  assert.equal(await run.answer, { batchItemFailures: [] });
  assert.equal(run.deleted, ["a", "b"]);
  const { ports } = setUp({});
  const deleted: string[] = [];
  const handler = handlerOf({
    ...ports,
    store: { ...ports.store, read: () => Promise.reject(new TypeError("a fault")) },
    queue: {
      ...ports.queue,
      delete: async () => void deleted.push("any"),
      retryAfter: () => Promise.reject(awsError("Down", 503)),
    },
  });
  assert.equal(await handler(sqsEvent(received("a", 2))), { batchItemFailures: [{ itemIdentifier: "a" }] });
  assert.equal(deleted, []);
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

enrich("dead-letters what is not at the bucket's root without reading it, so that no loop begins", async () => {
  const key = `enriched/dt=2026-03-01/${id}.json`;
  const { handler, store, deadLettered } = setUp({ [key]: { text: '{"email":"jane@acme.example"}' } });
  assert.equal(await handler(sqsEvent(sqsRecord(objectCreated(key)))), { batchItemFailures: [] });
  assert.equal([deadLettered[0]?.rejection.code, store.all.size], ["NotARawLead", 1]);
});

enrich("leaves a message to its receives whose lead could not be dead-lettered", async () => {
  const { ports, sentAgain } = setUp({});
  const handler = handlerOf({
    ...ports,
    sendToDeadLetters: () => Promise.reject(awsError("ServiceUnavailable", 503)),
  });
  const answer = await handler(sqsEvent(sqsRecord("hello", "m")));
  assert.equal([answer, sentAgain], [{ batchItemFailures: [{ itemIdentifier: "m" }] }, []]);
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

enrich("reads a lead as its format says, which ingest wrote on the object", async () => {
  const formats: (string | undefined)[] = [];
  const text = '{"electronic_mail":"jane@acme.example"}';
  const { ports, store } = setUp({ [`${id}.json`]: { text, metadata: { ...metadata, format: "typeform" } } });
  const handler = handlerOf({
    ...ports,
    readerOf: async (format) => {
      formats.push(format);
      return ({ electronic_mail }) => readingWith({ email: electronic_mail });
    },
  });
  assert.equal(await handler(sqsEvent(sqsRecord(objectCreated(`${id}.json`)))), { batchItemFailures: [] });
  assert.equal(formats, ["typeform"]);
  assert.is(store.json(`enriched/dt=2026-03-01/${id}.json`).email.address, "jane@acme.example");
});

for (const testLeads of ["announce", "ignore"] as const) {
  enrich(
    `takes a lead for a test when only its record says so, and ${testLeads}s it as the environment says`,
    async () => {
      const text = '{"email":"jane@acme.example"}';
      const { ports, store, log, meter } = setUp({ [`${id}.json`]: { text, metadata } });
      const handler = handlerOf({
        ...ports,
        readerOf: async () => (lead) => ({ ...readingWith(lead), isTest: true }),
        settingsOf: async () => ({ fields: {}, crmHosts: [], title: "Meta Lead Ads", testLeads }),
      });
      assert.equal(await handler(sqsEvent(sqsRecord(objectCreated(`${id}.json`)))), { batchItemFailures: [] });
      const key = `enriched/dt=2026-03-01/${id}.json`;
      if (testLeads === "announce") assert.is(store.json(key).test, true);
      else {
        assert.not.ok(store.all.has(key));
        const context = { correlationId: id, source: sourceOf(id), reason: "test lead" };
        assert.equal(log.lines.at(-1), { level: "info", message: "event ignored", context });
        assert.equal(meter.counts, { EventsIgnored: 1 });
      }
    },
  );
}

enrich.run();
