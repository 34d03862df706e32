import { UnsupportedStackError } from "../errors.ts";
import { numberField, optionalText, textField } from "../stack/fields.ts";
import type { Resource, Stack } from "../stack/stack-file.ts";
import { type EventPattern, eventPattern } from "./event-pattern.ts";

export interface Target {
  /** Of a queue or of a function. */
  readonly arn: string;
  /** Undefined for a queue. */
  readonly functionName: string | undefined;
  /** JSON that it gets in place of the event. Targets of schedules have one, because local-aws makes no event of theirs. */
  readonly input: string | undefined;
  readonly deadLetterArn: string | undefined;
  readonly maximumAttempts: number;
  readonly maximumAgeMilliseconds: number;
}

export interface Rule {
  readonly name: string;
  readonly arn: string;
  /** Undefined for a rule that only a schedule triggers. */
  readonly matches: EventPattern | undefined;
  /** Milliseconds between two events of its schedule; undefined without one. */
  readonly every: number | undefined;
  readonly targets: readonly Target[];
}

/** EventBridge's own limits of a target's retry policy. */
const retryDefaults = { attempts: 185, ageSeconds: 86_400 };

const transformations = ["input_path", "input_transformer", "run_command_targets"];

function readTarget(resource: Resource, stack: Stack, isScheduled: boolean): Target {
  const set = transformations.find((name) => resource.values[name] !== undefined);
  if (set) throw new UnsupportedStackError(resource.address, `local-aws does not simulate ${set} of a target.`);
  const arn = textField(resource, "arn");
  const functions = stack.of("aws_lambda_function");
  const functionName = functions.find(({ values }) => values.arn === arn)?.values.function_name;
  if (functionName === undefined && !arn.startsWith("arn:aws:sqs:")) {
    const problem = `local-aws delivers events to queues and to the stack's functions, not to ${arn}.`;
    throw new UnsupportedStackError(resource.address, problem);
  }
  return {
    arn,
    functionName: functionName === undefined ? undefined : String(functionName),
    input: isScheduled ? textField(resource, "input") : optionalText(resource, "input"),
    deadLetterArn: optionalText(resource, "dead_letter_config.arn"),
    maximumAttempts: numberField(resource, "retry_policy.maximum_retry_attempts", retryDefaults.attempts),
    maximumAgeMilliseconds:
      numberField(resource, "retry_policy.maximum_event_age_in_seconds", retryDefaults.ageSeconds) * 1000,
  };
}

const milliseconds = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
/** The longest time of a timer in Node, 24 days. Longer rates are as long. */
const longestTimer = 2 ** 31 - 1;

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html#eb-rate-expressions */
function readSchedule(rule: Resource): number | undefined {
  const expression = optionalText(rule, "schedule_expression");
  if (expression === undefined) return undefined;
  const [, count, unit, plural] = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  if (unit === undefined || (count === "1") !== (plural === "")) {
    const known = "local-aws knows schedules such as rate(1 hour) and rate(5 minutes)";
    throw new UnsupportedStackError(rule.address, `${known}, not ${expression}.`);
  }
  return Math.min(Number(count) * milliseconds[unit as keyof typeof milliseconds], longestTimer);
}

/** The stack's enabled rules with their targets. @throws UnsupportedStackError for what local-aws does not simulate */
export function readRules(stack: Stack): Rule[] {
  const targets = stack.of("aws_cloudwatch_event_target");
  const enabled = (rule: Resource) => (optionalText(rule, "state") ?? "ENABLED") !== "DISABLED";
  return stack
    .of("aws_cloudwatch_event_rule")
    .filter(enabled)
    .map((rule) => {
      const every = readSchedule(rule);
      const pattern = every === undefined ? textField(rule, "event_pattern") : optionalText(rule, "event_pattern");
      return {
        name: textField(rule, "name"),
        arn: textField(rule, "arn"),
        matches: pattern === undefined ? undefined : eventPattern(pattern, rule.address),
        every,
        targets: targets
          .filter((target) => target.values.rule === rule.values.name)
          .map((target) => readTarget(target, stack, every !== undefined)),
      };
    });
}
