import { createHmac } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { enrichLead } from "../../../functions/enrich/enrich-lead.ts";
import { createFetchedLead } from "../../../functions/enrich/fetched-lead.ts";
import { makeHandler as makeEnrich } from "../../../functions/enrich/handler.ts";
import { makeHandler as makeIngest } from "../../../functions/ingest/handler.ts";
import { enrichedKey, fetchedKey, rawKey, webhookLeadId } from "../../../functions/lead/lead-id.ts";
import { maxBodyBytes } from "../../../functions/lead/raw-lead.ts";
import type { RejectedError } from "../../../functions/lead/rejection.ts";
import { boundedText } from "../../../functions/lead/text.ts";
import type { Failed } from "../../../functions/runtime/postpone.ts";
import type { SourceDeclaration } from "../../../functions/sources/declaration.ts";
import { type Door, UnprovenRequestError } from "../../../functions/sources/door.ts";
import { type FetchRecord, getRecord } from "../../../functions/sources/fetch-record.ts";
import { readLead } from "../../../functions/sources/general-reader.ts";
import { declarationOf, readerOf, type SourceFormat, sourceFormats } from "../../../functions/sources/index.ts";
import type { Reader } from "../../../functions/sources/reading.ts";
import { filledSettings } from "../../../functions/sources/settings.ts";
import type { ReadSource } from "../../../functions/sources/source-parameters.ts";
import { type HmacRule, verifyHmac } from "../../../functions/sources/verify/hmac.ts";
import { sameText } from "../../../functions/sources/verify/same-text.ts";
import { httpRequest, objectCreated, sqsEvent, sqsRecord } from "../../helpers/aws-events.ts";
import { failureOf } from "../../helpers/failure.ts";
import { memoryStore, recordedLog, recordedMeter } from "../../helpers/fakes.ts";
import { httpServer } from "../../helpers/http-server.ts";
import { recordedOutcomes } from "../../helpers/outcomes.ts";
import { recordedTimeLimits } from "../../helpers/time-limits.ts";

/**
 * A CRM whose events hold only ids. It shows what such a source needs: a door with a challenge and an answer of its own, a
 * reader that sees record and event, `fetchRecord`, and a declaration. It is not shipped.
 */
const signature: HmacRule = { header: "x-signature", encoding: "hex" };
const door: Door = {
  verify: (request, context) => verifyHmac(signature, request, context),
  split: ({ body }) =>
    (JSON.parse(body.toString()) as { portal: number; object: number; type: string }[]).map((event) =>
      event.type === "created"
        ? { kind: "lead", identity: [String(event.portal), String(event.object)], json: JSON.stringify(event) }
        : { kind: "ignored", reason: event.type },
    ),
  answer: { status: 200, contentType: "text/xml", body: "<Ack>true</Ack>" },
  challenge({ query }, { otherSecrets }) {
    const parameters = new URLSearchParams(query);
    const token = parameters.get("verify_token") ?? "";
    if (!otherSecrets["verify-token"]?.some((one) => sameText(one, token))) {
      throw new UnprovenRequestError("BadCredentials", "The request's verify_token was refused.");
    }
    return { status: 200, contentType: "text/plain", body: parameters.get("challenge") ?? "" };
  },
};
const readRecord: Reader = (record, context) => {
  const { fields, ...others } = readLead(record.properties as Record<string, unknown>, context);
  const text = boundedText(`https://crm.example/${context.event.portal}/${context.event.object}`);
  return { ...others, fields: { ...fields, ...(text && { url: [{ text, path: "object" }] }) } };
};
const fetchRecord: FetchRecord = ({ object }, { secrets, settings, signal }) => {
  const { apiUrl } = settings as { readonly apiUrl: string };
  return getRecord(`${apiUrl}/contacts/${object}`, { authorization: `Bearer ${secrets["api-token"]}` }, signal);
};
const thin: SourceDeclaration = {
  title: "Thin CRM",
  settings: { apiUrl: { type: "string", bound: "a URL", reason: "Records are there.", check: URL.canParse } },
  secrets: ["signing-secret", "verify-token"],
  door: async () => ({ door }),
  reader: async () => ({ readLead: readRecord }),
  fetch: {
    isThin: (given) => !("properties" in given),
    concurrency: 2,
    secrets: ["api-token"],
    load: async () => ({ fetchRecord }),
  },
  answersGet: true,
};
const formats = { ...sourceFormats, thin };

