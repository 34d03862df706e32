import { suite } from "uvu";
import * as assert from "uvu/assert";
import { billedUnits, type LeadsUsage, leadCost } from "../../cost/per-lead.ts";

const nothing: LeadsUsage = { leads: 1, calls: new Map(), invocations: 0, gbSeconds: 0, logBytes: 0 };
/** Dollars for a million leads, without the services that cost nothing. */
const million = (usage: Partial<LeadsUsage>) =>
  Object.fromEntries(
    Object.entries(leadCost({ ...nothing, ...usage })).flatMap(([service, dollars]) =>
      dollars > 0 ? [[service, Math.round(dollars * 1e9) / 1e3]] : [],
    ),
  );
const called = (...calls: [name: string, count: number][]) => million({ calls: new Map(calls) });

const perLead = suite("cost :: per lead");

perLead("is a request to the endpoint, and nothing more without calls", () => {
  assert.equal(million({}), { "API Gateway": 1 });
});

perLead("has the event of each object that is stored", () => {
  assert.equal(called(["s3:PutObject", 2], ["s3:GetObject", 5]), { "API Gateway": 1, S3: 12, EventBridge: 2 });
});

perLead("has every request of SQS, batches and receives too", () => {
  const calls = ["SendMessageBatch", "ReceiveMessage", "DeleteMessageBatch", "ChangeMessageVisibilityBatch"];
  assert.equal(called(...calls.map((name): [string, number] => [`sqs:${name}`, 1])), { "API Gateway": 1, SQS: 1.6 });
});

for (const [service, dollars, ...operations] of [
  ["S3", 5, "ListObjectsV2", "ListObjectVersions"],
  ["S3", 0.4, "GetObject", "HeadObject"],
  ["DynamoDB", 0.625, "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"],
  ["DynamoDB", 0.125, "GetItem", "BatchGetItem", "TransactGetItems"],
] as const) {
  perLead(`has $${dollars} for a million of ${operations.join(", ")}`, () => {
    for (const operation of operations) {
      assert.equal(called([`${service.toLowerCase()}:${operation}`, 1]), { "API Gateway": 1, [service]: dollars });
    }
  });
}

perLead("has emails, decrypted parameters, functions and logs", () => {
  assert.equal(called(["ses:SendEmail", 1], ["ssm:GetParameters", 2]), { "API Gateway": 1, SES: 100, KMS: 6 });
  assert.equal(million({ invocations: 2, gbSeconds: 3, logBytes: 1000 }), {
    "API Gateway": 1,
    Lambda: 40.4,
    "CloudWatch Logs": 0.5,
  });
});

perLead("is shared by the leads of a measurement", () => {
  assert.equal(million({ leads: 10, calls: new Map([["sqs:SendMessage", 10]]) }), { "API Gateway": 1, SQS: 0.4 });
});

for (const [what, name, input, units] of [
  [
    "each item that a batch reads",
    "dynamodb:BatchGetItem",
    { RequestItems: { a: { Keys: [1, 2] }, b: { Keys: [3] } } },
    3,
  ],
  ["each item that a batch writes", "dynamodb:BatchWriteItem", { RequestItems: { a: [{}, {}], b: [{}] } }, 3],
  ["each item that a transaction writes twice", "dynamodb:TransactWriteItems", { TransactItems: [{}, {}] }, 4],
  ["each item that a transaction reads twice", "dynamodb:TransactGetItems", { TransactItems: [{}, {}] }, 4],
  ["each parameter that is decrypted", "ssm:GetParameters", { Names: ["/a", "/b"], WithDecryption: true }, 2],
  ["no parameter that is not decrypted", "ssm:GetParameters", { Names: ["/a", "/b"] }, 0],
  ["a batch of SQS once", "sqs:SendMessageBatch", { Entries: [{}, {}] }, 1],
] as const) {
  perLead(`bills ${what}`, () => assert.is(billedUnits(name, input), units));
}

perLead.run();
