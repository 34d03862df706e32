import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readRules } from "../../src/events/rules.ts";
import type { ApiAnswer, Call, Intercept, LocalAws } from "../../src/index.ts";
import { startStack } from "../../src/index.ts";
import { readStack } from "../../src/stack/stack-file.ts";
import { allow, buildStack, lets, objectCreatedIn, policy, ref } from "../helpers/build-stack.ts";
import { failureOf } from "../helpers/failure.ts";
import { inTime } from "../helpers/in-time.ts";
import { withStack } from "../helpers/running-stack.ts";

/** A bucket whose new objects go to the queue `jobs`, and what cannot be delivered to `lost`. */
const stackWith = (target: object = {}, { key = { prefix: "" } as object, eventbridge = true } = {}) => ({
  resource: {
    aws_s3_bucket: { files: { bucket: "files" } },
    aws_s3_bucket_notification: { files: { bucket: ref("aws_s3_bucket.files.id"), eventbridge } },
    aws_sqs_queue: { jobs: { name: "jobs" }, lost: { name: "lost" } },
    aws_sqs_queue_policy: { jobs: lets("jobs", "stored"), lost: lets("lost", "stored") },
    aws_cloudwatch_event_rule: {
      stored: { name: "stored", event_pattern: objectCreatedIn("files", key as Record<string, unknown>) },
    },
    aws_cloudwatch_event_target: {
      stored: {
        rule: ref("aws_cloudwatch_event_rule.stored.name"),
        arn: ref("aws_sqs_queue.jobs.arn"),
        dead_letter_config: { arn: ref("aws_sqs_queue.lost.arn") },
        ...target,
      },
    },
  },
});

const put = (aws: LocalAws, Key = "a.json") =>
  new S3Client(aws.clientSettings()).send(new PutObjectCommand({ Bucket: "files", Key, Body: "{}" }));

/** Resolves when so many sends to a queue have got through. */
const sent = ({ gateway }: LocalAws, queue: string, count = 1) =>
  inTime<void>(`${count} messages in ${queue}`, (resolve) => {
    let missing = count;
    gateway.on("answered", ({ call, answer }) => {
      if (call.operation !== "SendMessage" || answer.status !== 200) return;
      if (!String(call.parameters.QueueUrl).endsWith(`/${queue}`)) return;
      missing -= 1;
      if (missing === 0) resolve();
    });
  });

const answer = (status: number): ApiAnswer => ({ status, headers: {}, body: `refused with ${status}` });

/** Answers the first sends to `jobs` with the given statuses, in order, and lets the others through. */
function failing(...statuses: number[]): { intercept: Intercept; tries: () => number } {
  let tries = 0;
  const intercept = ({ operation, parameters }: Call) => {
    if (operation !== "SendMessage" || !String(parameters.QueueUrl).endsWith("/jobs")) return undefined;
    const status = statuses[tries];
    tries += 1;
    return status === undefined ? undefined : answer(status);
  };
  return { intercept, tries: () => tries };
}

const bus = suite("EventBridge");

bus("a target that answers 429 or 5xx is tried again", async () => {
  for (const status of [429, 500, 503]) {
    const { intercept, tries } = failing(status, status);
    await withStack(
      stackWith(),
      async (aws) => {
        const arrived = sent(aws, "jobs");
        await put(aws);
        await arrived;
        assert.is(tries(), 3);
        assert.is(aws.inspectQueue("lost").ready.length, 0);
      },
      { intercept },
    );
  }
});

const attributesOf = (aws: LocalAws) =>
  Object.fromEntries(
    Object.entries(aws.inspectQueue("lost").ready[0]?.messageAttributes ?? {}).map(([name, { StringValue }]) => [
      name,
      StringValue,
    ]),
  );

bus(
  "a target that refuses an event is not tried again: it goes to the target's dead letter queue, with the reason",
  () => {
    const { intercept, tries } = failing(400);
    return withStack(
      stackWith(),
      async (aws) => {
        const lost = sent(aws, "lost");
        await put(aws);
        await lost;
        assert.is(tries(), 1);
        assert.equal(attributesOf(aws), {
          RULE_ARN: "arn:aws:events:eu-central-1:123456789012:rule/stored",
          TARGET_ARN: "arn:aws:sqs:eu-central-1:123456789012:jobs",
          ERROR_CODE: "SDK_CLIENT_ERROR",
          ERROR_MESSAGE: "refused with 400",
          RETRY_ATTEMPTS: "0",
        });
      },
      { intercept },
    );
  },
);

