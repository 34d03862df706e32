import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { BundledFunction } from "../../modules/bundled-function.ts";
import { HttpEndpoint } from "../../modules/http-endpoint.ts";
import { QueueWorker } from "../../modules/queue-worker.ts";
import { workerTuning } from "../../modules/tuning/knobs.ts";
import { WorkQueue } from "../../modules/work-queue.ts";
import { moduleStack } from "../helpers/module-stack.ts";
import { parsed, ref } from "../helpers/synth.ts";

const settings = (name: string) => ({
  name,
  description: `Does ${name}.`,
  bundle: { zip: Buffer.from(`zip of ${name}`), sha256: `hash of ${name}` },
  variables: { A: "1", B: "2" },
  statements: [{ sid: "Own", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::a/*"] }],
  logRetentionDays: 60,
  logLevel: "DEBUG" as const,
});
const tuning = workerTuning({ timeoutSeconds: 17, memoryMb: 1717, batchSize: 7, maximumConcurrency: 6 });
const stack = moduleStack((scope) => {
  const { lambda } = new BundledFunction(scope, "plain", {
    ...settings("plain"),
    tuning: { timeoutSeconds: 9, memoryMb: 99 },
  });
  const queue = new WorkQueue(scope, "work", { name: "a-queue", tuning, statements: () => [] });
  new QueueWorker(scope, "worker", {
    ...settings("worker"),
    queue,
    tuning: { ...tuning, batchingWindowSeconds: 3, reservedConcurrency: 66 },
    permissionsBoundary: "arn:aws:iam::123456789012:policy/limit",
    rolePath: "/functions/",
  });
  new HttpEndpoint(scope, "door", {
    name: "a-door",
    description: "Of a test.",
    routes: [
      { methods: ["POST"], path: "/{name}" },
      { name: "vip", methods: ["POST", "GET"], path: "/vip", throttling: { requestsPerSecond: 3, burst: 4 } },
      { name: "gold", methods: ["POST"], path: "/gold" },
    ],
    lambda,
    throttling: { requestsPerSecond: 11, burst: 22 },
    logRetentionDays: 30,
  });
});
const own = { Sid: "Own", Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::a/*"] };
const telemetry = (name: string) => [
  {
    Sid: "WriteLog",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: [`\${aws_cloudwatch_log_group.${name}.arn}:*`],
  },
  {
    Sid: "WriteTraces",
    Effect: "Allow",
    Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
    Resource: ["*"],
  },
];

const bundledFunction = suite("bundled function");
bundledFunction("is Node 24 on arm64 with the caller's settings, traced, after its policy and log group", () => {
  assert.equal(stack.settings("aws_lambda_function.plain"), {
    function_name: "plain",
    description: "Does plain.",
    role: ref("aws_iam_role.plain.arn"),
    runtime: "nodejs24.x",
    architectures: ["arm64"],
    handler: "index.handler",
    filename: "assets/plain.zip",
    source_code_hash: "hash of plain",
    timeout: 9,
    memory_size: 99,
    environment: { variables: { A: "1", B: "2" } },
    tracing_config: { mode: "Active" },
    logging_config: {
      log_format: "JSON",
      log_group: ref("aws_cloudwatch_log_group.plain.name"),
      application_log_level: "DEBUG",
      system_log_level: "INFO",
    },
    depends_on: ["aws_iam_role_policy.plain", "aws_cloudwatch_log_group.plain"],
  });
});
bundledFunction("has the reserved concurrency of its tuning", () => {
  const { timeout, memory_size, reserved_concurrent_executions } = stack.settings("aws_lambda_function.worker");
  assert.equal([timeout, memory_size, reserved_concurrent_executions], [17, 1717, 66]);
});
bundledFunction("keeps its log for the caller's days", () => {
  assert.equal(stack.settings("aws_cloudwatch_log_group.plain"), {
    name: "/aws/lambda/plain",
    retention_in_days: 60,
  });
});
bundledFunction("has a role for Lambda alone, which may write its log and traces and what the caller says", () => {
  const { assume_role_policy, ...role } = stack.settings("aws_iam_role.plain");
  assert.equal(role, { name: "plain" });
  assert.equal(parsed(assume_role_policy), {
    Version: "2012-10-17",
    Statement: [
      { Sid: "Assume", Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: ["sts:AssumeRole"] },
    ],
  });
  const { policy: _, ...attached } = stack.settings("aws_iam_role_policy.plain");
  assert.equal(attached, { name: "plain", role: ref("aws_iam_role.plain.name") });
  assert.equal(stack.statements("aws_iam_role_policy.plain"), [...telemetry("plain"), own]);
});
bundledFunction("has a role with the caller's boundary and path", () => {
  const { assume_role_policy: _, ...role } = stack.settings("aws_iam_role.worker");
  assert.equal(role, {
    name: "worker",
    permissions_boundary: "arn:aws:iam::123456789012:policy/limit",
    path: "/functions/",
  });
});
bundledFunction("writes its zip into the stack's folder", () => {
  assert.is(readFileSync(join(stack.folder, "assets/plain.zip"), "utf8"), "zip of plain");
});
bundledFunction.run();

const queueWorker = suite("queue worker");
queueWorker("is fed as its tuning says, answers for each message, and is mapped when it may work", () => {
  assert.equal(stack.settings("aws_lambda_event_source_mapping.worker"), {
    event_source_arn: ref("aws_sqs_queue.work.arn"),
    function_name: ref("aws_lambda_function.worker.arn"),
    batch_size: 7,
    maximum_batching_window_in_seconds: 3,
    scaling_config: { maximum_concurrency: 6 },
    function_response_types: ["ReportBatchItemFailures"],
    depends_on: ["aws_iam_role_policy.worker", "aws_lambda_function_recursion_config.worker"],
  });
});
queueWorker("may send messages to its own queue for as many rounds as it takes", () => {
  assert.equal(stack.settings("aws_lambda_function_recursion_config.worker"), {
    function_name: ref("aws_lambda_function.worker.function_name"),
    recursive_loop: "Allow",
  });
});
queueWorker("may receive from its queue, delete what is done, and send messages again", () => {
  assert.equal(stack.statements("aws_iam_role_policy.worker"), [
    ...telemetry("worker"),
    {
      Sid: "ConsumeQueue",
      Effect: "Allow",
      Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"],
      Resource: [ref("aws_sqs_queue.work.arn")],
    },
    {
      Sid: "PostponeMessages",
      Effect: "Allow",
      Action: ["sqs:SendMessage"],
      Resource: [ref("aws_sqs_queue.work.arn")],
    },
    own,
  ]);
});
queueWorker.run();

const endpoint = suite("HTTP endpoint");
endpoint("is an HTTP API with a route to one function", () => {
  const api_id = ref("aws_apigatewayv2_api.door.id");
  assert.equal(stack.settings("aws_apigatewayv2_api.door"), {
    name: "a-door",
    description: "Of a test.",
    protocol_type: "HTTP",
  });
  assert.equal(stack.settings("aws_apigatewayv2_route.door"), {
    api_id,
    route_key: "POST /{name}",
    target: `integrations/${ref("aws_apigatewayv2_integration.door.id")}`,
    depends_on: ["aws_lambda_permission.door"],
  });
  assert.equal(stack.settings("aws_apigatewayv2_integration.door"), {
    api_id,
    integration_type: "AWS_PROXY",
    integration_uri: ref("aws_lambda_function.plain.invoke_arn"),
    payload_format_version: "2.0",
  });
});
endpoint("alone invokes the function, by its route", () => {
  assert.equal(stack.settings("aws_lambda_permission.door"), {
    statement_id: "InvokeFromApi",
    action: "lambda:InvokeFunction",
    function_name: ref("aws_lambda_function.plain.function_name"),
    principal: "apigateway.amazonaws.com",
    source_arn: `${ref("aws_apigatewayv2_api.door.execution_arn")}/*/POST/{name}`,
  });
});
endpoint("has a route of its own for a path that is throttled alone, live after it may invoke the function", () => {
  const depends_on = ["door_permission_others", "door_get_permission_others"].map(
    (name) => `aws_lambda_permission.${name}`,
  );
  const common = {
    api_id: ref("aws_apigatewayv2_api.door.id"),
    target: `integrations/${ref("aws_apigatewayv2_integration.door.id")}`,
    depends_on,
  };
  assert.equal(
    stack.all("aws_apigatewayv2_route").map(([name]) => name),
    ["door", "door_get_route_vip", "door_route_gold", "door_route_vip"],
  );
  for (const [name, route_key] of [
    ["door_get_route_vip", "GET /vip"],
    ["door_route_gold", "POST /gold"],
    ["door_route_vip", "POST /vip"],
  ]) {
    assert.equal(stack.settings(`aws_apigatewayv2_route.${name}`), { ...common, route_key });
  }
});
endpoint("is allowed to invoke the function by all further paths with a statement for each method", () => {
  for (const [ids, by, method] of [
    ["", "", "POST"],
    ["get_", "ByGET", "GET"],
  ]) {
    assert.equal(stack.settings(`aws_lambda_permission.door_${ids}permission_others`), {
      statement_id: `InvokeFromApi${by}-others`,
      action: "lambda:InvokeFunction",
      function_name: ref("aws_lambda_function.plain.function_name"),
      principal: "apigateway.amazonaws.com",
      source_arn: `${ref("aws_apigatewayv2_api.door.execution_arn")}/*/${method}/*`,
    });
  }
});
endpoint("counts the requests that it throttles, in a namespace of its name", () => {
  assert.equal(stack.settings("aws_cloudwatch_log_metric_filter.door_throttled_requests"), {
    name: "a-door-throttled",
    log_group_name: ref("aws_cloudwatch_log_group.door.name"),
    pattern: '{ $.status = "429" }',
    metric_transformation: { namespace: "a-door", name: "ThrottledRequests", value: "1" },
  });
});
endpoint("goes live by itself, throttled and logged, after its routes", () => {
  const { access_log_settings, ...stage } = stack.settings("aws_apigatewayv2_stage.door");
  assert.equal(stage, {
    api_id: ref("aws_apigatewayv2_api.door.id"),
    name: "$default",
    auto_deploy: true,
    default_route_settings: { throttling_rate_limit: 11, throttling_burst_limit: 22 },
    route_settings: ["POST", "GET"].map((method) => ({
      route_key: `${method} /vip`,
      throttling_rate_limit: 3,
      throttling_burst_limit: 4,
    })),
    depends_on: ["door", "door_route_vip", "door_get_route_vip", "door_route_gold"].map(
      (name) => `aws_apigatewayv2_route.${name}`,
    ),
  });
  const { destination_arn, format } = access_log_settings as { destination_arn: string; format: string };
  assert.is(destination_arn, ref("aws_cloudwatch_log_group.door.arn"));
  assert.equal(parsed(format), {
    requestId: "$context.requestId",
    sourceIp: "$context.identity.sourceIp",
    requestTime: "$context.requestTime",
    routeKey: "$context.routeKey",
    status: "$context.status",
    responseLatency: "$context.responseLatency",
    responseLength: "$context.responseLength",
    integrationStatus: "$context.integrationStatus",
    integrationLatency: "$context.integrationLatency",
    integrationError: "$context.integrationErrorMessage",
  });
});
endpoint("logs the sender's address, and nothing that the sender can write a secret or a person's name into", () => {
  const { format } = stack.settings("aws_apigatewayv2_stage.door").access_log_settings as { format: string };
  const variables = Object.values(parsed<Record<string, string>>(format));
  assert.ok(variables.includes("$context.identity.sourceIp"));
  assert.equal(
    variables.filter(
      (name) => !/^\$context\.[a-zA-Z.]+$/.test(name) || /path|userAgent|domain|auth|cert|cookie/i.test(name),
    ),
    [],
  );
});
endpoint("keeps its access log for the caller's days, under a name that needs no resource policy", () => {
  assert.equal(stack.settings("aws_cloudwatch_log_group.door"), {
    name: "/aws/vendedlogs/apis/a-door",
    retention_in_days: 30,
  });
});
endpoint.run();
