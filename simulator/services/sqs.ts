import { hash } from "node:crypto";
import { partition } from "es-toolkit/array";
import { pickBy } from "es-toolkit/object";
import type { ReceivedCall } from "../environment.ts";
import { ServiceError } from "../faults.ts";
import type { Json, World } from "../world.ts";

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
  readonly visibilitySeconds: number;
  readonly maxReceives: number;
  readonly deadLetters: Queue;
}

/** A standard queue: messages come in any order, now and then twice, and a deleted one may come again. */
export class Queue {
  readonly #messages = new Set<Message>();
  /** By their latest handles. */
  readonly #received = new Map<string, Message>();
  readonly #world: World;
  readonly #settings: QueueSettings | undefined;
  /** Receives of the message that was received most often. */
  mostReceives = 0;
  /** Is called when messages can be received. */
  onVisible: () => void = () => {};

  /** @param settings none for a dead letter queue */
  constructor(world: World, settings?: QueueSettings) {
    this.#world = world;
    this.#settings = settings;
  }

  get messages(): readonly Message[] {
    return [...this.#messages];
  }

  send(body: string, attributes: MessageAttributes = {}, delaySeconds = 0): string {
    const id = this.#world.newId("message");
    const message = { id, body, attributes, sentAt: this.#world.clock.now(), receives: 0, receipt: "", visibleAt: 0 };
    this.#messages.add(message);
    this.#hide(message, delaySeconds);
    return id;
  }

  /** Receives visible messages, in any order. Those that used up their receives move to the dead letters. */
  receive(max: number): Message[] {
    const { clock, random, faults } = this.#world;
    if (!this.#settings) return [];
    const { visibilitySeconds, maxReceives, deadLetters } = this.#settings;
    const received: Message[] = [];
    const visible = this.messages.filter(({ visibleAt }) => visibleAt <= clock.now());
    while (visible.length > 0 && received.length < max) {
      const [message] = visible.splice(random.whole(0, visible.length - 1), 1);
      if (!message) break;
      if (message.receives >= maxReceives) {
        this.#remove(message);
        deadLetters.#messages.add(message);
        continue;
      }
      message.receives += 1;
      this.mostReceives = Math.max(this.mostReceives, message.receives);
      this.#received.delete(message.receipt);
      message.receipt = this.#world.newId("receipt");
      this.#received.set(message.receipt, message);
      this.#hide(message, faults.accident() ? 0 : visibilitySeconds);
      received.push({ ...message });
    }
    return received;
  }

  /** @returns false for a handle that is not known */
  delete(receipt: string): boolean {
    const message = this.#received.get(receipt);
    if (!this.#world.faults.accident() && message) this.#remove(message);
    return message !== undefined;
  }

  /** Makes a message visible again after some seconds. @returns false for a handle that is not known */
  hide(receipt: string, seconds: number): boolean {
    const message = this.#received.get(receipt);
    if (message) this.#hide(message, seconds);
    return message !== undefined;
  }

  takeOut(which: (message: Message) => boolean): Message[] {
    const taken = this.messages.filter(which);
    for (const message of taken) this.#remove(message);
    return taken;
  }

  #remove(message: Message): void {
    this.#messages.delete(message);
    this.#received.delete(message.receipt);
  }

  #hide(message: Message, seconds: number): void {
    message.visibleAt = this.#world.clock.now() + seconds * 1000;
    this.#world.clock.after(seconds * 1000, () => this.onVisible());
  }
}

interface Sent {
  readonly MessageBody: string;
  readonly MessageAttributes?: MessageAttributes;
  readonly DelaySeconds?: number;
}
interface Entry extends Sent {
  readonly Id: string;
  readonly ReceiptHandle: string;
  readonly VisibilityTimeout: number;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const longestDelay = 900;

/** SQS with queues by their URLs. One entry of a batch can fail alone. */
export function createSqs(queues: Readonly<Record<string, Queue>>, { faults }: World) {
  return ({ operation, input }: ReceivedCall): Json => {
    const queue = queues[String(input.QueueUrl)];
    if (!queue) throw new ServiceError("QueueDoesNotExist");
    const inBatch = (act: (entry: Entry) => boolean): Json => {
      const entries = input.Entries as readonly Entry[];
      const [Successful, Failed] = partition(entries, (entry) => !faults.accident() && act(entry));
      return { Failed, Successful };
    };
    const send = ({ MessageBody, MessageAttributes, DelaySeconds = 0 }: Sent): string => {
      const isValid = Number.isInteger(DelaySeconds) && DelaySeconds >= 0 && DelaySeconds <= longestDelay;
      if (!isValid) throw new ServiceError("InvalidParameterValue");
      return queue.send(MessageBody, MessageAttributes, DelaySeconds);
    };
    switch (operation) {
      case "SendMessage": {
        const sent = input as unknown as Sent;
        return { MessageId: send(sent), MD5OfMessageBody: hash("md5", sent.MessageBody) };
      }
      case "SendMessageBatch":
        return inBatch((entry) => send(entry) !== "");
      case "ReceiveMessage": {
        const wanted = new Set((input.MessageAttributeNames ?? []) as readonly string[]);
        return {
          Messages: queue.receive(Number(input.MaxNumberOfMessages ?? 1)).map((one) => asReceived(one, wanted)),
        };
      }
      case "DeleteMessage":
        return { isKnown: queue.delete(String(input.ReceiptHandle)) };
      case "DeleteMessageBatch":
        return inBatch(({ ReceiptHandle }) => queue.delete(ReceiptHandle));
      case "ChangeMessageVisibilityBatch":
        return inBatch(({ ReceiptHandle, VisibilityTimeout }) => queue.hide(ReceiptHandle, VisibilityTimeout));
      default:
        throw new ServiceError("InvalidAction");
    }
  };
}

const asReceived = (
  { id, receipt, body, receives, sentAt, attributes }: Message,
  wanted: ReadonlySet<string>,
): Json => ({
  MessageId: id,
  ReceiptHandle: receipt,
  Body: body,
  Attributes: { ApproximateReceiveCount: String(receives), SentTimestamp: String(sentAt) },
  // Like SQS, without those that the caller does not name.
  MessageAttributes: pickBy(attributes, (_, name) => wanted.has(name)),
});