/** An alarm on a metric of the rule. */
const alarmOn = (metric_name: string) => ({
  alarm_name: metric_name,
  namespace: "AWS/Events",
  metric_name,
  dimensions: { RuleName: ref("aws_cloudwatch_event_rule.stored.name") },
  statistic: "Sum",
  period: 60,
  comparison_operator: "GreaterThanThreshold",
  threshold: 0,
  evaluation_periods: 60,
  datapoints_to_alarm: 1,
  treat_missing_data: "notBreaching",
});
const [failed, notEvenDead] = ["FailedInvocations", "InvocationsFailedToBeSentToDlq"];
const alarmed = () => {
  const aws_cloudwatch_metric_alarm = { failed: alarmOn(failed), lost: alarmOn(notEvenDead) };
  return { resource: { ...stackWith().resource, aws_cloudwatch_metric_alarm } };
};
/** The names of the alarms that fire after an object is stored, when so many did. */
const firing = (aws: LocalAws, count: number) =>
  inTime<string[]>(`${count} alarms`, (resolve) => {
    const names: string[] = [];
    aws.monitoring.on("transition", ({ alarm, to }) => {
      if (to === "ALARM") names.push(alarm.name);
      if (names.length === count) resolve(names.sort());
    });
  });

bus("an event that is given up raises an alarm on failed invocations", () => {
  const { intercept } = failing(400);
  return withStack(
    alarmed(),
    async (aws) => {
      const names = firing(aws, 1);
      await put(aws);
      assert.equal(await names, [failed]);
      assert.is(aws.monitoring.states.get(notEvenDead), "OK");
    },
    { intercept },
  );
});

bus("an event that even its dead letter queue refuses raises an alarm on it too", () =>
  withStack(
    alarmed(),
    async (aws) => {
      const names = firing(aws, 2);
      await put(aws);
      assert.equal(await names, [failed, notEvenDead]);
    },
    { intercept: ({ operation }) => (operation === "SendMessage" ? answer(400) : undefined) },
  ),
);

bus("a target's retry policy ends the retries", () => {
  const { intercept, tries } = failing(503, 503, 503, 503);
  return withStack(
    stackWith({ retry_policy: { maximum_retry_attempts: 2 } }),
    async (aws) => {
      const lost = sent(aws, "lost");
      await put(aws);
      await lost;
      assert.equal([tries(), attributesOf(aws).RETRY_ATTEMPTS], [3, "2"]);
    },
    { intercept },
  );
});

bus("a rule without permission for its queue does not deliver, and its event's dead letter says NO_PERMISSIONS", () => {
  const { resource } = stackWith();
  const other = {
    queue_url: ref("aws_sqs_queue.jobs.id"),
    policy: policy({ ...allow("sqs:SendMessage", "*"), Principal: { Service: "sns.amazonaws.com" } }),
  };
  const changed = { ...resource, aws_sqs_queue_policy: { ...resource.aws_sqs_queue_policy, jobs: other } };
  return withStack({ resource: changed }, async (aws) => {
    const lost = sent(aws, "lost");
    await put(aws);
    await lost;
    assert.is(attributesOf(aws).ERROR_CODE, "NO_PERMISSIONS");
    assert.match(aws.denials.lines()[0] ?? "", "stored was denied sqs:SendMessage");
  });
});

bus("untidy delivery delivers events more than once", () =>
  withStack(
    stackWith(),
    async (aws) => {
      const both = sent(aws, "jobs", 2);
      await put(aws);
      await both;
      const [first, second] = aws.inspectQueue("jobs").ready.map(({ body }) => body);
      assert.is(first, second);
    },
    { delivery: { duplicates: () => true, reordered: (items) => items } },
  ),
);

bus("a bucket that does not send to EventBridge causes no event", () =>
  withStack(stackWith({}, { eventbridge: false }), async (aws) => {
    await put(aws);
    await put(aws, "b.json");
    assert.is(aws.gateway.counts.get("sqs:SendMessage"), undefined);
  }),
);

