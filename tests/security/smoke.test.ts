import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { environments } from "../../environments/index.ts";
import { smoke } from "../../ops/commands/smoke.ts";
import { pipelineOf } from "../../ops/outputs.ts";
import { run } from "../ops/ops-fixtures.ts";
import { allAnnouncedOnce, mailsOf, startTarget, type Target } from "./security-fixtures.ts";

let target: Target;
const tests = suite("security :: smoke");
tests.before(async () => {
  target = await startTarget();
});
tests.after(() => target.stop());

const ledgerIds = async (tableName: string) => {
  const dynamo = new DynamoDBClient(target.clientSettings());
  const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: tableName }));
  dynamo.destroy();
  return Items.map(({ id }) => id?.S ?? "");
};

tests("a smoke test goes all the way with the functions' own permissions, and nobody is told of it", async () => {
  const pipeline = pipelineOf((name) => target.stack.output(name), "the stack");
  const clients = {
    ssm: new SSMClient(target.clientSettings()),
    s3: new S3Client(target.clientSettings()),
    dynamo: new DynamoDBClient(target.clientSettings()),
  };
  const { printed, code } = await run(
    smoke,
    { env: { name: "dev", settings: environments.dev }, outputs: () => pipeline, timeout: 90, json: true },
    {
      ssm: () => clients.ssm,
      s3: () => clients.s3,
      dynamo: () => clients.dynamo,
      fetch,
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    },
  );
  for (const client of Object.values(clients)) client.destroy();
  const { leadId, seen, stopped } = JSON.parse(printed);
  assert.equal([code, stopped], [0, null]);
  assert.equal(
    seen.map(({ what }: { what: string }) => what),
    ["answer", "raw object", "enriched object", "ledger item"],
  );
  assert.equal([target.slack.messages.length, await mailsOf(target), target.denials.entries], [0, [], []]);
  const ids = await ledgerIds(pipeline.ledgerTable);
  assert.ok(ids.some((id) => id.startsWith(`${leadId}#nobody#`)));
  assert.equal(
    ids.filter((id) => id.startsWith("person#")),
    [],
  );
});

tests("a lead that calls itself a smoke test is announced like any other", async () => {
  const lead = { email: "ada@example.com", source: "smoke", test: true, is_test: true, id: "smoke-1", by: "nobody" };
  const { leadIds } = await target.crm.sendLead("website", lead);
  await allAnnouncedOnce(target);
  assert.equal(
    target.slack.messages.flatMap((message) => message.leadIds),
    leadIds,
  );
});

tests.run();
