import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { prod } from "../../../environments/prod.ts";
import { readPlan } from "../../../ops/review/plan.ts";
import { review } from "../../../ops/review/review.ts";
import { planText } from "./plan-fixtures.ts";

const knob = suite("knob");

const changed = () => readPlan(readFileSync(join(import.meta.dirname, "plans", "setting-changed.json"), "utf8"));

knob("names every changed setting by its stage and knob", async () => {
  const { findings } = await review(changed(), undefined);
  assert.equal(findings.map(({ kind, summary, before, after }) => `${kind} ${summary} ${before} ${after}`).toSorted(), [
    "knob changes enrich.batchSize 10 100",
    "knob changes enrich.batchingWindowSeconds 0 20",
    "knob changes enrich.maximumConcurrency 20 40",
    "knob changes enrich.visibilityTimeoutSeconds 60 80",
    "knob changes ingest.memoryMb 1024 512",
  ]);
});

knob("simulates all changed settings once, before and after", async () => {
  const { findings } = await review(changed(), { name: "prod", settings: prod });
  const effects = findings.flatMap(({ why }) => /p50 ([\d.]+) s → ([\d.]+) s/.exec(why) ?? []);
  const [, before, after] = effects.map(Number);
  assert.is(effects.length, 3);
  // The window of 20 s.
  assert.ok(Number(before) < 10 && Number(after) > 20, effects.join(" "));
  const dollars = findings.flatMap(({ why }) => /1,000 leads \$(\S+) → \$(\S+)\./.exec(why)?.slice(1) ?? []);
  assert.ok(dollars.length === 2 && dollars.every((one) => Number(one) > 0.001 && Number(one) < 1), dollars.join());
});

knob("a setting that is taken away, and a change before it that is none of a setting, are left out", async () => {
  const fn = (values: object) => ({ function_name: "leadwire-prod-ingest", ...values });
  const plan = readPlan(
    planText([
      { address: "aws_lambda_function.ingest", before: fn({ handler: "a" }), after: fn({ handler: "b" }) },
      {
        address: "aws_lambda_function.ingest",
        before: fn({ reserved_concurrent_executions: 500 }),
        after: fn({ reserved_concurrent_executions: -1 }),
      },
    ]),
  );
  const [finding] = (await review(plan, { name: "prod", settings: prod })).findings;
  assert.is(finding?.summary, "changes ingest.reservedConcurrency");
  assert.match(finding?.why ?? "", /simulated: p50/);
  assert.not.match(finding?.why ?? "", /Breaks a rule/);
});

knob("names the rule that a changed setting breaks", async () => {
  const name = "leadwire-prod-leads";
  const queue = (visibility_timeout_seconds: number) => ({ name, visibility_timeout_seconds });
  const plan = readPlan(planText([{ address: "aws_sqs_queue.leads", before: queue(60), after: queue(30) }]));
  const { findings } = await review(plan, { name: "prod", settings: prod });
  assert.match(findings[0]?.why ?? "", /Breaks a rule: .*visibilityTimeoutSeconds is 30: it must be at least 60/);
});

knob("finds a setting of a function that no stage has, and simulates nothing", async () => {
  const fn = (timeout: number) => ({ function_name: "other", timeout });
  const plan = readPlan(planText([{ address: "aws_lambda_function.other", before: fn(3), after: fn(5) }]));
  const { findings } = await review(plan, { name: "prod", settings: prod });
  assert.equal(
    findings.map(({ kind, summary }) => [kind, summary]),
    [["knob", "changes timeout"]],
  );
  assert.not.match(findings[0]?.why ?? "", /simulated/);
});

knob.run();
