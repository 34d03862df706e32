import { setTimeout as pause } from "node:timers/promises";
import { chunk } from "es-toolkit";
import type { Caller } from "../aws/call.ts";
import type { Gateway } from "../aws/gateway.ts";
import { sqsRequest } from "../aws/sqs.ts";
import { succeeded } from "./batch-answer.ts";
import { type LambdaFunction, machineConcurrency } from "./lambda-function.ts";
import type { MappingSettings } from "./mapping-settings.ts";
import { type ReceivedMessage, sqsEvent } from "./sqs-event.ts";

/** Lambda's pollers wait as long as SQS lets them. */
const longPollSeconds = 20;
/** Pause after a call that failed, so that a refused poller does not spin. */
const failurePause = 500;
/** SQS hands out and deletes at most this many at once. */
const sqsBatch = 10;

/** What a poller invokes. */
export type Invocable = Pick<LambdaFunction, "invoke">;

/**
 * An event source mapping: takes messages from the queue with the function's credentials, invokes the function, and
 * deletes what succeeded. Failed messages become visible again when their visibility timeout ends.
 */
export class QueuePoller {
  readonly #mapping: MappingSettings;
  readonly #function: Invocable;
  readonly #gateway: Gateway;
  readonly #caller: Caller;
  readonly #slots: number;
  readonly #stopped = new AbortController();
  #running = 0;
  #slotFree: (() => void) | undefined;

  /** @param concurrency invocations at the same time that the machine has room for */
  constructor(
    mapping: MappingSettings,
    target: Invocable,
    gateway: Gateway,
    caller: Caller,
    concurrency = machineConcurrency,
  ) {
    this.#mapping = mapping;
    this.#function = target;
    this.#gateway = gateway;
    this.#caller = caller;
    this.#slots = Math.min(mapping.maximumConcurrency, concurrency);
  }

  start(): void {
    void this.#poll();
  }

  stop(): void {
    this.#stopped.abort();
    this.#slotFree?.();
  }

  async #poll(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      if (this.#running >= this.#slots) await new Promise<void>((resolve) => (this.#slotFree = resolve));
      const batch = await this.#collect();
      if (batch.length === 0 || this.#stopped.signal.aborted) continue;
      this.#running += 1;
      void this.#process(batch).finally(() => {
        this.#running -= 1;
        this.#slotFree?.();
      });
    }
  }

  /** With a window, goes on receiving until it is over or the batch is full. */
  async #collect(): Promise<ReceivedMessage[]> {
    const { batchSize, windowSeconds } = this.#mapping;
    const batch = await this.#receive(batchSize, longPollSeconds);
    const until = Date.now() + windowSeconds * 1000;
    while (batch.length > 0 && batch.length < batchSize && !this.#stopped.signal.aborted) {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (left <= 0) break;
      batch.push(...(await this.#receive(batchSize - batch.length, Math.min(left, longPollSeconds))));
    }
    return batch;
  }

  async #receive(count: number, waitSeconds: number): Promise<ReceivedMessage[]> {
    const answer = await this.#call("ReceiveMessage", {
      MaxNumberOfMessages: Math.min(count, sqsBatch),
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    });
    return (answer?.Messages as ReceivedMessage[] | undefined) ?? [];
  }

  async #process(batch: readonly ReceivedMessage[]): Promise<void> {
    const causes = batch.flatMap(({ Attributes }) => Attributes?.AWSTraceHeader ?? []);
    const outcome = await this.#function.invoke(sqsEvent(batch, this.#mapping.queueArn), causes);
    if (this.#stopped.signal.aborted) return;
    const ids = batch.map(({ MessageId }) => MessageId);
    const done = new Set(succeeded(outcome, ids, this.#mapping.reportsFailures));
    const entries = batch
      .filter(({ MessageId }) => done.has(MessageId))
      // A batch can have a message twice.
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    for (const Entries of chunk(entries, sqsBatch)) await this.#call("DeleteMessageBatch", { Entries });
  }

  async #call(operation: string, input: object): Promise<Readonly<Record<string, unknown>> | undefined> {
    const request = sqsRequest(operation, { QueueUrl: this.#mapping.queueUrl, ...input });
    const answer = await this.#gateway.call(this.#caller, "sqs", request);
    if (answer.status < 300) return JSON.parse(answer.body.toString("utf8") || "{}") as Record<string, unknown>;
    await pause(failurePause, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
    return undefined;
  }
}
