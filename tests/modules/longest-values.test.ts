import { suite } from "uvu";
import * as assert from "uvu/assert";
import { BundledFunction } from "../../modules/bundled-function.ts";
import { checkLengths, type Resources } from "../../modules/longest-values.ts";
import { failureOf } from "../helpers/failure.ts";
import { moduleStack } from "../helpers/module-stack.ts";
import { ref } from "../helpers/synth.ts";

const lengths = suite("longest values");

const withVariables = (variables: Readonly<Record<string, string>>): Resources => ({
  aws_lambda_function: { one: { function_name: "one", environment: { variables } } },
  aws_sqs_queue: { work: { name: "a-queue" } },
});
const refused = (resources: Resources) => assert.throws.bind(undefined, () => checkLengths(resources));

const lengthsOf = async (resources: Resources) => checkLengths(resources);

lengths("a function's variables are measured as JSON, escapes and names included", () => {
  const variables = (quotes: number) => ({ A: "1", B: '"'.repeat(quotes) });
  const most = (4096 - '{"A":"1","B":""}'.length) / 2;
  checkLengths(withVariables(variables(most)));
  refused(withVariables(variables(most + 1)))(
    /environment of aws_lambda_function\.one has up to 4098 bytes, and AWS accepts 4096/,
  );
});

lengths("bytes count, not characters", () => {
  refused(withVariables({ A: "é".repeat(2045) }))("has up to 4098 bytes");
});

lengths("the sizes of the five largest variables are named, largest first", async () => {
  const size = (bytes: number) => "x".repeat(bytes - 2);
  const variables = { F: "1", E: size(20), C: size(40), A: size(4000), B: size(50), D: size(30) };
  const { message } = await failureOf(lengthsOf(withVariables(variables)));
  assert.match(
    message,
    "Its largest parts are A with 4000, B with 50, C with 40, D with 30, E with 20: shorten or remove",
  );
});

lengths("a reference counts as the value that it refers to", () => {
  const resources = (bytes: number) => ({
    ...withVariables({ QUEUE: ref("aws_sqs_queue.work.name"), LONG: "x".repeat(bytes) }),
  });
  const most = 4096 - '{"QUEUE":"a-queue","LONG":""}'.length;
  checkLengths(resources(most));
  refused(resources(most + 1))("has up to 4097 bytes");
});

lengths("a queue's URL counts as the longest that AWS can make of its name", () => {
  const longestUrl = "https://sqs.ap-southeast-1.amazonaws.com/123456789012/a-queue";
  const most = 4096 - `{"URL":"${longestUrl}","LONG":""}`.length;
  refused(withVariables({ URL: ref("aws_sqs_queue.work.url"), LONG: "x".repeat(most + 1) }))("AWS accepts 4096");
});

lengths("an ARN counts as the longest before a name, that of a configuration set", () => {
  const resources = (bytes: number) => ({
    ...withVariables({ ARN: ref("aws_sesv2_configuration_set.mail.arn"), LONG: "x".repeat(bytes) }),
    aws_sesv2_configuration_set: { mail: { configuration_set_name: "a-set" } },
  });
  const arn = "arn:aws:ses:ap-southeast-1:123456789012:configuration-set/a-set";
  const most = 4096 - `{"ARN":"${arn}","LONG":""}`.length;
  checkLengths(resources(most));
  refused(resources(most + 1))("has up to 4097 bytes");
});

for (const [type, attribute, maximum] of [
  ["aws_lambda_function", "function_name", 64],
  ["aws_iam_role", "name", 64],
  ["aws_iam_policy", "name", 128],
  ["aws_s3_bucket", "bucket", 63],
  ["aws_sqs_queue", "name", 80],
  ["aws_cloudwatch_event_rule", "name", 64],
] as const) {
  lengths(`${attribute} of ${type} has at most ${maximum} bytes`, () => {
    const named = (length: number) => ({ [type]: { one: { [attribute]: "n".repeat(length) } } });
    checkLengths(named(maximum));
    refused(named(maximum + 1))(`AWS accepts ${maximum}. It is nnn`);
  });
}

lengths("a role's policy names its largest statements, and counts an ARN by the name in it", () => {
  const arn = ref("aws_sqs_queue.work.arn");
  const policy = (count: number) =>
    JSON.stringify({ Statement: [{ Sid: "Small" }, { Sid: "ReadSources", Resource: Array(count).fill(arn) }] });
  const resources = (count: number): Resources => ({
    ...withVariables({}),
    aws_iam_role_policy: { one: { policy: policy(count) } },
  });
  checkLengths(resources(140));
  refused(resources(160))(/AWS accepts 10240\. Its largest parts are ReadSources with \d+, Small with 15/);
});

lengths("every value that is too long is named at once", async () => {
  const queues = { a: { name: "a".repeat(81) }, b: { name: "b".repeat(82) } };
  const { message } = await failureOf(lengthsOf({ aws_sqs_queue: queues }));
  assert.is(message.split("\n").length, 2);
});

lengths("a stack with such a value cannot be synthesized", () => {
  const make = (length: number) => () =>
    moduleStack((scope) => {
      new BundledFunction(scope, "large", {
        name: "n".repeat(length),
        description: "Does nothing.",
        bundle: { zip: Buffer.from("zip"), sha256: "hash" },
        tuning: { timeoutSeconds: 9, memoryMb: 128 },
        variables: {},
        statements: [],
        logRetentionDays: 1,
        logLevel: "INFO",
      });
    });
  make(64)();
  assert.throws(make(65), "function_name of aws_lambda_function.large has up to 65 bytes");
});

lengths.run();
