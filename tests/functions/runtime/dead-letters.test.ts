import type { SQSClient } from "@aws-sdk/client-sqs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { rawKey, webhookLeadId } from "../../../functions/lead/lead-id.ts";
import { RejectedError } from "../../../functions/lead/rejection.ts";
import { createDeadLetterIfRejected, createDeadLetterSender } from "../../../functions/runtime/dead-letters.ts";
import { objectCreated } from "../../helpers/aws-events.ts";
import { failureOf } from "../../helpers/failure.ts";
import { awsError, recordedLog, recordedMeter } from "../../helpers/fakes.ts";

const record = { body: '{"detail":"the original event"}', messageId: "m1" };
const rejection = new RejectedError("NoContact", "The lead has neither email nor phone.");
const attribute = (StringValue: string) => ({ DataType: "String", StringValue });

const sender = suite("dead letter sender");

for (const [correlationId, attributes] of [
  ["website-1", { correlationId: attribute("website-1") }],
  [undefined, {}],
] as const) {
  sender(`sends the original body with class, reason and ${correlationId ?? "no correlation id"}`, async () => {
    const sent: unknown[] = [];
    const send = async ({ input }: { input: unknown }) => sent.push(input);
    await createDeadLetterSender({ send } as unknown as SQSClient, "queue-url")(record, rejection, correlationId);
    assert.equal(sent, [
      {
        QueueUrl: "queue-url",
        MessageBody: '{"detail":"the original event"}',
        MessageAttributes: {
          errorClass: attribute("NoContact"),
          reason: attribute("The lead has neither email nor phone."),
          ...attributes,
        },
      },
    ]);
  });
}

sender.run();

const id = webhookLeadId("website", "1");
const message = { body: objectCreated(rawKey(id)) };

function setUp(fail?: Error) {
  const sent: unknown[] = [];
  const log = recordedLog();
  const meter = recordedMeter();
  const deadLetterIfRejected = createDeadLetterIfRejected(
    async (...args) => {
      sent.push(args);
      if (fail) throw fail;
    },
    { log, meter },
  );
  const run = (error?: Error) =>
    deadLetterIfRejected(message, async () => {
      if (error) throw error;
    });
  return { run, sent, log, meter };
}

const rejected = suite("dead letter if rejected");

rejected("sends a rejected lead, logs a warning and counts it", async () => {
  const { run, sent, log, meter } = setUp();
  await run(rejection);
  assert.equal(sent, [[message, rejection, id]]);
  assert.equal(log.lines, [
    {
      level: "warn",
      message: "lead rejected",
      context: {
        correlationId: id,
        errorClass: "NoContact",
        reason: "The lead has neither email nor phone.",
      },
    },
  ]);
  assert.equal(meter.counts, { LeadsRejected: 1 });
});

rejected("does nothing when the work succeeds", async () => {
  const { run, sent, log, meter } = setUp();
  await run();
  assert.equal([sent, log.lines, meter.counts], [[], [], {}]);
});

rejected("passes every other error on, which may not happen again", async () => {
  const { run, sent } = setUp();
  const error = awsError("SlowDown", 503);
  assert.is(await failureOf(run(error)), error);
  assert.equal(sent, []);
});

rejected("does not count a lead that could not be dead-lettered, and says why not", async () => {
  const { run, log, meter } = setUp(awsError("ServiceUnavailable", 503));
  const error = await failureOf(run(rejection));
  assert.equal([error.name, error.code], ["DeadLetterNotSentError", "DeadLetterNotSent"]);
  assert.is(error.message, "A lead was rejected (NoContact), and SQS did not take it: ServiceUnavailable.");
  assert.equal([log.lines, meter.counts], [[], {}]);
});

rejected.run();
