import { mock } from "node:test";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readRules } from "../../src/events/rules.ts";
import { type LocalAws, startStack } from "../../src/index.ts";
import { readStack } from "../../src/stack/stack-file.ts";
import { buildStack, lets, ref } from "../helpers/build-stack.ts";
import { failureOf } from "../helpers/failure.ts";
import { inTime } from "../helpers/in-time.ts";
import { withStack } from "../helpers/running-stack.ts";

const printer = { source: 'export const handler = (event) => console.log("got " + JSON.stringify(event));' };

/** A function `test-printer` that the rule `hourly` invokes, and a queue for what cannot be delivered. */
const stackWith = ({
  rule = {},
  target = {},
  allowed = ref("aws_cloudwatch_event_rule.hourly.arn"),
}: {
  rule?: object;
  target?: object;
  allowed?: string;
} = {}) => ({
  functions: { printer },
  resource: {
    aws_sqs_queue: { lost: { name: "lost" } },
    aws_sqs_queue_policy: { lost: lets("lost", "hourly") },
    aws_lambda_permission: {
      hourly: {
        action: "lambda:InvokeFunction",
        function_name: ref("aws_lambda_function.printer.function_name"),
        principal: "events.amazonaws.com",
        source_arn: allowed,
      },
    },
    aws_cloudwatch_event_rule: { hourly: { name: "hourly", schedule_expression: "rate(1 hour)", ...rule } },
    aws_cloudwatch_event_target: {
      hourly: {
        rule: ref("aws_cloudwatch_event_rule.hourly.name"),
        arn: ref("aws_lambda_function.printer.arn"),
        input: '{"compare":"all"}',
        dead_letter_config: { arn: ref("aws_sqs_queue.lost.arn") },
        ...target,
      },
    },
  },
});

/** Resolves with the first line that says what the function got. */
const printed = ({ logs }: LocalAws) =>
  inTime<string>("a line of the function", (resolve) =>
    logs.on("line", ({ line }) => {
      if (line.includes("got ")) resolve(JSON.parse(line).message);
    }),
  );

const schedules = suite("schedules");

schedules(
  "a schedule invokes its function with the target's input when its time has come, and not before",
  async () => {
    mock.timers.enable({ apis: ["setInterval"] });
    try {
      await withStack(stackWith(), async (aws) => {
        const invoked: string[] = [];
        aws.functions.get("test-printer")?.on("invoked", ({ status }) => invoked.push(status));
        mock.timers.tick(3_599_999);
        const line = printed(aws);
        const over = inTime<void>("the invocation", (resolve) =>
          aws.functions.get("test-printer")?.on("invoked", () => resolve()),
        );
        assert.equal(invoked, []);
        mock.timers.tick(1);
        assert.is(await line, 'got {"compare":"all"}');
        await over;
        assert.equal(invoked, ["success"]);
      });
    } finally {
      mock.timers.reset();
    }
  },
);

schedules("runSchedule sends a schedule's event now, and waits until the function has ended", () =>
  withStack(stackWith(), async (aws) => {
    const invoked: string[] = [];
    aws.functions.get("test-printer")?.on("invoked", ({ status }) => invoked.push(status));
    const line = printed(aws);
    await aws.runSchedule("hourly");
    assert.equal([invoked, await line], [["success"], 'got {"compare":"all"}']);
    assert.match((await failureOf(aws.runSchedule("daily"))).message, /no enabled rule daily with a schedule/);
  }),
);

schedules(
  "a rule without permission for its function does not invoke it, and its dead letter says NO_PERMISSIONS",
  () =>
    withStack(stackWith({ allowed: "arn:aws:events:eu-central-1:123456789012:rule/other" }), async (aws) => {
      await aws.runSchedule("hourly");
      const [letter] = aws.inspectQueue("lost").ready;
      assert.equal(
        [letter?.messageAttributes.ERROR_CODE?.StringValue, letter?.body],
        ["NO_PERMISSIONS", '{"compare":"all"}'],
      );
      assert.match(aws.denials.lines()[0] ?? "", "hourly was denied lambda:InvokeFunction");
      assert.equal(await aws.logs.text(), "");
    }),
);

schedules("a disabled schedule does not run", () =>
  withStack(stackWith({ rule: { state: "DISABLED" } }), async (aws) => {
    assert.instance(await failureOf(aws.runSchedule("hourly")), RangeError);
  }),
);

const everyOf = (schedule_expression: string) => {
  const folder = buildStack(stackWith({ rule: { schedule_expression } }));
  return readRules(readStack(folder, { gatewayUrl: "http://127.0.0.1:1", apiUrl: "http://127.0.0.1:2" }))[0]?.every;
};

schedules("rates are in minutes, hours or days, in the singular for 1, and no longer than a timer can be", () => {
  assert.is(everyOf("rate(1 minute)"), 60_000);
  assert.is(everyOf("rate(90 minutes)"), 90 * 60_000);
  assert.is(everyOf("rate(10 hours)"), 36_000_000);
  assert.is(everyOf("rate(1 day)"), 86_400_000);
  assert.is(everyOf("rate(60 days)"), 2 ** 31 - 1);
});

schedules("another schedule is an error that names the rule", () => {
  for (const expression of ["cron(0 12 * * ? *)", "rate(1 hours)", "rate(5 minute)", "rate(0 hours)", "rate(1 week)"]) {
    assert.throws(
      () => everyOf(expression),
      /^aws_cloudwatch_event_rule\.hourly: local-aws knows schedules such as rate\(1 hour\) and rate\(5 minutes\), not /,
    );
  }
});

schedules("a schedule's target without an input is an error at the start", async () => {
  const stackDir = buildStack(stackWith({ target: { input: undefined } }));
  const { message } = await failureOf(startStack({ stackDir }));
  assert.match(message, /event_target\.hourly: input must be a string/);
});

schedules.run();
