import { eventPattern } from "local-aws";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { channelsOf, environmentTuning } from "../../environments/environment.ts";
import { environments } from "../../environments/index.ts";
import { stageNames } from "../../flow.ts";
import { variablesOf } from "../../functions/notify/channels/declaration.ts";
import { Variable } from "../../functions/runtime/names.ts";
import { type Block, parsed, ref, shippedStacks } from "../helpers/synth.ts";
import { testStacks } from "../helpers/unusual-environment.ts";

const { plain } = await testStacks();
const shipped = await shippedStacks();
const bucketName = ref("aws_s3_bucket.leads_bucket.bucket");

const events = suite("stacks :: event rules");
const patternOf = (rule: string) => String(plain.resource(`aws_cloudwatch_event_rule.${rule}`).event_pattern);
const keyMatches = (rule: string, key: string) =>
  eventPattern(
    patternOf(rule),
    rule,
  )({
    source: "aws.s3",
    "detail-type": "Object Created",
    detail: { bucket: { name: bucketName }, object: { key } },
  });
const rootKeys = ["crm-0123456789abcdef.json", "dropped by hand.json", "enriched", "enriched.json", "ünïcode 🙂.json"];
const innerKeys = [
  ...["enriched/dt=2026-11-23/crm-1.json", "enriched/", "enriched/x", "other/crm-1.json", "/crm-1.json"],
  ...["fetched/crm-1.json", "outcomes/dt=2026-11-23/120000500-0123456789abcdef.json"],
];
events("raw leads are all objects at the root and no others", () => {
  assert.equal(
    rootKeys.filter((key) => keyMatches("raw_lead_created", key)),
    rootKeys,
  );
  assert.equal(
    innerKeys.filter((key) => keyMatches("raw_lead_created", key)),
    [],
  );
});
events("enriched leads are those below enriched/", () => {
  assert.equal(
    [...rootKeys, ...innerKeys].filter((key) => keyMatches("enriched_lead_created", key)),
    innerKeys.slice(0, 3),
  );
});
events("are about created objects of the leads' bucket alone", () => {
  for (const [rule, key] of [
    ["raw_lead_created", { "anything-but": { wildcard: "*/*" } }],
    ["enriched_lead_created", { prefix: "enriched/" }],
  ] as const) {
    assert.equal(parsed(patternOf(rule)), {
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: [bucketName] }, object: { key: [key] } },
    });
  }
});
events("of raw and of enriched leads never share a key, so what enrich writes never comes back to it", () => {
  const [written] = plain.statements("aws_iam_role_policy.enrich").filter(({ Sid }) => Sid === "StoreEnrichedLeads");
  const keys = written?.Resource.map((arn) =>
    arn.replace(`${ref("aws_s3_bucket.leads_bucket.arn")}/`, "").replace("*", "a.json"),
  );
  assert.equal(keys, ["enriched/a.json"]);
  assert.not(keyMatches("raw_lead_created", "enriched/a.json"));
});
for (const [rule, queue] of [
  ["raw_lead_created", "leads"],
  ["enriched_lead_created", "notifications"],
] as const) {
  events(`of ${rule} go to ${queue}, are tried for a day, and are then kept`, () => {
    assert.is(plain.settings(`aws_cloudwatch_event_rule.${rule}`).name, `leadwire-plain-${rule.replaceAll("_", "-")}`);
    assert.equal(plain.settings(`aws_cloudwatch_event_target.${rule}`), {
      rule: ref(`aws_cloudwatch_event_rule.${rule}.name`),
      target_id: queue,
      arn: ref(`aws_sqs_queue.${queue}.arn`),
      retry_policy: { maximum_event_age_in_seconds: 86_400, maximum_retry_attempts: 185 },
      dead_letter_config: { arn: ref("aws_sqs_queue.events_dlq.arn") },
      depends_on: [`aws_sqs_queue_policy.${queue}`, "aws_sqs_queue_policy.events_dlq"],
    });
  });
}
events("come from the bucket", () => {
  assert.equal(plain.settings("aws_s3_bucket_notification.leads_bucket"), { bucket: bucketName, eventbridge: true });
});
events.run();