bus("a disabled rule delivers nothing", () => {
  const { resource } = stackWith();
  const { stored } = resource.aws_cloudwatch_event_rule;
  const aws_cloudwatch_event_rule = { stored: { ...stored, state: "DISABLED" } };
  return withStack({ resource: { ...resource, aws_cloudwatch_event_rule } }, async (aws) => {
    await put(aws);
    assert.is(aws.gateway.counts.get("sqs:SendMessage"), undefined);
  });
});

bus("only events that fit the rule's pattern are delivered", () =>
  withStack(stackWith({}, { key: { prefix: "packed/" } }), async (aws) => {
    const arrived = sent(aws, "jobs");
    await put(aws, "a.json");
    await put(aws, "packed/a.json");
    await arrived;
    const keys = aws.inspectQueue("jobs").ready.map(({ body }) => JSON.parse(body).detail.object.key);
    assert.equal(keys, ["packed/a.json"]);
  }),
);

bus("a target's input is sent in place of the event", () =>
  withStack(stackWith({ input: '{"constant":true}' }), async (aws) => {
    const arrived = sent(aws, "jobs");
    await put(aws);
    await arrived;
    assert.is(aws.inspectQueue("jobs").ready[0]?.body, '{"constant":true}');
  }),
);

bus("a rule's target may be a function of the stack, which is invoked with the event", async () => {
  const { resource } = stackWith({ arn: ref("aws_lambda_function.printer.arn"), dead_letter_config: undefined });
  const aws_lambda_permission = {
    stored: {
      action: "lambda:InvokeFunction",
      function_name: ref("aws_lambda_function.printer.function_name"),
      principal: "events.amazonaws.com",
      source_arn: ref("aws_cloudwatch_event_rule.stored.arn"),
    },
  };
  const printer = { source: "export const handler = ({ detail }) => console.log('got ' + detail.object.key);" };
  await withStack({ functions: { printer }, resource: { ...resource, aws_lambda_permission } }, async (aws) => {
    const got = inTime<void>("the function's line", (resolve) =>
      aws.logs.on("line", ({ line }) => {
        if (line.includes("got a.json")) resolve();
      }),
    );
    await put(aws);
    await got;
  });
});

const refusals: Record<string, [stack: ReturnType<typeof stackWith>, message: RegExp]> = {
  "an unknown operator of a pattern": [
    stackWith({}, { key: { regex: "a" } }),
    /^aws_cloudwatch_event_rule\.stored detail object key: local-aws does not know the operator/,
  ],
  "a target's input path": [
    stackWith({ input_path: "$.detail" }),
    /^aws_cloudwatch_event_target\.stored: local-aws does not simulate input_path/,
  ],
  "a target that is no queue and no function of the stack": [
    stackWith({ arn: "arn:aws:lambda:eu-central-1:123456789012:function:f" }),
    /delivers events to queues and to the stack's functions, not to arn:aws:lambda/,
  ],
};

const urls = { gatewayUrl: "http://127.0.0.1:1", apiUrl: "http://127.0.0.1:2" };
const rulesWith = (target: object, rule: object = {}) => {
  const { resource } = stackWith(target);
  const stored = { ...resource.aws_cloudwatch_event_rule.stored, ...rule };
  const stack = { resource: { ...resource, aws_cloudwatch_event_rule: { stored } } };
  return readRules(readStack(buildStack(stack), urls));
};
bus("a target is tried 185 times for a day by default, and each transformation of its input is an error", () => {
  const [{ targets } = {}] = rulesWith({});
  assert.equal(targets, [
    {
      arn: "arn:aws:sqs:eu-central-1:123456789012:jobs",
      functionName: undefined,
      input: undefined,
      deadLetterArn: "arn:aws:sqs:eu-central-1:123456789012:lost",
      maximumAttempts: 185,
      maximumAgeMilliseconds: 86_400_000,
    },
  ]);
  for (const name of ["input_path", "input_transformer", "run_command_targets"]) {
    assert.throws(() => rulesWith({ [name]: [{}] }), `local-aws does not simulate ${name} of a target.`);
  }
});
bus("a rule that is disabled is none", () => {
  const states = ["DISABLED", "ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"];
  assert.equal(
    states.map((state) => rulesWith({}, { state }).length),
    [0, 1, 1],
  );
});

for (const [what, [stack, message]] of Object.entries(refusals)) {
  bus(`${what} is an error at the start`, async () => {
    const error = await failureOf(startStack({ stackDir: buildStack(stack) }));
    assert.match(error.message, message);
  });
}

bus.run();
