import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readStack } from "../../src/stack/stack-file.ts";
import { tempFolder } from "../helpers/temp-folder.ts";
import { writeStackFile } from "../helpers/zip.ts";

const ref = (path: string) => `\${${path}}`;

function stackOf(content: object, variables?: Record<string, unknown>) {
  const file = { provider: { aws: [{ region: "eu-central-1", allowed_account_ids: ["111122223333"] }] }, ...content };
  const folder = writeStackFile(tempFolder(), file);
  const urls = { gatewayUrl: "http://127.0.0.1:1", apiUrl: "http://127.0.0.1:2" };
  return readStack(folder, { ...urls, ...(variables && { variables }) });
}

const stack = suite("stack file");

stack("references are filled through other resources, in text and in JSON inside text", () => {
  const [queue, dlq] = stackOf({
    resource: {
      aws_sqs_queue: {
        orders: {
          name: "orders",
          redrive_policy: JSON.stringify({ deadLetterTargetArn: ref("aws_sqs_queue.dlq.arn") }),
        },
        dlq: { name: `${ref("aws_s3_bucket.b.bucket")}-dlq` },
      },
      aws_s3_bucket: { b: { bucket: "orders-bucket" } },
    },
  }).of("aws_sqs_queue");
  assert.is(dlq?.values.arn, "arn:aws:sqs:eu-central-1:111122223333:orders-bucket-dlq");
  assert.is(
    queue?.values.redrive_policy,
    '{"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:111122223333:orders-bucket-dlq"}',
  );
  assert.is(queue?.values.url, "http://127.0.0.1:1/111122223333/orders");
});

