import { EventEmitter } from "node:events";
import type { HttpAnswered } from "local-aws";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { memberLeadId, rawObjectLeadId, webhookLeadId } from "../../../functions/lead/lead-id.ts";
import { type Entry, type Place, places } from "../../../local/journal/entry.ts";
import { Journal, type JournalParts } from "../../../local/journal/journal.ts";
import { meaningOf } from "../../../local/journal/log-line.ts";
import { broughtBy } from "../../../local/journal/requests.ts";
import type { LeadAudit } from "../../../local/lead-audit.ts";
import { inTime } from "../../helpers/in-time.ts";

const id = webhookLeadId("website", "a lead");
const key = `${id}.json`;
const bucket = "leads";
const lead = { name: { full: "نور 🌟" }, email: { address: "nour@example.com" }, company: { name: "Oasis" } };

/** A run of fakes, and what its journal says. */
function fakeRun() {
  const [api, gateway, logs, deadLetters, audit] = Array.from({ length: 5 }, () => new EventEmitter());
  const parts = { api, gateway, logs, deadLetters, bucket } as unknown as JournalParts;
  const journal = new Journal(parts, audit as unknown as Pick<LeadAudit, "on">);
  const entries: Entry[] = [];
  journal.on("entry", (entry) => entries.push(entry));
  const call = (
    service: string,
    operation: string,
    parameters: object,
    { status = 200, body = "", by = "role" } = {},
  ) =>
    gateway?.emit("answered", {
      call: { service, operation, parameters, caller: { kind: by } },
      request: { body: Buffer.from(body) },
      answer: { status, headers: { etag: '"e"', "x-amz-version-id": "v1" } },
    });
  let requests = 0;
  const answer = (requestId: string, status: number, body: object, method = "POST") => {
    const request = {
      method,
      url: "/website?token=secret",
      headers: {},
      body: Buffer.from("the body".padEnd(3000)),
      receivedAt: new Date(Date.now() - 700),
    };
    api?.emit("answered", { request, answer: { status, body: Buffer.from(JSON.stringify(body)) }, requestId });
  };
  const log = (message: string, context: object = {}, { level = "INFO", requestId = "of a worker" } = {}) =>
    logs?.emit("line", { function: "f", requestId, line: JSON.stringify({ level, message, ...context }) });
  return {
    journal,
    entries,
    call,
    log,
    answer,
    put: (Key: string, body: unknown = {}, more: { status?: number; by?: string } = {}) =>
      call(
        "s3",
        "PutObject",
        { Bucket: bucket, Key },
        { body: typeof body === "string" ? body : JSON.stringify(body), ...more },
      ),
    claim: (state = "claimed", status = 200) =>
      call(
        "dynamodb",
        "UpdateItem",
        { Key: { id: { S: `${id}#sales#0123` } }, ExpressionAttributeValues: { ":state": { S: state } } },
        { status },
      ),
    request(
      status: number,
      body: object,
      lines: readonly (readonly [string, object, string?])[] = [],
      method?: string,
    ) {
      requests += 1;
      const requestId = `invocation ${requests}`;
      for (const [message, context, level = "INFO"] of lines) log(message, context, { level, requestId });
      answer(requestId, status, body, method);
    },
    ingested: (status = "stored") => ["lead ingested", { correlationId: id, source: "website", status }] as const,
    announced: (channel = "slack") => audit?.emit("notified", { leadId: id, channel, milliseconds: 700 }),
    letter: (attributes: Readonly<Record<string, string>>, body = event(key)) => {
      const values = Object.entries(attributes).map(([name, StringValue]) => [name, { StringValue }]);
      const letter = {
        messageId: "m",
        body,
        messageAttributes: Object.fromEntries(values),
        approximateReceiveCount: 3,
      };
      deadLetters?.emit("arrived", letter, "leads-dlq");
    },
    /** Places with rows. */
    counts: () => Object.fromEntries(Object.entries(journal.counts).filter(([, count]) => count !== 0)),
  };
}

