import { setImmediate as nextTurn } from "node:timers/promises";
import type { SSMClient } from "@aws-sdk/client-ssm";
import { Webhook } from "standardwebhooks";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { makeHandler } from "../../../functions/ingest/handler.ts";
import { rawKey, webhookLeadId } from "../../../functions/lead/lead-id.ts";
import { createSecretReader, type ReadSecret } from "../../../functions/runtime/secrets.ts";
import type { CommonSettings } from "../../../functions/sources/declaration.ts";
import type { Door } from "../../../functions/sources/door.ts";
import { sourceFormats } from "../../../functions/sources/index.ts";
import { filledSettings } from "../../../functions/sources/settings.ts";
import { door } from "../../../functions/sources/standard-webhooks/door.ts";
import { httpRequest } from "../../helpers/aws-events.ts";
import { awsError, memoryStore, recordedLog, recordedMeter } from "../../helpers/fakes.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const now = new Date("2026-03-01T12:00:00.000Z");
const lead = { email: "jane.roe@acme.example", first_name: "Jane" };

interface Given {
  readonly store?: ReturnType<typeof memoryStore>;
  /** Reads a secret. */
  readonly readSecret?: ReadSecret;
  readonly door?: Door;
  readonly settings?: CommonSettings;
  readonly answersGet?: boolean;
}

const { title } = sourceFormats["standard-webhooks"];
const filled = { fields: {}, crmHosts: [], testLeads: "announce", title };

function setUp({ store = memoryStore(), readSecret = async () => secret, ...given }: Given = {}) {
  const log = recordedLog();
  const meter = recordedMeter();
  const { door: own = door, settings = {}, answersGet = false } = given;
  const declaration = { ...sourceFormats["standard-webhooks"], door: async () => ({ door: own }), answersGet };
  const handler = makeHandler({
    sources: { website: "standard-webhooks", smoke: "standard-webhooks" },
    declarationOf: () => declaration,
    readSource: async (_, [name = ""], maxAge) => ({
      settings: filledSettings(declaration, settings),
      secrets: { [name]: await readSecret(name, { maxAge }) },
    }),
    store,
    log,
    meter,
    now: () => now,
  });
  const post = async (content: unknown, { id = "msg_1", source = "website", base64 = false } = {}) => {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    const at = now;
    const headers = {
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": new Webhook(secret).sign(id, at, text),
    };
    const body = base64 ? Buffer.from(text).toString("base64") : text;
    const answer = await handler(httpRequest(source, body, headers, base64));
    return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body ?? "null") };
  };
  return { handler, post, log, meter, store };
}

const keyOf = (id: string, index = 0) => `${webhookLeadId("website", id, index)}.json`;

const ingest = suite("ingest handler");

ingest("stores the leads of a request with no more writes at a time than there are sockets", async () => {
  const store = memoryStore();
  const seen = { now: 0, most: 0 };
  const writeOnce: typeof store.writeOnce = async (...object) => {
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    await nextTurn();
    seen.now -= 1;
    return store.writeOnce(...object);
  };
  const { post } = setUp({ store: { ...store, writeOnce } });
  assert.is((await post(Array(100).fill(lead))).status, 202);
  assert.equal([seen.most, store.all.size], [50, 100]);
});

ingest("stores one lead and answers 202 with its key", async () => {
  const { post, store, meter } = setUp();
  const answer = await post(lead);
  assert.is(answer.status, 202);
  assert.equal(answer.body, { leads: [{ key: keyOf("msg_1"), status: "stored" }] });
  assert.equal(store.json(keyOf("msg_1")), lead);
  assert.equal(store.all.get(keyOf("msg_1"))?.metadata, {
    "correlation-id": webhookLeadId("website", "msg_1", 0),
    source: "website",
    format: "standard-webhooks",
    "received-at": "2026-03-01T12:00:00.000Z",
  });
  assert.is(meter.counts.LeadsIngested, 1);
  assert.is(meter.flushed, 1);
});

ingest("marks every lead of the source smoke as a test, and counts none of them", async () => {
  const { post, store, meter } = setUp();
  assert.is((await post([lead, { ...lead, is_test: false }], { source: "smoke" })).status, 202);
  const marks = [0, 1].map((index) => store.all.get(`${webhookLeadId("smoke", "msg_1", index)}.json`)?.metadata.test);
  assert.equal(marks, ["true", "true"]);
  assert.is(meter.counts.LeadsIngested, undefined);
});

ingest("stores a lead as it was written, so that no id and no number changes", async () => {
  const { post, store } = setUp();
  const written = '{ "id":12345678901234567890,"email":"jane@acme.example", "x":[1e20,1.0] }';
  assert.is((await post(`[{"email":"a@b.example"}, ${written} ]`)).status, 202);
  assert.is(Buffer.from(store.all.get(keyOf("msg_1", 1))?.body ?? []).toString(), written);
});

