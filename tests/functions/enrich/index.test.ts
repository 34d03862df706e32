import type { SQSRecord } from "aws-lambda";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { rawKey, rawObjectLeadId, webhookLeadId } from "../../../functions/lead/lead-id.ts";
import type { SourceDeclaration } from "../../../functions/sources/declaration.ts";
import { readLead as readGenerally } from "../../../functions/sources/general-reader.ts";
import { sourceFormats } from "../../../functions/sources/index.ts";
import type { Reader } from "../../../functions/sources/reading.ts";
import { objectCreated, sqsEvent, sqsRecord } from "../../helpers/aws-events.ts";
import { limitsInUse } from "../../helpers/client-limits.ts";
import { importFailure, lambdaContext, withFunction, withOutput } from "../run-function.ts";
import {
  type Answers,
  errorAnswer,
  missingAnswer,
  objectAnswer,
  parametersAnswer,
  s3ErrorAnswer,
  scriptedAws,
} from "../scripted-aws.ts";

type Enrich = typeof import("../../../functions/enrich/index.ts");

const id = webhookLeadId("website", "msg_1", 0);
const raw = { email: "jane@gmail.com", phone: "030 123456" };
const record = sqsRecord(objectCreated(rawKey(id)), "m1");

interface Given {
  readonly answers?: Answers;
  readonly text?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly records?: readonly SQSRecord[];
}

/** Gives messages to enrich, which runs against a fake AWS. */
async function run({
  answers = () => undefined,
  text = JSON.stringify(raw),
  variables = {},
  records = [record],
}: Given = {}) {
  await using aws = await scriptedAws((call, count) => {
    const answer = answers(call, count);
    return answer ?? (call.operation === "GetObject" ? objectAnswer(text, { format: "standard-webhooks" }) : undefined);
  });
  const ran = await withFunction(
    "enrich",
    {
      AWS_ENDPOINT_URL: aws.url,
      DEAD_LETTER_QUEUE_URL: `${aws.url}/111122223333/leads-dlq`,
      QUEUE_URL: `${aws.url}/111122223333/leads`,
      GIVE_UP_AFTER_HOURS: "72",
      SOURCES: "{}",
      SOURCE_PARAMETERS: "/leadwire/test/sources",
      ...variables,
    },
    ({ handler }: Enrich) => withOutput(() => handler(sqsEvent(...records), lambdaContext(10_000))),
  );
  const put = aws.of("PutObject").findLast(({ path }) => path.includes("/enriched/"));
  return { ...ran, of: aws.of, put, lead: put && JSON.parse(put.body) };
}

const enrich = suite("enrich index");

enrich("stores the enriched lead, with the domain lists of its own", async () => {
  const { result, put, lead, of, lines } = await run({ variables: { DEFAULT_COUNTRY: "DE" } });
  assert.equal(result, { batchItemFailures: [] });
  assert.equal(
    of("GetObject").map(({ path }) => path),
    [`/leads/${rawKey(id)}`],
  );
  assert.is(put?.path, `/leads/enriched/dt=2026-03-01/${id}.json`);
  assert.equal([put?.headers["content-type"], put?.headers["if-none-match"]], ["application/json", "*"]);
  assert.equal([lead.id, lead.source, lead.email.freeMail], [id, "website", true]);
  assert.equal(
    lines.map(({ message, service, LeadsEnriched }) => [message ?? LeadsEnriched, service]),
    [
      ["lead enriched", "enrich"],
      [1, "enrich"],
    ],
  );
});

enrich("reads phone numbers without a country code by DEFAULT_COUNTRY, and only then", async () => {
  const [known, unknown] = [await run({ variables: { DEFAULT_COUNTRY: "DE" } }), await run()];
  assert.equal([known.lead.phone, unknown.lead.phone], [{ e164: "+4930123456", country: "DE" }, undefined]);
});

enrich("dead-letters a rejected lead in its queue", async () => {
  const { result, of } = await run({ text: "{}" });
  assert.equal(result, { batchItemFailures: [] });
  const [sent, ...more] = of("SendMessage").map((call) => JSON.parse(call.body));
  assert.equal(more, []);
  assert.match(sent.QueueUrl, /\/111122223333\/leads-dlq$/);
  assert.equal([sent.MessageBody, sent.MessageAttributes.errorClass.StringValue], [record.body, "NoContact"]);
});

