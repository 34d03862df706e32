import { join } from "node:path";
import { tempFolder } from "./temp-folder.ts";
import { writeStackFile, writeZip } from "./zip.ts";

export type Json = Readonly<Record<string, unknown>>;

export const account = "123456789012";
export const region = "eu-central-1";

/** A Terraform reference. */
export const ref = (path: string) => `\${${path}}`;

export const policy = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });

export const allow = (actions: string | string[], ...resources: string[]) => ({
  Effect: "Allow",
  Action: actions,
  Resource: resources,
});

/** A function of a test's stack. Its role may write its log, and what `allows` says. */
interface TestFunction {
  /** The source of `index.mjs`; it may import `call` from `./aws.mjs`. */
  readonly source: string;
  readonly allows?: readonly object[];
  readonly variables?: Json;
  /** Attributes of `aws_lambda_function`. */
  readonly attributes?: Json;
}

export interface TestStack {
  /** By name; `NAME` becomes the function and the role `test-NAME`. */
  readonly functions?: Readonly<Record<string, TestFunction>>;
  /** Other resources, by type and name. */
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly data?: Json;
  readonly output?: Json;
}

/** Calls AWS without an SDK, which would have to be bundled. */
const awsModule = `
import { request } from "node:http";
export function call(service, method, path, headers = {}, body = "") {
  const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_REGION } = process.env;
  const authorization = "AWS4-HMAC-SHA256 Credential=" + AWS_ACCESS_KEY_ID + "/20260101/" + AWS_REGION + "/" + service + "/aws4_request, SignedHeaders=host, Signature=0";
  return new Promise((resolve, reject) => {
    const sent = request(AWS_ENDPOINT_URL + path, { method, headers: { authorization, ...headers } }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk)).on("end", () => resolve({ status: answer.statusCode, text: Buffer.concat(chunks).toString() }));
    });
    sent.on("error", reject).end(body);
  });
}
`;

const assumable = policy({
  Effect: "Allow",
  Principal: { Service: "lambda.amazonaws.com" },
  Action: "sts:AssumeRole",
});

const lambda = (name: string, { variables = {}, attributes = {} }: TestFunction) => ({
  function_name: `test-${name}`,
  role: ref(`aws_iam_role.${name}.arn`),
  runtime: "nodejs24.x",
  handler: "index.handler",
  filename: `assets/${name}.zip`,
  timeout: 30,
  memory_size: 128,
  environment: { variables },
  logging_config: { log_format: "JSON" },
  ...attributes,
});

const rolePolicy = (name: string, { allows = [] }: TestFunction) => ({
  role: ref(`aws_iam_role.${name}.name`),
  policy: policy(
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], `arn:aws:logs:*:*:log-group:/aws/lambda/test-${name}:*`),
    ...allows,
  ),
});

/** Writes a stack folder: functions with their roles and zips, and other resources. @returns the folder */
export function buildStack({ functions = {}, resource = {}, data = {}, output = {} }: TestStack): string {
  const entries = Object.entries(functions);
  const each = (make: (name: string, given: TestFunction) => Json) =>
    Object.fromEntries(entries.map(([name, given]) => [name, make(name, given)]));
  const made = {
    aws_lambda_function: each(lambda),
    aws_iam_role: each((name) => ({ name: `test-${name}`, assume_role_policy: assumable })),
    aws_iam_role_policy: each(rolePolicy),
  };
  const types = new Set([...Object.keys(made), ...Object.keys(resource)]);
  const merged = [...types].map((type) => [type, { ...made[type as keyof typeof made], ...resource[type] }]);
  const folder = writeStackFile(tempFolder(), {
    provider: { aws: [{ region, allowed_account_ids: [account] }] },
    data,
    resource: Object.fromEntries(merged.filter(([, blocks]) => Object.keys(blocks as object).length > 0)),
    output,
  });
  for (const [name, { source }] of entries) {
    writeZip(join(folder, "assets", `${name}.zip`), { "index.mjs": source, "aws.mjs": awsModule });
  }
  return folder;
}

/** What a mapping's role needs of its queue. */
export const consume = (queue: string) =>
  allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], ref(`aws_sqs_queue.${queue}.arn`));

export const mapping = (queue: string, name: string, more: Json = {}) => ({
  event_source_arn: ref(`aws_sqs_queue.${queue}.arn`),
  function_name: ref(`aws_lambda_function.${name}.arn`),
  ...more,
});

/** A queue policy that lets a rule send. */
export const lets = (queue: string, rule: string) => ({
  queue_url: ref(`aws_sqs_queue.${queue}.id`),
  policy: policy({
    ...allow("sqs:SendMessage", ref(`aws_sqs_queue.${queue}.arn`)),
    Principal: { Service: "events.amazonaws.com" },
    Condition: { ArnEquals: { "aws:SourceArn": ref(`aws_cloudwatch_event_rule.${rule}.arn`) } },
  }),
});

/** An HTTP API with one route to a function, which it may invoke. */
export const httpApi = (name: string, route = "POST /{shop}", integration: Json = {}) => ({
  aws_apigatewayv2_api: { api: { name: "test", protocol_type: "HTTP" } },
  aws_apigatewayv2_stage: { live: { name: "$default" } },
  aws_apigatewayv2_integration: {
    api: {
      integration_uri: ref(`aws_lambda_function.${name}.invoke_arn`),
      payload_format_version: "2.0",
      ...integration,
    },
  },
  aws_apigatewayv2_route: {
    api: { route_key: route, target: `integrations/${ref("aws_apigatewayv2_integration.api.id")}` },
  },
  aws_lambda_permission: {
    api: {
      statement_id: "Api",
      action: "lambda:InvokeFunction",
      function_name: ref(`aws_lambda_function.${name}.function_name`),
      principal: "apigateway.amazonaws.com",
      source_arn: `${ref("aws_apigatewayv2_api.api.execution_arn")}/*/*/*`,
    },
  },
});

/** An event pattern for created objects. */
export const objectCreatedIn = (bucket: string, key: Json) =>
  JSON.stringify({
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: { bucket: { name: [ref(`aws_s3_bucket.${bucket}.bucket`)] }, object: { key: [key] } },
  });
