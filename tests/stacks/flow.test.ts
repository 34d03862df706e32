import { eventPattern } from "local-aws";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Variable } from "../../functions/runtime/names.ts";
import { type Block, parsed, ref, synthesizedStack } from "../helpers/synth.ts";

const dev = await synthesizedStack("leadwire-dev");
const prod = await synthesizedStack("leadwire-prod");
const queue = (name: string) => dev.resource(`aws_sqs_queue.${name}`);

const loop = suite("stacks :: event rules");
const bucketName = ref("aws_s3_bucket.leads_bucket.bucket");
const keyMatches = (rule: string, key: string) => {
  const matches = eventPattern(String(dev.resource(`aws_cloudwatch_event_rule.${rule}`).event_pattern), rule);
  return matches({
    source: "aws.s3",
    "detail-type": "Object Created",
    detail: { bucket: { name: bucketName }, object: { key } },
  });
};
const rootKeys = ["crm-0123456789abcdef.json", "dropped by hand.json", "enriched", "enriched.json", "ünïcode 🙂.json"];
const innerKeys = ["enriched/dt=2026-11-23/crm-1.json", "enriched/", "enriched/x", "other/crm-1.json", "/crm-1.json"];
loop("raw leads are all objects at the root and no others", () => {
  assert.equal(
    rootKeys.filter((key) => keyMatches("raw_lead_created", key)),
    rootKeys,
  );
  assert.equal(
    innerKeys.filter((key) => keyMatches("raw_lead_created", key)),
    [],
  );
});
loop("enriched leads are those below enriched/", () => {
  assert.equal(
    [...rootKeys, ...innerKeys].filter((key) => keyMatches("enriched_lead_created", key)),
    innerKeys.slice(0, 3),
  );
});
loop("no key is both, so what enrich writes never comes back to it", () => {
  const [written] = dev.statements("aws_iam_role_policy.enrich").filter(({ Sid }) => Sid === "StoreEnrichedLeads");
  const keys = written?.Resource.map((arn) =>
    arn.replace(`${ref("aws_s3_bucket.leads_bucket.arn")}/`, "").replace("*", "a.json"),
  );
  assert.equal(keys, ["enriched/a.json"]);
  assert.not(keyMatches("raw_lead_created", "enriched/a.json"));
});
loop("events go to the rule's queue, are tried for a day, and then kept", () => {
  const targets = [
    ["raw_lead_created", "leads"],
    ["enriched_lead_created", "notifications"],
  ] as const;
  for (const [rule, target] of targets) {
    const block = dev.resource(`aws_cloudwatch_event_target.${rule}`);
    assert.is(block.rule, ref(`aws_cloudwatch_event_rule.${rule}.name`));
    assert.is(block.arn, ref(`aws_sqs_queue.${target}.arn`));
    assert.equal(block.retry_policy, { maximum_event_age_in_seconds: 86_400, maximum_retry_attempts: 185 });
    assert.equal(block.dead_letter_config, { arn: ref("aws_sqs_queue.events_dlq.arn") });
    assert.equal(block.depends_on, [`aws_sqs_queue_policy.${target}`, "aws_sqs_queue_policy.events_dlq"]);
  }
});
loop("the bucket tells EventBridge", () => {
  assert.is(dev.resource("aws_s3_bucket_notification.leads_bucket").eventbridge, true);
});
loop.run();

const queues = suite("stacks :: queues");
for (const name of ["leads", "notifications"]) {
  queues(`${name} hands a message on after three receives`, () => {
    assert.equal(parsed(queue(name).redrive_policy), {
      deadLetterTargetArn: ref(`aws_sqs_queue.${name}_dlq.arn`),
      maxReceiveCount: 3,
    });
    assert.equal(parsed(dev.resource(`aws_sqs_queue_redrive_allow_policy.${name}`).redrive_allow_policy), {
      redrivePermission: "byQueue",
      sourceQueueArns: [ref(`aws_sqs_queue.${name}.arn`)],
    });
  });
  queues(`${name} keeps messages a day, its dead letter queue four`, () => {
    assert.is(queue(name).message_retention_seconds, 86_400);
    assert.is(queue(`${name}_dlq`).message_retention_seconds, 345_600);
  });
}
queues("are all encrypted", () => {
  assert.equal(
    dev.all("aws_sqs_queue").map(([, block]) => block.sqs_managed_sse_enabled),
    [true, true, true, true, true],
  );
});
queues("hide a message for six times its function's timeout", () => {
  const times = [
    [dev.resource("aws_lambda_function.enrich").timeout, queue("leads").visibility_timeout_seconds],
    [dev.resource("aws_lambda_function.notify").timeout, queue("notifications").visibility_timeout_seconds],
  ];
  assert.equal(times, [
    [10, 60],
    [30, 180],
  ]);
});
queues.run();

