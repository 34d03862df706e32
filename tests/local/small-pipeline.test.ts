import { request as plainRequest } from "node:http";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Notification } from "../../local/summary.ts";
import { inTime } from "../helpers/in-time.ts";
import { makeVisible } from "../helpers/make-visible.ts";
import { testPatience, withPipeline } from "../helpers/running-pipeline.ts";
import { smallStack } from "../helpers/small-stack.ts";

const stackDir = smallStack();
const pipeline = suite("small pipeline");

pipeline(
  "ten leads: stored, enriched and announced once each, by Slack as fast as it takes them and else by email",
  () =>
    withPipeline({ stackDir }, async ({ crm, slack }, leadAudit) => {
      const deliveries = await crm.sendLeads(10);
      await leadAudit.settled(testPatience);
      assert.ok(deliveries.every(({ status }) => status === 202));
      const {
        accepted,
        stored,
        enriched,
        slack: bySlack,
        email,
        lost,
        duplicates,
        latencyMs,
      } = leadAudit.summary("dev", 10);
      assert.equal([accepted, stored, enriched, bySlack + email, lost, duplicates], [10, 10, 10, 10, 0, 0]);
      assert.ok(bySlack >= 3 && bySlack === slack.messages.length, `${bySlack} by Slack`);
      assert.ok(latencyMs.p50 !== null && latencyMs.max !== null && latencyMs.p50 <= latencyMs.max);
    }),
);

pipeline("the same webhook twice is one lead", () =>
  withPipeline({ stackDir }, async ({ crm }, leadAudit) => {
    const signed = crm.sign("website", "{}", "msg_once");
    const [first, second] = [await crm.send(signed, "website", {}), await crm.send(signed, "website", {})];
    await leadAudit.settled(testPatience);
    assert.equal([first.status, second.status], [202, 200]);
    assert.is(leadAudit.summary("dev", 2).accepted, 1);
  }),
);

pipeline("Slack down: all by email", () =>
  withPipeline({ stackDir, slack: "down" }, async ({ crm, slack }, leadAudit) => {
    await crm.sendLeads(5);
    await leadAudit.settled(testPatience);
    assert.is(leadAudit.summary("dev", 5).email, 5);
    assert.is(slack.messages.length, 0);
  }),
);

pipeline("a lead that always fails ends in the dead letter queue after its receives, and is not lost", () =>
  withPipeline({ stackDir }, async (platform, leadAudit) => {
    const { crm, deadLetters } = platform;
    const poison = await crm.sendLead("website", { message: "poison" });
    await inTime<void>("the end of enrich's invocation", (resolve) =>
      platform.functions.get("small-enrich")?.once("invoked", () => resolve()),
    );
    await makeVisible(platform, ["small-leads"]);
    await crm.sendLeads(2);
    await leadAudit.settled(testPatience);
    const { deadLettered, lost } = leadAudit.summary("dev", 3);
    assert.equal([deadLettered, lost], [1, 0]);
    const [letter] = deadLetters.contents();
    assert.match(letter?.body ?? "", poison.leadIds[0] ?? "no lead");
  }),
);

pipeline("a file dropped into the bucket's root by curl is announced, whatever its name", () =>
  withPipeline({ stackDir }, async ({ desk }, leadAudit) => {
    const landed = new Promise<Notification>((resolve) => leadAudit.once("notified", resolve));
    const key = encodeURIComponent("lead ü 🌟 (1).json");
    const answer = await fetch(`${desk.url}/bucket/${key}`, { method: "PUT", body: '{"email":"ada@example.com"}' });
    assert.equal([answer.status, await answer.text()], [200, "stored as lead ü 🌟 (1).json\n"]);
    assert.match((await landed).leadId, /^file-[0-9a-f]{32}$/);
  }),
);

pipeline("a lead sent over the desk is signed and passes the endpoint", () =>
  withPipeline({ stackDir }, async ({ desk }, leadAudit) => {
    const answer = await fetch(`${desk.url}/crm/website`, { method: "POST", body: '{"email":"ada@example.com"}' });
    assert.is(answer.status, 202);
    await leadAudit.settled(testPatience);
    assert.is(leadAudit.summary("dev", 0).slack, 1);
  }),
);

pipeline("what no route takes is 404, and 10 MB are too much", () =>
  withPipeline({ stackDir }, async ({ endpoint }) => {
    const get = await fetch(`${endpoint}/website`);
    assert.equal([get.status, await get.text()], [404, '{"message":"Not Found"}']);
    const climbing = await rawPost(`${endpoint}`, "/a/../website");
    assert.is(climbing, 404);
    const large = await fetch(`${endpoint}/website`, { method: "POST", body: Buffer.alloc(10 * 1024 * 1024 + 1) });
    assert.equal([large.status, await large.text()], [413, '{"message":"Request Entity Too Large"}']);
  }),
);

pipeline("what the stack holds and the run does not simulate is listed", () =>
  withPipeline({ stackDir }, async ({ notSimulated }) => {
    assert.ok(notSimulated.includes("aws_cloudwatch_dashboard"));
    assert.not(notSimulated.includes("aws_sqs_queue"));
  }),
);

/** `fetch` would tidy the path up. */
function rawPost(url: string, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = plainRequest({ hostname, port, path, method: "POST" }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on("error", reject).end();
  });
}

pipeline.run();
