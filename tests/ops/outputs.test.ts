import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Pipeline, readPipeline } from "../../ops/outputs.ts";
import { tempFolder } from "../helpers/temp-folder.ts";

const values = {
  leads_bucket: "leads",
  leads_queue_url: "https://sqs.eu-west-1.amazonaws.com/1/leads",
  leads_dlq_url: "https://sqs.eu-west-1.amazonaws.com/1/leads-dlq",
  notifications_queue_url: "https://sqs.eu-west-1.amazonaws.com/1/notifications",
  notifications_dlq_url: "https://sqs.eu-west-1.amazonaws.com/1/notifications-dlq",
  events_dlq_url: "https://sqs.eu-west-1.amazonaws.com/1/events-dlq",
  endpoint: "https://api/",
  ledger_table: "ledger",
  source_secret_parameters: { smoke: ["/leadwire/prod/sources/smoke/signing-secret"] },
};
const at = "https://sqs.eu-west-1.amazonaws.com/1";
const pipeline: Pipeline = {
  endpoint: "https://api",
  bucket: "leads",
  ledgerTable: "ledger",
  leadIndexTable: undefined,
  sourceSecrets: { smoke: ["/leadwire/prod/sources/smoke/signing-secret"] },
  queues: {
    leads: { url: `${at}/leads`, deadLettersUrl: `${at}/leads-dlq` },
    notifications: { url: `${at}/notifications`, deadLettersUrl: `${at}/notifications-dlq` },
  },
  undeliveredEventsUrl: `${at}/events-dlq`,
  region: "eu-west-1",
};

function fileWith(text: string): string {
  const file = join(tempFolder(), "outputs.json");
  writeFileSync(file, text);
  return file;
}
const fileOf = (value: unknown) => fileWith(JSON.stringify(value));

const refusal = (file: string) => {
  try {
    readPipeline(file);
  } catch (error) {
    return (error as Error).message.replace(file, "FILE").replace(file, "FILE");
  }
  return "taken";
};

const outputs = suite("ops outputs");

outputs("are read as cdktf output --outputs-file writes them", () => {
  assert.equal(readPipeline(fileOf({ "leadwire-prod": values })), pipeline);
});

outputs("are read as terraform output -json writes them", () => {
  const terraform = Object.entries(values).map(([name, value]) => [name, { sensitive: false, type: "string", value }]);
  assert.equal(readPipeline(fileOf(Object.fromEntries(terraform))), pipeline);
});

outputs("of a consumer's queue name the queue with dashes", () => {
  const archive = { archive_leads_queue_url: `${at}/archive-leads`, archive_leads_dlq_url: `${at}/archive-leads-dlq` };
  assert.equal(readPipeline(fileOf({ ...values, ...archive })).queues, {
    ...pipeline.queues,
    "archive-leads": { url: `${at}/archive-leads`, deadLettersUrl: `${at}/archive-leads-dlq` },
  });
});

outputs("of the state's stack may stand beside those of an environment", () => {
  assert.equal(readPipeline(fileOf({ "leadwire-state": { bucket: "b" }, "leadwire-prod": values })), pipeline);
});

outputs("of two environments are refused, because one must be meant", () => {
  assert.match(refusal(fileOf({ "leadwire-dev": values, "leadwire-prod": values })), "leadwire-dev and leadwire-prod");
});

outputs("that lack a value, are not JSON or not there say what to do", () => {
  const { leads_dlq_url: _, ...rest } = values;
  assert.match(refusal(fileOf(rest)), "has no output leads_dlq_url");
  assert.match(refusal(fileOf({ ...values, leads_dlq_url: "" })), "has no output leads_dlq_url");
  assert.match(refusal(fileWith("{")), "it is not JSON. Write it with cdktf output leadwire-ENV --outputs-file FILE.");
  assert.match(refusal("/nowhere.json"), "it cannot be read");
});

outputs.run();
