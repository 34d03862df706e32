import { suite } from "uvu";
import * as assert from "uvu/assert";
import { webhookLeadId } from "../../../functions/lead/lead-id.ts";
import type { Claim, GrantedClaim } from "../../../functions/notify/ledger.ts";
import { type ClaimedLead, createPreparer, createRelease } from "../../../functions/notify/prepare.ts";
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

function setUp(text: string, claim: () => Promise<Claim> = async () => granted, at = key) {
  const settled: unknown[] = [];
  const deadLettered: { code: string; correlationId: string | undefined }[] = [];
  const claims: unknown[] = [];
  const log = recordedLog();
  const meter = recordedMeter();
  const prepare = createPreparer({
    store: memoryStore({ [at]: { text } }),
    loadShape: () => import("../../../functions/lead/enriched-lead.ts"),
    ledger: {
      open: async () => {},
      claim: async (...asked) => {
        claims.push(asked);
        return claim();
      },
      settle: async (...told) => {
        settled.push(told);
      },
      giveBack: async () => {},
    },
    destinationOf: () => "sales",
    sendToDeadLetters: async (_, { code }, correlationId) => {
      deadLettered.push({ code, correlationId });
    },
    log,
    meter,
  });
  const run = (body = objectCreated(at), mayBegin = (_destination: string) => true) =>
    prepare(messageOf(body), until, mayBegin);
  return { run, deadLettered, claims, settled, log, meter };
}

const prepare = suite("prepare");

prepare("reads the lead and claims its announcement until the invocation ends", async () => {
  const { run, claims } = setUp(JSON.stringify(lead));
  const ready = await run();
  assert.type(ready, "object");
  if (ready === "done" || "kind" in ready) return;
  assert.equal([ready.lead, ready.message], [lead, messageOf(objectCreated(key))]);
  assert.equal([ready.destination, ready.mayBeRepeat], ["sales", false]);
  assert.equal(ready.claim, { ids: ["announcement"], claimant: "me" });
  assert.equal(claims, [[lead, "sales", until]]);
});

const smokeTest = enrichedLead({ id: webhookLeadId("smoke", "msg_1", 0), source: "smoke" });
const smokeKey = `enriched/dt=2026-03-01/${smokeTest.id}.json`;

prepare("settles a smoke test as sent by nobody, and gives no channel anything to announce", async () => {
  const { run, claims, settled, log, meter } = setUp(JSON.stringify(smokeTest), undefined, smokeKey);
  assert.is(await run(), "done");
  assert.equal(claims, [[smokeTest, "nobody", until]]);
  assert.equal(settled, [[granted.claim, "sent", "nobody"]]);
  const context = { correlationId: smokeTest.id };
  assert.equal(log.lines, [{ level: "info", message: "smoke test announced to nobody", context }]);
  assert.equal(meter.counts, {});
});

prepare("tries a smoke test again while another invocation has it, and not after it arrived", async () => {
  const held = setUp(JSON.stringify(smokeTest), async () => ({ status: "held" }), smokeKey);
  const failure = await held.run();
  assert.ok(failure !== "done" && "kind" in failure && failure.kind === "busy");
  const sent = setUp(JSON.stringify(smokeTest), async () => ({ status: "sent" }), smokeKey);
  assert.equal([await sent.run(), sent.settled, held.settled], ["done", [], []]);
});

prepare("announces a lead that only says that it is a smoke test", async () => {
  const forged = { ...lead, source: "smoke", test: true };
  const { run, claims, settled } = setUp(JSON.stringify(forged));
  const ready = await run();
  assert.ok(ready !== "done" && !("kind" in ready));
  assert.equal([claims, settled], [[[forged, "sales", until]], []]);
});

prepare("is done with what was announced before", async () => {
  const { run, log, meter } = setUp(JSON.stringify(lead), async () => ({ status: "sent" }));
  assert.is(await run(), "done");
  assert.equal(log.lines, [{ level: "info", message: "lead announced before", context: { correlationId: lead.id } }]);
  assert.equal(meter.counts, {});
});

prepare("says that another invocation is announcing the lead, which is no failure", async () => {
  const { run, log, meter } = setUp(JSON.stringify(lead), async () => ({ status: "held" }));
  const cause = { errorClass: "ClaimedElsewhere", reason: "Another invocation is announcing this lead." };
  assert.equal(await run(), { kind: "busy", cause });
  assert.equal([log.lines, meter.counts], [[], {}]);
});

for (const [kind, error] of [
  ["unavailable", awsError("ThrottlingException", 400)],
  ["needsPerson", awsError("AccessDeniedException", 400)],
  ["fault", new TypeError("jane.roe@example.com")],
] as const) {
  prepare(`says what ${error.name} calls for, and names nobody`, async () => {
    const { run } = setUp(JSON.stringify(lead), () => Promise.reject(error));
    const failure = await run();
    assert.ok(failure !== "done" && "kind" in failure);
    assert.equal([failure.kind, failure.cause.errorClass], [kind, error.name]);
    assert.not.match(JSON.stringify(failure), "jane");
  });
}

prepare("claims nothing for a destination that cannot be announced to now", async () => {
  const { run, claims } = setUp(JSON.stringify(lead));
  const asked: string[] = [];
  const failure = await run(undefined, (destination) => {
    asked.push(destination);
    return false;
  });
  assert.ok(failure !== "done" && "kind" in failure);
  assert.equal([failure.kind, failure.cause.errorClass, asked, claims], ["busy", "NoTime", ["sales"], []]);
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

const claimed = (change: Partial<ClaimedLead> = {}): ClaimedLead => ({
  lead,
  mayBeRepeat: false,
  wasInterrupted: false,
  claim: { ids: ["announcement"], claimant: "me" },
  destination: "sales",
  message: messageOf(""),
  ...change,
});

prepare("gives back the claim of a lead, whatever the lead's state was before", async () => {
  const givenBack: GrantedClaim[] = [];
  const release = createRelease({ giveBack: async (claim) => void givenBack.push(claim) }, recordedLog());
  for (const wasInterrupted of [false, true]) await release(claimed({ mayBeRepeat: wasInterrupted, wasInterrupted }));
  assert.equal(givenBack, [claimed().claim, claimed().claim]);
});

prepare("goes on when a claim cannot be given back", async () => {
  const log = recordedLog();
  const release = createRelease({ giveBack: () => Promise.reject(awsError("ThrottlingException", 400)) }, log);
  await release(claimed());
  assert.equal(
    log.lines.map(({ level, context }) => [level, context.correlationId, context.errorClass]),
    [["error", lead.id, "ThrottlingException"]],
  );
});

prepare.run();
