import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Output } from "../../flow.ts";
import { queuesEmpty } from "../../local/queues.ts";
import { redriveDeadLetters } from "../../ops/commands/dead-letters-redrive.ts";
import { erase } from "../../ops/commands/erase.ts";
import { reconcile } from "../../ops/commands/reconcile.ts";
import { pipelineOf } from "../../ops/outputs.ts";
import { type AuditedPipeline, startAudited, testPatience } from "../helpers/running-pipeline.ts";
import { run } from "../ops/ops-fixtures.ts";
import { ordinary, personalForms } from "../security/personal-data.ts";
import { deadLettered, drop } from "../security/security-fixtures.ts";
import { devWithIndex, leadIndexStack } from "./lead-index-stack.ts";

/** Waits until every lead is announced or dead-lettered, and indexed. */
async function settled(platform: AuditedPipeline): Promise<void> {
  await platform.leadAudit.settled(testPatience);
  assert.ok(await queuesEmpty(platform, { patience: testPatience }));
}

const outputsOf = ({ stack }: AuditedPipeline) => pipelineOf((name) => stack.output(name), "the stack", stack.outputs);

/** Everything that is stored: objects in every version, items and messages, by where it is. */
async function storedIn(platform: AuditedPipeline): Promise<Map<string, string>> {
  const { clientSettings, bucket: Bucket, stack, inspectQueue } = platform;
  const stored = new Map<string, string>();
  const s3 = new S3Client(clientSettings());
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  for (const { Key = "", VersionId } of Versions) {
    const { Body, Metadata } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    stored.set(`${Key} ${VersionId}`, `${Key} ${await Body?.transformToString()} ${JSON.stringify(Metadata)}`);
  }
  const client = new DynamoDBClient(clientSettings());
  for (const name of [Output.ledgerTable, Output.leadIndexTable]) {
    const TableName = String(stack.output(name));
    for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
      for (const item of Items) stored.set(`${TableName} ${JSON.stringify(item)}`, JSON.stringify(item));
    }
  }
  for (const { values } of stack.of("aws_sqs_queue")) {
    const name = String(values.name);
    stored.set(name, JSON.stringify(Object.values(inspectQueue(name)).flat()));
  }
  return stored;
}

const [wilhelmina, , joerg] = ordinary;
const erasing = suite("ops erase :: on the pipeline");
erasing("leaves nothing of a person anywhere, and a later lead of theirs is a new one", async () => {
  assert.ok(wilhelmina && joerg);
  const { name, email, phone } = wilhelmina;
  const platform = await startAudited({ stackDir: await leadIndexStack() });
  try {
    const clients = {
      s3: () => new S3Client(platform.clientSettings()),
      sqs: () => new SQSClient(platform.clientSettings()),
      dynamo: () => new DynamoDBClient(platform.clientSettings()),
    };
    const outputs = () => outputsOf(platform);
    const env = { name: "dev", settings: devWithIndex } as const;
    const wait = async () => {};
    const command = (who: string, dryRun = false) => run(erase, { env, who, outputs, dryRun }, { ...clients, wait });
    await platform.crm.sendLead("website", { name, email, phone });
    await settled(platform);
    // The second one is in a digest with others.
    await Promise.all([
      platform.crm.sendLeads(14),
      platform.crm.sendLead("crm", { name, email: email.toLowerCase(), phone: "0049 30 88776655" }),
    ]);
    await drop(platform, "list.json", [{ name, email: `<${email}>` }, joerg.lead]);
    await drop(platform, `${name}.json`, { email });
    await settled(platform);
    const letter = deadLettered(platform);
    await platform.crm.sendLead("website", { fullName: name, remarks: `${name} (${email}) wants a call` });
    await letter;
    await settled(platform);
    const forms = personalForms(wilhelmina);
    const placesOf = (stored: ReadonlyMap<string, string>) =>
      [...stored].flatMap(([place, text]) => (forms.some((form) => text.toLowerCase().includes(form)) ? [place] : []));
    const before = await storedIn(platform);
    // Five raw objects, four enriched ones, and the index's item with the name of a file.
    assert.is(placesOf(before).length, 10, placesOf(before).join("\n"));

    const dry = await command(`${email}, 0049 (30) 88-77-66-55`, true);
    assert.equal([...(await storedIn(platform)).keys()], [...before.keys()]);
    const { printed, warned, code } = await command(` ${email.toUpperCase()} `);
    assert.equal([code, warned], [0, ""]);
    const counts = (text: string) => text.match(/(?<=deleted? )\d+/g);
    assert.equal(counts(printed), counts(dry.printed));
    const after = await storedIn(platform);
    assert.equal(placesOf(after), []);
    const ids = printed.split("\n").filter((line) => /^\w+-[0-9a-f]{32}$/.test(line));
    assert.is(ids.length, 5);
    assert.equal(
      [...after].filter(([place, text]) => ids.some((id) => `${place}${text}`.includes(id))),
      [],
    );

    // Nothing that operators do brings it back.
    const later = () => new Date(Date.now() + 15 * 60_000);
    const replayed = await run(reconcile, { env, outputs, since: undefined, replay: true }, { ...clients, now: later });
    assert.match(replayed.printed, "0 stopped");
    for (const queue of ["leads", "notifications", "lead-index-events"]) {
      const moved = await run(redriveDeadLetters, { outputs, queue, class: undefined, dryRun: false }, clients);
      assert.is(moved.printed, "moved nothing; 0 left");
    }
    const last = await storedIn(platform);
    assert.equal(placesOf(last), []);
    const isOfJoerg = (text: string) => text.includes(joerg.email);
    assert.is([...last.values()].filter(isOfJoerg).length, 1, "the other lead of the file is still enriched");

    await platform.crm.sendLead("website", { name, email, phone });
    await settled(platform);
    const announced = JSON.stringify(platform.slack.messages.at(-1));
    assert.match(announced, name);
    assert.not.match(announced, /seen before/i);
  } finally {
    await platform.stop();
  }
});
erasing.run();
