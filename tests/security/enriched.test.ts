import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { queueOutputs, stages } from "../../flow.ts";
import { enrichedKey, webhookLeadId } from "../../functions/lead/lead-id.ts";
import { inTime } from "../helpers/in-time.ts";
import { enrichedLead } from "../helpers/leads.ts";
import {
  allAnnouncedOnce,
  deadLettered,
  drop,
  errorClasses,
  keysIn,
  startTarget,
  type Target,
} from "./security-fixtures.ts";

let target: Target;
const enriched = suite("security :: enriched/");
enriched.before(async () => {
  target = await startTarget();
});
enriched.after(() => target.stop());

const lead = { email: "ada@example.com", name: "Ada Byron" };
const enrichedKeyOf = async (id = "") =>
  (await keysIn(target)).find((key) => key.startsWith("enriched/") && key.endsWith(`/${id}.json`)) ?? "";

enriched("objects that hold no lead, or another one than they name, are dead-lettered", async () => {
  const id = webhookLeadId("website", "msg_1", 0);
  const own = enrichedKey(id, new Date());
  const genuine = enrichedLead({ id });
  const dropped: readonly [key: string, content: unknown][] = [
    [own, "not JSON"],
    ["enriched/dt=2026-01-01/raw.json", lead],
    ["enriched/x.json", [genuine]],
    ["enriched/dt=2026-01-01/Ada Byron.json", genuine],
    [enrichedKey(webhookLeadId("website", "msg_2", 0), new Date()), genuine],
    [enrichedKey(webhookLeadId("website", "msg_3", 0), new Date()), { ...genuine, source: "<!channel>" }],
    ["enriched/", ""],
  ];
  const all = deadLettered(target, dropped.length);
  for (const [key, content] of dropped) await drop(target, key, content);
  await all;
  assert.equal(await errorClasses(target), [...Array(5).fill("InvalidLead"), "NotJson", "NotJson"]);
  assert.equal(target.slack.messages, []);
  assert.is((await keysIn(target)).length, dropped.length);
});

enriched("leads never go round: enrich dead-letters their keys even where a rule would pass them on", async () => {
  const { leadIds } = await target.crm.sendLead("website", lead);
  await allAnnouncedOnce(target);
  const before = await keysIn(target);
  const key = await enrichedKeyOf(leadIds[0]);
  const event = { detail: { bucket: { name: target.bucket }, object: { key, etag: "e1", size: 100 } } };
  const arrived = deadLettered(target);
  const QueueUrl = String(target.stack.output(queueOutputs(stages.enrich.queue).url));
  await new SQSClient(target.clientSettings()).send(
    new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }),
  );
  await arrived;
  assert.ok((await errorClasses(target)).includes("NotARawLead"));
  assert.equal(await keysIn(target), before);
});

enriched("objects that are overwritten by hand announce nothing again while the lead is the same", async () => {
  const before = target.slack.messages.length;
  const { leadIds } = await target.crm.sendLead("website", lead);
  await allAnnouncedOnce(target);
  const reread = inTime<void>("the ledger's answer", (resolve) => {
    target.gateway.on("answered", ({ call }) => {
      if (call.operation === "GetItem") resolve();
    });
  });
  const key = await enrichedKeyOf(leadIds[0]);
  const s3 = new S3Client(target.clientSettings());
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: target.bucket, Key: key }));
  const content = await Body?.transformToString();
  await drop(target, `${leadIds[0]}.json`, { ...lead, name: "Somebody else" });
  await drop(target, key, content);
  await reread;
  await target.crm.sendLead("website", lead);
  await allAnnouncedOnce(target);
  assert.is(target.slack.messages.length, before + 2);
});

enriched.run();