ingest("stores each lead of an array, and what an envelope holds", async () => {
  const { post, store } = setUp();
  const answer = await post({ type: "lead.created", timestamp: "2026-03-01T12:00:00Z", data: [lead, { phone: "1" }] });
  assert.is(answer.status, 202);
  assert.equal([...store.all.keys()], [keyOf("msg_1", 0), keyOf("msg_1", 1)]);
  assert.equal(store.json(keyOf("msg_1", 1)), { phone: "1" });
});

ingest("decodes a base64 body before it computes the signature", async () => {
  assert.is((await setUp().post(lead, { base64: true })).status, 202);
});

ingest("answers 200 to a replayed id and stores nothing twice", async () => {
  const { post, store, meter } = setUp();
  await post(lead);
  const again = await post(lead);
  assert.is(again.status, 200);
  assert.equal(again.body.leads, [{ key: keyOf("msg_1"), status: "duplicate" }]);
  assert.is(store.all.size, 1);
  assert.is(meter.counts.LeadsIngested, 1);
});

ingest("gives the same event another key in another source", () => {
  assert.is.not(webhookLeadId("website", "msg_1", 0), webhookLeadId("partner", "msg_1", 0));
});

for (const [what, content, code] of [
  ["no body", "", "NotJson"],
  ["a body that is not JSON", "jane", "NotJson"],
  ["a form-encoded body", "email=jane", "IsFormEncoded"],
  ["half a JSON", '{"email":', "NotJson"],
  ["a JSON scalar", "42", "NotALead"],
  ["null", "null", "NotALead"],
  ["an array with a scalar in it", [lead, "jane"], "NotALead"],
  ["an array in an array", [[lead]], "NotALead"],
  ["an empty array", [], "NoLeads"],
  ["101 leads", Array.from({ length: 101 }, () => lead), "TooManyLeads"],
  ["300 KB of nesting", "[".repeat(150_000) + "]".repeat(150_000), "TooLarge"],
  ["200 KB of nesting", "[".repeat(100_000) + "]".repeat(100_000), "TooDeep"],
  ["a lead nested in 33 levels", `{"a":${"[".repeat(32)}${"]".repeat(32)}}`, "TooDeep"],
  ["a body over 256 KB", { ...lead, message: "x".repeat(256 * 1024) }, "TooLarge"],
] as const) {
  ingest(`answers 400 ${code} to ${what} and stores nothing`, async () => {
    const { post, store, log } = setUp();
    const answer = await post(content);
    assert.is(answer.status, 400);
    assert.is(answer.body.error.code, code);
    assert.ok(answer.body.error.message.length > 10);
    assert.is(store.all.size, 0);
    assert.not.match(JSON.stringify(log.lines), /jane/i);
  });
}

ingest("takes the source's name from the path of a route without a variable too", async () => {
  const { handler } = setUp();
  const { pathParameters: _, ...request } = httpRequest("website", "{}");
  const statusOf = async (routeKey: string) => (await handler({ ...request, routeKey })).statusCode;
  assert.equal(
    [await statusOf("POST /website"), await statusOf("POST /nobody"), await statusOf("$default")],
    [401, 404, 404],
  );
});

ingest("answers 401 to a bad signature before it looks at the body, and logs a warning", async () => {
  const { handler, store, log, meter } = setUp();
  const headers = { "webhook-id": "msg_1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA" };
  const message = "The request's signature was refused: message timestamp too old.";
  assert.equal(await handler(httpRequest("website", "not even JSON", headers)), {
    statusCode: 401,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ error: { code: "BadSignature", message } }),
  });
  assert.equal(log.lines, [
    {
      level: "warn",
      message: "request not accepted",
      context: { source: "website", apiRequestId: "request-1", errorClass: "BadSignature", reason: message },
    },
  ]);
  assert.equal([store.all.size, meter.counts, meter.flushed], [0, { SignaturesRefused: 1 }, 1]);
});

ingest("answers 400 as JSON and logs a warning, because the source made the mistake", async () => {
  const { post, log } = setUp();
  const error = { code: "NoLeads", message: "The body is an empty array; send one lead or more." };
  assert.equal(await post([]), { status: 400, headers: { "content-type": "application/json" }, body: { error } });
  assert.equal(log.lines, [
    {
      level: "warn",
      message: "request not accepted",
      context: { source: "website", apiRequestId: "request-1", errorClass: error.code, reason: error.message },
    },
  ]);
});

ingest("answers 404 as JSON", async () => {
  assert.equal(await setUp().post(lead, { source: "nobody" }), {
    status: 404,
    headers: { "content-type": "application/json" },
    body: { error: { code: "UnknownSource", message: "No source of this name is configured." } },
  });
});