const secrets = { "/signing-secret": "s3cret", "/verify-token": "old new", "/api-token": "t0ken" };
const now = new Date("2026-03-01T12:00:00.000Z");
const event = { portal: 7, object: 42, type: "created" };
const id = webhookLeadId("crm", "7", "42");
const record = { id: "42", properties: { email: "jane.roe@acme.example", firstname: "Jane" } };

type ApiAnswer = readonly [status: number, body?: unknown, retryAfter?: string];

/** The source in a pipeline of ingest and enrich, with an API whose answers come one after the other. */
async function setUp(...answers: ApiAnswer[]) {
  const asked: string[] = [];
  const api = await httpServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    const [status, body = {}, retryAfter] = answers.shift() ?? [500];
    response
      .writeHead(status, { location: "/elsewhere", ...(retryAfter && { "retry-after": retryAfter }) })
      .end(typeof body === "string" ? body : JSON.stringify(body));
  });
  const store = memoryStore();
  const log = recordedLog();
  const meter = recordedMeter();
  const rejections: RejectedError[] = [];
  const failures: Failed[] = [];
  /** What SSM has after a rotation: it is read by whoever wants a new value. */
  const rotated: Record<string, string> = {};
  const secret = (name: string, maxAge?: number) =>
    (maxAge === undefined ? undefined : rotated[`/${name}`]) ?? secrets[`/${name}` as keyof typeof secrets];
  const readFrom =
    (apiUrl: string): ReadSource =>
    async (_, names, maxAge) => ({
      settings: filledSettings(thin, { apiUrl }),
      secrets: Object.fromEntries(names.map((name) => [name, secret(name, maxAge)])),
    });
  const ingest = makeIngest({
    sources: { crm: "thin" as SourceFormat },
    declarationOf: () => thin,
    readSource: readFrom(api.url),
    store,
    log,
    meter,
    now: () => now,
  });
  let time = now;
  const enrichOf = (sources: Readonly<Record<string, string>>, apiUrl = api.url) =>
    makeEnrich({
      store,
      loadEnrichment: async () => ({ enrichLead }),
      readerOf: (format) => readerOf(format, formats),
      settingsOf: async () => undefined,
      fetchedLead: createFetchedLead({
        store,
        fetchOf: (format) => declarationOf(format, formats)?.fetch,
        sources,
        readSource: readFrom(apiUrl),
        now: () => time,
      }),
      domainKind: async () => ({ freeMail: false, disposable: false }),
      outcomes: recordedOutcomes(),
      sendToDeadLetters: async (_, rejection) => {
        rejections.push(rejection);
      },
      queue: { delete: async () => {}, retryAfter: async () => {} },
      postpone: async (failed) => {
        failures.push(...failed);
        return failed.map(({ message }) => message);
      },
      defaultCountry: undefined,
      log,
      meter,
      now: () => now,
    });
  const handler = enrichOf({ crm: "thin" });
  const enrich = () => handler(sqsEvent(sqsRecord(objectCreated(rawKey(id)))), context);
  const post = (...events: object[]) => {
    const body = JSON.stringify(events);
    const signed = createHmac("sha256", secrets["/signing-secret"]).update(body).digest("hex");
    return ingest(httpRequest("crm", body, { "x-signature": signed }));
  };
  const get = (query: string) => {
    const request = httpRequest("crm", undefined);
    const http = { ...request.requestContext.http, method: "GET" };
    return ingest({ ...request, rawQueryString: query, requestContext: { ...request.requestContext, http } });
  };
  const wait = (seconds: number) => {
    time = new Date(time.getTime() + seconds * 1000);
  };
  const enrichedLead = () => store.json(enrichedKey(id, now));
  const { [Symbol.asyncDispose]: stopApi } = api;
  return {
    post,
    get,
    enrich,
    enrichOf,
    wait,
    store,
    asked,
    log,
    failures,
    rejections,
    rotated,
    enrichedLead,
    [Symbol.asyncDispose]: stopApi,
  };
}

