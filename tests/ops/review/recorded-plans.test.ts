import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readPlan } from "../../../ops/review/plan.ts";
import { textReport } from "../../../ops/review/report.ts";
import { review } from "../../../ops/review/review.ts";
import { reports, written } from "./reports.ts";

const reviewOf = async (name: string) => {
  const text = readFileSync(join(import.meta.dirname, "plans", `${name}.json`), "utf8");
  return review(readPlan(text), undefined);
};

/** What a finding must say, in short: `class kind address`, then words of its summary. */
type Expected = readonly [string, RegExp];

/** What a reviewer must learn of each plan. Findings of class look that only follow from these are not listed. */
const plans: Readonly<Record<string, { highest: string; lines: number; expected: readonly Expected[] }>> = {
  nothing: { highest: "none", lines: 1, expected: [] },
  "tags-only": { highest: "none", lines: 1, expected: [["none noise aws_sqs_queue.leads", /^changes tags$/]] },
  "code-only": { highest: "look", lines: 4, expected: [["look code aws_lambda_function.enrich", /new code/]] },
  "condition-dropped": {
    highest: "approve",
    lines: 25,
    expected: [
      ["approve exposed aws_sqs_queue_policy.leads", /widens the policy: now allows service events\.amazonaws\.com/],
      ["approve exposed aws_sqs_queue_policy.notifications", /widens the policy/],
      ["approve exposed aws_sqs_queue_policy.events_dlq", /widens the policy/],
    ],
  },
  "principal-opened": {
    highest: "approve",
    lines: 25,
    expected: [["approve exposed aws_sqs_queue_policy.leads", /widens the policy: now allows anyone sqs:SendMessage/]],
  },
  "queue-renamed": {
    highest: "approve",
    lines: 25,
    expected: [
      [
        "approve lost aws_sqs_queue.notifications",
        /^replaces the queue: its messages are lost, and notify receives nothing until/,
      ],
      ["look lost aws_lambda_event_source_mapping.notify", /replaces what belongs to aws_sqs_queue\.notifications/],
      ["look lost aws_cloudwatch_metric_alarm.notifications_age", /follows aws_sqs_queue\.notifications/],
      ["look unknown output.notifications_queue_url", /another value/],
    ],
  },
  "queue-renamed-in-flow": {
    highest: "approve",
    lines: 25,
    expected: [
      ["approve lost aws_sqs_queue.notifications", /^destroys the queue: its messages are lost/],
      ["approve lost aws_sqs_queue.notifications_dlq", /its dead letters are lost/],
      ["approve silent aws_cloudwatch_metric_alarm.notifications_dlq_depth", /destroys the alarm/],
      ["none added aws_sqs_queue.announcements", /creates aws_sqs_queue/],
      ["look code aws_lambda_function.notify", /new code/],
    ],
  },
  "ledger-renamed": {
    highest: "approve",
    lines: 25,
    expected: [
      [
        "approve lost aws_dynamodb_table.ledger",
        /^replaces the table: leads of the last 365 days can be announced again$/,
      ],
      ["look lost aws_lambda_function.notify", /follows aws_dynamodb_table\.ledger/],
    ],
  },
  "alarm-removed": {
    highest: "approve",
    lines: 25,
    expected: [
      ["approve silent aws_cloudwatch_metric_alarm.leads_dlq_depth", /destroys the alarm: nobody is notified/],
      ["look silent aws_cloudwatch_dashboard.dashboard", /changes what the dashboard shows/],
    ],
  },
  "alarm-actions-removed": {
    highest: "approve",
    lines: 5,
    expected: [["approve silent aws_cloudwatch_metric_alarm.leads_dlq_depth", /removes actions/]],
  },
  "retention-shortened": {
    highest: "approve",
    lines: 25,
    expected: [
      [
        "approve lost aws_s3_bucket_lifecycle_configuration.leads_bucket",
        /^deletes leads older than 30 days, .* within a day$/,
      ],
      ["look lost aws_lambda_function.notify", /announcements earlier/],
    ],
  },
  "new-environment": {
    highest: "look",
    lines: 25,
    expected: [
      ["look added aws_apigatewayv2_api.api", /public/],
      ["none added aws_sqs_queue.leads", /creates/],
    ],
  },
};

const recorded = suite("review of recorded plans");

for (const [name, { highest, lines, expected }] of Object.entries(plans)) {
  recorded(`${name}: needs ${highest}, in ${lines} lines or fewer`, async () => {
    const result = await reviewOf(name);
    assert.is(result.class, highest);
    for (const [short, summary] of expected) {
      const same = result.findings.filter(
        ({ class: attention, kind, address }) => `${attention} ${kind} ${address}` === short,
      );
      assert.ok(
        same.some((finding) => summary.test(finding.summary)),
        `${short} ${summary}`,
      );
    }
    const report = textReport(result);
    assert.ok(report.split("\n").length <= lines, report);
  });
}

for (const [name, report] of Object.entries(reports)) {
  recorded(`says what is in reports/${name}, word for word`, async () => {
    assert.fixture(await report(), written(name));
  });
}

recorded("a setting that changes is found, with its values", async () => {
  const { class: highest, findings } = await reviewOf("setting-changed");
  const found = findings.filter(({ address }) => address === "aws_lambda_event_source_mapping.enrich");
  assert.is(highest, "look");
  assert.ok(found.some(({ before, after }) => before === "10" && after === "100"));
});

recorded("findings that are no noise come first, the most serious of them before all", async () => {
  for (const name of Object.keys(plans)) {
    const order = (await reviewOf(name)).findings.map(({ class: attention }) =>
      ["approve", "look", "none"].indexOf(attention),
    );
    assert.equal(order, order.toSorted(), name);
  }
});

recorded.run();
