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