const context = { getRemainingTimeInMillis: () => 10_000 };
const success = { batchItemFailures: [] };
const retried = { batchItemFailures: [{ itemIdentifier: "message-1" }] };

const source = suite("a source of thin events");

source("stores events as they came, and answers in its own protocol, also when it ignores them", async () => {
  await using run = await setUp();
  const ack = { statusCode: 200, headers: { "content-type": "text/xml" }, body: "<Ack>true</Ack>" };
  assert.equal(await run.post(event, { ...event, type: "deleted" }), ack);
  assert.equal(await run.post({ ...event, type: "deleted" }), ack);
  assert.equal([[...run.store.all.keys()], run.store.json(rawKey(id))], [[rawKey(id)], event]);
});

source("answers a GET request with the challenge, by any valid value of another secret", async () => {
  await using run = await setUp();
  for (const token of ["old", "new"]) {
    const answer = await run.get(`verify_token=${token}&challenge=1158201444`);
    assert.equal(answer, { statusCode: 200, headers: { "content-type": "text/plain" }, body: "1158201444" });
  }
  for (const token of ["", "old new", "s3cret"]) {
    assert.is((await run.get(`verify_token=${encodeURIComponent(token)}&challenge=1`)).statusCode, 401, token);
  }
  assert.is(run.store.all.size, 0);
});

source("gets its record by the event's id and the token, and the reader sees both", async () => {
  await using run = await setUp([200, record]);
  await run.post(event);
  assert.equal(await run.enrich(), success);
  assert.equal(run.asked, ["GET /contacts/42 Bearer t0ken"]);
  const { email, name, url } = run.enrichedLead();
  assert.equal([email.address, name.full, url], ["jane.roe@acme.example", "Jane", "https://crm.example/7/42"]);
});

source("is not fetched when its event is complete", async () => {
  await using run = await setUp();
  await run.post({ ...event, ...record });
  assert.equal(await run.enrich(), success);
  assert.equal([run.asked, run.enrichedLead().email.address], [[], "jane.roe@acme.example"]);
});

source("has its record stored byte for byte next to the raw lead, so that a replay asks no API", async () => {
  const text = '{ "id": 12345678901234567890, "properties": {"email":"jane.roe@acme.example"} }';
  await using run = await setUp([200, text]);
  await run.post(event);
  await run.enrich();
  assert.is(Buffer.from(run.store.all.get(fetchedKey(id))?.body ?? []).toString(), text);
  run.store.all.delete(enrichedKey(id, now));
  assert.equal(await run.enrich(), success);
  assert.equal([run.asked.length, run.enrichedLead().email.address], [1, "jane.roe@acme.example"]);
});

for (const [status, code, advice] of [
  [404, "RecordNotFound", /deleted, or the token may not read it/],
  [410, "RecordNotFound", /deleted/],
] as const) {
  source(`dead-letters a lead at once when the API answers ${status}, and says what to do`, async () => {
    await using run = await setUp([status], [200, record]);
    await run.post(event);
    assert.equal(await run.enrich(), success);
    assert.equal([run.rejections[0]?.code, run.asked.length], [code, 1]);
    assert.match(run.rejections[0]?.message ?? "", advice);
    assert.equal(await run.enrich(), success, "a redriven letter is fetched");
    assert.is(run.enrichedLead().email.address, "jane.roe@acme.example");
  });
}

