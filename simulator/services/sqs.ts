import { hash } from "node:crypto";
import type { Json, World } from "../world.ts";
import { ServiceError } from "./service-error.ts";

type MessageAttributes = Readonly<Record<string, { readonly StringValue?: string }>>;

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly sentAt: number;
  /** Epoch milliseconds from which it can be received. */
  visibleAt: number;
  receives: number;
  /** Handle of the latest receive. */
  receipt: string;
}

export interface QueueSettings {
  /** @default 30 */
  readonly visibilitySeconds?: number;
  /** @default messages stay in the queue whatever their receives */
  readonly redrive?: { readonly maxReceives: number; readonly deadLetters: Queue };
}

/** A standard queue: messages come in any order, now and then twice, and a deleted one may come again. */
export class Queue {
  readonly #messages = new Map<string, Message>();
  readonly #world: World;
  readonly #settings: QueueSettings;
  /** Is called when messages can be received. */
  onVisible: () => void = () => {};

  constructor(world: World, settings: QueueSettings = {}) {
    this.#world = world;
    this.#settings = settings;
  }

  get messages(): readonly Message[] {
    return [...this.#messages.values()];
  }

  send(body: string, attributes: MessageAttributes = {}, delaySeconds = 0): string {
    const id = this.#world.newId("message");
    const now = this.#world.clock.now();
    this.#add({ id, body, attributes, sentAt: now, visibleAt: now + delaySeconds * 1000, receives: 0, receipt: "" });
    return id;
  }

  /** Receives visible messages, in any order. Those that used up their receives move to the dead letters. */
  receive(max: number): Message[] {
    const { clock, random, faults } = this.#world;
    const { visibilitySeconds = 30, redrive } = this.#settings;
    const received: Message[] = [];
    for (const message of random.shuffled(this.messages.filter(({ visibleAt }) => visibleAt <= clock.now()))) {
      if (received.length === max) break;
      if (redrive && message.receives >= redrive.maxReceives) {
        this.#messages.delete(message.id);
        redrive.deadLetters.#add({ ...message, receives: 0, visibleAt: clock.now() });
        continue;
      }
      message.receives += 1;
      message.receipt = this.#world.newId("receipt");
      message.visibleAt = clock.now() + (faults.happens("deliveredTwice") ? 0 : visibilitySeconds * 1000);
      this.#wakeAt(message.visibleAt);
      received.push({ ...message });
    }
    return received;
  }

  /** @returns false for a handle that is not known */
  delete(receipt: string): boolean {
    const message = this.#by(receipt);
    if (message && !this.#world.faults.happens("deletedInVain")) this.#messages.delete(message.id);
    return message !== undefined;
  }

  /** @returns false for a handle that is not known */
  hide(receipt: string, seconds: number): boolean {
    const message = this.#by(receipt);
    if (!message) return false;
    message.visibleAt = this.#world.clock.now() + seconds * 1000;
    this.#wakeAt(message.visibleAt);
    return true;
  }

  /** Takes out messages, as an operator's redrive does. */
  takeOut(which: (message: Message) => boolean): Message[] {
    const taken = this.messages.filter(which);
    for (const { id } of taken) this.#messages.delete(id);
    return taken;
  }

  #add(message: Message): void {
    this.#messages.set(message.id, message);
    this.#wakeAt(message.visibleAt);
  }

  #by(receipt: string): Message | undefined {
    return this.messages.find((message) => message.receipt === receipt);
  }

  #wakeAt(time: number): void {
    this.#world.clock.after(time - this.#world.clock.now(), () => this.onVisible());
  }
}

interface Entry {
  readonly Id: string;
  readonly ReceiptHandle?: string;
  readonly VisibilityTimeout?: number;
}

/** SQS with queues by their URLs. One entry of a batch can fail alone. */
export function createSqs(queues: Readonly<Record<string, Queue>>, { faults }: World) {
  const inBatch = (entries: readonly Entry[], act: (entry: Entry) => Json | boolean): Json => {
    const [ok, failed] = [[] as Json[], [] as Json[]];
    for (const entry of entries) {
      const done = !faults.happens("entryFails") && act(entry);
      if (done) ok.push({ Id: entry.Id, ...(done !== true && done) });
      else failed.push({ Id: entry.Id, SenderFault: false, Code: "InternalError" });
    }
    return { Successful: ok, Failed: failed };
  };
  const send = (queue: Queue, { MessageBody, MessageAttributes, DelaySeconds }: Json): Json => ({
    MessageId: queue.send(String(MessageBody), MessageAttributes as MessageAttributes, Number(DelaySeconds ?? 0)),
    MD5OfMessageBody: hash("md5", String(MessageBody)),
  });
  return (operation: string, input: Json): Json => {
    const queue = queues[String(input.QueueUrl)];
    if (!queue) throw new ServiceError("QueueDoesNotExist");
    const entries = (input.Entries ?? []) as readonly Entry[];
    const receipt = String(input.ReceiptHandle);
    switch (operation) {
      case "SendMessage":
        return send(queue, input);
      case "SendMessageBatch":
        return inBatch(entries, (entry) => send(queue, entry as unknown as Json));
      case "ReceiveMessage":
        return { Messages: queue.receive(Number(input.MaxNumberOfMessages ?? 1)).map(asReceived) };
      case "DeleteMessage":
        return { deleted: queue.delete(receipt) };
      case "DeleteMessageBatch":
        return inBatch(entries, ({ ReceiptHandle = "" }) => queue.delete(ReceiptHandle));
      case "ChangeMessageVisibility":
        return { changed: queue.hide(receipt, Number(input.VisibilityTimeout)) };
      case "ChangeMessageVisibilityBatch":
        return inBatch(entries, ({ ReceiptHandle = "", VisibilityTimeout = 0 }) =>
          queue.hide(ReceiptHandle, VisibilityTimeout),
        );
      default:
        throw new ServiceError("InvalidAction");
    }
  };
}

const asReceived = ({ id, receipt, body, receives, sentAt, attributes }: Message): Json => ({
  MessageId: id,
  ReceiptHandle: receipt,
  Body: body,
  Attributes: { ApproximateReceiveCount: String(receives), SentTimestamp: String(sentAt) },
  MessageAttributes: attributes,
});
