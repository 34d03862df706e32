import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import type { ApiAnswer, Authorize, Caller } from "../aws/call.ts";
import type { Gateway } from "../aws/gateway.ts";
import { sqsRequest } from "../aws/sqs.ts";
import type { Delivery } from "../delivery.ts";
import { accessDenied } from "../iam/access-denied.ts";
import type { LambdaFunction } from "../lambda/lambda-function.ts";
import type { Stack } from "../stack/stack-file.ts";
import type { BusEvent } from "./object-created.ts";
import { type Rule, readRules, type Target } from "./rules.ts";

/** First pause before a retry; each further one doubles it, up to the longest. */
const retryPause = { first: 100, longest: 10_000 };

/** EventBridge's default bus: finds the rules that an event fits or whose time has come, and sends it to their targets. */
export class EventBus extends EventEmitter<{
  undeliverable: [rule: string, event: string, reason: string];
  /** The target's dead letter queue did not take an undeliverable event. */
  lost: [rule: string];
}> {
  readonly #rules: readonly Rule[];
  #functions: ReadonlyMap<string, LambdaFunction> = new Map();
  #authorize: Authorize | undefined;
  readonly #gateway: Gateway;
  readonly #delivery: Delivery;
  readonly #stopped = new AbortController();

  constructor(stack: Stack, gateway: Gateway, delivery: Delivery) {
    super();
    this.#rules = readRules(stack);
    this.#gateway = gateway;
    this.#delivery = delivery;
  }

  /**
   * Starts the schedules, whose first events come after one period. Targets that are functions can be invoked from now on.
   * @param authorize decides about `lambda:InvokeFunction`
   */
  serve(functions: ReadonlyMap<string, LambdaFunction>, authorize: Authorize): void {
    this.#functions = functions;
    this.#authorize = authorize;
    for (const { name, every } of this.#rules) {
      if (every === undefined) continue;
      const timer = setInterval(() => void this.runSchedule(name), every).unref();
      this.#stopped.signal.addEventListener("abort", () => clearInterval(timer));
    }
  }

  /** Takes an event; delivery goes on after this returns, as on AWS. */
  publish(event: BusEvent): void {
    for (const rule of this.#rules) if (rule.matches?.(event)) void this.#deliverToAll(rule, JSON.stringify(event));
  }

  /**
   * Sends its input to each target of a schedule now. Resolves when they have it, and functions have ended.
   * @throws RangeError if no enabled rule of this name has a schedule
   */
  async runSchedule(name: string): Promise<void> {
    const rule = this.#rules.find((one) => one.name === name && one.every !== undefined);
    if (!rule) throw new RangeError(`The stack has no enabled rule ${name} with a schedule.`);
    await this.#deliverToAll(rule);
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** @param event for targets without an input of their own */
  async #deliverToAll(rule: Rule, event = ""): Promise<void> {
    const twice = (target: Target) => (this.#delivery.duplicates() ? [target, target] : [target]);
    await Promise.all(rule.targets.flatMap(twice).map((target) => this.#deliver(rule, target, target.input ?? event)));
  }

  async #deliver(rule: Rule, target: Target, event: string): Promise<void> {
    const caller: Caller = { kind: "service", name: rule.name, principal: "events.amazonaws.com", sourceArn: rule.arn };
    const start = Date.now();
    let wait = retryPause.first;
    for (let attempt = 0; ; attempt++) {
      const { arn, functionName } = target;
      const invoked = functionName !== undefined && (await this.#invoke(caller, functionName, event));
      const answer = invoked || (await this.#send(caller, arn, event));
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
  async #giveUp(rule: Rule, target: Target, event: string, caller: Caller, retries: number, answer: ApiAnswer) {
    const reason = answer.body.toString("utf8");
    this.emit("undeliverable", rule.name, event, reason);
    if (target.deadLetterArn === undefined) return;
    const attribute = (value: string) => ({ DataType: "String", StringValue: value });
    const { status } = await this.#send(caller, target.deadLetterArn, event, {
      RULE_ARN: attribute(rule.arn),
      TARGET_ARN: attribute(target.arn),
      ERROR_CODE: attribute(answer.status === 403 ? "NO_PERMISSIONS" : "SDK_CLIENT_ERROR"),
      ERROR_MESSAGE: attribute(reason),
      RETRY_ATTEMPTS: attribute(String(retries)),
    });
    if (status >= 300) this.emit("lost", rule.name);
  }

  /** Lambda takes an event and answers at once; what the function then does is not EventBridge's concern. */
  async #invoke(caller: Caller, functionName: string, event: string): Promise<ApiAnswer> {
    const parameters = { FunctionName: functionName };
    const refusal = this.#authorize?.({ caller, service: "lambda", operation: "Invoke", parameters });
    if (refusal) return accessDenied(refusal, randomUUID());
    await this.#functions.get(functionName)?.invoke(JSON.parse(event));
    return { status: 202, headers: {}, body: "" };
  }

  #send(caller: Caller, queueArn: string, MessageBody: string, attributes?: object): Promise<ApiAnswer> {
    const [, , , , account, name] = queueArn.split(":");
    const body = {
      QueueUrl: `${this.#gateway.url}/${account}/${name}`,
      MessageBody,
      ...(attributes && { MessageAttributes: attributes }),
    };
    return this.#gateway.call(caller, "sqs", sqsRequest("SendMessage", body));
  }
}