ingest("accepts any of several secrets with white space between them", async () => {
  const { post } = setUp({ readSecret: async () => `whsec_${"A".repeat(32)}\n ${secret}` });
  assert.is((await post(lead)).status, 202);
});

ingest("answers 503 and logs an error while the source's secret is unusable, which is our fault", async () => {
  const { post, log } = setUp({ readSecret: async () => "whsec_%%%" });
  assert.is((await post(lead)).status, 503);
  assert.equal(
    log.lines.map(({ level, context }) => [level, context.errorClass, context.reason]),
    [["error", "UnusableSecret", "The source's secret has characters after whsec_ that base64 does not have."]],
  );
});

ingest("accepts a rotated secret ten seconds after it was last read, and asks no oftener for it", async () => {
  const clock = { now: now.getTime(), asked: 0, value: `whsec_${"A".repeat(32)}` };
  const send = async () => {
    clock.asked += 1;
    return { Parameters: [{ Name: "signing-secret", Value: clock.value }] };
  };
  const readSecret = createSecretReader({ send } as unknown as SSMClient, () => clock.now);
  const { post, store } = setUp({ readSecret });
  const statuses = [(await post(lead)).status, (await post(lead)).status];
  clock.value = secret;
  clock.now += 9_999;
  statuses.push((await post(lead)).status);
  assert.equal([statuses, clock.asked, store.all.size], [[401, 401, 401], 1, 0]);
  clock.now += 1;
  assert.equal([(await post(lead)).status, clock.asked, store.all.size], [202, 2, 1]);
});

ingest("accepts a secret that was corrected, without a wait of minutes", async () => {
  const values = ["whsec_%%%", secret];
  const ages: unknown[] = [];
  const { post } = setUp({
    readSecret: async (_, options) => {
      ages.push(options?.maxAge);
      return values[ages.length - 1] ?? "";
    },
  });
  assert.equal([(await post(lead)).status, ages], [202, [undefined, 10_000]]);
});

ingest("gives the door the whole request, the source's settings and secrets, and the time", async () => {
  const given: unknown[] = [];
  const spy: Door = {
    verify: (...args) => given.push(args),
    split: (...args) => {
      given.push(args);
      return [];
    },
  };
  const { handler } = setUp({ door: spy });
  const request = httpRequest("website", "e30=", { "x-a": "b" }, true);
  await handler({ ...request, rawQueryString: "c=d" });
  const expected = { method: "POST", path: "/website", query: "c=d", headers: { "x-a": "b" }, body: Buffer.from("{}") };
  assert.equal(given, [
    [expected, { secrets: [secret], otherSecrets: {}, settings: filled, now }],
    [expected, { settings: filled }],
  ]);
});

for (const [method, answersGet, allow] of [
  ["GET", false, "POST"],
  ["HEAD", false, "POST"],
  ["HEAD", true, "POST, GET"],
  ["PUT", true, "POST, GET"],
] as const) {
  ingest(`answers 405 to ${method} of a source that may send ${allow}, and reads neither body nor secret`, async () => {
    const unread = () => Promise.reject(new Error("read"));
    const { handler, store, log } = setUp({ answersGet, readSecret: unread });
    const request = httpRequest("website", "{}");
    const http = { ...request.requestContext.http, method };
    const answer = await handler({ ...request, requestContext: { ...request.requestContext, http } });
    assert.equal([answer.statusCode, answer.headers?.allow, store.all.size, log.lines], [405, allow, 0, []]);
  });
}

const tests: Door = {
  verify() {},
  split: () => [
    { kind: "lead", identity: ["1"], json: '{"id":1}', isTest: true },
    { kind: "lead", identity: ["2"], json: '{"id":2}' },
  ],
};
ingest("stores a lead that its source marks as a test, and says so in its metadata", async () => {
  const { post, store, meter } = setUp({ door: tests });
  await post(lead);
  const marks = ["1", "2"].map((id) => store.all.get(rawKey(webhookLeadId("website", id)))?.metadata.test);
  assert.equal([marks, meter.counts], [["true", undefined], { LeadsIngested: 2 }]);
});
ingest("ignores tests where the environment wants none, and stores the other leads of the request", async () => {
  const { post, store, log, meter } = setUp({ door: tests, settings: { testLeads: "ignore" } });
  assert.is((await post(lead)).status, 202);
  assert.equal([...store.all.keys()], [rawKey(webhookLeadId("website", "2"))]);
  assert.equal(meter.counts, { EventsIgnored: 1, LeadsIngested: 1 });
  assert.equal(log.lines[0], {
    level: "info",
    message: "event ignored",
    context: { source: "website", reason: "test lead" },
  });
});