for (const [status, kind, problem] of [
  [408, "unavailable", "answered 408"],
  [425, "unavailable", "answered 425"],
  [429, "unavailable", "answered 429"],
  [500, "unavailable", "answered 500"],
  [503, "unavailable", "answered 503"],
  [302, "fault", "answered 302"],
  [204, "fault", "answered 204"],
  [401, "needsPerson", "refused the token (401): put a valid one into its SSM parameter"],
  [403, "needsPerson", "refused the token (403)"],
] as const) {
  source(`leaves ${status} to the queue, which tries again, as ${kind}`, async () => {
    await using run = await setUp([status], [200, record]);
    await run.post(event);
    assert.equal([await run.enrich(), run.asked.length], [retried, 1]);
    assert.is(run.failures[0]?.kind, kind);
    assert.match(String(run.failures[0]?.cause.reason), `The source's API ${problem}`);
    assert.equal(await run.enrich(), success);
    assert.equal([run.rejections, run.enrichedLead().source], [[], "crm"]);
  });
}

for (const [what, answer, code] of [
  ["no JSON", "<html>", "IsXml"],
  ["no object", [record], "NotALead"],
  ["too large", { ...record, notes: "x".repeat(256 * 1024) }, "TooLarge"],
] as const) {
  source(`dead-letters a lead whose record is ${what}, and stores nothing`, async () => {
    await using run = await setUp([200, answer]);
    await run.post(event);
    assert.equal(await run.enrich(), success);
    assert.equal([run.rejections[0]?.code, run.store.all.size], [code, 1]);
  });
}

/** Seconds that the test may take until the API answers with a date. */
const slack = 60;
for (const [what, retryAfter, seconds] of [
  ["a number", "120", 120],
  ["a date", new Date(Date.now() + 3_600_000).toUTCString(), 3600],
] as const) {
  source(`is left alone for as long as its API asks for by ${what} in Retry-After`, async () => {
    await using run = await setUp([503, {}, retryAfter], [200, record]);
    await run.post(event);
    await run.enrich();
    const [{ retryAfterSeconds = 0 } = {}] = run.failures;
    assert.ok(retryAfterSeconds > seconds - slack && retryAfterSeconds <= seconds);
    run.wait(seconds - slack - 1);
    assert.equal([await run.enrich(), run.asked.length], [retried, 1], "another lead does not ask either");
    const [, { kind, retryAfterSeconds: rest = 0 } = {}] = run.failures;
    assert.ok(kind === "unavailable" && rest > 0 && rest <= slack + 1);
    run.wait(slack + 1);
    assert.equal([await run.enrich(), run.asked.length], [success, 2]);
  });
}
for (const retryAfter of ["0", "Fri, 01 Jan 2021 00:00:00 GMT", "soon", "-5", "1e9", ""]) {
  source(`is asked again at once when its API answers Retry-After "${retryAfter}"`, async () => {
    await using run = await setUp([503, {}, retryAfter], [200, record]);
    await run.post(event);
    await run.enrich();
    assert.equal([run.failures[0]?.retryAfterSeconds ?? 0, await run.enrich(), run.asked.length], [0, success, 2]);
  });
}

/** Six leads that were posted, as messages, and a source that is fetched from another API. */
async function sixLeads(run: Awaited<ReturnType<typeof setUp>>, apiUrl: string) {
  const objects = [1, 2, 3, 4, 5, 6];
  await run.post(...objects.map((object) => ({ ...event, object })));
  return {
    records: objects.map((object) => sqsRecord(objectCreated(rawKey(webhookLeadId("crm", "7", String(object)))))),
    apiUrl,
  };
}

source("is left alone for the longest time that its API asked for, whichever answer came last", async () => {
  await using run = await setUp([503, {}, "120"], [503], [200, record]);
  const { records } = await sixLeads(run, "");
  const enrich = run.enrichOf({ crm: "thin" });
  await enrich(sqsEvent(...records.slice(0, 2)), context);
  run.wait(60);
  await enrich(sqsEvent(...records.slice(2, 3)), context);
  assert.is(run.asked.length, 2);
});

