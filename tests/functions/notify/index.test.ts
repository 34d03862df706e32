import { hash } from "node:crypto";
import type { SQSRecord } from "aws-lambda";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { enrichedKey, webhookLeadId } from "../../../functions/lead/lead-id.ts";
import type { ChannelTools } from "../../../functions/notify/channels/channel.ts";
import { channels } from "../../../functions/notify/channels/index.ts";
import { classifySlackAnswer } from "../../../functions/notify/channels/slack/classify.ts";
import { slackDeclaration } from "../../../functions/notify/channels/slack/declaration.ts";
import { openWebhookChannel } from "../../../functions/notify/channels/webhook.ts";
import { objectCreated, sqsEvent, sqsRecord } from "../../helpers/aws-events.ts";
import { limitsInUse } from "../../helpers/client-limits.ts";
import { enrichedLead } from "../../helpers/leads.ts";
import { isClaim } from "../../helpers/ledger-table.ts";
import { importFailure, lambdaContext, withFunction, withOutput } from "../run-function.ts";
import {
  type Answer,
  type Answers,
  errorAnswer,
  objectAnswer,
  parametersAnswer,
  s3ErrorAnswer,
  scriptedAws,
} from "../scripted-aws.ts";

type Notify = typeof import("../../../functions/notify/index.ts");

const leads = [
  enrichedLead({ id: webhookLeadId("website", "msg_1", 0), country: "DE", score: 40 }),
  enrichedLead({ id: webhookLeadId("website", "msg_2", 0), country: "US", score: 90 }),
] as const;
type Lead = (typeof leads)[number];
const keyOf = ({ id }: Lead) => enrichedKey(id, new Date("2026-03-01T12:00:00.000Z"));
const slack = {
  defaultChannel: "sales",
  routes: [{ channel: "dach", when: { countries: ["DE"] } }],
  webhookParameters: {
    sales: "/leadwire/test/slack/sales/webhook-url",
    dach: "/leadwire/test/slack/dach/webhook-url",
  },
  patienceSeconds: 1,
};
const settings = {
  SLACK: JSON.stringify(slack),
  LEDGER_TABLE: "ledger",
  LEAD_RETENTION_DAYS: "365",
  GIVE_UP_AFTER_HOURS: "72",
  GATHER_MILLISECONDS: "50",
  SAME_PERSON_DAYS: "90",
  SAME_PERSON: "card",
  EMAIL_SENDER: "leads@example.com",
  EMAIL_RECIPIENTS: '["sales@example.com"]',
  EMAIL_CONFIGURATION_SET: "leadwire-test",
};

/** What the ledger's table knows of these routes. */
const routesItem = {
  fingerprint: { S: hash("sha256", JSON.stringify([slack.defaultChannel, slack.routes])) },
  changedAt: { N: "0" },
  destinations: { SS: ["dach", "sales"] },
};

/** What a fake AWS answers where a test says nothing else. */
function usual(operation: string, path: string, body: string, url: string): Answer | undefined {
  if (operation === "GetObject") {
    return objectAnswer(JSON.stringify(leads.find(({ id }) => path.includes(id))));
  }
  if (operation === "GetParameters") {
    return parametersAnswer(body, (name) => `${url}/webhook/${/slack\/(\w+)\//.exec(name)?.[1]}`);
  }
  if (path.startsWith("/webhook/")) return { body: "ok" };
  if (operation === "GetItem" && body.includes("ledger#routes")) return { body: JSON.stringify({ Item: routesItem }) };
  if (operation === "UpdateItem") return { body: '{"Attributes":{"nextTurnAt":{"N":"0"}}}' };
  if (operation === "SendEmail") return { body: '{"MessageId":"ses-1"}' };
  if (operation === "GetSuppressedDestination")
    return { status: 404, headers: { "x-amzn-errortype": "NotFoundException" } };
  return undefined;
}

interface Given {
  readonly answers?: Answers;
  readonly announced?: readonly Lead[];
  readonly bodies?: readonly string[];
  readonly changes?: Readonly<Record<string, string>>;
  /** Epoch milliseconds; for messages that were postponed. */
  readonly firstAttemptAt?: number;
}

const postponed = (record: SQSRecord, firstAttemptAt: number): SQSRecord => ({
  ...record,
  messageAttributes: { firstAttemptAt: { dataType: "String", stringValue: String(firstAttemptAt) } },
});

