import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ViolationKind } from "../../simulator/audit.ts";
import type { Sabotage } from "../../simulator/pipeline.ts";
import { compilePrograms } from "../../simulator/program.ts";
import { runSeeds } from "../../simulator/run-seeds.ts";

const programs = await compilePrograms();
const granted = { Attributes: undefined };

/** Pipelines that are broken in one way, and what the audit must say of each. */
const broken: Readonly<Record<string, { readonly sabotage: Sabotage; readonly found: ViolationKind }>> = {
  "the ledger is written after the post only": {
    sabotage: { serve: ({ operation }) => (operation === "PutItem" ? granted : undefined) },
    found: "unmarked repeat",
  },
  "messages are deleted before the post": {
    sabotage: {
      beforeInvocation(stage, receipts, queue) {
        if (stage === "notify") for (const receipt of receipts) queue.delete(receipt);
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
  "rejected leads are dropped": {
    sabotage: { serve: ({ operation }) => (operation === "SendMessage" ? {} : undefined) },
    found: "wrong rejection",
  },
  "notify reads another lead": {
    sabotage: {
      serve(call, serve) {
        const answer = serve(call) as { Body?: string };
        if (call.stage !== "notify" || call.operation !== "GetObject") return answer;
        return { ...answer, Body: answer.Body?.replaceAll("00001", "00002") };
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
      const { failures } = await runSeeds([seed], programs, { troubles: ["fates", "deaths"], sabotage });
      for (const { violations } of failures) for (const { kind } of violations) kinds.add(kind);
    }
    assert.ok(kinds.has(found), `found ${[...kinds].join(", ") || "nothing"}`);
  });
}

sabotaged.run();