const event = (key: string) => JSON.stringify({ detail: { bucket: { name: bucket }, object: { key, etag: "e" } } });
const kindsOf = (entries: readonly Entry[]) => entries.map(({ kind }) => kind);

const journals = suite("journal");

journals("a lead that is announced: every step is an entry, and its row says who, where, how fast and by what", () => {
  const { journal, entries, put, request, ingested, claim, announced, counts } = fakeRun();
  put(key);
  request(202, { leads: [{ key }] }, [ingested()]);
  put(`fetched/${key}`);
  put(`enriched/dt=2026-03-01/${key}`, lead);
  claim();
  announced();
  assert.equal(kindsOf(entries), ["stored", "accepted", "fetched", "enriched", "claimed", "announced"]);
  const { row, raw, enriched, claim: claimed, request: seen } = journal.followed(id) ?? {};
  assert.equal([row?.name, row?.source, row?.place, row?.channel], ["نور 🌟, Oasis", "website", "announced", "slack"]);
  assert.equal([row?.repeats, row?.why], [0, undefined]);
  const [start, end] = [entries[1]?.at ?? 0, entries[5]?.at ?? 0];
  assert.ok(Math.abs((row?.milliseconds ?? -1) - (end - start)) <= 2, `${row?.milliseconds} ms`);
  assert.equal(
    [raw, enriched?.key, claimed],
    [{ key, versionId: "v1" }, `enriched/dt=2026-03-01/${key}`, `${id}#sales#0123`],
  );
  assert.equal([seen?.status, seen?.body, counts()], [202, undefined, { announced: 1 }]);
});

journals("what stays in memory of a request is no query, and the body only where no lead was stored", () => {
  const { journal, request } = fakeRun();
  request(401, { error: { code: "NoSignature", message: "The request has none." } }, [
    ["request not accepted", { source: "website", errorClass: "NoSignature", reason: "The request has none." }, "WARN"],
  ]);
  const { request: seen } = journal.followed("request-1") ?? {};
  assert.equal([seen?.path, seen?.body], ["/website", "the body".padEnd(2000)]);
});

journals("what stays in memory of a request is the start of each of its parts", () => {
  const long = "x".repeat(5000);
  const body = Buffer.from(long);
  const { request, source } = broughtBy(
    {
      request: { method: "POST", url: `/${long}`, headers: { "content-type": long }, body, receivedAt: new Date() },
      answer: { status: 404, headers: {}, body },
      requestId: "1",
    } as unknown as HttpAnswered,
    [],
  );
  const { milliseconds: _, ...kept } = request;
  assert.equal(kept, {
    requestId: "1",
    method: "POST",
    path: `/${long}`.slice(0, 200),
    contentType: long.slice(0, 100),
    bytes: 5000,
    status: 404,
    answer: long.slice(0, 2000),
    body: long.slice(0, 2000),
  });
  assert.is(source, long.slice(0, 31));
});

for (const [name, status, answer, lines, why] of [
  [
    "without a proof",
    401,
    { error: { code: "BadSignature", message: "It is wrong." } },
    [],
    "401 BadSignature: It is wrong.",
  ],
  ["that the API refuses", 429, { message: "Too Many Requests" }, [], "429 Too Many Requests"],
  [
    "that failed, with what the answer hides",
    503,
    { error: { code: "Unavailable", message: "Not stored." } },
    [["request not accepted", { source: "website", errorClass: "TimeoutError" }, "ERROR"]],
    "503 TimeoutError",
  ],
] as const) {
  journals(`a request ${name} is a row that says why`, () => {
    const { journal, entries, request, counts } = fakeRun();
    request(status, answer, lines);
    assert.equal([journal.row("request-1")?.why, journal.row("request-1")?.source], [why, "website"]);
    assert.equal([kindsOf(entries), entries[0]?.status, counts()], [["refused"], status, { refused: 1 }]);
  });
}

