import type { IncomingHttpHeaders } from "node:http";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Caller } from "../../src/aws/call.ts";
import { NotLoopbackError, UnsupportedStackError } from "../../src/errors.ts";
import type { Email } from "../../src/monitoring/mailbox.ts";
import { subscriptions } from "../../src/monitoring/subscriptions.ts";
import { Topics } from "../../src/monitoring/topics.ts";
import { httpServer } from "../helpers/http-server.ts";
import { ACCOUNT_ID } from "../iam/iam-fixtures.ts";
import { ALARM, authorizeBy, publishStatement, stackOf, subscription, TOPIC } from "./monitoring-fixtures.ts";

const topics = suite("topics");
const publication = { subject: "S", message: '{"a":1}', email: "text" };
const cloudwatch: Caller = {
  kind: "service",
  name: "depth",
  principal: "cloudwatch.amazonaws.com",
  sourceArn: ALARM,
};

/** Publishes once as CloudWatch and tells what happened. */
async function published(given: Parameters<typeof stackOf>[0], caller: Caller = cloudwatch) {
  const stack = stackOf(given);
  const mails: Email[] = [];
  const sendEmail = async (email: Email) => {
    if (email.to === "full@example.com") throw new Error("mailbox full");
    mails.push(email);
  };
  const sns = new Topics(stack, { authorize: authorizeBy(stack), sendEmail, retryPause: 0 });
  const events: string[] = [];
  sns.on("denied", ({ caller: by, operation }, { decision }) =>
    events.push(`${by.name} denied ${operation}: ${decision.reason}`),
  );
  sns.on("delivered", ({ protocol }) => events.push(`delivered by ${protocol}`));
  sns.on("undelivered", ({ protocol }, reason) => events.push(`undelivered by ${protocol}: ${reason}`));
  await sns.publish(caller, TOPIC, publication);
  await sns.stop();
  return { mails, events };
}

/** An endpoint that answers with one status after the other. */
async function endpoint(...statuses: number[]) {
  const got: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = await httpServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    got.push({ headers: request.headers, body: Buffer.concat(chunks).toString("utf8") });
    response.writeHead(statuses[got.length - 1] ?? 200).end();
  });
  return { got, url: server.url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const mailbox = subscription("email", "ops@example.com");

topics("email gets the text that is meant for it", async () => {
  const { mails, events } = await published({ subscriptions: [mailbox] });
  assert.equal(mails, [{ to: "ops@example.com", subject: "S", text: "text" }]);
  assert.equal(events, ["delivered by email"]);
});

topics("an HTTPS endpoint gets SNS's envelope and headers", async () => {
  await using server = await endpoint();
  await published({ subscriptions: [subscription("https", server.url)] });
  const [{ headers, body } = { headers: {}, body: "{}" }] = server.got;
  const envelope = JSON.parse(body);
  assert.is(headers["x-amz-sns-message-type"], "Notification");
  assert.is(headers["x-amz-sns-topic-arn"], TOPIC);
  assert.is(headers["x-amz-sns-message-id"], envelope.MessageId);
  assert.match(String(headers["x-amz-sns-subscription-arn"]), `${TOPIC}:`);
  assert.is(headers["content-type"], "text/plain; charset=UTF-8");
  const { Type, TopicArn, Subject, Message } = envelope;
  assert.equal(
    { Type, TopicArn, Subject, Message },
    { Type: "Notification", TopicArn: TOPIC, Subject: "S", Message: '{"a":1}' },
  );
});

topics("an endpoint that fails or is throttling is tried again", async () => {
  await using server = await endpoint(503, 429, 200);
  const { events } = await published({ subscriptions: [subscription("https", server.url)] });
  assert.is(server.got.length, 3);
  assert.equal(events, ["delivered by https"]);
});

topics("an endpoint is tried four times and no more", async () => {
  await using server = await endpoint(500, 500, 500, 500);
  const { events } = await published({ subscriptions: [subscription("https", server.url)] });
  assert.is(server.got.length, 4);
  assert.equal(events, ["undelivered by https: the endpoint answered 500"]);
});

topics("an endpoint that refuses a message does not get it again", async () => {
  await using server = await endpoint(400);
  const { events } = await published({ subscriptions: [subscription("https", server.url)] });
  assert.is(server.got.length, 1);
  assert.equal(events, ["undelivered by https: the endpoint answered 400"]);
});

topics("a subscription that cannot be served does not keep others from theirs", async () => {
  const { mails, events } = await published({ subscriptions: [subscription("email", "full@example.com"), mailbox] });
  assert.is(mails.length, 1);
  assert.equal(events.toSorted(), ["delivered by email", "undelivered by email: mailbox full"]);
});

topics("the topic's policy lets the alarms of its account publish", async () => {
  const { mails } = await published({ subscriptions: [mailbox], statements: [publishStatement(ACCOUNT_ID)] });
  assert.is(mails.length, 1);
});

topics("a policy without a statement for the publisher delivers nothing", async () => {
  const own = publishStatement(ACCOUNT_ID);
  const cases = {
    "of another account": publishStatement("999999999999"),
    "for another service": { ...own, Principal: { Service: "events.amazonaws.com" } },
    "for another alarm": { ...own, Condition: { ArnEquals: { "aws:SourceArn": `${ALARM}-other` } } },
  };
  for (const [name, statement] of Object.entries(cases)) {
    const { mails, events } = await published({ subscriptions: [mailbox], statements: [statement] });
    assert.equal(mails, [], name);
    assert.equal(events, ["depth denied Publish: implicitDeny"], name);
  }
});

topics("an explicit deny wins", async () => {
  const deny = { Effect: "Deny", Principal: "*", Action: "sns:*", Resource: "*" };
  const statements = [publishStatement(ACCOUNT_ID), deny];
  const { events } = await published({ subscriptions: [mailbox], statements });
  assert.equal(events, ["depth denied Publish: explicitDeny"]);
});

topics("a subscription that local-aws cannot serve is an error at the start", () => {
  const read = (given: ReturnType<typeof subscription>) => () => subscriptions(stackOf({ subscriptions: [given] }));
  for (const name of ["delivery_policy", "filter_policy", "raw_message_delivery", "redrive_policy", "replay_policy"]) {
    const given = subscription("https", "http://127.0.0.1:1", { [name]: true });
    assert.throws(
      read(given),
      (error: unknown) => error instanceof UnsupportedStackError && error.message.includes(`not simulate ${name} of`),
      name,
    );
  }
  assert.throws(read(subscription("sms", "+15550100")), /delivers by email and https, not by sms/);
  assert.is(read(subscription("http", "http://127.0.0.1:1", { raw_message_delivery: false }))().length, 1);
});

topics("an endpoint elsewhere than on this machine is an error at the start", () => {
  const read = () => subscriptions(stackOf({ subscriptions: [subscription("https", "https://events.example.com/x")] }));
  assert.throws(read, (error: unknown) => error instanceof NotLoopbackError);
});

topics.run();
