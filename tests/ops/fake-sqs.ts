import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import * as assert from "uvu/assert";

interface Stored {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  readonly attributes: Readonly<Record<string, string>>;
  receives: number;
  handle: string;
  /** Milliseconds on the clock; until then nobody sees it. */
  visibleAt: number;
}

type Fault = (command: object) => Error | undefined;

/**
 * SQS in memory, as strict as AWS and no more helpful: a receive without a wait finds nothing, answers hold only the
 * attributes that were asked for, and a batch takes ten entries. An answer takes a turn of the event loop, so that nobody who
 * does not wait for it has it. The clock moves only when a test says so.
 */
export class FakeSqs {
  now = Date.UTC(2026, 0, 10);
  fault: Fault = () => undefined;
  /** Called after every message that was sent. */
  sent: () => void = () => {};
  readonly #queues = new Map<string, Stored[]>();
  #handles = 0;

  /** Puts a message into a queue. */
  add(
    url: string,
    id: string,
    {
      body = `{"id":"${id}"}`,
      sentAt = this.now,
      ...attributes
    }: { body?: string; sentAt?: number; [attribute: string]: string | number | undefined } = {},
  ): void {
    const stored = {
      id,
      body,
      sentAt,
      attributes: attributes as Record<string, string>,
      receives: 0,
      handle: "",
      visibleAt: 0,
    };
    this.#queue(url).push(stored);
  }

  /** Ids of the messages of a queue that anybody can receive now. */
  visible(url: string): string[] {
    return this.#queue(url)
      .filter(({ visibleAt }) => visibleAt <= this.now)
      .map(({ id }) => id);
  }

  /** Bodies of all messages of a queue. */
  bodies(url: string): string[] {
    return this.#queue(url).map(({ body }) => body);
  }

  readonly client = (): SQSClient =>
    ({
      send: async (command: object) => {
        await new Promise(setImmediate);
        return this.#answer(command);
      },
    }) as unknown as SQSClient;

  #queue(url: string | undefined): Stored[] {
    const queue = this.#queues.get(url ?? "") ?? [];
    this.#queues.set(url ?? "", queue);
    return queue;
  }

  #answer(command: object): unknown {
    const failure = this.fault(command);
    if (failure) throw failure;
    if (command instanceof ReceiveMessageCommand) return this.#receive(command.input);
    if (command instanceof GetQueueAttributesCommand) return this.#attributes(command.input);
    if (command instanceof ChangeMessageVisibilityBatchCommand) return this.#change(command.input);
    if (command instanceof DeleteMessageCommand) {
      const queue = this.#queue(command.input.QueueUrl);
      const index = queue.findIndex(({ handle }) => handle === command.input.ReceiptHandle);
      assert.ok(index >= 0, "a receipt handle that SQS does not know");
      queue.splice(index, 1);
      return {};
    }
    assert.instance(command, SendMessageCommand);
    const { QueueUrl = "", MessageBody: body = "" } = (command as SendMessageCommand).input;
    this.add(QueueUrl, `sent-${this.#queue(QueueUrl).length}`, { body });
    this.sent();
    return {};
  }

  #receive(input: ReceiveMessageCommand["input"]): { Messages?: Message[] } {
    const { MaxNumberOfMessages: most = 1, VisibilityTimeout = 30, WaitTimeSeconds = 0 } = input;
    assert.ok(most <= 10, "SQS gives at most ten messages");
    if (WaitTimeSeconds === 0) return {};
    const found = this.#queue(input.QueueUrl)
      .filter(({ visibleAt }) => visibleAt <= this.now)
      .slice(0, most);
    if (found.length === 0) return {};
    return {
      Messages: found.map((stored) => {
        this.#handles += 1;
        Object.assign(stored, { receives: stored.receives + 1, handle: `handle-${this.#handles}` });
        stored.visibleAt = this.now + VisibilityTimeout * 1000;
        return messageOf(stored, input);
      }),
    };
  }

  #attributes({ QueueUrl, AttributeNames = [] }: GetQueueAttributesCommand["input"]) {
    const hidden = this.#queue(QueueUrl).length - this.visible(QueueUrl ?? "").length;
    return { Attributes: asked({ ApproximateNumberOfMessagesNotVisible: String(hidden) }, AttributeNames) };
  }

  #change({ QueueUrl, Entries = [] }: ChangeMessageVisibilityBatchCommand["input"]) {
    assert.ok(Entries.length >= 1 && Entries.length <= 10, "a batch has one to ten entries");
    assert.is(new Set(Entries.map(({ Id }) => Id)).size, Entries.length, "ids of a batch are unique");
    for (const { ReceiptHandle, VisibilityTimeout = 0 } of Entries) {
      const stored = this.#queue(QueueUrl).find(({ handle }) => handle === ReceiptHandle);
      if (stored) stored.visibleAt = this.now + VisibilityTimeout * 1000;
    }
    return {};
  }
}

/** Only what the caller asked for. */
const asked = <Value>(all: Readonly<Record<string, Value>>, names: readonly string[]) =>
  Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name) || names.includes("All")));

function messageOf(stored: Stored, input: ReceiveMessageCommand["input"]): Message {
  const { MessageAttributeNames = [], MessageSystemAttributeNames = [] } = input;
  const system = { ApproximateReceiveCount: String(stored.receives), SentTimestamp: String(stored.sentAt) };
  const own = Object.entries(stored.attributes).map(([name, StringValue]) => [
    name,
    { DataType: "String", StringValue },
  ]);
  return {
    MessageId: stored.id,
    ReceiptHandle: stored.handle,
    Body: stored.body,
    Attributes: asked(system, MessageSystemAttributeNames),
    MessageAttributes: asked(Object.fromEntries(own), MessageAttributeNames),
  };
}