const queues = suite("stacks :: queues");
for (const [name, visibility] of [
  ["leads", 60],
  ["notifications", 180],
] as const) {
  queues(
    `${name} hides messages for six times its function's timeout, keeps them a day, and gives each three receives`,
    () => {
      const { redrive_policy, ...settings } = plain.settings(`aws_sqs_queue.${name}`);
      assert.equal(settings, {
        name: `leadwire-plain-${name}`,
        delay_seconds: 0,
        visibility_timeout_seconds: visibility,
        message_retention_seconds: 86_400,
        sqs_managed_sse_enabled: true,
      });
      assert.equal(parsed(redrive_policy), {
        deadLetterTargetArn: ref(`aws_sqs_queue.${name}_dlq.arn`),
        maxReceiveCount: 3,
      });
    },
  );
  queues(`${name} alone moves messages to its dead letter queue, which keeps them four days`, () => {
    assert.equal(plain.settings(`aws_sqs_queue.${name}_dlq`), {
      name: `leadwire-plain-${name}-dlq`,
      message_retention_seconds: 345_600,
      sqs_managed_sse_enabled: true,
    });
    const { queue_url, redrive_allow_policy } = plain.settings(`aws_sqs_queue_redrive_allow_policy.${name}`);
    assert.is(queue_url, ref(`aws_sqs_queue.${name}_dlq.url`));
    assert.equal(parsed(redrive_allow_policy), {
      redrivePermission: "byQueue",
      sourceQueueArns: [ref(`aws_sqs_queue.${name}.arn`)],
    });
  });
}
queues("undelivered events are kept four days", () => {
  assert.equal(plain.settings("aws_sqs_queue.events_dlq"), {
    name: "leadwire-plain-events-dlq",
    message_retention_seconds: 345_600,
    sqs_managed_sse_enabled: true,
  });
});
queues.run();

const functions = suite("stacks :: functions");
const timeouts = { ingest: 10, enrich: 10, notify: 30, reconcile: 900 };
for (const [name, timeout] of Object.entries(timeouts)) {
  functions(`${name} is Node 24 on arm64, traced, with JSON logs, after its policy and its log group`, () => {
    const {
      description,
      source_code_hash,
      environment: _,
      ...settings
    } = plain.settings(`aws_lambda_function.${name}`);
    assert.match(String(description), /^[A-Z][^|]{20,}\.$/);
    assert.match(String(source_code_hash), /^[\w+/]{43}=$/);
    assert.equal(settings, {
      function_name: `leadwire-plain-${name}`,
      role: ref(`aws_iam_role.${name}.arn`),
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      filename: `assets/leadwire-plain-${name}.zip`,
      timeout,
      memory_size: 512,
      tracing_config: { mode: "Active" },
      logging_config: {
        log_format: "JSON",
        log_group: ref(`aws_cloudwatch_log_group.${name}.name`),
        application_log_level: "DEBUG",
        system_log_level: "INFO",
      },
      depends_on: [`aws_iam_role_policy.${name}`, `aws_cloudwatch_log_group.${name}`],
    });
    assert.equal(plain.settings(`aws_cloudwatch_log_group.${name}`), {
      name: `/aws/lambda/leadwire-plain-${name}`,
      retention_in_days: 120,
    });
  });
}
functions("have variables that code knows, in less than 4 KB", () => {
  for (const [environmentName, stack] of shipped) {
    const ofChannels = channelsOf(environments[environmentName]).flatMap((channel) =>
      Object.keys(variablesOf(channel)),
    );
    const known: readonly string[] = [...Object.values(Variable), ...ofChannels];
    for (const [name, { environment }] of stack.all("aws_lambda_function")) {
      const { variables } = environment as { variables: Block };
      const unknown = Object.keys(variables).filter((variable) => !known.includes(variable));
      assert.equal(unknown, [], name);
      assert.ok(JSON.stringify(variables).length < 4096, name);
    }
  }
});
functions("have code of their own each", () => {
  for (const [, stack] of shipped) {
    const hashes = stack.all("aws_lambda_function").map(([, { source_code_hash }]) => source_code_hash);
    assert.ok(hashes.length >= stageNames.length);
    assert.is(new Set(hashes).size, hashes.length);
  }
});
functions("of every environment have its memory and timeouts", () => {
  for (const [name, stack] of shipped) {
    const tuning = environmentTuning(environments[name]);
    for (const stage of stageNames) {
      const { timeout, memory_size } = stack.settings(`aws_lambda_function.${stage}`);
      assert.equal([timeout, memory_size], [tuning[stage].timeoutSeconds, tuning[stage].memoryMb], stage);
    }
  }
});
functions.run();