/** Gives messages to notify, which runs against a fake AWS and a fake Slack. */
async function run({ answers = () => undefined, announced = [leads[0]], bodies, changes, firstAttemptAt }: Given = {}) {
  const at = { url: "" };
  await using aws = await scriptedAws(
    (call, count) => answers(call, count) ?? usual(call.operation, call.path, call.body, at.url),
  );
  at.url = aws.url;
  const records = (bodies ?? announced.map((lead) => objectCreated(keyOf(lead)))).map((body, index) =>
    firstAttemptAt ? postponed(sqsRecord(body, `m${index}`), firstAttemptAt) : sqsRecord(body, `m${index}`),
  );
  const variables = {
    AWS_ENDPOINT_URL: aws.url,
    QUEUE_URL: `${aws.url}/111122223333/notifications`,
    DEAD_LETTER_QUEUE_URL: `${aws.url}/111122223333/notifications-dlq`,
    ...settings,
    ...changes,
  };
  const ran = await withFunction("notify", variables, ({ handler }: Notify) =>
    withOutput(() => handler(sqsEvent(...records), lambdaContext(30_000))),
  );
  const webhooks = aws.calls.filter(({ path }) => path.startsWith("/webhook/"));
  return { ...ran, of: aws.of, webhooks };
}

const fails =
  (operation: string, times: number): Answers =>
  (call, count) =>
    call.operation === operation && count <= times ? errorAnswer("InternalServerError") : undefined;
const slackIsGone: Answers = ({ path }) =>
  path.startsWith("/webhook/") ? { status: 404, body: "no_service" } : undefined;

const notify = suite("notify index");

notify("writes the outcomes of each message as an object, after the ledger has it", async () => {
  const order: string[] = [];
  const { of } = await run({
    announced: leads,
    answers: ({ operation, body }) => {
      const isSettled = operation === "UpdateItem" && body.includes("settledAt");
      if (isSettled || operation === "PutObject") order.push(`${operation} ${/website-[0-9a-f]{32}/.exec(body)?.[0]}`);
      return undefined;
    },
  });
  const puts = of("PutObject");
  assert.ok(puts.every(({ path }) => path.startsWith("/leads/outcomes/dt=")));
  assert.equal(
    puts
      .map(({ body }) => JSON.parse(body))
      .map(({ id, outcome, channel, destination }) => [id, outcome, channel, destination])
      .sort(),
    [
      [leads[0].id, "announced", "slack", "dach"],
      [leads[1].id, "announced", "slack", "sales"],
    ].sort(),
  );
  for (const { id } of leads) assert.ok(order.indexOf(`UpdateItem ${id}`) < order.indexOf(`PutObject ${id}`));
});

notify("announces once, and fails no message, if outcomes cannot be written", async () => {
  for (const answer of [s3ErrorAnswer("AccessDenied", 403), s3ErrorAnswer("SlowDown", 503)]) {
    const { result, webhooks, of, lines } = await run({
      answers: ({ operation }) => (operation === "PutObject" ? answer : undefined),
    });
    assert.equal([result, webhooks.length], [{ batchItemFailures: [] }, 1]);
    assert.equal([of("SendMessageBatch").length, of("SendMessage").length], [0, 0]);
    assert.is(lines.find(({ OutcomesNotWritten }) => OutcomesNotWritten)?.OutcomesNotWritten, 1);
  }
});

notify("writes the outcome of what it gives up", async () => {
  const { of } = await run({
    firstAttemptAt: Date.now() - 73 * 3_600_000,
    answers: ({ operation }) => (operation === "GetObject" ? s3ErrorAnswer("SlowDown", 503) : undefined),
  });
  assert.equal(
    of("PutObject")
      .map(({ body }) => JSON.parse(body))
      .map(({ id, outcome, reason }) => [id, outcome, reason]),
    [[leads[0].id, "deadLettered", "OutageTooLong"]],
  );
});

