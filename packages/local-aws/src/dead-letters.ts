import { EventEmitter } from "node:events";
import type { Fauxqs, QueuedMessage } from "./aws/fauxqs.ts";
import type { Answered, Gateway } from "./aws/gateway.ts";

/**
 * Watches the dead letter queues, and emits each message once, when it comes to rest there. SQS moves messages there while
 * it serves a receive on the source queue, so every receive and every send may have brought one.
 */
export class DeadLetters extends EventEmitter<{ arrived: [message: QueuedMessage, queue: string] }> {
  readonly #queues: readonly string[];
  readonly #fauxqs: Fauxqs;
  readonly #seen = new Set<string>();

  /** @param queues names of the dead letter queues */
  constructor(queues: readonly string[], fauxqs: Fauxqs, gateway: Gateway) {
    super();
    this.#queues = queues;
    this.#fauxqs = fauxqs;
    gateway.on("answered", ({ call }: Answered) => {
      if (call.operation === "ReceiveMessage" || call.operation.startsWith("SendMessage")) this.#look();
    });
  }

  /** Messages at rest in all dead letter queues. */
  contents(): QueuedMessage[] {
    return this.#queues.flatMap((queue) => {
      const { ready, delayed, inflight } = this.#fauxqs.inspect(queue);
      return [...ready, ...delayed, ...inflight.map(({ message }) => message)];
    });
  }

  #look(): void {
    for (const queue of this.#queues) {
      for (const message of this.#fauxqs.inspect(queue).ready) {
        if (this.#seen.has(message.messageId)) continue;
        this.#seen.add(message.messageId);
        this.emit("arrived", message, queue);
      }
    }
  }
}
