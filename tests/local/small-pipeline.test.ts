import { request as plainRequest } from "node:http";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Notification } from "../../local/summary.ts";
import { inTime } from "../helpers/in-time.ts";
import { makeVisible } from "../helpers/make-visible.ts";
import { type AuditedPipeline, startAudited, testPatience } from "../helpers/running-pipeline.ts";
import { smallStack } from "../helpers/small-stack.ts";

let small: AuditedPipeline;
const pipeline = suite("small pipeline");

pipeline.before(async () => {
  small = await startAudited({ stackDir: smallStack() });
});
pipeline.after(() => small.stop());

/** How many leads were announced by either channel. */
const announced = () => {
  const { slack, email } = small.leadAudit.summary("dev");
  return slack + email;
};

pipeline(
  "ten leads: stored, enriched and announced once each, by Slack as fast as it takes them and else by email",
  async () => {
    const { crm, slack, leadAudit } = small;
    const deliveries = await crm.sendLeads(10);
    await leadAudit.settled(testPatience);
    assert.ok(deliveries.every(({ status }) => status === 202));
    const summary = leadAudit.summary("dev");
    const { accepted, stored, enriched, slack: bySlack, email, lost, duplicates, latencyMs } = summary;
    assert.equal([accepted, stored, enriched, bySlack + email, lost, duplicates], [10, 10, 10, 10, 0, 0]);
    assert.ok(bySlack >= 3 && bySlack === slack.messages.length, `${bySlack} by Slack`);
    assert.ok(latencyMs.p50 !== null && latencyMs.max !== null && latencyMs.p50 <= latencyMs.max);
  },
);

pipeline("the same webhook twice is one lead", async () => {
  const { crm, leadAudit } = small;
  const before = leadAudit.summary("dev").accepted;
  const signed = crm.sign("website", "{}", "msg_once");
  const [first, second] = [await crm.send(signed, "website"), await crm.send(signed, "website")];
  await leadAudit.settled(testPatience);
  assert.equal([first.status, second.status], [202, 200]);
  assert.is(leadAudit.summary("dev").accepted, before + 1);
});

pipeline("a lead that always fails ends in the dead letter queue after its receives, and is not lost", async () => {
  const { crm, deadLetters, leadAudit } = small;
  const ended = inTime<void>("the end of enrich's invocation", (resolve) =>
    small.functions.get("small-enrich")?.once("invoked", () => resolve()),
  );
  const poison = await crm.sendLead("website", { message: "poison" });
  await ended;
  await makeVisible(small, ["small-leads"]);
  await crm.sendLeads(2);
  await leadAudit.settled(testPatience);
  const { deadLettered, lost } = leadAudit.summary("dev");
  assert.equal([deadLettered, lost], [1, 0]);
  const [letter] = deadLetters.contents();
  assert.match(letter?.body ?? "", poison.leadIds[0] ?? "no lead");
});

pipeline("a file dropped into the bucket's root by curl is announced, whatever its name", async () => {
  const landed = new Promise<Notification>((resolve) => small.leadAudit.once("notified", resolve));
  const key = encodeURIComponent("lead ü 🌟 (1).json");
  const answer = await fetch(`${small.desk.url}/bucket/${key}`, { method: "PUT", body: '{"email":"ada@example.com"}' });
  assert.equal([answer.status, await answer.text()], [200, "stored as lead ü 🌟 (1).json\n"]);
  assert.match((await landed).leadId, /^file-[0-9a-f]{32}$/);
});

pipeline("a lead sent over the desk is signed and passes the endpoint", async () => {
  const before = announced();
  const answer = await fetch(`${small.desk.url}/crm/website`, { method: "POST", body: '{"email":"ada@example.com"}' });
  assert.is(answer.status, 202);
  await small.leadAudit.settled(testPatience);
  assert.is(announced(), before + 1);
});

pipeline("nothing sent over the desk is a made-up lead, whose id the answer names", async () => {
  const before = announced();
  const answer = await fetch(`${small.desk.url}/crm/website`, { method: "POST" });
  const text = await answer.text();
  const leadId = answer.headers.get("leadwire-lead-ids") ?? "none";
  assert.match(leadId, /^website-[0-9a-f]{32}$/);
  assert.equal([answer.status, text.includes(leadId)], [202, true]);
  await small.leadAudit.settled(testPatience);
  assert.is(announced(), before + 1);
});

pipeline("what no route takes is 404, and 10 MB are too much", async () => {
  const { endpoint } = small;
  const get = await fetch(`${endpoint}/website`);
  assert.equal([get.status, await get.text()], [404, '{"message":"Not Found"}']);
  assert.is(await rawRequest(endpoint, "/a/../website", "POST"), 404);
  const large = await fetch(`${endpoint}/website`, { method: "POST", body: Buffer.alloc(10 * 1024 * 1024 + 1) });
  assert.equal([large.status, await large.text()], [413, '{"message":"Request Entity Too Large"}']);
});

pipeline("a URL that cannot be decoded is the sender's fault on every server, and the run goes on", async () => {
  const { endpoint, desk, slack, pager, gateway, mailboxUrl } = small;
  const servers = { endpoint, desk: desk.url, slack: slack.url, pager: pager.url, gateway: gateway.url, mailboxUrl };
  for (const [name, url] of Object.entries(servers)) {
    for (const path of ["/crm/my%source", "/bucket/%ff", "/%", "//", "/%E0%A4%A?a=%", "/store/%"]) {
      for (const method of ["GET", "POST", "PUT"]) {
        const status = (await rawRequest(url, path, method)) ?? 0;
        // The small ingest throws at a request without a webhook's headers.
        const isFine = status >= 200 && (status < 500 || name === "endpoint");
        assert.ok(isFine, `${method} ${path} of ${name}: ${status}`);
      }
    }
  }
  const malformed = await fetch(`${desk.url}/crm/my%source`, { method: "POST", body: "{}" });
  assert.equal([malformed.status, await malformed.text()], [400, "The URL is malformed: a % begins no character.\n"]);
  assert.is((await fetch(`${desk.url}/bucket/my%file`, { method: "PUT", body: "{}" })).status, 400);
});

pipeline("what the stack holds and the run does not simulate is listed", () => {
  assert.ok(small.notSimulated.includes("aws_cloudwatch_dashboard"));
  assert.not(small.notSimulated.includes("aws_sqs_queue"));
});

pipeline("Slack down: all by email", async () => {
  const [before, messages] = [small.leadAudit.summary("dev"), small.slack.messages.length];
  small.slack.mode = "down";
  await small.crm.sendLeads(5);
  await small.leadAudit.settled(testPatience);
  const { email } = small.leadAudit.summary("dev");
  assert.equal([email - before.email, small.slack.messages.length - messages], [5, 0]);
});

/** `fetch` would tidy the path up. */
function rawRequest(url: string, path: string, method: string): Promise<number | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = plainRequest({ hostname, port, path, method }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on("error", reject).end();
  });
}

pipeline.run();