enrich("writes the outcome of a dead letter, and goes on if it may not", async () => {
  for (const refused of [false, true]) {
    const { result, of, lines } = await run({
      text: "{}",
      answers: ({ path }) =>
        refused && path.startsWith("/leads/outcomes/") ? s3ErrorAnswer("AccessDenied", 403) : undefined,
    });
    const [put, ...more] = of("PutObject");
    assert.equal([result, more, of("SendMessage").length], [{ batchItemFailures: [] }, [], 1]);
    assert.match(put?.path ?? "", /^\/leads\/outcomes\/dt=\d{4}-\d\d-\d\d\/\d{9}-[0-9a-f]{16}-unannounced\.json$/);
    const { outcome, reason, ...record } = JSON.parse(put?.body ?? "");
    assert.equal([record.id, outcome, reason], [id, "deadLettered", "NoContact"]);
    assert.is(lines.find(({ OutcomesNotWritten }) => OutcomesNotWritten)?.OutcomesNotWritten, refused ? 1 : undefined);
  }
});

const ofSettings = ({ calls, names }: { calls: readonly { body: string }[]; names: readonly string[] }) =>
  assert.equal(
    calls.map(({ body }) => JSON.parse(body).Names),
    [names.map((name) => `/leadwire/test/sources/website/${name}`)],
  );

enrich("reads the settings of a lead's source, and the reader gets its fields", async () => {
  const given: unknown[] = [];
  const readLead: Reader = (lead, context) => {
    given.push(context.fields);
    return readGenerally(lead, context);
  };
  const spy: SourceDeclaration = { ...sourceFormats["standard-webhooks"], reader: async () => ({ readLead }) };
  Object.assign(sourceFormats, { spy });
  const { of } = await run({
    variables: { SOURCES: '{"website":"spy"}' },
    answers: ({ operation, body }) => {
      if (operation === "GetParameters") return parametersAnswer(body, "", { fields: { email: "contact.e" } });
      return operation === "GetObject" ? objectAnswer(JSON.stringify(raw), { format: "spy" }) : undefined;
    },
  }).finally(() => Reflect.deleteProperty(sourceFormats, "spy"));
  ofSettings({ calls: of("GetParameters"), names: ["settings"] });
  assert.equal(given, [{ email: "contact.e" }]);
});

enrich("reads no settings for a file, nor for a source that the environment does not have", async () => {
  for (const [records, SOURCES] of [
    [[sqsRecord(objectCreated("website-lead.json"), "m1")], '{"website":"standard-webhooks"}'],
    [[record], '{"crm":"standard-webhooks"}'],
  ] as const) {
    const { of, lead } = await run({ records, variables: { SOURCES } });
    assert.equal([of("GetParameters").length, lead.email.address], [0, raw.email]);
  }
});

enrich("postpones a lead while the settings of its source cannot be read", async () => {
  const { of, put } = await run({
    variables: { SOURCES: '{"website":"standard-webhooks"}' },
    answers: ({ operation }) => (operation === "GetParameters" ? errorAnswer("InternalServerError") : undefined),
  });
  assert.equal([put, of("SendMessageBatch").length], [undefined, 1]);
});

enrich("fetches a record with the token and the settings of its source, which it reads with one request", async () => {
  const given: object[] = [];
  const thin: SourceDeclaration = {
    ...sourceFormats["standard-webhooks"],
    fetch: {
      secrets: ["api-token"],
      concurrency: 1,
      load: async () => ({
        fetchRecord: async (_, { secrets, settings }) => {
          given.push(secrets, settings);
          return '{"email":"fetched@acme.example"}';
        },
      }),
    },
  };
  Object.assign(sourceFormats, { thin });
  const { lead, of } = await run({
    variables: { SOURCES: '{"website":"thin"}' },
    answers: ({ operation, path, body }) => {
      if (operation === "GetParameters") return parametersAnswer(body, "t0ken", { title: "Shop" });
      if (operation !== "GetObject") return undefined;
      return path.includes("/fetched/") ? missingAnswer : objectAnswer('{"object":42}', { format: "thin" });
    },
  }).finally(() => Reflect.deleteProperty(sourceFormats, "thin"));
  const settings = { fields: {}, crmHosts: [], testLeads: "announce", title: "Shop" };
  assert.equal(given, [{ "api-token": "t0ken" }, settings]);
  ofSettings({ calls: of("GetParameters"), names: ["settings", "api-token"] });
  assert.is(lead.email.address, "fetched@acme.example");
});

