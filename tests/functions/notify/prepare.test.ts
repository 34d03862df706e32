import { suite } from "uvu";
import * as assert from "uvu/assert";
import { webhookLeadId } from "../../../functions/lead/lead-id.ts";
import type { Claim } from "../../../functions/notify/ledger.ts";
import { createPreparer } from "../../../functions/notify/prepare.ts";
import { objectCreated } from "../../helpers/aws-events.ts";
import { awsError, memoryStore, recordedLog, recordedMeter } from "../../helpers/fakes.ts";
import { enrichedLead } from "../../helpers/leads.ts";

const lead = enrichedLead({ id: webhookLeadId("website", "msg_1", 0) });
const key = `enriched/dt=2026-03-01/${lead.id}.json`;
const until = new Date("2026-03-01T12:00:30.000Z");
const granted: Claim = {
  status: "granted",
  mayBeRepeat: false,
  wasInterrupted: false,
  claim: { ids: ["announcement"], claimant: "me" },
};
const messageOf = (body: string) => ({
  messageId: "m",
  receiptHandle: "r",
  body,
  receiveCount: 1,
  attempt: 1,
  firstAttemptAt: undefined,
});

function setUp(text: string, claim: () => Promise<Claim> = async () => granted) {
  const deadLettered: { code: string; correlationId: string | undefined }[] = [];
  const claims: unknown[] = [];
  const log = recordedLog();
  const meter = recordedMeter();
  const prepare = createPreparer({
    store: memoryStore({ [key]: { text } }),
    loadShape: () => import("../../../functions/lead/enriched-lead.ts"),
    ledger: {
      open: async () => {},
      claim: async (...asked) => {
        claims.push(asked);
        return claim();
      },
    },
    destinationOf: () => "sales",
    sendToDeadLetters: async (_, { code }, correlationId) => {
      deadLettered.push({ code, correlationId });
    },
    log,
    meter,
  });
  return { run: (body = objectCreated(key)) => prepare(messageOf(body), until), deadLettered, claims, log, meter };
}

const prepare = suite("prepare");

prepare("reads the lead and claims its announcement until the invocation ends", async () => {
  const { run, claims } = setUp(JSON.stringify(lead));
  const ready = await run();
  assert.type(ready, "object");
  if (typeof ready === "string") return;
  assert.equal([ready.lead, ready.message], [lead, messageOf(objectCreated(key))]);
  assert.equal([ready.destination, ready.mayBeRepeat], ["sales", false]);
  assert.equal(ready.claim, { ids: ["announcement"], claimant: "me" });
  assert.equal(claims, [[lead, "sales", until]]);
});

prepare("is done with what was announced before", async () => {
  const { run, log, meter } = setUp(JSON.stringify(lead), async () => ({ status: "sent" }));
  assert.is(await run(), "done");
  assert.equal(log.lines, [{ level: "info", message: "lead announced before", context: { correlationId: lead.id } }]);
  assert.equal(meter.counts, {});
});

prepare("retries what another invocation is announcing, which is no failure", async () => {
  const { run, log, meter } = setUp(JSON.stringify(lead), async () => ({ status: "held" }));
  assert.is(await run(), "failed");
  assert.equal(log.lines, [
    {
      level: "info",
      message: "lead not announced by this invocation",
      context: {
        correlationId: lead.id,
        messageId: "m",
        receiveCount: 1,
        errorClass: "ClaimedElsewhere",
        reason: "Another invocation is announcing this lead.",
      },
    },
  ]);
  assert.equal(meter.counts, {});
});

prepare("retries what cannot be read or claimed now, and counts it", async () => {
  const { run, meter, log } = setUp(JSON.stringify(lead), () => Promise.reject(awsError("ThrottlingException", 400)));
  assert.is(await run(), "failed");
  assert.equal(meter.counts, { LeadsRetried: 1 });
  assert.equal(log.lines, [
    {
      level: "error",
      message: "lead not announced, it will be tried again",
      context: {
        correlationId: lead.id,
        messageId: "m",
        receiveCount: 1,
        errorClass: "ThrottlingException",
        httpStatus: 400,
        requestId: "aws-request-1",
      },
    },
  ]);
});

prepare("dead-letters a message whose object is no longer there", async () => {
  const { run, deadLettered, log } = setUp(JSON.stringify(lead));
  assert.is(await run(objectCreated("enriched/dt=2026-03-01/jane-roe.json")), "done");
  assert.equal(
    deadLettered.map(({ code }) => code),
    ["ObjectGone"],
  );
  assert.not.match(JSON.stringify(log.lines), /jane|roe|acme/i);
});

for (const [what, text, code] of [
  ["is not JSON", "{", "NotJson"],
  ["is of another version", JSON.stringify({ ...lead, schemaVersion: 9 }), "InvalidLead"],
  ["holds another lead than its key names", JSON.stringify(enrichedLead()), "InvalidLead"],
] as const) {
  prepare(`dead-letters an enriched object that ${what}`, async () => {
    const { run, deadLettered, claims } = setUp(text);
    assert.is(await run(), "done");
    assert.equal([deadLettered, claims], [[{ code, correlationId: lead.id }], []]);
  });
}

prepare("dead-letters a message that names no object", async () => {
  const { run, deadLettered } = setUp("");
  assert.is(await run("hello"), "done");
  assert.equal(deadLettered, [{ code: "NotAnObjectEvent", correlationId: undefined }]);
});

prepare.run();
