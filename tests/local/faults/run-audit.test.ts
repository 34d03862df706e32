import type { Call } from "local-aws";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { queueOutputs, stages } from "../../../flow.ts";
import { sendInvalidLead } from "../../../local/faults/invalid-leads.ts";
import { RunAudit, unmarkedRepeats } from "../../../local/faults/run-audit.ts";
import { startPlatform } from "../../../local/platform.ts";
import { inTime } from "../../helpers/in-time.ts";
import { leadOutcome } from "../../helpers/outcomes.ts";
import { faultStack } from "./fault-fixtures.ts";

const announced = (at: number, marked = false) => ({ ref: "a", at, marked });

const repeats = suite("run audit :: repeats");

repeats("none when a lead is announced once, marked or not", () => {
  assert.is(unmarkedRepeats([announced(5000)]), 0);
  assert.is(unmarkedRepeats([announced(5000, true)]), 0);
});

repeats("none when every one after the first says so", () => {
  assert.is(unmarkedRepeats([announced(5000), announced(9000, true), announced(20_000, true)]), 0);
});

repeats("an email's time is a second unsure, and proves nothing", () => {
  assert.is(unmarkedRepeats([announced(5000, true), announced(5900)]), 0);
});

repeats("each unmarked one after another one counts, and so does one after a marked one", () => {
  assert.is(unmarkedRepeats([announced(5000), announced(9000), announced(12_000)]), 2);
  assert.is(unmarkedRepeats([announced(5000, true), announced(9000)]), 1);
});

repeats.run();

/** Lead ids are drawn from the seed, and runs of one process share a mailbox: no other test of a process uses it. */
const seed = 4711;

/** Runs the pipeline, and takes the first message of a stage's queue out of it, as if it had never been. */
async function removing(stage: "enrich" | "notify") {
  let url: unknown;
  let removed: string | undefined;
  const intercept = ({ caller, operation, parameters }: Call) => {
    if (caller.kind !== "service" || operation !== "SendMessage" || parameters.QueueUrl !== url) return undefined;
    if (removed !== undefined) return undefined;
    removed = String(parameters.MessageBody);
    return { status: 200, headers: {}, body: '{"MessageId":"removed"}' };
  };
  const platform = await startPlatform({ stackDir: await faultStack(), seed, intercept });
  url = platform.stack.output(queueOutputs(stages[stage].queue).url);
  return { platform, removedMessage: () => removed ?? "" };
}

const audit = suite("run audit");

for (const stage of ["enrich", "notify"] as const) {
  audit(`finds a lead that was removed on its way to ${stage}, and no other`, async () => {
    const { platform, removedMessage } = await removing(stage);
    try {
      const runAudit = new RunAudit(platform);
      const other = inTime<void>("the other lead's announcement", (resolve) =>
        platform.slack.once("message", () => resolve()),
      );
      const [lost] = await platform.crm.sendLeads(1);
      const id = lost?.leadIds[0] ?? "";
      await inTime<void>("the removal", (resolve) => {
        const timer = setInterval(() => {
          if (!removedMessage().includes(id)) return;
          clearInterval(timer);
          resolve();
        }, 10);
      });
      await platform.crm.sendLeads(1);
      await other;
      const { accepted, announced: found, lost: missing, deadLettered } = await runAudit.result();
      assert.equal(
        { accepted, found, missing, deadLettered },
        { accepted: 2, found: 1, missing: [id], deadLettered: {} },
      );
    } finally {
      await platform.stop();
    }
  });
}

audit("finds a rejected lead whose dead letter was removed, and one whose class is another", async () => {
  const platform = await startPlatform({ stackDir: await faultStack(), seed });
  try {
    const runAudit = new RunAudit(platform);
    const arrived = inTime<void>("a dead letter", (resolve) => platform.deadLetters.once("arrived", () => resolve()));
    const poison = await sendInvalidLead(platform, 1);
    await arrived;
    runAudit.addInvalidLead(poison);
    assert.equal((await runAudit.result()).missingDeadLetters, []);
    runAudit.addInvalidLead({ ...poison, kind: "another class", errorClass: "TooLarge" });
    runAudit.addInvalidLead({ ...poison, kind: "a removed letter", mark: "never-sent" });
    assert.equal((await runAudit.result()).missingDeadLetters, [
      `another class (${poison.mark})`,
      "a removed letter (never-sent)",
    ]);
  } finally {
    await platform.stop();
  }
});

audit("counts announced leads that have an outcome, and names one that nobody saw announced", async () => {
  const platform = await startPlatform({ stackDir: await faultStack(), seed });
  try {
    const runAudit = new RunAudit(platform);
    const written = inTime<void>("an outcome", (resolve) =>
      platform.gateway.on("answered", ({ call }) => {
        if (call.operation === "PutObject" && String(call.parameters.Key).startsWith("outcomes/")) resolve();
      }),
    );
    await platform.crm.sendLeads(1);
    await written;
    assert.equal((await runAudit.result()).outcomes, { announced: 1, wrong: [] });
    const unseen = leadOutcome();
    const url = `${platform.desk.url}/bucket/outcomes/dt=2026-03-01/120002500-0123456789abcdef.json`;
    await fetch(url, { method: "PUT", body: JSON.stringify(unseen) });
    assert.equal((await runAudit.result()).outcomes, { announced: 2, wrong: [unseen.id] });
  } finally {
    await platform.stop();
  }
});

audit.run();