journals(
  "events of a request that are ignored are one row with each reason once, beside the leads of the request",
  () => {
    const { journal, entries, request, ingested, counts } = fakeRun();
    const ignored = (reason: string) => ["event ignored", { source: "website", reason }] as const;
    request(202, {}, [ingested(), ignored("a change"), ignored("a change"), ignored("test lead")]);
    assert.equal(journal.row("request-1")?.why, "a change; test lead");
    assert.equal([kindsOf(entries), counts()], [["accepted", "ignored"], { stored: 1, ignored: 1 }]);
  },
);

journals("a request that asks for something else is an entry and no row", () => {
  const { journal, entries, request } = fakeRun();
  request(200, {}, [], "GET");
  assert.equal([kindsOf(entries), journal.rows().total], [["answered"], 0]);
});

journals("a lead that comes again is counted on its row, and stays where it is", () => {
  const { journal, put, request, ingested, announced, log, counts } = fakeRun();
  put(key);
  request(202, {}, [ingested()]);
  announced();
  request(200, {}, [ingested("duplicate")]);
  put(`enriched/dt=2026-03-01/${key}`, lead, { status: 412 });
  log("lead announced before", { correlationId: id });
  announced("email");
  const { repeats, place, channel } = journal.row(id) ?? {};
  assert.equal([repeats, place, channel, counts()], [3, "announced", "slack", { announced: 1 }]);
});

journals("a lead that nobody knows any more gets no row because it comes again", () => {
  const { journal, entries, request, ingested } = fakeRun();
  request(200, {}, [ingested("duplicate")]);
  assert.equal([kindsOf(entries), journal.rows().total], [["repeat"], 0]);
});

journals("what ingest said waits for the answer, of the latest 1,000 requests without one", () => {
  const { journal, log, answer, request, ingested } = fakeRun();
  const [message, context] = ingested();
  const answered = (requestId: string) => {
    answer(requestId, 202, {});
    return journal.followed(id)?.entries.length ?? 0;
  };
  log(message, context, { requestId: "slow" });
  for (let count = 0; count < 1000; count += 1) request(202, {}, [["event ignored", { reason: "a change" }]]);
  assert.is(answered("slow"), 1, "answered requests take no place");
  for (let count = 0; count <= 1000; count += 1) log(message, context, { requestId: `waits ${count}` });
  assert.equal([answered("waits 0"), answered("waits 1")], [1, 2]);
});

journals("a postponed lead says why, until it goes on", () => {
  const { journal, put, log, claim, counts } = fakeRun();
  put(key);
  log(
    "message postponed",
    { correlationId: id, errorClass: "SlowDown", attempt: 1, delaySeconds: 5 },
    { level: "WARN" },
  );
  assert.equal([journal.row(id)?.why, counts()], ["SlowDown. Attempt 1; the next one in 5 s.", { postponed: 1 }]);
  log("queue not updated", { correlationId: id, errorClass: "TimeoutError" }, { level: "ERROR" });
  assert.is(journal.row(id)?.why, "SlowDown. Attempt 1; the next one in 5 s.");
  claim();
  assert.equal([journal.row(id)?.why, counts()], [undefined, { claimed: 1 }]);
});

journals("a lead that enrich ignores says why, and a smoke test is announced to nobody", () => {
  const { journal, put, log } = fakeRun();
  put(key);
  log("event ignored", { correlationId: id, source: "website", reason: "test lead" });
  assert.equal([journal.row(id)?.place, journal.row(id)?.why], ["ignored", "test lead"]);
  const smoke = webhookLeadId("smoke", "a test");
  put(`${smoke}.json`);
  log("smoke test announced to nobody", { correlationId: smoke });
  assert.equal([journal.row(smoke)?.place, journal.row(smoke)?.channel], ["announced", undefined]);
});

journals("a lead that goes by another channel says what the first one did", () => {
  const { journal, put, log, announced } = fakeRun();
  put(key);
  log("Slack did not take the leads, Email will", { channel: "slack", correlationIds: [id], reason: "rollup_error" });
  announced("email");
  const { why, channel } = journal.row(id) ?? {};
  assert.equal([why, channel], ["Slack did not take the leads, Email will: rollup_error", "email"]);
});

