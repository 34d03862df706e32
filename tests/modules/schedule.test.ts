import { suite } from "uvu";
import * as assert from "uvu/assert";
import { messageDays } from "../../environments/environment.ts";
import { parsed, ref } from "../helpers/synth.ts";
import { plain as plainEnvironment, testStacks } from "../helpers/unusual-environment.ts";

const { plain } = await testStacks();
const rules = [
  ["announced", "rate(1 hour)"],
  ["enriched", "rate(1 day)"],
] as const;

const schedule = suite("modules :: schedule");

for (const [compare, expression] of rules) {
  const rule = `aws_cloudwatch_event_rule.reconcile_${compare}`;

  schedule(
    `${compare} sends its input to the function at its rate, after it may invoke it, and what is not taken to the dead letters`,
    () => {
      const { schedule_expression, event_pattern, name } = plain.settings(rule);
      assert.equal(
        [schedule_expression, event_pattern, name],
        [expression, undefined, `leadwire-plain-reconcile-${compare}`],
      );
      const { input, depends_on, ...target } = plain.settings(`aws_cloudwatch_event_target.reconcile_${compare}`);
      assert.equal(parsed(input), { compare });
      assert.equal(depends_on, [`aws_lambda_permission.reconcile_${compare}`, "aws_sqs_queue_policy.events_dlq"]);
      assert.equal(target, {
        rule: ref(`${rule}.name`),
        target_id: ref("aws_lambda_function.reconcile.function_name"),
        arn: ref("aws_lambda_function.reconcile.arn"),
        retry_policy: { maximum_event_age_in_seconds: 86_400, maximum_retry_attempts: 185 },
        dead_letter_config: { arn: ref("aws_sqs_queue.events_dlq.arn") },
      });
    },
  );

  schedule(`${compare} alone may invoke the function for its rule`, () => {
    assert.equal(plain.settings(`aws_lambda_permission.reconcile_${compare}`), {
      action: "lambda:InvokeFunction",
      function_name: ref("aws_lambda_function.reconcile.function_name"),
      principal: "events.amazonaws.com",
      source_arn: ref(`${rule}.arn`),
    });
  });
}

schedule("the function has a quarter of an hour, and knows for how many days there can be messages", () => {
  const { timeout, description, environment } = plain.settings("aws_lambda_function.reconcile");
  assert.equal([timeout, description], [900, "Counts leads that stopped between two stages."]);
  assert.equal(environment, {
    variables: {
      DEFAULT_COUNTRY: "DE",
      LEADS_BUCKET: ref("aws_s3_bucket.leads_bucket.bucket"),
      LEADWIRE_ENVIRONMENT: "plain",
      LEDGER_TABLE: ref("aws_dynamodb_table.ledger.name"),
      MESSAGE_DAYS: String(messageDays(plainEnvironment)),
      SOURCES: JSON.stringify({ forms: "standard-webhooks", smoke: "standard-webhooks" }),
      SOURCE_PARAMETERS: "/leadwire/plain/sources",
    },
  });
});

schedule.run();
