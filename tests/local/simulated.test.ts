import { once } from "node:events";
import { type Dispatcher, Pool } from "undici";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { webhookLeadId } from "../../functions/lead/lead-id.ts";
import { Crm } from "../../local/crm.ts";
import { leadIdsIn } from "../../local/lead-ids.ts";
import { Pager } from "../../local/pager.ts";
import { senders } from "../../local/senders/index.ts";
import type { Sender } from "../../local/senders/sender.ts";
import { httpServer } from "../helpers/http-server.ts";
import { recordedPauses } from "../helpers/time-limits.ts";

const simulated = suite("simulated CRM and pager");

simulated("the CRM sends again after 429 and 5xx, and takes every other answer as final", async () => {
  for (const [status, attempts] of [
    [429, 2],
    [500, 2],
    [503, 2],
    [400, 1],
  ] as const) {
    let requests = 0;
    await using server = await httpServer((_, response) => {
      requests += 1;
      response.writeHead(requests === 1 ? status : 202).end("{}");
    });
    const sender = senders["standard-webhooks"];
    const sources = new Map([["website", { sender, secrets: {}, settings: {} }]]);
    const crm = new Crm({ endpoint: server.url, sources, seed: 1 });
    assert.is((await crm.sendLead("website", { email: "ada@example.com" })).attempts, attempts, String(status));
    await crm.stop();
  }
});

simulated("a further attempt waits for as long as the answer asks, and the end of the run ends that", async () => {
  const came: string[] = [];
  await using server = await httpServer((request, response) => {
    came.push(request.url ?? "");
    response.writeHead(request.url === "/slow" ? 429 : 202, { "retry-after": "3600" }).end("{}");
  });
  const source = { sender: senders["standard-webhooks"], secrets: {}, settings: {} };
  const sources = new Map(["slow", "fast"].map((name) => [name, source]));
  const crm = new Crm({ endpoint: server.url, sources, seed: 1 });
  const retrying = once(crm, "retrying");
  const slow = crm.sendLead("slow", {});
  await retrying;
  for (let count = 0; count < 5; count += 1) await crm.sendLead("fast", {});
  assert.equal(came, ["/slow", ...Array(5).fill("/fast")]);
  await crm.stop();
  await slow;
  assert.equal(crm.requests, { begun: 6, settled: 5, refused: {} });
});

simulated("leads at a rate wait for their time, and those that wait at the end of the run are not sent", async () => {
  await using server = await httpServer((_, response) => response.writeHead(202).end("{}"));
  const sources = new Map([["crm", { sender: senders["standard-webhooks"], secrets: {}, settings: {} }]]);
  const crm = new Crm({ endpoint: server.url, sources, seed: 1 });
  const first = once(crm, "sent");
  const sending = crm.sendLeads(3, 0.001);
  await first;
  assert.is(crm.requests.begun, 1);
  await crm.stop();
  assert.equal([(await sending).length, crm.requests.begun], [1, 1]);
  assert.is(crm.sign("a/b c", "{}").url, `${server.url}/a%2Fb%20c`);
});

simulated("leads at a rate of one in two minutes are two minutes apart", async () => {
  await using server = await httpServer((_, response) => response.writeHead(202).end("{}"));
  const sources = new Map([["crm", { sender: senders["standard-webhooks"], secrets: {}, settings: {} }]]);
  const crm = new Crm({ endpoint: server.url, sources, seed: 1 });
  using pauses = recordedPauses();
  await crm.sendLeads(3, 1 / 120);
  const minutes = pauses.milliseconds.map((milliseconds) => Math.round(milliseconds / 60_000));
  assert.equal(minutes, [2, 4]);
  await crm.stop();
});

simulated("an answer may take as long as the vendor waits", async () => {
  const { request } = Pool.prototype;
  const limits: unknown[] = [];
  Pool.prototype.request = async ({ headersTimeout, bodyTimeout }: Dispatcher.RequestOptions) => {
    limits.push([headersTimeout, bodyTimeout]);
    throw new Error("late");
  };
  const sources = new Map([["crm", { sender: senders["google-ads"], secrets: {}, settings: {} }]]);
  const crm = new Crm({ endpoint: "http://127.0.0.1:1", sources, seed: 1 });
  const { status, body } = await crm.sendMadeUp("crm");
  Pool.prototype.request = request;
  assert.equal([status, body, limits], [0, "late", [[10_000, 10_000]]]);
  await crm.stop();
});

