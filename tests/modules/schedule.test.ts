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

  schedule(`${compare} sends its input to the function at its rate, and what is not taken to the dead letters`, () => {
    const { schedule_expression, event_pattern } = plain.settings(rule);
    assert.equal([schedule_expression, event_pattern], [expression, undefined]);
    const target = plain.settings(`aws_cloudwatch_event_target.reconcile_${compare}`);
    assert.equal(
      [target.rule, target.arn, parsed(target.input)],
      [ref(`${rule}.name`), ref("aws_lambda_function.reconcile.arn"), { compare }],
    );
    assert.equal(target.dead_letter_config, { arn: ref("aws_sqs_queue.events_dlq.arn") });
  });

  schedule(`${compare} alone may invoke the function for its rule, and may before the target is there`, () => {
    const permission = `aws_lambda_permission.reconcile_${compare}`;
    const { action, function_name, principal, source_arn } = plain.settings(permission);
    assert.equal(
      [action, function_name, principal, source_arn],
      [
        "lambda:InvokeFunction",
        ref("aws_lambda_function.reconcile.function_name"),
        "events.amazonaws.com",
        ref(`${rule}.arn`),
      ],
    );
    const { depends_on } = plain.resource(`aws_cloudwatch_event_target.reconcile_${compare}`);
    assert.ok((depends_on as string[]).includes(permission));
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
