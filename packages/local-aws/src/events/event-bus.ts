import { EventEmitter } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import type { ApiAnswer, Caller } from "../aws/call.ts";
import type { Gateway } from "../aws/gateway.ts";
import { sqsRequest } from "../aws/sqs.ts";
import type { Delivery } from "../delivery.ts";
import { UnsupportedStackError } from "../errors.ts";
import { numberField, optionalText, textField } from "../stack/fields.ts";
import type { Resource, Stack } from "../stack/stack-file.ts";
import { type EventPattern, eventPattern } from "./event-pattern.ts";
import type { BusEvent } from "./object-created.ts";

interface Target {
  readonly queueArn: string;
  readonly deadLetterArn: string | undefined;
  readonly maximumAttempts: number;
  readonly maximumAgeMilliseconds: number;
}

interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly matches: EventPattern;
  readonly targets: readonly Target[];
}

/** EventBridge's own limits of a target's retry policy. */
const retryDefaults = { attempts: 185, ageSeconds: 86_400 };
/** First pause before a retry; each further one doubles it, up to the longest. */
const retryPause = { first: 100, longest: 10_000 };

const transformations = ["input", "input_path", "input_transformer", "run_command_targets"];

function readTarget(resource: Resource): Target {
  const set = transformations.find((name) => resource.values[name] !== undefined);
  if (set) throw new UnsupportedStackError(resource.address, `local-aws does not simulate ${set} of a target.`);
  const queueArn = textField(resource, "arn");
  if (!queueArn.startsWith("arn:aws:sqs:")) {
    throw new UnsupportedStackError(resource.address, `local-aws delivers events to queues, not to ${queueArn}.`);
  }
  return {
    queueArn,
    deadLetterArn: optionalText(resource, "dead_letter_config.arn"),
    maximumAttempts: numberField(resource, "retry_policy.maximum_retry_attempts", retryDefaults.attempts),
    maximumAgeMilliseconds:
      numberField(resource, "retry_policy.maximum_event_age_in_seconds", retryDefaults.ageSeconds) * 1000,
  };
}

function readRules(stack: Stack): Rule[] {
  const targets = stack.of("aws_cloudwatch_event_target");
  const enabled = (rule: Resource) => (optionalText(rule, "state") ?? "ENABLED") !== "DISABLED";
  return stack
    .of("aws_cloudwatch_event_rule")
    .filter(enabled)
    .map((rule) => ({
      name: textField(rule, "name"),
      arn: textField(rule, "arn"),
      matches: eventPattern(textField(rule, "event_pattern"), rule.address),
      targets: targets.filter((target) => target.values.rule === rule.values.name).map(readTarget),
    }));
}

/** EventBridge's default bus: finds the rules that an event fits, and sends it to their queues. */
export class EventBus extends EventEmitter<{ undeliverable: [rule: string, event: BusEvent, reason: string] }> {
  readonly #rules: readonly Rule[];
  readonly #gateway: Gateway;
  readonly #delivery: Delivery;
  readonly #stopped = new AbortController();

  constructor(stack: Stack, gateway: Gateway, delivery: Delivery) {
    super();
    this.#rules = readRules(stack);
    this.#gateway = gateway;
    this.#delivery = delivery;
  }

  /** Takes an event; delivery goes on after this returns, as on AWS. */
  publish(event: BusEvent): void {
    for (const rule of this.#rules) {
      if (!rule.matches(event)) continue;
      for (const target of rule.targets) {
        void this.#deliver(rule, target, event);
        if (this.#delivery.duplicates()) void this.#deliver(rule, target, event);
      }
    }
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #deliver(rule: Rule, target: Target, event: BusEvent): Promise<void> {
    const caller: Caller = { kind: "service", name: rule.name, principal: "events.amazonaws.com", sourceArn: rule.arn };
    const start = Date.now();
    let wait = retryPause.first;
    for (let attempt = 0; ; attempt++) {
      const answer = await this.#send(caller, target.queueArn, event);
      if (answer.status < 300) return;
      const retriable = answer.status >= 500 || answer.status === 429;
      const expired = Date.now() + wait - start > target.maximumAgeMilliseconds;
      if (!retriable || attempt >= target.maximumAttempts || expired) {
        return this.#giveUp(rule, target, event, caller, attempt, answer);
      }
      try {
        await pause(wait, undefined, { signal: this.#stopped.signal, ref: false });
      } catch {
        return;
      }
      wait = Math.min(wait * 2, retryPause.longest);
    }
  }

  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
  async #giveUp(rule: Rule, target: Target, event: BusEvent, caller: Caller, retries: number, answer: ApiAnswer) {
    const reason = answer.body.toString("utf8");
    this.emit("undeliverable", rule.name, event, reason);
    if (target.deadLetterArn === undefined) return;
    const attribute = (value: string) => ({ DataType: "String", StringValue: value });
    await this.#send(caller, target.deadLetterArn, event, {
      RULE_ARN: attribute(rule.arn),
      TARGET_ARN: attribute(target.queueArn),
      ERROR_CODE: attribute(answer.status === 403 ? "NO_PERMISSIONS" : "SDK_CLIENT_ERROR"),
      ERROR_MESSAGE: attribute(reason),
      RETRY_ATTEMPTS: attribute(String(retries)),
    });
  }

  #send(caller: Caller, queueArn: string, event: BusEvent, attributes?: object): Promise<ApiAnswer> {
    const [, , , , account, name] = queueArn.split(":");
    const body = {
      QueueUrl: `${this.#gateway.url}/${account}/${name}`,
      MessageBody: JSON.stringify(event),
      ...(attributes && { MessageAttributes: attributes }),
    };
    return this.#gateway.call(caller, "sqs", sqsRequest("SendMessage", body));
  }
}