notify("announces each lead at its route's destination, and claims and settles it in the ledger", async () => {
  const { result, webhooks, of, lines } = await run({ announced: leads });
  assert.equal(result, { batchItemFailures: [] });
  assert.equal(webhooks.map(({ path }) => path).sort(), ["/webhook/dach", "/webhook/sales"]);
  assert.equal(
    of("GetParameters")
      .flatMap(({ body }) => JSON.parse(body).Names)
      .sort(),
    [slack.webhookParameters.dach, slack.webhookParameters.sales],
  );
  const updates = of("UpdateItem").map(({ body }) => JSON.parse(body));
  const claims = updates.filter(isClaim);
  assert.equal(
    claims.map(({ TableName, Key }) => [TableName, Key.id.S.replace(/[0-9a-f]{16}$/, "")]).sort(),
    [
      ["ledger", `${leads[0].id}#dach#`],
      ["ledger", `${leads[1].id}#sales#`],
    ].sort(),
  );
  const ids = updates.filter((update) => !isClaim(update)).map(({ Key }) => Key.id.S);
  assert.equal(ids.filter((id) => id.startsWith("pace#")).sort(), ["pace#dach", "pace#sales"]);
  assert.equal(ids.filter((id) => !id.startsWith("pace#")).sort(), claims.map(({ Key }) => Key.id.S).sort());
  assert.equal(
    lines.filter(({ message }) => message).map(({ message, service, channel }) => [message, service, channel]),
    Array(2).fill(["lead announced", "notify", "slack"]),
  );
});

notify("receives more from its own queue in a burst, up to 50 leads for a message", async () => {
  const { of } = await run({ announced: leads });
  const received = of("ReceiveMessage").map(({ body }) => JSON.parse(body));
  assert.ok(received.every(({ QueueUrl }) => QueueUrl.endsWith("/111122223333/notifications")));
  assert.equal(
    received
      .slice(0, 5)
      .map(({ MaxNumberOfMessages }) => MaxNumberOfMessages)
      .sort(),
    [10, 10, 10, 10, 8],
    "48 more than the batch has",
  );
});

notify("looks for more with one call at a time while it announces one lead", async () => {
  const received = (await run()).of("ReceiveMessage").map(({ body }) => JSON.parse(body).MaxNumberOfMessages);
  assert.ok(received.length > 0);
  assert.ok(received.every((count) => count === 10));
});

notify("sends an email from the sender to the recipients when Slack refuses, and says so in the log", async () => {
  const { result, of, lines } = await run({ answers: slackIsGone });
  assert.equal(result, { batchItemFailures: [] });
  assert.is(of("GetSuppressedDestination")[0]?.path, "/v2/email/suppression/addresses/sales@example.com");
  const [sent, ...more] = of("SendEmail").map(({ body }) => JSON.parse(body));
  assert.equal(
    [sent.FromEmailAddress, sent.Destination, sent.ConfigurationSetName, more],
    ["leads@example.com", { ToAddresses: ["sales@example.com"] }, "leadwire-test", []],
  );
  assert.match(
    sent.Content.Simple.Body.Text.Data,
    "You get this by email because Slack refuses our messages until somebody repairs the connection.",
  );
  assert.equal(
    lines.filter(({ message }) => message).map(({ level, message }) => [level, message]),
    [
      ["WARN", "Slack did not take the leads, email will"],
      ["INFO", "lead announced"],
    ],
  );
  assert.ok(lines.some(({ SlackFailures }) => SlackFailures === 1));
});

notify("tries the channels that the environment chose, and needs no variables of others", async () => {
  const changes = { CHANNELS: '["slack"]', EMAIL_SENDER: "", EMAIL_RECIPIENTS: "", EMAIL_CONFIGURATION_SET: "" };
  const { result, of, webhooks } = await run({ answers: slackIsGone, changes });
  assert.equal(result, { batchItemFailures: [] });
  assert.equal([webhooks.length, of("SendEmail"), of("SendMessageBatch").length], [1, [], 1]);
});

