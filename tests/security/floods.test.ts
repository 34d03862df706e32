import { Pool } from "undici";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { dev } from "../../environments/dev.ts";
import type { Signed } from "../../local/crm.ts";
import { allAnnouncedOnce, keysIn, startTarget, type Target } from "./security-fixtures.ts";

/** Requests of the flood, and sockets that they share: more would only wait in the kernel. */
const flood = { requests: 2500, connections: 100 };
const genuineLeads = 20;
/** Leads before the flood, so that no function's start is taken for its cost. */
const warmingLeads = 4;
/** Bytes by which the process may grow while the flood lasts. */
const growth = 128 * 1024 * 1024;

/** How often each status was answered. */
async function attack({ endpoint, crm }: Target): Promise<Map<number, number>> {
  const body = JSON.stringify({ email: "eve@evil.example", message: "x".repeat(100) });
  const genuine = crm.sign("website", body);
  const kinds: readonly Signed["headers"][] = [
    {},
    crm.sign("crm", body).headers,
    { ...genuine.headers, "webhook-id": "msg_other" },
    crm.sign("website", body, "msg_old", new Date(Date.now() - 600_000)).headers,
  ];
  const pool = new Pool(endpoint, { connections: flood.connections });
  const statuses = new Map<number, number>();
  const post = async (index: number) => {
    const headers = { "content-type": "application/json", ...kinds[index % kinds.length] };
    const answer = await pool.request({ method: "POST", path: "/website", headers, body });
    await answer.body.dump();
    statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
  };
  await Promise.all(Array.from({ length: flood.requests }, (_, index) => post(index)));
  await pool.close();
  return statuses;
}

let target: Target;
const floods = suite("security :: floods");
floods.before(async () => {
  target = await startTarget();
});
floods.after(() => target.stop());

floods("2,500 forged requests at once are throttled or refused, and every genuine lead gets through", async () => {
  const earlier = await target.crm.sendLeads(warmingLeads);
  await allAnnouncedOnce(target);
  const before = process.memoryUsage().rss;
  const started = performance.now();
  const [statuses, deliveries] = await Promise.all([attack(target), target.crm.sendLeads(genuineLeads)]);
  const seconds = (performance.now() - started) / 1000;
  const [refused = 0, throttled = 0] = [401, 429].map((status) => statuses.get(status));
  assert.is(refused + throttled, flood.requests);
  // A slow machine takes longer for the flood, and more of it is let through.
  const { requestsPerSecond, burst } = dev.api;
  assert.ok(
    refused <= burst + seconds * requestsPerSecond,
    `${throttled} throttled, ${refused} refused in ${seconds} s`,
  );
  assert.ok(process.memoryUsage().rss - before < growth, `memory grew to ${process.memoryUsage().rss}`);

  assert.equal([...new Set(deliveries.map(({ status }) => status))], [202]);
  await allAnnouncedOnce(target);
  const keys = await keysIn(target);
  const raw = [...earlier, ...deliveries].flatMap(({ leadIds }) => leadIds.map((id) => `${id}.json`));
  assert.equal(
    keys.filter((key) => !key.includes("/")),
    raw.sort(),
  );
  assert.is(keys.length, 2 * raw.length);
});

floods("after the flood a lead is taken at its first try", async () => {
  const { status, attempts } = await target.crm.sendLead("website", { email: "grace@example.com" });
  assert.equal([status, attempts], [202, 1]);
  await allAnnouncedOnce(target);
});

floods.run();