const at = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:111122223333:${resource}`;
/** Of each type what a stack sets, and what AWS works out from it. */
const workedOut: Readonly<Record<string, readonly [set: object, computed: object]>> = {
  aws_apigatewayv2_api: [
    { name: "door" },
    {
      id: "local",
      api_endpoint: "http://127.0.0.1:2",
      arn: "arn:aws:apigateway:eu-central-1::/apis/local",
      execution_arn: at("execute-api", "local"),
    },
  ],
  aws_apigatewayv2_integration: [{}, { id: "integration-local" }],
  aws_apigatewayv2_route: [{}, { id: "route-local" }],
  aws_apigatewayv2_stage: [
    { name: "v1" },
    {
      id: "v1",
      invoke_url: "http://127.0.0.1:2/v1",
      arn: "arn:aws:apigateway:eu-central-1::/apis/local/stages/v1",
      execution_arn: at("execute-api", "local/v1"),
    },
  ],
  aws_cloudwatch_event_rule: [{ name: "stored" }, { id: "stored", arn: at("events", "rule/stored") }],
  aws_cloudwatch_log_group: [{ name: "/a/log" }, { id: "/a/log", arn: at("logs", "log-group:/a/log") }],
  aws_cloudwatch_metric_alarm: [{ alarm_name: "bell" }, { id: "bell", arn: at("cloudwatch", "alarm:bell") }],
  aws_dynamodb_table: [{ name: "items" }, { id: "items", arn: at("dynamodb", "table/items") }],
  aws_iam_role: [{ name: "clerk" }, { id: "clerk", path: "/", arn: "arn:aws:iam::111122223333:role/clerk" }],
  aws_lambda_function: [
    { function_name: "f" },
    {
      id: "f",
      arn: at("lambda", "function:f"),
      version: "$LATEST",
      invoke_arn: `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${at("lambda", "function:f")}/invocations`,
    },
  ],
  aws_s3_bucket: [
    { bucket: "files" },
    {
      id: "files",
      arn: "arn:aws:s3:::files",
      region: "eu-central-1",
      bucket_domain_name: "files.s3.amazonaws.com",
      bucket_regional_domain_name: "files.s3.eu-central-1.amazonaws.com",
    },
  ],
  aws_sesv2_configuration_set: [
    { configuration_set_name: "set" },
    { id: "set", arn: at("ses", "configuration-set/set") },
  ],
  aws_sesv2_email_identity: [
    { email_identity: "example.com" },
    {
      id: "example.com",
      arn: at("ses", "identity/example.com"),
      dkim_signing_attributes: [{ tokens: ["local-token-1", "local-token-2", "local-token-3"] }],
    },
  ],
  aws_sns_topic: [{ name: "bell" }, { id: at("sns", "bell"), arn: at("sns", "bell") }],
  aws_sqs_queue: [
    { name: "jobs" },
    {
      id: "http://127.0.0.1:1/111122223333/jobs",
      url: "http://127.0.0.1:1/111122223333/jobs",
      arn: at("sqs", "jobs"),
    },
  ],
  aws_ssm_parameter: [{ name: "/a/b" }, { id: "/a/b", arn: at("ssm", "parameter/a/b") }],
};
stack("a resource has the attributes that AWS works out, and a data source too", () => {
  const resource = Object.fromEntries(Object.entries(workedOut).map(([type, [set]]) => [type, { one: set }]));
  const read = stackOf({ resource });
  for (const [type, [set, computed]] of Object.entries(workedOut)) {
    const [{ values } = {}] = read.of(type);
    assert.equal(values, { ...set, ...computed }, type);
  }
  const data = { aws_caller_identity: { x: {} }, aws_region: { x: {} }, aws_partition: { x: {} } };
  const dataOf = (path: string) => stackOf({ data, output: { o: { value: ref(`data.${path}`) } } }).output("o");
  assert.equal(
    ["account_id", "id", "arn"].map((name) => dataOf(`aws_caller_identity.x.${name}`)),
    ["111122223333", "111122223333", "arn:aws:iam::111122223333:user/operator"],
  );
  assert.equal(
    ["name", "region", "id"].map((name) => dataOf(`aws_region.x.${name}`)),
    Array(3).fill("eu-central-1"),
  );
  assert.equal(
    ["partition", "dns_suffix", "id"].map((name) => dataOf(`aws_partition.x.${name}`)),
    ["aws", "amazonaws.com", "aws"],
  );
});

stack("a role's ARN has the role's path", () => {
  const roles = stackOf({
    resource: { aws_iam_role: { plain: { name: "clerk" }, pathed: { name: "clerk", path: "/shop/day/" } } },
  }).of("aws_iam_role");
  assert.equal(
    roles.map(({ values }) => values.arn),
    ["arn:aws:iam::111122223333:role/clerk", "arn:aws:iam::111122223333:role/shop/day/clerk"],
  );
});
stack(
  "account, region and variables come from provider, data sources, given values and defaults, in this order",
  () => {
    const content = {
      variable: { url: { default: "https://example.com" }, other: { default: "kept" } },
      data: { aws_caller_identity: { me: {} }, aws_region: { here: {} } },
      output: {
        place: { value: `${ref("data.aws_caller_identity.me.account_id")} ${ref("data.aws_region.here.region")}` },
        variables: { value: [ref("var.url"), ref("var.other")] },
      },
    };
    const read = stackOf(content, { url: "http://127.0.0.1/" });
    assert.is(read.output("place"), "111122223333 eu-central-1");
    assert.equal(read.output("variables"), ["http://127.0.0.1/", "kept"]);
  },
);

stack("the provider is the one without an alias, and locals are filled", () => {
  const other = { alias: "other", region: "eu-west-1", allowed_account_ids: ["999999999999"] };
  const own = { region: "eu-central-1", allowed_account_ids: ["111122223333"] };
  const locals = { names: { queue: `${ref("aws_sqs_queue.q.name")}-2` } };
  const read = stackOf({
    provider: { aws: [other, own] },
    resource: { aws_sqs_queue: { q: { name: "q" } } },
    locals,
    output: { o: { value: ref("local.names.queue") } },
  });
  assert.equal([read.place.region, read.place.account], ["eu-central-1", "111122223333"]);
  assert.equal([read.outputs, read.output("o")], [["o"], "q-2"]);
});

stack("a text that is one reference keeps the value's type, and indexes reach into lists", () => {
  const read = stackOf({
    resource: { aws_sesv2_email_identity: { d: { email_identity: "example.com" } } },
    output: {
      tokens: { value: ref("aws_sesv2_email_identity.d.dkim_signing_attributes[0].tokens") },
      first: { value: `${ref("aws_sesv2_email_identity.d.dkim_signing_attributes[0].tokens[0]")}._domainkey` },
    },
  });
  assert.is((read.output("tokens") as string[]).length, 3);
  assert.is(read.output("first"), "local-token-1._domainkey");
});

stack("a doubled dollar stands for the text itself", () => {
  assert.is(stackOf({ output: { o: { value: `$${ref("aws:username")}/x` } } }).output("o"), `${ref("aws:username")}/x`);
});

stack("the endpoint is the simulated API's, with the stage's name unless it is the default stage", () => {
  const of = (name: string) =>
    stackOf({
      resource: { aws_apigatewayv2_stage: { s: { name } } },
      output: { endpoint: { value: ref("aws_apigatewayv2_stage.s.invoke_url") } },
    }).output("endpoint");
  assert.is(of("$default"), "http://127.0.0.1:2/");
  assert.is(of("v1"), "http://127.0.0.1:2/v1");
});

const queue = (name: string, more: object = {}) => ({ resource: { aws_sqs_queue: { q: { name } }, ...more } });

const refused: Record<string, [() => unknown, RegExp]> = {
  "an attribute that no one knows": [
    () => stackOf(queue(ref("aws_s3_bucket.b.color"), { aws_s3_bucket: { b: { bucket: "b" } } })).of("aws_sqs_queue"),
    /^aws_sqs_queue\.q\.name: local-aws does not know aws_s3_bucket\.b\.color\.$/,
  ],
  "a resource that is not there": [
    () => stackOf(queue(ref("aws_sqs_queue.gone.arn"))).of("aws_sqs_queue"),
    /^aws_sqs_queue\.q\.name: it refers to aws_sqs_queue\.gone, which the stack does not hold\.$/,
  ],
  "a reference in a circle": [() => stackOf(queue(ref("aws_sqs_queue.q.arn"))).of("aws_sqs_queue"), /refers to itself/],
  "an expression that is more than a reference": [
    () => stackOf(queue(ref('join("-", ["a", "b"])'))).of("aws_sqs_queue"),
    /^aws_sqs_queue\.q\.name: local-aws has no way to work out "\$\{join\("-", \["a", "b"\]\)\}"\.$/,
  ],
  "a reference that is not closed": [() => stackOf(queue("${aws_sqs_queue.q")).of("aws_sqs_queue"), /is not closed/],
  "a variable without a value": [
    () => stackOf({ variable: { v: {} }, output: { o: { value: ref("var.v") } } }).output("o"),
    /output\.o: variable v has no default/,
  ],
  "a provider without an account": [
    () => stackOf({ provider: { aws: { region: "eu-central-1" } } }),
    /provider\.aws: region and allowed_account_ids/,
  ],
};

for (const [what, [read, message]] of Object.entries(refused)) {
  stack(`${what} is an error that names address and attribute`, () => {
    assert.throws(read, message);
  });
}

stack("what no one asks for may hold anything", () => {
  const read = stackOf({ resource: { aws_cloudwatch_dashboard: { d: { dashboard_body: ref("strange()") } } } });
  assert.equal(read.types, ["aws_cloudwatch_dashboard"]);
});

stack.run();