source("is asked for as many records at the same time as its declaration says", async () => {
  let [asking, most] = [0, 0];
  await using api = await httpServer(async (_, response) => {
    asking += 1;
    most = Math.max(most, asking);
    await new Promise((resolve) => setImmediate(resolve));
    asking -= 1;
    response.end(JSON.stringify(record));
  });
  await using run = await setUp();
  const { records, apiUrl } = await sixLeads(run, api.url);
  assert.equal(await run.enrichOf({ crm: "thin" }, apiUrl)(sqsEvent(...records), context), success);
  assert.equal([most, run.failures], [2, []]);
});

source("gives its API three seconds for the whole answer, and leaves what is late to the queue", async () => {
  await using run = await setUp([200, record]);
  await run.post(event);
  using time = recordedTimeLimits();
  assert.equal([await run.enrich(), time.limits, run.rejections], [retried, [3000], []]);
  const [{ kind, cause } = {}] = run.failures;
  assert.equal([kind, cause?.errorClass], ["unavailable", "TimeoutError"]);
});

source("is not waited for when its API sends headers and then nothing more", async () => {
  await using api = await httpServer((_, response) => {
    response.writeHead(200).write('{"id"');
  });
  const late = await failureOf(getRecord(api.url, {}, AbortSignal.timeout(50)));
  assert.is(late.name, "TimeoutError");
});

source("has a record of as many bytes as a lead can have, and a longer one is refused", async () => {
  const never = new AbortController().signal;
  let length = maxBodyBytes;
  await using api = await httpServer((_, response) => void response.end("x".repeat(length)));
  assert.is((await getRecord(api.url, {}, never)).length, maxBodyBytes);
  length += 1;
  assert.match((await failureOf(getRecord(api.url, {}, never))).message, /^The record has more than 262144 bytes/);
});

source("answers a challenge with a secret that was rotated", async () => {
  await using run = await setUp();
  run.rotated["/verify-token"] = "newest";
  assert.equal((await run.get("verify_token=newest&challenge=1")).body, "1");
  assert.is((await run.get("verify_token=other&challenge=1")).statusCode, 401);
});

source("is fetched with a token that was rotated, before its lead is dead-lettered", async () => {
  await using run = await setUp([401], [200, record]);
  run.rotated["/api-token"] = "newt0ken";
  await run.post(event);
  assert.equal(await run.enrich(), success);
  assert.equal(run.asked, ["GET /contacts/42 Bearer t0ken", "GET /contacts/42 Bearer newt0ken"]);
  assert.equal([run.rejections, run.enrichedLead().email.address], [[], "jane.roe@acme.example"]);
});

source("is not fetched with another source's token, or without a configured source", async () => {
  await using run = await setUp();
  await run.post(event);
  for (const sources of [{}, { crm: "other" }]) {
    assert.equal(await run.enrichOf(sources)(sqsEvent(sqsRecord(objectCreated(rawKey(id)))), context), success);
  }
  assert.equal(
    run.rejections.map(({ code }) => code),
    ["NotFetchable", "NotFetchable"],
  );
  assert.equal(run.asked, []);
});

source("gives each lead three seconds in all, however many wait before it", async () => {
  await using run = await setUp();
  await using api = await httpServer(() => {});
  const { records, apiUrl } = await sixLeads(run, api.url);
  const { timeout } = AbortSignal;
  using time = recordedTimeLimits(() => timeout(50));
  await run.enrichOf({ crm: "thin" }, apiUrl)(sqsEvent(...records), context);
  assert.equal([time.limits.length, new Set(run.failures.map(({ kind }) => kind))], [6, new Set(["unavailable"])]);
});

source("never has its token or its records in a log", async () => {
  await using run = await setUp([503], [401], [200, record]);
  await run.post(event);
  for (let count = 0; count < 3; count += 1) await run.enrich();
  const causes = run.failures.map(({ cause }) => cause);
  assert.is(causes.length, 2);
  assert.not.match(JSON.stringify([run.log.lines, causes]), /t0ken|jane/i);
});

source.run();