journals("a rejected lead is dead-lettered with class and reason, and one that crashed with its last failure", () => {
  const { journal, put, letter, log, counts } = fakeRun();
  put(key);
  letter({ correlationId: id, errorClass: "NoContact", reason: "Neither." });
  assert.equal([journal.row(id)?.why, counts()], ["NoContact: Neither.", { "dead-lettered": 1 }]);
  log("attempt failed, the message will be received again", { correlationId: id, errorClass: "TypeError", attempt: 2 });
  letter({});
  assert.is(journal.row(id)?.why, "Its attempts failed 3 times. TypeError, attempt 2");
});

journals("a letter that names no lead is an entry of its own", () => {
  const { journal, entries, letter } = fakeRun();
  letter({ errorClass: "NotAnObjectEvent", reason: "No." }, "no event");
  assert.equal([kindsOf(entries), journal.rows().total], [["dead-lettered"], 0]);
});

journals("a dead letter that the operator sends again is on its way again; EventBridge's messages are no such", () => {
  const { journal, put, letter, call } = fakeRun();
  put(key);
  letter({ correlationId: id, errorClass: "OutageTooLong", reason: "Redrive it." });
  call("sqs", "SendMessage", { MessageBody: event(key) }, { by: "service" });
  assert.is(journal.row(id)?.place, "dead-lettered");
  call("sqs", "SendMessage", { MessageBody: event(key) }, { by: "operator" });
  assert.equal([journal.row(id)?.place, journal.row(id)?.why], ["stored", undefined]);
});

journals("a file with several leads is followed as its leads, and one that cannot be read as itself", async () => {
  const { journal, put, counts, entries } = fakeRun();
  const followed = inTime<void>("the second lead of the file", (resolve) => {
    journal.on("entry", ({ text }) => text.startsWith("2 of 2") && resolve());
  });
  put("fair.json", [{ email: "a@example.com" }, { email: "b@example.com" }], { by: "operator" });
  put("broken.json", "no JSON", { by: "operator" });
  const fileId = rawObjectLeadId("fair.json", "e");
  const members = [0, 1].map((index) => memberLeadId(fileId, index, 2));
  await followed;
  const ids = journal.rows({ source: "file" }).rows.map((row) => row.id);
  assert.equal(ids.sort(), [...members, rawObjectLeadId("broken.json", "e")].sort());
  assert.equal(counts(), { stored: 3 });
  assert.is(entries.filter(({ kind }) => kind === "dropped").length, 2, "one for each file");
  assert.equal(
    members.map((member) => journal.followed(member)?.raw),
    Array(2).fill({ key: "fair.json", versionId: "v1" }),
  );
});

journals("another bucket's objects, refused writes and other items of the ledger are nothing", () => {
  const { entries, call, put, claim } = fakeRun();
  call("s3", "PutObject", { Bucket: "another", Key: key });
  put(key, {}, { status: 503 });
  put("outcomes/dt=2026-03-01/a.json");
  claim("sent");
  claim("claimed", 400);
  call("dynamodb", "UpdateItem", { Key: { id: { S: "ledger#routes" } } });
  assert.equal(entries, []);
});

journals("a name is what an enriched lead has of it: a person or a way to reach one, and a company", () => {
  const { journal, put } = fakeRun();
  const named = (enriched: unknown) => {
    put(`enriched/dt=2026-03-01/${key}`, enriched);
    return journal.row(id)?.name;
  };
  const [email, phone] = [{ address: "nour@example.com" }, { e164: "+4930901820" }];
  assert.equal(
    [lead, { email, phone, company: { domain: "acme.example" } }, { phone }, { company: { name: "Acme" } }].map(named),
    ["نور 🌟, Oasis", "nour@example.com, acme.example", "+4930901820", "Acme"],
  );
  const long = (length: number) => `{"email":{"address":"a@example.com"}}`.padEnd(length);
  assert.equal(["no JSON", long(64 * 1024), long(64 * 1024 + 1)].map(named), ["", "a@example.com", ""]);
});

