import { suite } from "uvu";
import * as assert from "uvu/assert";
import { synthesize } from "../../local/synthesis.ts";
import { textReport } from "../../ops/simulate/report.ts";
import { synthesizedStack } from "../helpers/synth.ts";
import { runLine } from "./ops-fixtures.ts";

const simulate = suite("ops simulate");

simulate("compares settings in columns, names broken rules, and says what a lead costs", async () => {
  const set = "enrich.batchingWindowSeconds=300,notify.batchingWindowSeconds=300";
  const { printed, code } = await runLine(
    `simulate dev --burst 10 --set ${set} --set notify.maximumConcurrency=4 --json`,
    { synthesize: async () => ({ stackDir: (await synthesizedStack("leadwire-dev")).folder, remove: () => {} }) },
  );
  assert.is(code, 0);
  const { columns, leadsAMonth } = JSON.parse(printed);
  assert.equal(
    columns.map((column: { set: string }) => column.set),
    ["", set, "notify.maximumConcurrency=4"],
  );
  const [first, second, third] = columns;
  assert.ok(first.p50Seconds < 10 && second.p50Seconds > 600);
  assert.equal(first.brokenRules, []);
  assert.match(second.brokenRules.join(), /latencyBudgetSeconds is 60: it must be at least 600/);
  assert.ok(third.secondsToDrain < 10);
  const { fixedAMonth, forThousandLeads, aMonth } = first.dollars;
  assert.ok(fixedAMonth.CloudWatch > 1 && forThousandLeads.Lambda > 0);
  assert.is(leadsAMonth, 300);
  assert.ok(aMonth > fixedAMonth.CloudWatch);
});

simulate("prints a table for people", async () => {
  const { printed } = await runLine("simulate prod --rate 0.1", { synthesize });
  assert.match(printed, /^prod, 0\.1 leads a second\./);
  assert.match(printed, /^leads +12$/m);
  assert.match(printed, /^all +[\d.]+ +[\d.]+$/m);
  assert.match((await runLine("simulate --help")).printed.replaceAll(/\s+/g, " "), "all at once; 100 without --rate.");
});

simulate("every figure and every cost has its row", () => {
  const calls = new Map([["sqs:SendMessage", 1_000_000]]);
  const result = {
    ...{ leads: 10, unavailable: 1, p50Seconds: 2, p95Seconds: 3, p99Seconds: 4, secondsToDrain: 5, slackMessages: 6 },
    ...{ emails: 7, receivesUsed: 8, deadLetters: 9, unannounced: 11 },
    usage: { leads: 1_000_000, calls, invocations: 0, gbSeconds: 0, logBytes: 0 },
  };
  const columns = [
    { set: "", result, brokenRules: [] },
    { set: "enrich.batchSize=1", result, brokenRules: ["It is so."] },
  ];
  const text = textReport({ environment: "dev", load: "10 leads at once", leadsAMonth: 2_000_000, fixed: [], columns });
  const rows = text.split("\n").map((line) => line.replaceAll(/ {2,}/g, " | ").trim());
  assert.equal(rows.slice(0, 15), [
    "dev, 10 leads at once. Simulated: nothing was asked of AWS.",
    "set 1: enrich.batchSize=1",
    "",
    "| as it is | set 1",
    "leads | 10 | 10",
    "answered 503 at first | 1 | 1",
    "p50 (s) | 2 | 2",
    "p95 (s) | 3 | 3",
    "p99 (s) | 4 | 4",
    "time to drain (s) | 5 | 5",
    "Slack messages | 6 | 6",
    "emails | 7 | 7",
    "receives used, at most | 8 | 8",
    "dead letters | 9 | 9",
    "not announced | 11 | 11",
  ]);
  assert.equal(rows.slice(15), [
    "",
    "US$ | a month, fixed | 1,000 leads, as it is | 1,000 leads, set 1",
    "API Gateway | 0.0000 | 0.0010 | 0.0010",
    "SQS | 0.0000 | 0.0004 | 0.0004",
    "all | 0.0000 | 0.0014 | 0.0014",
    "month of 2,000,000 leads | 2.80 | 2.80",
    "",
    "Rules that synth would refuse:",
    "set 1: It is so.",
  ]);
});

const wrong: Readonly<Record<string, RegExp>> = {
  nowhere: /Allowed: dev, staging, prod, demo/,
  "dev --set sales.batchSize=1": /no stage sales. Allowed: ingest, enrich, notify/,
  "dev --set enrich.size=1": /enrich has no knob size. Allowed: timeoutSeconds,/,
  "dev --set enrich.toString=1": /enrich has no knob toString/,
  "dev --set ingest.batchSize=1": /ingest has no knob batchSize/,
  "dev --set enrich.batchSize=many": /batchSize must be a whole number from 1 to 10000 messages/,
  "dev --set notify.maximumConcurrency=1": /maximumConcurrency must be a whole number from 2 to 1000 invocations/,
  "dev --set enrich.batchSize": /write STAGE.knob=value/,
  "dev --burst 0": /a whole number from 1 to 20000/,
  "dev --burst 5 --rate 1": /--burst or --rate, not both/,
};
for (const [line, message] of Object.entries(wrong)) {
  simulate(`ends with exit code 2 and a sentence: ${line}`, async () => {
    const { errors, code } = await runLine(`simulate ${line}`);
    assert.is(code, 2);
    assert.match(errors, message);
  });
}

simulate.run();
