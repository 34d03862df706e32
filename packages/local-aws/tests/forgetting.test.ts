import { once } from "node:events";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ApiRequest, type Call, operator } from "../src/aws/call.ts";
import { Gateway } from "../src/aws/gateway.ts";
import { Forgetting } from "../src/forgetting.ts";
import { readStack } from "../src/stack/stack-file.ts";
import { smallStack } from "./helpers/small-stack.ts";

const request = (path: string): ApiRequest => ({
  method: "PUT",
  path,
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
});
const answer = { status: 200, headers: {}, body: "" };
const created = { ...answer, headers: { "x-amz-version-id": "v1" } };
const put: Call = { caller: operator, service: "s3", operation: "PutObject", parameters: {} };
const parameters = { TableName: "test-ledger", Item: { id: { S: "a" }, state: { S: "sent" } } };
const putItem: Call = { caller: operator, service: "dynamodb", operation: "PutItem", parameters };

const forgetting = suite("forgetting");

forgetting("objects, items and everything else are gone after the time, and no earlier", async () => {
  const gone: string[] = [];
  const gateway = new Gateway({ authorize: () => undefined });
  gateway.add({
    service: "dynamodb",
    describe: ({ headers, body }) => ({
      operation: String(headers["x-amz-target"]),
      parameters: JSON.parse(body.toString()),
    }),
    handle: async (_request, call) => {
      gone.push(`${call.operation} ${JSON.stringify(call.parameters)}`);
      return answer;
    },
  });
  const forgettable = {
    stack: readStack(smallStack(), { gatewayUrl: "http://127.0.0.1:1", apiUrl: "http://127.0.0.1:2" }),
    gateway,
    stores: { s3Store: { deleteObject: (bucket: string, key: string) => void gone.push(`${bucket}/${key}`) } },
    versions: { forget: ({ key }: { key: string }, versionId: string) => void gone.push(`${key} ${versionId}`) },
    forgetBefore: (time: Date) => void gone.push(`all before ${time.toISOString()}`),
  };
  const memory = new Forgetting(forgettable, 60);
  gateway.emit("answered", { call: put, request: request("/b/a%20b.json"), answer: created });
  gateway.emit("answered", { call: { ...put, operation: "CopyObject" }, request: request("/b/copy"), answer: created });
  gateway.emit("answered", { call: put, request: request("/b/refused"), answer: { ...answer, status: 412 } });
  gateway.emit("answered", { call: putItem, request: request("/"), answer });
  const batch = {
    RequestItems: { "test-ledger": [{ PutRequest: { Item: { id: { S: "b" } } } }, { DeleteRequest: {} }] },
  };
  const writeItems: Call = { ...putItem, operation: "BatchWriteItem", parameters: batch };
  gateway.emit("answered", { call: writeItems, request: request("/"), answer });
  for (const [id, name] of [
    ["c", "expiresAt"],
    ["kept", "state"],
  ]) {
    const update = { TableName: "test-ledger", Key: { id: { S: id } }, UpdateExpression: `SET ${name} = :value` };
    const updateItem: Call = { ...putItem, operation: "UpdateItem", parameters: update };
    gateway.emit("answered", { call: updateItem, request: request("/"), answer });
  }

  memory.forget(Date.now() + 59_000);
  assert.is(gone.filter((what) => !what.startsWith("all")).length, 0);
  const later = Date.now() + 61_000;
  const deleted = once(gateway, "answered");
  memory.forget(later);
  await deleted;
  memory.stop();
  assert.equal(gone.slice(1).toSorted(), [
    'DynamoDB_20120810.DeleteItem {"TableName":"test-ledger","Key":{"id":{"S":"a"}}}',
    'DynamoDB_20120810.DeleteItem {"TableName":"test-ledger","Key":{"id":{"S":"b"}}}',
    'DynamoDB_20120810.DeleteItem {"TableName":"test-ledger","Key":{"id":{"S":"c"}}}',
    "a b.json v1",
    `all before ${new Date(later - 60_000).toISOString()}`,
    "b/a b.json",
    "b/copy",
    "copy v1",
  ]);
});

forgetting.run();
