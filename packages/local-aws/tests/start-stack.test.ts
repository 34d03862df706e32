import dns from "node:dns";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type LocalAws, LocalAwsError, startStack } from "../src/index.ts";
import { mailer } from "../src/monitoring/mailbox.ts";
import { account, allow, buildStack, consume, mapping, ref } from "./helpers/build-stack.ts";
import { failureOf } from "./helpers/failure.ts";
import { inTime } from "./helpers/in-time.ts";
import { withStack } from "./helpers/running-stack.ts";
import { smallStack } from "./helpers/small-stack.ts";
import { tempFolder } from "./helpers/temp-folder.ts";

const bucket = `test-orders-${account}`;

/** Resolves when the worker has written an object. */
const packed = (aws: LocalAws, key: string) =>
  inTime<void>(`packed/${key}`, (resolve) => {
    aws.gateway.on("answered", ({ call, answer }) => {
      if (call.operation === "PutObject" && call.parameters.Key === `packed/${key}` && answer.status === 200) resolve();
    });
  });

/** A message that no function deletes ends in the dead letter queue. */
const failingWorker = () =>
  buildStack({
    functions: {
      worker: {
        source: 'export const handler = () => { throw new Error("no"); };',
        allows: [consume("jobs")],
        attributes: { timeout: 2 },
      },
    },
    resource: {
      aws_sqs_queue: {
        dead: { name: "dead" },
        jobs: {
          name: "jobs",
          visibility_timeout_seconds: 2,
          redrive_policy: JSON.stringify({ deadLetterTargetArn: ref("aws_sqs_queue.dead.arn"), maxReceiveCount: 1 }),
        },
      },
      aws_lambda_event_source_mapping: { jobs: mapping("jobs", "worker") },
      aws_cloudwatch_metric_alarm: {
        dead: {
          alarm_name: "dead letters",
          namespace: "AWS/SQS",
          metric_name: "ApproximateNumberOfMessagesVisible",
          dimensions: { QueueName: "dead" },
          statistic: "Maximum",
          period: 60,
          comparison_operator: "GreaterThanThreshold",
          threshold: 0,
          evaluation_periods: 1,
          alarm_actions: [ref("aws_sns_topic.alarms.arn")],
        },
      },
      aws_sns_topic: { alarms: { name: "alarms" } },
      aws_sns_topic_policy: {
        alarms: {
          arn: ref("aws_sns_topic.alarms.arn"),
          policy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              {
                ...allow("sns:Publish", ref("aws_sns_topic.alarms.arn")),
                Principal: { Service: "cloudwatch.amazonaws.com" },
              },
            ],
          }),
        },
      },
      aws_sns_topic_subscription: {
        ops: { topic_arn: ref("aws_sns_topic.alarms.arn"), protocol: "email", endpoint: "ops@example.com" },
      },
    },
  });

const start = suite("startStack");

start("runs a request through API, function, bucket, event, queue and worker", () =>
  withStack(smallStack(), async (aws) => {
    const done = packed(aws, "website.json");
    const answer = await fetch(`${aws.api.url}/website`, { method: "POST", body: '{"order":1}' });
    assert.equal([answer.status, await answer.text()], [202, "website.json"]);
    await done;
    const { Body } = await new S3Client(aws.clientSettings()).send(
      new GetObjectCommand({ Bucket: bucket, Key: "packed/website.json" }),
    );
    assert.is(await Body?.transformToString(), '{"order":1}');
    assert.equal(aws.denials.lines(), []);
    assert.match(await aws.logs.text(), "stored website.json");
  }),
);

start("a message that always fails is dead-lettered, raises the alarm, and a mail says so", () =>
  withStack(failingWorker(), async (aws) => {
    const letter = inTime<string>("a dead letter", (resolve) =>
      aws.deadLetters.on("arrived", ({ body }, queue) => resolve(`${queue}: ${body}`)),
    );
    const alarm = inTime<string>("the alarm", (resolve) =>
      aws.monitoring.on("transition", ({ alarm: { name }, to }) => resolve(`${name}: ${to}`)),
    );
    const QueueUrl = `${aws.gateway.url}/${account}/jobs`;
    await new SQSClient(aws.clientSettings()).send(new SendMessageCommand({ QueueUrl, MessageBody: "hopeless" }));
    assert.is(await letter, "dead: hopeless");
    assert.is(await alarm, "dead letters: ALARM");
    await aws.monitoring.delivered();
    const { emails } = (await (await fetch(`${aws.mailboxUrl}/store`)).json()) as {
      emails: { subject: string; destination: { to: string[] } }[];
    };
    assert.equal(
      emails.map(({ subject, destination }) => [subject, destination.to]),
      [['ALARM: "dead letters" in EU (Frankfurt)', ["ops@example.com"]]],
    );
    assert.equal(
      aws.deadLetters.contents().map(({ body }) => body),
      ["hopeless"],
    );
  }),
);

start("parameters are a record or are made of the stack, which may read them itself", () => {
  const stackDir = buildStack({
    data: { aws_ssm_parameter: { url: { name: "/test/url" } } },
    output: { url: { value: ref("data.aws_ssm_parameter.url.value") } },
  });
  return withStack(
    stackDir,
    async (aws) => {
      assert.is(aws.stack.output("url"), "value of /test/url");
      const ssm = new SSMClient(aws.clientSettings());
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: "/test/url", WithDecryption: true }));
      assert.is(Parameter?.Value, "value of /test/url");
    },
    {
      parameters: ({ parametersRead }) => Object.fromEntries(parametersRead.map((name) => [name, `value of ${name}`])),
    },
  );
});