simulated("a made-up lead is sent once, whatever is answered", async () => {
  await using server = await httpServer((_, response) => response.writeHead(503).end());
  const sources = new Map([["crm", { sender: senders["standard-webhooks"], secrets: {}, settings: {} }]]);
  const crm = new Crm({ endpoint: server.url, sources, seed: 1 });
  const { attempts, status } = await crm.sendMadeUp("crm");
  assert.equal([attempts, status, crm.requests], [1, 503, { begun: 1, settled: 1, refused: { 503: 1 } }]);
  await crm.stop();
});

simulated("a source whose answers name no leads knows the ids of those that were accepted", async () => {
  await using server = await httpServer((request, response) => response.writeHead(200).end(request.url));
  const sender: Sender = {
    leadsInRequest: 2,
    body: (leads) => leads.map(({ id }) => id).join(),
    request: (_, { secrets }, { url }) => ({ url: `${url}?token=${secrets.token}`, headers: {} }),
    identity: ({ id }, { settings }) => [String(settings.organization), id],
    delivery: { isSuccess: (_, body) => body === "/soap?token=t", delays: [], answerSeconds: 5 },
  };
  const source = { sender, secrets: { token: "t" }, settings: { organization: "o" } };
  const crm = new Crm({ endpoint: server.url, sources: new Map([["soap", source]]), seed: 1 });
  const leads = [{ id: "1" }, { id: "2" }];
  const sent = await crm.send(crm.signLeads("soap", leads), "soap", leads);
  assert.equal(sent.leadIds, [webhookLeadId("soap", "o", "1"), webhookLeadId("soap", "o", "2")]);
  const { again: _, ...signed } = crm.signLeads("soap", leads);
  const refused = await crm.send({ ...signed, url: server.url }, "soap", leads);
  assert.equal([refused.accepted, refused.status, refused.leadIds], [false, 200, []]);
  await crm.stop();
});

simulated("a request that waited for a socket is signed when it has one", async () => {
  const log: string[] = [];
  const waiting: (() => void)[] = [];
  await using server = await httpServer((request, response) => {
    log.push(`came ${request.headers.signed}`);
    waiting.push(() => response.writeHead(202).end("{}"));
    // All sockets are in use by now: the first one becomes free.
    if (waiting.length === 128) waiting[0]?.();
    if (waiting.length === 129) for (const answer of waiting.slice(1)) answer();
  });
  let signatures = 0;
  const sender: Sender = {
    ...senders.token,
    request: (_, __, { url }) => {
      signatures += 1;
      log.push(`signed ${signatures}`);
      return { url, headers: { signed: String(signatures) } };
    },
  };
  const crm = new Crm({
    endpoint: server.url,
    sources: new Map([["form", { sender, secrets: {}, settings: {} }]]),
    seed: 1,
  });
  await crm.sendLeads(129);
  assert.equal(log.slice(-2), ["signed 130", "came 130"]);
  assert.equal([signatures, log.filter((line) => line === "came 129")], [130, []]);
  await crm.stop();
});

simulated("a vendor that stopped sends nothing more, and its leads count as refused", async () => {
  let requests = 0;
  await using server = await httpServer((_, response) => {
    requests += 1;
    response.writeHead(410).end();
  });
  const sources = new Map([["meetings", { sender: senders.calendly, secrets: {}, settings: {} }]]);
  const crm = new Crm({ endpoint: server.url, sources, seed: 1 });
  const lost: unknown[] = [];
  crm.on("sent", ({ accepted, body }) => lost.push([accepted, body]));
  for (const email of ["ada@example.com", "grace@example.com"]) await crm.sendLead("meetings", { email });
  const stopped = "The vendor has stopped sending to this source.";
  assert.equal(lost, Array(2).fill([false, stopped]));
  assert.equal([requests, crm.requests.refused], [1, { stopped: 2 }]);
  await crm.stop();
});

simulated("the pager keeps what SNS posts, and answers 400 to anything else", async () => {
  const pager = new Pager();
  await pager.start();
  const post = async (body: string) => (await fetch(pager.url, { method: "POST", body })).status;
  assert.equal([await post("no JSON"), await post('{"Subject":"S"}')], [400, 400]);
  assert.is(await post('{"Subject":"S","Message":"M"}'), 202);
  assert.is(await post('{"Message":"N"}'), 202);
  assert.equal(
    pager.pages.map(({ subject, message }) => [subject, message]),
    [
      ["S", "M"],
      ["", "N"],
    ],
  );
  await pager.stop();
});

simulated("a lead id is found where it stands alone", () => {
  const id = `website-${"a".repeat(32)}`;
  assert.equal(leadIdsIn(`${id}.json, ${id}`), [id]);
  assert.equal(leadIdsIn(`${id}0 ${id}-x`), []);
});

simulated.run();
