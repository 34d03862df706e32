import { EventEmitter } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { Agent, request } from "undici";
import type { Authorize, Call, Caller } from "../aws/call.ts";
import type { Refusal } from "../iam/access-denied.ts";
import type { Stack } from "../stack/stack-file.ts";
import type { SendEmail } from "./mailbox.ts";
import { notification, type Publication } from "./notification.ts";
import { type Subscription, subscriptions } from "./subscriptions.ts";

export interface TopicPorts {
  readonly authorize: Authorize;
  readonly sendEmail: SendEmail;
  /** Milliseconds before an endpoint is tried again; SNS waits 20 s. @default 200 */
  readonly retryPause?: number;
}

/** SNS tries an endpoint once and then three times more. https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html */
const attempts = 4;
/** SNS gives up on an endpoint that has not answered by then. */
const answerTimeout = 15_000;

interface TopicEvents {
  denied: [call: Call, refusal: Refusal];
  delivered: [subscription: Subscription, publication: Publication];
  undelivered: [subscription: Subscription, reason: string];
}

/** Simulates SNS: publishes what the topic's policy allows to the topic's subscriptions. */
export class Topics extends EventEmitter<TopicEvents> {
  readonly #region: string;
  readonly #subscriptions: readonly Subscription[];
  readonly #ports: TopicPorts;
  readonly #agent = new Agent({ headersTimeout: answerTimeout, bodyTimeout: answerTimeout });
  readonly #stopped = new AbortController();

  /** @throws UnsupportedStackError when the stack holds a subscription that local-aws cannot serve */
  constructor(stack: Stack, ports: TopicPorts) {
    super();
    this.#region = stack.place.region;
    this.#subscriptions = subscriptions(stack);
    this.#ports = ports;
  }

  /** Resolves when the message is delivered to every subscription or given up. */
  async publish(caller: Caller, topicArn: string, publication: Publication): Promise<void> {
    const call: Call = { caller, service: "sns", operation: "Publish", parameters: { TopicArn: topicArn } };
    const refusal = this.#ports.authorize(call);
    if (refusal) {
      this.emit("denied", call, refusal);
      return;
    }
    const subscribed = this.#subscriptions.filter((subscription) => subscription.topicArn === topicArn);
    await Promise.all(subscribed.map((subscription) => this.#deliver(subscription, publication)));
  }

  /** Gives up on what is not delivered yet. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#agent.destroy();
  }

  async #deliver(subscription: Subscription, publication: Publication): Promise<void> {
    try {
      if (subscription.protocol === "email") await this.#mail(subscription, publication);
      else await this.#post(subscription, publication);
      this.emit("delivered", subscription, publication);
    } catch (error) {
      this.emit("undelivered", subscription, error instanceof Error ? error.message : String(error));
    }
  }

  async #mail({ endpoint }: Subscription, { subject, message, email }: Publication): Promise<void> {
    await this.#ports.sendEmail({ to: endpoint, subject, text: email ?? message });
  }

  /** @throws Error with the last failure */
  async #post(subscription: Subscription, publication: Publication): Promise<void> {
    const { headers, body } = notification(subscription, publication, this.#region);
    const { retryPause = 200 } = this.#ports;
    const { signal } = this.#stopped;
    for (let attempt = 1; ; attempt++) {
      const failure = await this.#try(subscription.endpoint, headers, body);
      if (failure === undefined) return;
      if (!failure.retriable || attempt === attempts || signal.aborted) throw new Error(failure.reason);
      await pause(retryPause, undefined, { signal, ref: false });
    }
  }

  async #try(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Failure | undefined> {
    try {
      const answer = await request(url, { method: "POST", headers, body, dispatcher: this.#agent });
      await answer.body.dump();
      const { statusCode } = answer;
      if (statusCode < 300) return undefined;
      return { retriable: statusCode >= 500 || statusCode === 429, reason: `the endpoint answered ${statusCode}` };
    } catch (error) {
      return { retriable: true, reason: error instanceof Error ? error.message : String(error) };
    }
  }
}

interface Failure {
  /** False for a 4xx but 429: SNS does not try again after an error of the client. */
  readonly retriable: boolean;
  readonly reason: string;
}
