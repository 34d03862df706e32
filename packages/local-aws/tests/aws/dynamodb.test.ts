import {
  type ConditionalCheckFailedException,
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { operator } from "../../src/aws/call.ts";
import { startDynamoDb } from "../../src/aws/dynamodb.ts";
import { rememberExpressions } from "../../src/aws/dynamodb-expressions.ts";
import { Gateway } from "../../src/aws/gateway.ts";
import { failureOf } from "../helpers/failure.ts";

const items = suite("DynamoDB");

const TableName = "ledger";
const claim = "attribute_not_exists(#id) OR (#state = :open AND (endsAt < :now OR holder = :me))";

/** A table for as long as `use` takes, which may put its only item. */
async function withTable(
  use: (put: (more: object) => Promise<unknown>, client: DynamoDBClient) => Promise<void>,
): Promise<void> {
  const dynamodb = await startDynamoDb();
  const gateway = new Gateway({ authorize: () => undefined });
  await gateway.start();
  gateway.admit("AKIA", operator);
  gateway.add(dynamodb);
  const credentials = { accessKeyId: "AKIA", secretAccessKey: "made-up" };
  const client = new DynamoDBClient({ endpoint: gateway.url, region: "eu-central-1", credentials, maxAttempts: 1 });
  try {
    await client.send(
      new CreateTableCommand({
        TableName,
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    await use(
      (more) =>
        client.send(new PutItemCommand({ TableName, Item: { id: { S: "1" } }, ConditionExpression: claim, ...more })),
      client,
    );
  } finally {
    client.destroy();
    await gateway.stop();
    await dynamodb.stop();
  }
}

const by = (holder: string, now: number, more: object = {}) => ({
  Item: { id: { S: "1" }, state: { S: "open" }, endsAt: { N: String(now + 10) }, holder: { S: holder } },
  ExpressionAttributeNames: { "#id": "id", "#state": "state" },
  ExpressionAttributeValues: { ":open": { S: "open" }, ":now": { N: String(now) }, ":me": { S: holder }, ...more },
});

items("a condition that comes again is decided by its new values", () =>
  withTable(async (put) => {
    await put(by("a", 100));
    await put(by("a", 101));
    const { name } = (await failureOf(put(by("b", 105)))) as ConditionalCheckFailedException;
    assert.is(name, "ConditionalCheckFailedException", "b is not a, and it is not yet 111");
    await put(by("b", 112));
    assert.is((await failureOf(put(by("a", 113)))).name, "ConditionalCheckFailedException");
  }),
);

items(
  "a condition that comes again with a value too many or too few, or of another type, is refused or decided anew",
  () =>
    withTable(async (put) => {
      await put(by("a", 100));
      assert.match((await failureOf(put(by("a", 101, { ":more": { S: "x" } })))).message, "unused");
      assert.match((await failureOf(put(by("a", 101, { ":me": undefined })))).message, "not defined");
      const text = { ":now": { S: "999" }, ":me": { S: "b" } };
      assert.is((await failureOf(put(by("a", 101, text)))).name, "ConditionalCheckFailedException");
    }),
);

items("a condition that comes again beside another update uses its names and values", () =>
  withTable(async (_put, client) => {
    const Key = { id: { S: "1" } };
    const update = (UpdateExpression: string, more: object = {}) =>
      client.send(
        new UpdateItemCommand({
          TableName,
          Key,
          UpdateExpression,
          ConditionExpression: "attribute_not_exists(#state) OR #state <> :state",
          ExpressionAttributeNames: { "#state": "state" },
          ExpressionAttributeValues: { ":state": { S: "open" }, ...more },
        }),
      );
    await update("SET #state = :state");
    await failureOf(update("SET holder = :state"));
    assert.is((await failureOf(update("SET #state = :state"))).name, "ConditionalCheckFailedException");
    assert.is((await failureOf(update("REMOVE holder"))).name, "ConditionalCheckFailedException");
    const more = { ":holder": { S: "a" } };
    assert.is((await failureOf(update("SET holder = :holder", more))).name, "ConditionalCheckFailedException");
    assert.match((await failureOf(update("REMOVE holder", more))).message, "unused");
  }),
);

items("a condition is parsed once, whatever its values", () => {
  let parsed = 0;
  const parser = {
    parse: (expression: string, { context }: { context: { attrVals?: Readonly<Record<string, object>> } }) => {
      parsed += 1;
      return { expression, args: [["path"], context.attrVals?.[":v"]] };
    },
  };
  rememberExpressions(parser);
  const tree = (expression: string, value: string) =>
    parser.parse(expression, {
      context: { attrVals: { ":v": { S: value } }, unusedAttrNames: {}, unusedAttrVals: {} },
    } as Parameters<typeof parser.parse>[1]);
  const expected = (expression: string, value: string) => ({ expression, args: [["path"], { S: value }] });
  for (const value of ["1", "2", "3"]) assert.equal(tree("path = :v", value), expected("path = :v", value));
  assert.is(parsed, 1);
  for (const value of ["S", "N"]) assert.equal(tree("attribute_type(path, :v)", value).args[1], { S: value });
  assert.is(parsed, 3, "the type's name is checked");
});

items.run();
