import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ViolationKind } from "../../simulator/audit.ts";
import type { ReceivedCall } from "../../simulator/environment.ts";
import { ServiceError } from "../../simulator/faults.ts";
import type { Sabotage } from "../../simulator/pipeline.ts";
import { planOf, steadyPlan } from "../../simulator/plan.ts";
import { compilePrograms, leadIndex } from "../../simulator/program.ts";
import { simulate } from "../../simulator/simulate.ts";
import { isClaim } from "../helpers/ledger-table.ts";

const programs = await compilePrograms(leadIndex);
/** Pipelines that are broken in one way, and what the audit must say of each. */
const broken: Readonly<Record<string, { readonly sabotage: Sabotage; readonly found: ViolationKind }>> = {
  "the ledger is written after the post only": {
    sabotage: { serve: ({ input }) => (isClaim(input) ? {} : undefined) },
    found: "unmarked repeat",
  },
  "messages are deleted before the post": {
    sabotage: {
      before(worker, receipts, queue) {
        if (worker === "notify") for (const receipt of receipts) queue.delete(receipt);
      },
    },
    found: "lost",
  },
  "ingest answers without storing": {
    sabotage: {
      serve: ({ stage, operation }) => (stage === "ingest" && operation === "PutObject" ? {} : undefined),
    },
    found: "lost",
  },
  "an answer that proves nothing counts as a refusal": {
    sabotage: {
      serve(call, serve) {
        if (call.operation !== "PostMessage") return undefined;
        serve(call);
        return { status: 404, body: "no_service" };
      },
    },
    found: "unmarked repeat",
  },
  "every claim is answered as if the lead had been tried before": {
    sabotage: {
      serve(call, serve) {
        if (!isClaim(call.input)) return undefined;
        serve(call);
        return { Attributes: { stateBefore: { S: "unknown" } } };
      },
    },
    found: "needless mark",
  },
  "rejected leads are dropped": {
    sabotage: { serve: ({ operation }) => (operation === "SendMessage" ? {} : undefined) },
    found: "wrong rejection",
  },
  "what the lead index has not written counts as written": {
    sabotage: {
      serve({ stage, operation }) {
        return stage === leadIndex && operation === "BatchWriteItem" ? {} : undefined;
      },
    },
    found: "wrong index",
  },
  "Slack shows nothing and answers that it did": {
    sabotage: { serve: ({ operation }) => (operation === "PostMessage" ? { status: 200, body: "ok" } : undefined) },
    found: "early outcome",
  },
  "notify can read no lead, and nothing else goes wrong": {
    sabotage: {
      serve({ stage, operation }) {
        if (stage === "notify" && operation === "GetObject") throw new ServiceError("OddException");
        return undefined;
      },
    },
    found: "used up receives",
  },
  "notify reads another lead": {
    sabotage: {
      serve(call, serve) {
        const answer = serve(call);
        if (call.stage !== "notify" || call.operation !== "GetObject") return answer;
        return { ...answer, Body: String(answer.Body).replaceAll("00001", "00002") };
      },
    },
    found: "wrong content",
  },
};

const sabotaged = suite("a broken pipeline");

for (const [name, { sabotage, found }] of Object.entries(broken)) {
  sabotaged(`is found: ${name}`, async () => {
    const kinds = new Set<ViolationKind>();
    for (let seed = 1; seed <= 100 && !kinds.has(found); seed += 1) {
      const { violations } = await simulate(planOf(seed, ["fates", "deaths", "oddLeads"]), { programs, sabotage });
      for (const { kind } of violations) kinds.add(kind);
    }
    assert.ok(kinds.has(found), `found ${[...kinds].join(", ") || "nothing"}`);
  });
}

sabotaged("is found: enrich answers before its work is done", async () => {
  const { enrich } = programs;
  const start: typeof enrich.start = (globals, require) => {
    const { handler } = enrich.start(globals, require) as { handler: (...args: unknown[]) => Promise<unknown> };
    const hasty = async (...args: readonly unknown[]) => {
      void handler(...args);
      return { batchItemFailures: [] };
    };
    return { handler: hasty };
  };
  const { violations } = await simulate(planOf(1, []), { programs: { ...programs, enrich: { ...enrich, start } } });
  assert.ok(violations.some(({ kind, what }) => kind === "work after the answer" && /^PutObject of enrich/.test(what)));
});

sabotaged.run();

const deployed = suite("a deployment in a simulation");

deployed("changes the default channel from its time on", async () => {
  const urls: unknown[] = [];
  const serve = ({ operation, input }: ReceivedCall) => {
    if (operation === "PostMessage") urls.push(input.url);
    return undefined;
  };
  const plan = { ...steadyPlan(1, 2, 60_000), newRouteAt: 30_000 };
  await simulate(plan, { programs, sabotage: { serve } });
  assert.equal(urls, ["https://slack.invalid/sales", "https://slack.invalid/sales-new"]);
});

deployed.run();
