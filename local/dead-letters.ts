import { EventEmitter } from "node:events";
import type { Fauxqs, QueuedMessage } from "./aws/fauxqs.ts";
import type { Answered, Gateway } from "./aws/gateway.ts";
import { leadIdsIn } from "./stand-ins/lead-ids.ts";

/** Everything in which a message may name its lead. */
const textOf = ({ body, messageAttributes }: QueuedMessage) =>
  [body, ...Object.values(messageAttributes).map(({ StringValue }) => StringValue ?? "")]
    .join(" ")
    .replaceAll(".json", "");

/**
 * Tells of messages that come to rest in dead letter queues. SQS moves them there while it serves a receive on the
 * source queue, so every receive and every send may have brought one.
 */
export class DeadLetters extends EventEmitter<{ arrived: [leadIds: readonly string[], queue: string] }> {
  readonly #queues: readonly string[];
  readonly #fauxqs: Fauxqs;
  readonly #seen = new Set<string>();
  #looking = false;
  #lookAgain = false;
  #stopped = false;

  /** @param queues names of the dead letter queues */
  constructor(queues: readonly string[], fauxqs: Fauxqs, gateway: Gateway) {
    super();
    this.#queues = queues;
    this.#fauxqs = fauxqs;
    gateway.on("answered", ({ call }: Answered) => {
      if (call.operation === "ReceiveMessage" || call.operation.startsWith("SendMessage")) void this.#look();
    });
  }

  /** Messages at rest in all dead letter queues. */
  async contents(): Promise<QueuedMessage[]> {
    const queues = await Promise.all(this.#queues.map((queue) => this.#fauxqs.inspect(queue)));
    return queues.flatMap(({ ready, delayed, inflight }) => [
      ...ready,
      ...delayed,
      ...inflight.map(({ message }) => message),
    ]);
  }

  stop(): void {
    this.#stopped = true;
  }

  /** One look at a time: what happens meanwhile is seen by the next one. */
  async #look(): Promise<void> {
    this.#lookAgain = true;
    if (this.#looking || this.#stopped) return;
    this.#looking = true;
    while (this.#lookAgain) {
      this.#lookAgain = false;
      for (const queue of this.#queues) {
        if (this.#stopped) return;
        const { ready } = await this.#fauxqs.inspect(queue);
        for (const message of ready) {
          if (this.#seen.has(message.messageId)) continue;
          this.#seen.add(message.messageId);
          this.emit("arrived", leadIdsIn(textOf(message)), queue);
        }
      }
    }
    this.#looking = false;
  }
}