const functions = suite("stacks :: functions");
for (const [name, block] of dev.all("aws_lambda_function")) {
  functions(`${name} is Node 24 on arm64, traced, with JSON logs in its own group`, () => {
    assert.equal([block.runtime, block.handler, block.architectures], ["nodejs24.x", "index.handler", ["arm64"]]);
    assert.equal(block.tracing_config, { mode: "Active" });
    assert.equal(block.logging_config, {
      log_format: "JSON",
      log_group: ref(`aws_cloudwatch_log_group.${name}.name`),
      application_log_level: "INFO",
      system_log_level: "INFO",
    });
    assert.equal(dev.resource(`aws_cloudwatch_log_group.${name}`).retention_in_days, 14);
  });
  functions(`${name} is not made before its policy and its log group`, () => {
    assert.equal(block.depends_on, [`aws_iam_role_policy.${name}`, `aws_cloudwatch_log_group.${name}`]);
  });
  functions(`${name} has variables that its code knows, in less than 4 KB`, () => {
    const { variables } = block.environment as { variables: Block };
    const known: readonly string[] = Object.values(Variable);
    assert.equal(
      Object.keys(variables).filter((variable) => !known.includes(variable)),
      [],
    );
    assert.ok(JSON.stringify(variables).length < 4096);
  });
}
functions("notify names email's configuration set, whatever the mode", () => {
  for (const stack of [dev, prod]) {
    const { variables } = stack.resource("aws_lambda_function.notify").environment as { variables: Block };
    assert.is(
      variables[Variable.emailConfigurationSet],
      ref("aws_sesv2_configuration_set.email.configuration_set_name"),
    );
  }
});
functions.run();

const mappings = suite("stacks :: mappings");
const workers = [
  ["enrich", "leads", 5],
  ["notify", "notifications", 2],
] as const;
for (const [worker, source, maximumConcurrency] of workers) {
  mappings(`${worker} takes ten messages at once, without a window, and answers for each`, () => {
    const { "//": _, ...block } = dev.resource(`aws_lambda_event_source_mapping.${worker}`);
    assert.equal(block, {
      event_source_arn: ref(`aws_sqs_queue.${source}.arn`),
      function_name: ref(`aws_lambda_function.${worker}.arn`),
      batch_size: 10,
      maximum_batching_window_in_seconds: 0,
      scaling_config: { maximum_concurrency: maximumConcurrency },
      function_response_types: ["ReportBatchItemFailures"],
      depends_on: [`aws_iam_role_policy.${worker}`],
    });
  });
}
mappings.run();

const endpoint = suite("stacks :: endpoint");
endpoint("takes POST /{source} for ingest and nothing else", () => {
  assert.equal(
    dev.all("aws_apigatewayv2_route").map(([, { route_key }]) => route_key),
    ["POST /{source}"],
  );
  const { integration_type, integration_uri, payload_format_version } = dev.resource(
    "aws_apigatewayv2_integration.api",
  );
  assert.equal(
    [integration_type, integration_uri, payload_format_version],
    ["AWS_PROXY", ref("aws_lambda_function.ingest.invoke_arn"), "2.0"],
  );
});
endpoint("is throttled, and logs nothing of the caller", () => {
  const { name, auto_deploy, default_route_settings, access_log_settings } = dev.resource("aws_apigatewayv2_stage.api");
  assert.equal([name, auto_deploy], ["$default", true]);
  assert.equal(default_route_settings, { throttling_burst_limit: 250, throttling_rate_limit: 50 });
  const { format, destination_arn } = access_log_settings as Block;
  assert.is(destination_arn, ref("aws_cloudwatch_log_group.api.arn"));
  assert.not.match(Object.values(parsed(format)).join(), /identity|sourceIp|userAgent|path|queryString|authorizer/i);
});
endpoint.run();