start("the hook authorize decides in place of the policies, which it is given", () =>
  withStack(
    smallStack(),
    async (aws) => {
      const sqs = new SQSClient(aws.clientSettings("test-mailer"));
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "test-orders" }));
      assert.equal(aws.denials.lines(), []);
      assert.is(
        (await failureOf(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "x" })))).name,
        "AccessDenied",
      );
      assert.match(aws.denials.lines()[0] ?? "", "test-mailer was denied sqs:SendMessage");
    },
    { authorize: (byPolicies) => (call) => (call.operation === "GetQueueUrl" ? undefined : byPolicies(call)) },
  ),
);

start("the hook intercept sees every call before its service does, and may answer in its place or after it", () => {
  const seen: string[] = [];
  return withStack(
    smallStack(),
    async (aws) => {
      const s3 = new S3Client({ ...aws.clientSettings(), maxAttempts: 1 });
      const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "{}" }));
      assert.is((await failureOf(put("refused/a"))).$metadata?.httpStatusCode, 503);
      assert.is((await failureOf(put("lost/a"))).$metadata?.httpStatusCode, 500);
      const read = (Key: string) => s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      assert.is((await failureOf(read("refused/a"))).name, "NoSuchKey");
      assert.ok((await read("lost/a")).ETag);
      assert.ok(seen.includes("operator s3:PutObject refused/a"));
    },
    {
      intercept: async ({ caller, service, operation, parameters }, proceed) => {
        seen.push(`${caller.name} ${service}:${operation} ${parameters.Key}`);
        if (operation !== "PutObject") return undefined;
        if (String(parameters.Key).startsWith("refused/")) return { status: 503, headers: {}, body: "" };
        await proceed();
        return { status: 500, headers: {}, body: "" };
      },
    },
  );
});

start("the hook variables gives a function environment variables in addition to its own, which they replace", () => {
  const source = "export const handler = () => process.env;";
  const stackDir = buildStack({ functions: { shop: { source, variables: { CITY: "Bern", LANGUAGE: "de" } } } });
  return withStack(
    stackDir,
    async (aws) => {
      const outcome = await aws.functions.get("test-shop")?.invoke({});
      const { CITY, LANGUAGE, NAME } = outcome?.ok ? JSON.parse(outcome.payload) : {};
      assert.equal([CITY, LANGUAGE, NAME], ["Bern", "fr", "test-shop"]);
    },
    { variables: (functionName) => ({ LANGUAGE: "fr", NAME: functionName }) },
  );
});

start("a client may have a function's credentials, and only those of a function that is there", () =>
  withStack(smallStack(), async (aws) => {
    const mailer = new SQSClient(aws.clientSettings("test-mailer"));
    assert.is(
      (await failureOf(mailer.send(new GetQueueUrlCommand({ QueueName: "test-orders" })))).name,
      "AccessDenied",
    );
    assert.throws(() => aws.clientSettings("gone"), /^The stack has no function gone; it has test-intake, test-worker/);
  }),
);

start("with forgetAfterSeconds objects and mails are gone after that time, and onForget hears of it", async () => {
  const times: Date[] = [];
  await withStack(
    smallStack(),
    async (aws) => {
      const s3 = new S3Client({ ...aws.clientSettings(), maxAttempts: 1 });
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "other/a", Body: "{}" }));
      await mailer(aws.mailboxUrl)({ to: "ops@example.com", subject: "a", text: "b" });
      assert.is(aws.mails().length, 1);
      await inTime<void>("the object to be gone", (resolve) => {
        const timer = setInterval(async () => {
          const { name } = await failureOf(s3.send(new GetObjectCommand({ Bucket: bucket, Key: "other/a" }))).catch(
            () => ({ name: "still there" }),
          );
          if (name !== "NoSuchKey") return;
          clearInterval(timer);
          resolve();
        }, 100);
      });
      await inTime<void>("the mail to be gone", (resolve) => {
        const timer = setInterval(() => {
          if (aws.mails().length > 0) return;
          clearInterval(timer);
          resolve();
        }, 100);
      });
      assert.ok(times.length > 0);
    },
    { forgetAfterSeconds: 1, onForget: (before) => void times.push(before) },
  );
});

start("stop ends everything: sockets and guards; a log path that was given stays", async () => {
  const lookup = dns.lookup;
  const logPath = join(tempFolder(), "functions.log");
  const aws = await startStack({ stackDir: smallStack(), logPath });
  assert.is.not(dns.lookup, lookup);
  await fetch(`${aws.api.url}/website`, { method: "POST", body: "{}" });
  await aws.stop();
  assert.is(dns.lookup, lookup);
  assert.match(readFileSync(logPath, "utf8"), "stored website.json");
  for (const url of [aws.gateway.url, aws.api.url, aws.mailboxUrl]) {
    assert.is((await failureOf(fetch(url))).cause?.code, "ECONNREFUSED");
  }
});

start("a start that fails leaves nothing behind, and its error is a LocalAwsError", async () => {
  const lookup = dns.lookup;
  const error = await failureOf(startStack({ stackDir: tempFolder() }));
  assert.instance(error, LocalAwsError);
  assert.match(error.message, /cdk\.tf\.json cannot be read/);
  assert.is(dns.lookup, lookup);
});

start.run();