journals("rows are found by source, place, channel and a part of the name, the newest first", () => {
  const { journal, put, announced, request } = fakeRun();
  put(key);
  put(`enriched/dt=2026-03-01/${key}`, lead);
  announced();
  request(401, {});
  const found = (filter: object) => journal.rows(filter).rows.map((row) => row.id);
  assert.equal(found({}), ["request-1", id]);
  for (const filter of [{ place: "announced" }, { channel: "slack" }, { text: "oasis" }])
    assert.equal(found(filter), [id]);
  assert.equal([found({ source: "website" }).length, found({ source: "hubspot" }).length], [2, 0]);
  assert.equal(journal.rows({}, 1).total, 2);
  assert.equal(journal.sources(), ["website"]);
});

journals("the first 100 entries of a lead are kept, and all are said", () => {
  const { journal, entries, put } = fakeRun();
  for (let count = 0; count < 101; count += 1) put(key);
  assert.equal([journal.followed(id)?.entries.length, entries.length], [100, 101]);
});

journals("10,000 rows are kept and those that ended go first, while every count stays", () => {
  const { journal, put, request } = fakeRun();
  put(key);
  for (let number = 0; number < 10_100; number++) request(404, {});
  assert.equal([journal.rows({}, 1).total, journal.counts.refused], [10_000, 10_100]);
  assert.is(journal.row(id)?.place, "stored");
});

journals("a lead that was forgotten is announced without a time, because nobody knows when it came", () => {
  const { journal, entries, announced } = fakeRun();
  announced();
  assert.equal([entries[0]?.kind, entries[0]?.milliseconds], ["announced", undefined]);
  assert.is(journal.row(id)?.milliseconds, undefined);
});

journals("a lead under way that is forgotten is not under way for ever", () => {
  const { journal, put } = fakeRun();
  for (let number = 0; number < 50_002; number++) put(`website-${number.toString(16).padStart(32, "0")}.json`);
  assert.equal([journal.rows({}, 1).total, journal.counts.stored], [50_000, 50_000]);
});

for (const [said, expected] of [
  [{ message: "event ignored", reason: "test lead" }, ["ignored", "test lead", "info", true]],
  [
    { message: "message postponed", errorClass: "A", reason: "It is so.", attempt: 2, delaySeconds: 9, level: "WARN" },
    ["postponed", "A: It is so. Attempt 2; the next one in 9 s.", "warn", true],
  ],
  [
    { message: "attempt failed, the message will be received again", attempt: 1, level: "ERROR" },
    ["failed", "a fault, attempt 1", "error", true],
  ],
  [{ message: "lead announced before" }, ["repeat", "its event came again; it was announced before", "info", false]],
  [{ message: "smoke test announced to nobody" }, ["announced", "a smoke test, announced to nobody", "info", false]],
  [
    { message: "Email took the leads that Slack did not", errorClass: "A", level: "WARN" },
    ["not-taken", "Email took the leads that Slack did not: A", "warn", true],
  ],
  [{ message: "queue not updated", level: "WARN" }, ["warning", "queue not updated", "warn", false]],
  [
    { message: "queue not updated", errorClass: "A", level: "ERROR" },
    ["warning", "queue not updated: A", "error", false],
  ],
  [{ message: "anything else" }, undefined],
] as const) {
  journals(`the meaning of "${said.message}"`, () => {
    const meaning = meaningOf({ level: "INFO", ...said });
    const { kind, text, level, isReason } = meaning ?? {};
    assert.equal(meaning && [kind, text, level, isReason], expected);
  });
}

journals("the counts have every place", () => {
  const known: readonly Place[] = places;
  assert.equal(Object.keys(fakeRun().journal.counts), [...known]);
});

journals.run();
