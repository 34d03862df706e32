import { chunk } from "es-toolkit/array";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { webhookLeadId } from "../../../functions/lead/lead-id.ts";
import { indexItems } from "../../../functions/lead-index/items.ts";
import { objectCreated, sqsEvent, sqsRecord } from "../../helpers/aws-events.ts";
import { limitsInUse } from "../../helpers/client-limits.ts";
import { enrichedLead } from "../../helpers/leads.ts";
import { leadOutcome } from "../../helpers/outcomes.ts";
import { importFailure, lambdaContext, withFunction, withOutput } from "../run-function.ts";
import { type Answer, objectAnswer, scriptedAws } from "../scripted-aws.ts";

type LeadIndex = typeof import("../../../functions/lead-index/index.ts");

const variables = {
  DEAD_LETTER_QUEUE_URL: "http://queue/1/dead-letters",
  QUEUE_URL: "http://queue/1/own",
  GIVE_UP_AFTER_HOURS: "72",
  LEAD_INDEX_TABLE: "index",
  LEAD_VERSION_DAYS: "10",
};

interface Put {
  readonly PutRequest: { readonly Item: Readonly<Record<string, { readonly S?: string; readonly N?: string }>> };
}

/** Invokes the function with one event of an object. */
async function run(key: string, text: string, write?: (request: string) => Answer) {
  await using aws = await scriptedAws(({ operation, body }) => {
    if (operation === "GetObject") return objectAnswer(text);
    return operation === "BatchWriteItem" ? write?.(body) : undefined;
  });
  const { result, lines } = await withFunction(
    "lead-index",
    { ...variables, AWS_ENDPOINT_URL: aws.url, QUEUE_URL: `${aws.url}/1/own` },
    ({ handler }: LeadIndex) =>
      withOutput(() => handler(sqsEvent(sqsRecord(objectCreated(key))), lambdaContext(10_000))),
  );
  const puts = aws.of("BatchWriteItem").map(({ body }) => JSON.parse(body).RequestItems.index as Put[]);
  return { of: aws.of, lines, result, puts };
}

const index = suite("lead index :: index");

index("writes a lead's items into its table, until its days are over", async () => {
  const lead = enrichedLead({ id: webhookLeadId("website", "a") });
  const key = "enriched/dt=2026-03-01/a.json";
  const text = JSON.stringify(lead);
  const { puts, result, lines } = await run(key, text);
  const items = puts.flat().map(({ PutRequest: { Item } }) => Item);
  assert.equal(
    items.map(({ id, entry, value, expiresAt }) => [id?.S, entry?.S, value?.S, expiresAt?.N]),
    indexItems(key, { body: Buffer.from(text), metadata: {} }).map(({ id, entry, value }) => {
      return [id, entry, value, String(Date.UTC(2026, 2, 11, 12) / 1000)];
    }),
  );
  assert.is(items.length, 5);
  assert.equal([result, lines], [{ batchItemFailures: [] }, []]);
});

index("writes many outcomes in batches that DynamoDB takes, each item once", async () => {
  const outcomes = Array.from({ length: 60 }, (_, number) =>
    leadOutcome({
      id: webhookLeadId("website", number % 55),
      outcome: "ignored",
      ...(number === 59 && { reason: "of a lead with two outcomes" }),
    }),
  );
  const text = outcomes.map((one) => JSON.stringify(one)).join("\n");
  const { puts } = await run("outcomes/dt=2026-03-01/a.json", text);
  assert.equal(
    puts.map(({ length }) => length),
    chunk(Array(56).fill(0), 25).map(({ length }) => length),
  );
});

index("postpones a message if DynamoDB has no capacity for an item", async () => {
  const text = JSON.stringify(leadOutcome({ outcome: "ignored" }));
  const { of, result, lines } = await run("outcomes/dt=2026-03-01/a.json", text, (body) => ({
    body: JSON.stringify({ UnprocessedItems: JSON.parse(body).RequestItems }),
  }));
  assert.equal([of("SendMessageBatch").length, result], [1, { batchItemFailures: [] }]);
  assert.equal(
    lines.flatMap(({ LeadsPostponed, service, requestId }) =>
      LeadsPostponed === undefined ? [] : [[LeadsPostponed, service, requestId]],
    ),
    [[1, "lead-index", "invocation-1"]],
  );
});

index("ends its calls early enough for the batch to end in time", async () => {
  const text = JSON.stringify(leadOutcome({ outcome: "ignored" }));
  const write = (body: string) => ({ body: JSON.stringify({ UnprocessedItems: JSON.parse(body).RequestItems }) });
  const limits = await limitsInUse(() => run("outcomes/dt=2026-03-01/a.json", text, write));
  assert.equal(limits, { S3Client: [1000, 2], DynamoDBClient: [1000, 2], SQSClient: [1000, 2] });
});

for (const missing of Object.keys(variables)) {
  index(`does not start without ${missing}`, async () => {
    assert.match(await importFailure("lead-index", { ...variables, [missing]: "" }), `${missing} is not set`);
  });
}

index.run();