ingest("has no query in a log, an answer or an object, because it can hold a secret", async () => {
  const answering: Door = { ...door, challenge: () => ({ status: 200, contentType: "text/plain", body: "yes" }) };
  const { handler, log, store } = setUp({ door: answering, answersGet: true });
  const answers: unknown[] = [];
  for (const method of ["POST", "GET", "HEAD"]) {
    const request = { ...httpRequest("website", "{}"), rawQueryString: "token=hunter2", rawPath: "/website" };
    const http = { ...request.requestContext.http, method };
    answers.push(await handler({ ...request, requestContext: { ...request.requestContext, http } }));
  }
  assert.equal(
    (answers as { statusCode: number }[]).map(({ statusCode }) => statusCode),
    [401, 200, 405],
  );
  assert.not.match(JSON.stringify([answers, log.lines, [...store.all]]), /hunter2/);
});

ingest("answers 200 to events that are no new leads, and logs and counts that it ignores them", async () => {
  const ignoring: Door = { verify() {}, split: () => [{ kind: "ignored", reason: "contact.deletion" }] };
  const { post, store, log, meter } = setUp({ door: ignoring });
  const answer = await post(lead);
  assert.equal([answer.status, answer.body, store.all.size], [200, { leads: [] }, 0]);
  assert.equal(log.lines, [
    { level: "info", message: "event ignored", context: { source: "website", reason: "contact.deletion" } },
  ]);
  assert.equal(meter.counts, { EventsIgnored: 1 });
});

ingest("identifies a lead by what the door says, whatever else is in the request", async () => {
  const identified: Door = {
    verify() {},
    split: () => [
      { kind: "ignored", reason: "test" },
      { kind: "lead", identity: ["portal", "object"], json: '{"objectId":1}' },
    ],
  };
  const { post, store } = setUp({ door: identified });
  const key = `${webhookLeadId("website", "portal", "object")}.json`;
  assert.equal((await post(lead)).body, { leads: [{ key, status: "stored" }] });
  assert.equal(store.json(key), { objectId: 1 });
});

ingest("waits for every write before it answers that one has failed", async () => {
  const store = memoryStore();
  let written = 0;
  const { post } = setUp({
    store: {
      ...store,
      writeOnce: async (key) => {
        if (key === keyOf("msg_1", 0)) throw awsError("SlowDown", 503);
        await new Promise((done) => setImmediate(done));
        written += 1;
        return "stored";
      },
    },
  });
  assert.equal([(await post([lead, lead, lead])).status, written], [503, 2]);
});

for (const source of ["nobody", "", "__proto__", "constructor", "../website", "website/"]) {
  ingest(`answers 404 to the source "${source}", which is not configured`, async () => {
    const { post, store } = setUp();
    assert.is((await post(lead, { source })).status, 404);
    assert.is(store.all.size, 0);
  });
}

ingest("answers 503 with Retry-After when one of several leads could not be stored", async () => {
  const store = memoryStore();
  const answer = await setUp({
    store: {
      ...store,
      writeOnce: async (key, json, metadata) => {
        if (key === keyOf("msg_1", 1)) throw awsError("SlowDown", 503);
        return store.writeOnce(key, json, metadata);
      },
    },
  }).post([lead, lead, lead]);
  assert.equal(answer, {
    status: 503,
    headers: { "content-type": "application/json", "retry-after": "5" },
    body: { error: { code: "Unavailable", message: "Not stored; try again in 5 seconds." } },
  });
});

ingest("stores the rest when the source tries again after a 503", async () => {
  const store = memoryStore();
  let down = true;
  const { post } = setUp({
    store: {
      ...store,
      writeOnce: async (key, json, metadata) => {
        if (down && key === keyOf("msg_1", 1)) throw awsError("SlowDown", 503);
        return store.writeOnce(key, json, metadata);
      },
    },
  });
  assert.is((await post([lead, lead])).status, 503);
  down = false;
  const again = await post([lead, lead]);
  assert.is(again.status, 202);
  assert.equal(
    again.body.leads.map(({ status }: { status: string }) => status),
    ["duplicate", "stored"],
  );
});

ingest("answers 503 when the source's secret cannot be read, and logs no message of AWS", async () => {
  const { post, log } = setUp({ readSecret: () => Promise.reject(awsError("ThrottlingException", 400)) });
  assert.is((await post(lead)).status, 503);
  const [line] = log.lines;
  assert.is(line?.level, "error");
  assert.is(line?.context.errorClass, "ThrottlingException");
  assert.not.match(JSON.stringify(log.lines), /jane/i);
});

ingest("logs one line a lead, with its correlation id and nothing of the person", async () => {
  const { post, log } = setUp();
  await post([lead, lead]);
  assert.equal(
    log.lines,
    [0, 1].map((index) => ({
      level: "info",
      message: "lead ingested",
      context: { correlationId: webhookLeadId("website", "msg_1", index), source: "website", status: "stored" },
    })),
  );
  assert.not.match(JSON.stringify(log.lines), /jane|roe|acme/i);
});

ingest.run();