enrich("does not start when SOURCES is not JSON", async () => {
  const queues = { DEAD_LETTER_QUEUE_URL: "http://127.0.0.1:9/dlq", QUEUE_URL: "http://127.0.0.1:9/queue" };
  const variables = { ...queues, GIVE_UP_AFTER_HOURS: "72", SOURCES: "{crm" };
  assert.match(await importFailure("enrich", variables), "SOURCES is not JSON");
});

for (const [operation, text] of [
  ["GetObject", undefined],
  ["PutObject", undefined],
  ["SendMessage", "{}"],
] as const) {
  const given = text === undefined ? {} : { text };

  enrich(`tries ${operation} twice`, async () => {
    const { result, of } = await run({
      ...given,
      answers: (call, count) =>
        call.operation === operation && count === 1 ? errorAnswer("InternalServerError") : undefined,
    });
    assert.equal([result, of(operation).length], [{ batchItemFailures: [] }, 2]);
  });
}

enrich("ends its calls early enough for the batch to end in time", async () => {
  const given: Given = {
    text: "{}",
    variables: { SOURCES: '{"website":"standard-webhooks"}' },
    answers: ({ operation, body }) => (operation === "GetParameters" ? parametersAnswer(body, "") : undefined),
  };
  const limits = await limitsInUse(() => run(given));
  assert.equal(limits, { S3Client: [2000, 2], SSMClient: [1000, 2], SQSClient: [2000, 2] });
});

const file = (versionId: string, etag: string, size = 100) =>
  sqsRecord(objectCreated("lead.json", { etag, size, versionId }), versionId);

enrich("makes two leads of one file name that was used twice, although both events come late", async () => {
  const versions: Readonly<Record<string, readonly [string, string]>> = { v1: ["ada", "e1"], v2: ["grace", "e2"] };
  const answers: Answers = ({ operation, query }) => {
    if (operation !== "GetObject") return undefined;
    // S3's answer without a version is the latest one.
    const [name, etag] = versions[query.get("versionId") ?? "v2"] ?? ["nobody", ""];
    return objectAnswer(JSON.stringify({ email: `${name}@acme.example` }), {}, etag);
  };
  const { of } = await run({ answers, records: [file("v1", "e1"), file("v2", "e2")] });
  const stored = of("PutObject").map((put) => ({ key: put.path, lead: JSON.parse(put.body) }));
  assert.equal(
    stored.map(({ key, lead }) => [key, lead.email.address]).sort(),
    [
      [`/leads/enriched/dt=2026-03-01/${rawObjectLeadId("lead.json", "e1")}.json`, "ada@acme.example"],
      [`/leads/enriched/dt=2026-03-01/${rawObjectLeadId("lead.json", "e2")}.json`, "grace@acme.example"],
    ].sort(),
  );
});

enrich("dead-letters the event of a version that is gone, and no other one takes its place", async () => {
  const answers: Answers = ({ operation }) =>
    operation === "GetObject" ? s3ErrorAnswer("NoSuchVersion", 404) : undefined;
  const { result, of } = await run({ answers, records: [file("v1", "e1")] });
  const sent = of("SendMessage").map((call) => JSON.parse(call.body).MessageAttributes.errorClass.StringValue);
  assert.equal([result, sent, of("GetObject").length], [{ batchItemFailures: [] }, ["ObjectGone"], 1]);
});

