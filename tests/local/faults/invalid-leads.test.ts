import { PurgeQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { queueOutputs, stages } from "../../../flow.ts";
import { kinds, sendInvalidLead } from "../../../local/faults/invalid-leads.ts";
import { redriveUsedUp } from "../../../local/faults/redrive.ts";
import { faultTests, withFaults } from "./fault-fixtures.ts";

const invalidLeads = suite("invalid leads");
const test = faultTests(invalidLeads);

test("every kind is a dead letter at once, with its class; it is logged, counted, and alarms from the third on", () =>
  withFaults(async (pipeline) => {
    const { runAudit, seen } = pipeline;
    const sent = await Promise.all(
      Array.from({ length: kinds.length }, (_, index) => sendInvalidLead(pipeline, index)),
    );
    for (const made of sent) runAudit.addInvalidLead(made);
    const byNotify = sent.filter(({ kind }) => kind.startsWith("an enriched")).length;
    await seen.metrics({ "enrich LeadsRejected": sent.length - byNotify, "notify LeadsRejected": byNotify });
    for (const { errorClass } of sent) await seen.line({ level: "WARN", message: "lead rejected", errorClass });
    await seen.metrics({ "enrich LeadsRetried": 0, "notify LeadsRetried": 0, "enrich Errors": 0, "notify Errors": 0 });
    assert.is(byNotify, 2, "too few for an alarm of the notifications");
    await seen.alarms("enrich-rejections", "leads-dlq-depth", "notify-rejections");
    assert.equal(await seen.announced(), { slack: 0, email: 0, marked: 0 });
    const { missingDeadLetters } = await runAudit.result();
    assert.equal(missingDeadLetters, []);

    assert.is(await redriveUsedUp(pipeline), 0, "it stays where it is");
  }));

test("the alarm is over when its letters are gone", () =>
  withFaults(async (pipeline) => {
    const { seen, clientSettings, stack } = pipeline;
    for (let sent = 0; sent < 3; sent++) await sendInvalidLead(pipeline, 1);
    await seen.metrics({ "enrich LeadsRejected": 3 });
    await seen.alarms("enrich-rejections", "leads-dlq-depth");
    await new SQSClient(clientSettings()).send(
      new PurgeQueueCommand({ QueueUrl: String(stack.output(queueOutputs(stages.enrich.queue).deadLettersUrl)) }),
    );
    await seen.calm();
  }));

invalidLeads.run();
