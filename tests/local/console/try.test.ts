import type { Hono } from "hono";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ConsoleContext } from "../../../local/console/context.ts";
import { tryPage } from "../../../local/console/pages/try.ts";
import type { SentView, TriedView } from "../../../local/console/shapes/try.ts";
import { type AuditedPipeline, startAudited } from "../../helpers/running-pipeline.ts";
import { recordedTimeLimits } from "../../helpers/time-limits.ts";
import { faultStack } from "../faults/fault-fixtures.ts";

let demo: AuditedPipeline;
let app: Hono;
const page = suite("trying payloads in the console");

page.before(async () => {
  demo = await startAudited({ stackDir: await faultStack("demo") });
  app = tryPage.routes({ environment: "demo", platform: demo } as Partial<ConsoleContext> as ConsoleContext);
});
page.after(() => demo.stop());

async function asked<T>(path: string, body: object): Promise<T> {
  return (await (await app.request(path, { method: "POST", body: JSON.stringify(body) })).json()) as T;
}
const exampleOf = async (source: string) =>
  (await (await app.request(`/example/${source}`)).json()) as { payload: string };

page("the example of every source would be announced, with its record where events hold only ids", async () => {
  for (const source of demo.crm.sources) {
    const { payload } = await exampleOf(source);
    if (payload.startsWith("{")) assert.is(payload, JSON.stringify(JSON.parse(payload), null, 2));
    const [lead] = await asked<TriedView[]>("/read", { payload, source });
    assert.equal([source, lead?.status, lead?.reason], [source, "enriched", undefined]);
    assert.match(lead?.card ?? "", "New lead: ");
  }
});

page("a record has three seconds to come", async () => {
  const { payload } = await exampleOf("hubspot");
  using time = recordedTimeLimits(() => new AbortController().signal);
  await asked("/read", { payload, source: "hubspot" });
  assert.equal(time.limits, [3000]);
});

page("the example of every source is accepted when it is signed and sent, in one attempt", async () => {
  for (const source of demo.crm.sources) {
    const { payload } = await exampleOf(source);
    const { status } = await asked<SentView>("/send", { payload, source });
    assert.ok(status >= 200 && status < 300, `${source}: ${status}`);
  }
  const { status, leadIds } = await asked<SentView>("/send", { payload: "no JSON", source: "standard-webhooks" });
  assert.equal([status, leadIds], [400, []]);
});

page("a payload is sent once, whatever is answered", async () => {
  const sent: unknown[] = [];
  const crm = {
    sign: (...given: unknown[]) => given,
    send: async (...given: unknown[]) => {
      sent.push(given);
      return { status: 503, body: "", leadIds: [] };
    },
  };
  const routes = tryPage.routes({ platform: { crm } } as unknown as ConsoleContext);
  await routes.request("/send", { method: "POST", body: JSON.stringify({ payload: "{}", source: "website" }) });
  assert.equal(sent, [[["website", "{}"], "website", [], 1]]);
});

page("a payload without a source is read as a file in the bucket", async () => {
  const payload = '[{"email":"ada@acme.example"},{"name":"Ben"}]';
  const leads = await asked<TriedView[]>("/read", { payload });
  assert.equal(
    leads.map(({ status }) => status),
    ["enriched", "rejected"],
  );
});

page.run();