const mappings = suite("stacks :: mappings");
const workers = [
  ["enrich", "leads", 10],
  ["notify", "notifications", 10],
] as const;
for (const [worker, source, maximumConcurrency] of workers) {
  mappings(`${worker} takes ten messages at once, without a window, and answers for each`, () => {
    assert.equal(plain.settings(`aws_lambda_event_source_mapping.${worker}`), {
      event_source_arn: ref(`aws_sqs_queue.${source}.arn`),
      function_name: ref(`aws_lambda_function.${worker}.arn`),
      batch_size: 10,
      maximum_batching_window_in_seconds: 0,
      scaling_config: { maximum_concurrency: maximumConcurrency },
      function_response_types: ["ReportBatchItemFailures"],
      depends_on: [`aws_iam_role_policy.${worker}`, `aws_lambda_function_recursion_config.${worker}`],
    });
  });
}
mappings.run();

const endpoint = suite("stacks :: endpoint");
const api_id = ref("aws_apigatewayv2_api.api.id");
endpoint("is an HTTP API that takes POST /{source} for ingest and nothing else", () => {
  assert.equal(plain.settings("aws_apigatewayv2_api.api"), {
    name: "leadwire-plain-api",
    description: "Takes leads from CRMs.",
    protocol_type: "HTTP",
  });
  assert.equal(
    plain.all("aws_apigatewayv2_route").map(([, { api_id: api, route_key, target }]) => [api, route_key, target]),
    [[api_id, "POST /{source}", `integrations/${ref("aws_apigatewayv2_integration.api.id")}`]],
  );
  assert.equal(plain.settings("aws_apigatewayv2_integration.api"), {
    api_id,
    integration_type: "AWS_PROXY",
    integration_uri: ref("aws_lambda_function.ingest.invoke_arn"),
    payload_format_version: "2.0",
  });
});
endpoint("is throttled, and goes live after it may invoke ingest", () => {
  const { access_log_settings: _, ...stage } = plain.settings("aws_apigatewayv2_stage.api");
  assert.equal(stage, {
    api_id,
    name: "$default",
    auto_deploy: true,
    default_route_settings: { throttling_burst_limit: 66, throttling_rate_limit: 33 },
    route_settings: [],
    depends_on: ["aws_apigatewayv2_route.api"],
  });
  assert.equal(plain.settings("aws_apigatewayv2_route.api").depends_on, ["aws_lambda_permission.api"]);
});
endpoint("logs nothing of the caller but the address, for the environment's days", () => {
  const { format, destination_arn } = plain.settings("aws_apigatewayv2_stage.api").access_log_settings as Block;
  assert.is(destination_arn, ref("aws_cloudwatch_log_group.api.arn"));
  assert.not.match(
    Object.values(parsed(format)).join(),
    /identity(?!\.sourceIp)|userAgent|path|queryString|authorizer/i,
  );
  assert.equal(plain.settings("aws_cloudwatch_log_group.api"), {
    name: "/aws/vendedlogs/apis/leadwire-plain-api",
    retention_in_days: 120,
  });
});
endpoint.run();