enrich(
  "sends a message again to its own queue when S3 is unavailable or refuses, and deletes the original",
  async () => {
    for (const [code, status, needed] of [
      ["SlowDown", 503, undefined],
      ["AccessDenied", 403, 1],
    ] as const) {
      const answers: Answers = ({ operation }) => (operation === "GetObject" ? s3ErrorAnswer(code, status) : undefined);
      const before = Date.now();
      const { result, of, lines } = await run({ answers });
      assert.equal([result, of("SendMessage")], [{ batchItemFailures: [] }, []]);
      const [sent, deletion] = ["SendMessageBatch", "DeleteMessageBatch"].map((name) =>
        JSON.parse(of(name)[0]?.body ?? ""),
      );
      assert.match(sent.QueueUrl, /\/111122223333\/leads$/);
      const [{ MessageBody, DelaySeconds, MessageAttributes }] = sent.Entries;
      const { attempt, firstAttemptAt, receives } = MessageAttributes;
      assert.equal([MessageBody, DelaySeconds], [record.body, 1]);
      assert.equal([attempt.StringValue, receives.StringValue], ["2", "0"]);
      assert.ok(Number(firstAttemptAt.StringValue) >= before);
      assert.equal(deletion.Entries, [{ Id: "0", ReceiptHandle: "receipt-m1" }]);
      const metrics = lines.find(({ LeadsPostponed }) => LeadsPostponed === 1);
      assert.equal([metrics?.PersonNeeded, metrics?.LeadsRetried], [needed, undefined]);
    }
  },
);

enrich("gives up after GIVE_UP_AFTER_HOURS", async () => {
  const attribute = (stringValue: string) => ({ stringValue, dataType: "String" });
  const old = {
    ...record,
    messageAttributes: { attempt: attribute("9"), firstAttemptAt: attribute(String(Date.now() - 5 * 3_600_000)) },
  };
  const answers: Answers = ({ operation }) => (operation === "GetObject" ? s3ErrorAnswer("SlowDown", 503) : undefined);
  const ran = async (hours: string) => {
    const { of } = await run({ answers, records: [old], variables: { GIVE_UP_AFTER_HOURS: hours } });
    return of("SendMessage").map((call) => JSON.parse(call.body).MessageAttributes.errorClass.StringValue);
  };
  assert.equal([await ran("6"), await ran("5")], [[], ["OutageTooLong"]]);
});

enrich("dead-letters a huge object without reading it", async () => {
  const { of } = await run({ records: [file("v1", "e1", 500e6)] });
  const sent = of("SendMessage").map((call) => JSON.parse(call.body).MessageAttributes.errorClass.StringValue);
  assert.equal([sent, of("GetObject")], [["TooLarge"], []]);
});

enrich("deletes a message that was received before, in its own queue", async () => {
  const again = { ...record, attributes: { ...record.attributes, ApproximateReceiveCount: "2" } };
  const { of, result } = await run({ records: [again] });
  const bodies = ["ChangeMessageVisibilityBatch", "DeleteMessageBatch"].map((name) =>
    JSON.parse(of(name)[0]?.body ?? "{}"),
  );
  assert.ok(bodies.every(({ QueueUrl }) => QueueUrl.endsWith("/111122223333/leads")));
  assert.equal(
    bodies.map(({ Entries }) => Entries),
    [[{ Id: "0", ReceiptHandle: "receipt-m1", VisibilityTimeout: 60 }], [{ Id: "0", ReceiptHandle: "receipt-m1" }]],
  );
  assert.equal(result, { batchItemFailures: [] });
});

for (const missing of [
  "DEAD_LETTER_QUEUE_URL",
  "QUEUE_URL",
  "GIVE_UP_AFTER_HOURS",
  "SOURCES",
  "SOURCE_PARAMETERS",
  "LEADS_BUCKET",
  "LEADWIRE_ENVIRONMENT",
]) {
  enrich(`does not start without ${missing}`, async () => {
    const queues = { DEAD_LETTER_QUEUE_URL: "http://127.0.0.1:9/dlq", QUEUE_URL: "http://127.0.0.1:9/queue" };
    const variables = { ...queues, GIVE_UP_AFTER_HOURS: "72", SOURCES: "{}", SOURCE_PARAMETERS: "/a", [missing]: "" };
    assert.match(await importFailure("enrich", variables), `${missing} is not set`);
  });
}

enrich.run();
