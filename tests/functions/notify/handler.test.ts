import { suite } from "uvu";
import * as assert from "uvu/assert";
import { makeHandler } from "../../../functions/notify/handler.ts";
import type { EnrichedLead } from "../../../functions/shared/lead.ts";
import { objectCreated, sqsEvent, sqsRecord } from "../../helpers/aws-events.ts";
import { awsError, memoryStore, recordedLog, recordedMeter } from "../../helpers/fakes.ts";
import { enrichedLead } from "../../helpers/leads.ts";

const lead = enrichedLead();
const key = `enriched/dt=2026-03-01/${lead.id}.json`;

function setUp(text: string, announce: (lead: EnrichedLead, content: string, until: Date) => Promise<void>) {
  const buried: { code: string; correlationId: string | undefined }[] = [];
  const log = recordedLog();
  const meter = recordedMeter();
  const handler = makeHandler({
    store: memoryStore({ [key]: { text } }),
    announce,
    sendToDeadLetters: async (_, { code }, correlationId) => {
      buried.push({ code, correlationId });
    },
    log,
    meter,
    now: () => new Date("2026-03-01T12:00:00.000Z"),
  });
  const run = (...bodies: string[]) =>
    handler(sqsEvent(...bodies.map((body, index) => sqsRecord(body, `m${index}`))), {
      getRemainingTimeInMillis: () => 20_000,
    });
  return { run, buried, log, meter };
}

const notify = suite("notify handler");

notify("announces the enriched lead, by its content and until the invocation ends", async () => {
  const announced: unknown[] = [];
  const { run, meter } = setUp(JSON.stringify(lead), async (...args) => {
    announced.push(args);
  });
  assert.equal(await run(objectCreated(key)), { batchItemFailures: [] });
  assert.equal(announced, [[lead, '"e1"', new Date("2026-03-01T12:00:20.000Z")]]);
  assert.is(meter.flushed, 1);
});

notify("names only what was not announced, and logs why without the person", async () => {
  const { run, log } = setUp(JSON.stringify(lead), async (_, content) => {
    if (content) throw new Error("no", { cause: awsError("SendingPausedException", 400) });
  });
  assert.equal(await run(objectCreated(key), objectCreated("enriched/dt=2026-03-01/gone.json")), {
    batchItemFailures: [{ itemIdentifier: "m0" }, { itemIdentifier: "m1" }],
  });
  const causes = log.lines.map(({ context }) => (context.cause as { errorClass: string } | undefined)?.errorClass);
  assert.ok(causes.includes("SendingPausedException"));
  assert.not.match(JSON.stringify(log.lines), /jane|roe|acme/i);
});

for (const [what, text, code] of [
  ["is not JSON", "{", "NotJson"],
  ["is of another version", JSON.stringify({ ...lead, schemaVersion: 9 }), "InvalidLead"],
] as const) {
  notify(`buries an enriched object that ${what}`, async () => {
    const { run, buried } = setUp(text, async () => assert.unreachable());
    assert.equal(await run(objectCreated(key)), { batchItemFailures: [] });
    assert.equal(buried, [{ code, correlationId: lead.id }]);
  });
}

notify("buries a message that tells of no object", async () => {
  const { run, buried } = setUp("", async () => assert.unreachable());
  assert.equal(await run("hello"), { batchItemFailures: [] });
  assert.equal(buried, [{ code: "NotAnObjectEvent", correlationId: undefined }]);
});

notify.run();
