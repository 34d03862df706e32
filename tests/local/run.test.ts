import { type Call, untidy } from "local-aws";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { stageNames } from "../../flow.ts";
import { seededRandom } from "../../local/random.ts";
import type { Notification } from "../../local/summary.ts";
import { type AuditedPipeline, startAudited, testPatience, withPipeline } from "../helpers/running-pipeline.ts";
import { synthesizedStack } from "../helpers/synth.ts";

const { folder: stackDir } = await synthesizedStack("leadwire-dev");
/** The pipeline of all tests but one; its Slack is up until the last one. */
let dev: AuditedPipeline;

const run = suite("the synthesized pipeline");

run.before(async () => {
  dev = await startAudited({ stackDir });
});
run.after(() => dev.stop());

run("six leads: all announced, none lost, none twice", async () => {
  await dev.crm.sendLeads(6);
  await dev.leadAudit.settled(testPatience);
  const { accepted, stored, enriched, slack, email, lost, duplicates } = dev.leadAudit.summary("dev");
  assert.equal([accepted, stored, enriched, slack + email, lost, duplicates], [6, 6, 6, 6, 0, 0]);
  assert.ok(slack >= 3, `${slack} by Slack`);
});

run("events and messages more than once and out of order: each lead is still announced once", () =>
  withPipeline(
    { stackDir, delivery: untidy({ duplicates: 0.3, reorder: 0.5, random: seededRandom(7) }) },
    async ({ crm, gateway }, leadAudit) => {
      await crm.sendLeads(10);
      await leadAudit.settled(testPatience);
      const { accepted, lost, duplicates } = leadAudit.summary("dev");
      assert.equal([accepted, lost, duplicates], [10, 0, 0]);
      assert.ok((gateway.counts.get("dynamodb:GetItem") ?? 0) > 0, "the ledger was asked about a second delivery");
    },
  ),
);

run("a lead that can never pass is a dead letter at once, with class and reason", async () => {
  const { crm, deadLetters, leadAudit } = dev;
  const poison = await crm.sendLead("website", { message: "no way to reach me" });
  await leadAudit.settled(testPatience);
  assert.is(poison.status, 202);
  assert.is(leadAudit.summary("dev").deadLettered, 1);
  const [letter] = deadLetters.contents();
  assert.ok(letter?.messageAttributes.errorClass?.StringValue);
  assert.ok(letter?.messageAttributes.reason?.StringValue);
  assert.is(letter?.messageAttributes.correlationId?.StringValue, poison.leadIds[0]);
});

run("a file dropped into the bucket's root works like a webhook, whatever its name", async () => {
  const { desk, slack, leadAudit } = dev;
  const landed = new Promise<Notification>((resolve) => leadAudit.once("notified", resolve));
  const key = encodeURIComponent("leads from the fair ü 🌟 (1).json");
  const lead = { first_name: "نور", last_name: "🌟", email: "nour@example.com" };
  const answer = await fetch(`${desk.url}/bucket/${key}`, { method: "PUT", body: JSON.stringify(lead) });
  assert.is(answer.status, 200);
  const { leadId, channel } = await landed;
  assert.match(leadId, /^file-[0-9a-f]{32}$/);
  assert.is(channel, "slack");
  assert.match(JSON.stringify(slack.messages), "نور");
});

run("a request that is not signed gets in nowhere", async () => {
  // Outcomes of the leads before can still be written, so only what ingest stores counts.
  const stored: string[] = [];
  const note = ({ call }: { call: Call }) => {
    if (call.operation === "PutObject" && call.caller.name === "leadwire-dev-ingest") stored.push(call.operation);
  };
  dev.gateway.on("answered", note);
  const answer = await fetch(`${dev.endpoint}/website`, { method: "POST", body: '{"email":"ada@example.com"}' });
  dev.gateway.off("answered", note);
  assert.is(answer.status, 401);
  assert.equal(stored, []);
});

run("no name, email or phone of a lead is in the functions' logs", async () => {
  const { crm, logs, leadAudit } = dev;
  const deliveries = await crm.sendLeads(10);
  await leadAudit.settled(testPatience);
  const text = (await logs.text()).toLowerCase();
  assert.match(text, deliveries[0]?.leadIds[0] ?? "no lead");
  for (const lead of deliveries.flatMap(({ leads }) => leads)) {
    const { last_name, email, phone } = lead as Record<string, string | undefined>;
    for (const personal of [last_name, email, phone]) {
      if (personal) assert.not.match(text, personal.trim().toLowerCase());
    }
  }
});

run("every line of a function has Lambda's id of its invocation", () => {
  const lines = dev.logs.latest.flatMap(({ function: name, requestId, line }) => {
    const written = JSON.parse(line) as { type?: string; requestId?: string };
    return written.type?.startsWith("platform.") ? [] : [{ name, invocation: requestId, written: written.requestId }];
  });
  assert.equal([...new Set(lines.map(({ name }) => name.split("-").at(-1)))].sort(), [...stageNames].sort());
  assert.equal(
    lines.filter(({ invocation, written }) => !invocation || written !== invocation),
    [],
  );
});

run("Slack down: every lead by email", async () => {
  const messages = dev.slack.messages.length;
  const channels = new Map<string, string>();
  dev.leadAudit.on("notified", ({ leadId, channel }) => channels.set(leadId, channel));
  dev.slack.mode = "down";
  const sent = await dev.crm.sendLeads(5);
  await dev.leadAudit.settled(testPatience);
  assert.equal(
    sent.flatMap(({ leadIds }) => leadIds.map((id) => channels.get(id))),
    Array(5).fill("email"),
  );
  assert.equal([dev.slack.messages.length - messages, dev.leadAudit.summary("dev").lost], [0, 0]);
});

run.run();