notify("has the routes, the webhooks and the send slots of the first channel, whichever it is", async () => {
  const rate = { ...slackDeclaration.rate, slotPrefix: "acme#" };
  const declaration = { ...slackDeclaration, name: "acme", title: "Acme", rate };
  const openAcme = openWebhookChannel(declaration, ({ leads }) => ({ count: leads.length }), classifySlackAnswer);
  Object.assign(channels, { acme: { declaration, open: async (tools: ChannelTools) => openAcme(tools) } });
  try {
    const changes = { CHANNELS: '["acme","email"]', ACME: settings.SLACK, SLACK: "" };
    const { result, of, webhooks } = await run({ announced: leads, changes });
    assert.equal(result, { batchItemFailures: [] });
    assert.equal(webhooks.map(({ path, body }) => [path, body]).sort(), [
      ["/webhook/dach", '{"count":1}'],
      ["/webhook/sales", '{"count":1}'],
    ]);
    const ids = of("UpdateItem").map(({ body }) => JSON.parse(body).Key.id.S);
    assert.equal(ids.filter((id) => /^\w+#/.test(id)).sort(), ["acme#dach", "acme#sales"]);
  } finally {
    Reflect.deleteProperty(channels, "acme");
  }
});

notify("waits out a 429 for as long as the settings say", async () => {
  /** Slack asks for a pause once. */
  const limited =
    (retryAfter: string): Answers =>
    ({ path }, count) =>
      path.startsWith("/webhook/") && count === 1 ? { status: 429, headers: { "retry-after": retryAfter } } : undefined;
  const changes = { SLACK: JSON.stringify({ ...slack, patienceSeconds: 2 }) };
  const short = await run({ answers: limited("1"), changes });
  assert.equal([short.webhooks.length, short.of("SendEmail").length], [2, 0]);
  const long = await run({ answers: limited("3"), changes });
  assert.equal([long.webhooks.length, long.of("SendEmail").length], [1, 1]);
});

notify("dead-letters a rejected message in its queue", async () => {
  const { result, of } = await run({ bodies: ["hello"] });
  assert.equal(result, { batchItemFailures: [] });
  const [sent, ...more] = of("SendMessage").map(({ body }) => JSON.parse(body));
  assert.match(sent.QueueUrl, /\/111122223333\/notifications-dlq$/);
  assert.equal([sent.MessageBody, more], ["hello", []]);
});

notify("reads the version that the event names, and dead-letters its message when that is gone", async () => {
  const body = objectCreated(keyOf(leads[0]), { versionId: "v1" });
  const read = await run({ bodies: [body] });
  assert.equal([read.of("GetObject")[0]?.query.get("versionId"), read.webhooks.length], ["v1", 1]);
  const answers: Answers = ({ operation }) =>
    operation === "GetObject" ? s3ErrorAnswer("NoSuchVersion", 404) : undefined;
  const gone = await run({ bodies: [body], answers });
  const sent = gone.of("SendMessage").map((call) => JSON.parse(call.body).MessageAttributes.errorClass.StringValue);
  assert.equal([sent, gone.result], [["ObjectGone"], { batchItemFailures: [] }]);
});

notify("dead-letters a huge object without reading it, and one that turns out huge after 2 MiB", async () => {
  const named = await run({ bodies: [objectCreated(keyOf(leads[0]), { size: 500e6 })] });
  const answers: Answers = ({ operation }) => (operation === "GetObject" ? objectAnswer("x".repeat(4e6)) : undefined);
  const unnamed = await run({ bodies: [objectCreated(keyOf(leads[0]), { size: 0 })], answers });
  for (const [{ of }, reads] of [
    [named, 0],
    [unnamed, 1],
  ] as const) {
    const sent = of("SendMessage").map((call) => JSON.parse(call.body).MessageAttributes.errorClass.StringValue);
    assert.equal([sent, of("GetObject").length], [["TooLarge"], reads]);
  }
});

notify("postpones a message in its own queue while a service is unavailable", async () => {
  const { result, of, lines } = await run({ answers: fails("GetObject", 3) });
  assert.equal(result, { batchItemFailures: [] });
  const [sent] = of("SendMessageBatch").map(({ body }) => JSON.parse(body));
  assert.match(sent.QueueUrl, /\/111122223333\/notifications$/);
  assert.equal([sent.Entries[0].DelaySeconds, sent.Entries[0].MessageAttributes.attempt.StringValue], [1, "2"]);
  const [deleted] = of("DeleteMessageBatch").map(({ body }) => JSON.parse(body));
  assert.equal(deleted.Entries, [{ Id: "0", ReceiptHandle: "receipt-m0" }]);
  assert.equal(
    lines.filter(({ message }) => message).map(({ level, message, httpStatus }) => [level, message, httpStatus]),
    [["WARN", "message postponed", 500]],
  );
});

notify("gives a message up that the stack's setting no longer postpones", async () => {
  const firstAttemptAt = Date.now() - 3 * 3600_000;
  for (const [hours, letters] of [
    ["4", []],
    ["2", ["OutageTooLong"]],
  ] as const) {
    const changes = { GIVE_UP_AFTER_HOURS: hours };
    const { result, of } = await run({ answers: fails("GetObject", 3), changes, firstAttemptAt });
    const classes = of("SendMessage").map(({ body }) => JSON.parse(body).MessageAttributes.errorClass.StringValue);
    assert.equal([result, classes], [{ batchItemFailures: [] }, letters]);
  }
});

notify("retries a message soon that failed by a fault", async () => {
  const answers: Answers = ({ operation }) =>
    operation === "UpdateItem" ? errorAnswer("ValidationException", 400) : undefined;
  const { result, of } = await run({ answers });
  assert.equal(result, { batchItemFailures: [{ itemIdentifier: "m0" }] });
  const [changed] = of("ChangeMessageVisibilityBatch").map(({ body }) => JSON.parse(body));
  assert.match(changed.QueueUrl, /\/111122223333\/notifications$/);
  assert.equal(changed.Entries, [{ Id: "0", ReceiptHandle: "receipt-m0", VisibilityTimeout: 10 }]);
});

for (const [operation, attempts, answers] of [
  ["GetObject", 3, fails("GetObject", 9)],
  ["GetParameters", 2, fails("GetParameters", 9)],
  ["SendEmail", 1, (call, count) => slackIsGone(call, count) ?? fails("SendEmail", 9)(call, count)],
] as const satisfies readonly (readonly [string, number, Answers])[]) {
  notify(`tries ${operation} at most ${attempts === 1 ? "once" : `${attempts} times`}`, async () => {
    assert.is((await run({ answers })).of(operation).length, attempts);
  });
}

notify("reads the table as it is now, because other invocations have just written to it", async () => {
  const refused = new Set<string>();
  const answers: Answers = ({ operation, body }) => {
    const [what = ""] = /pace#|website-\w+|ledger#routes/.exec(body) ?? [];
    if (operation === "GetItem" && what === "ledger#routes") return {};
    if (operation !== "UpdateItem" || what === leads[0].id || refused.has(what)) return undefined;
    refused.add(what);
    return what === "ledger#routes" ? undefined : errorAnswer("ConditionalCheckFailedException", 400);
  };
  const { of } = await run({ announced: leads, answers });
  const reads = of("GetItem").map(({ body }) => JSON.parse(body));
  assert.equal(
    reads.map(({ Key, ConsistentRead }) => [Key.id.S.split("#")[0], ConsistentRead]).sort(),
    [leads[1].id, "ledger", "pace"].map((what) => [what, true]).sort(),
  );
  const looks = of("BatchGetItem").map(({ body }) => JSON.parse(body).RequestItems.ledger.ConsistentRead);
  assert.ok(looks.length > 0 && looks.every(Boolean));
});

notify("waits 2 s at most for a service, 1 s for secrets, and 4 s for an email that it sends once", async () => {
  const limits = await limitsInUse(() => run({ answers: slackIsGone }));
  assert.equal(limits, {
    S3Client: [2000, 3],
    SQSClient: [2000, 3],
    SSMClient: [1000, 2],
    // The client for what is best effort is used last.
    DynamoDBClient: [2000, 1],
    SESv2Client: [4000, 1],
  });
});

notify("tries a claim at most 4 times, and then to give it back once", async () => {
  const claims = (await run({ answers: fails("UpdateItem", 9) })).of("UpdateItem").map(({ body }) => JSON.parse(body));
  assert.equal(claims.map(isClaim), [true, true, true, true, false]);
});

notify("tries to reserve a send slot once, and posts without one", async () => {
  const answers: Answers = ({ operation, body }) =>
    operation === "UpdateItem" && body.includes("pace#") ? errorAnswer("InternalServerError") : undefined;
  const { of, webhooks } = await run({ answers });
  const slots = of("UpdateItem").filter(({ body }) => body.includes("pace#"));
  assert.equal([slots.length, webhooks.length], [1, 1]);
});

notify("looks for a person once and remembers them once, as hashes", async () => {
  const { of, webhooks } = await run();
  const looks = of("BatchGetItem").map(({ body }) => JSON.parse(body));
  const writes = of("BatchWriteItem").map(({ body }) => JSON.parse(body));
  assert.equal([looks.length, writes.length, webhooks.length], [1, 1, 1]);
  const asked = looks[0].RequestItems.ledger.Keys.map(({ id }: { id: { S: string } }) => id.S);
  assert.is(asked.length, 4, "two addresses and two numbers");
  for (const id of asked) assert.match(id, /^person#[0-9a-f]{40}$/);
  const { Item } = writes[0].RequestItems.ledger[0].PutRequest;
  assert.equal([Item.lead.S, Item.source.S], [leads[0].id, "Our website"]);
  // The time of the expiry can have any digits.
  assert.not.match(JSON.stringify(writes).replace(Item.expiresAt.N, ""), /jane|roe|4930|2025550/i);
});

for (const operation of ["BatchGetItem", "BatchWriteItem"]) {
  notify(`announces without knowing people when ${operation} fails, after one attempt`, async () => {
    const { result, of, webhooks, lines } = await run({ answers: fails(operation, 9) });
    assert.equal([result, of(operation).length, webhooks.length], [{ batchItemFailures: [] }, 1, 1]);
    const warnings = lines.filter(({ level }) => level === "WARN").map(({ message }) => message);
    assert.is(warnings.length, 1);
    assert.match(String(warnings[0]), /^people not /);
  });
}

for (const [SAME_PERSON, header] of [
  ["card", "New lead: Jane Roe"],
  ["line", "Same person again: Jane Roe"],
] as const) {
  notify(`announces a person who comes again as SAME_PERSON says: ${SAME_PERSON}`, async () => {
    const earlier = { lead: "crm-1", source: "HubSpot", receivedAt: "2026-02-01T12:00:00.000Z", destination: "dach" };
    const answers: Answers = ({ operation, body }) => {
      if (operation !== "BatchGetItem") return undefined;
      const items = JSON.parse(body).RequestItems.ledger.Keys.map((key: object) => ({
        ...key,
        ...Object.fromEntries(Object.entries(earlier).map(([name, S]) => [name, { S }])),
        expiresAt: { N: "99999999999" },
      }));
      return { body: JSON.stringify({ Responses: { ledger: items } }) };
    };
    const { webhooks } = await run({ answers, changes: { SAME_PERSON } });
    assert.equal(
      webhooks.map(({ body }) => JSON.parse(body).text.split(",")[0]),
      [header],
    );
  });
}

notify("lets a lead that is alone and early wait for GATHER_MILLISECONDS", async () => {
  const taken = async (GATHER_MILLISECONDS: string) => {
    let isRead = false;
    const answers: Answers = ({ operation, body }) => {
      if (!body.includes("pace#") || isRead) return undefined;
      if (operation === "UpdateItem") return errorAnswer("ConditionalCheckFailedException", 400);
      isRead = true;
      const item = { nextTurnAt: { N: String(Date.now() + 1000) }, writtenAt: { N: "0" } };
      return { body: JSON.stringify({ Item: item }) };
    };
    const { webhooks, of } = await run({ answers, changes: { GATHER_MILLISECONDS } });
    return [webhooks.length, of("SendEmail").length];
  };
  assert.equal(
    [await taken("0"), await taken("600000")],
    [
      [1, 0],
      [0, 1],
    ],
  );
});

notify("asks and remembers nothing about people when their days are 0", async () => {
  const { of } = await run({ changes: { SAME_PERSON_DAYS: "0" } });
  assert.equal([of("BatchGetItem"), of("BatchWriteItem")], [[], []]);
});

for (const missing of [
  "SLACK",
  "LEDGER_TABLE",
  "LEAD_RETENTION_DAYS",
  "GIVE_UP_AFTER_HOURS",
  "GATHER_MILLISECONDS",
  "SAME_PERSON_DAYS",
  "SAME_PERSON",
  "EMAIL_SENDER",
  "EMAIL_RECIPIENTS",
  "EMAIL_CONFIGURATION_SET",
  "QUEUE_URL",
  "DEAD_LETTER_QUEUE_URL",
  "LEADS_BUCKET",
  "LEADWIRE_ENVIRONMENT",
]) {
  notify(`does not start without ${missing}`, async () => {
    const queues = { QUEUE_URL: "http://127.0.0.1:9/queue", DEAD_LETTER_QUEUE_URL: "http://127.0.0.1:9/dlq" };
    const error = await importFailure("notify", { ...settings, ...queues, [missing]: "" });
    assert.match(error, `${missing} is not set`);
  });
}

notify.run();
