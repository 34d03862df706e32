import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { loggable } from "../runtime/loggable.ts";
import { Metric } from "../runtime/names.ts";
import type { Log, Meter } from "../runtime/telemetry.ts";
import type { announcer } from "./announce.ts";
import { collection } from "./collect.ts";
import type { Pace } from "./pace.ts";
import type { preparer, Ready } from "./prepare.ts";
import type { OwnQueue, QueueMessage } from "./queue.ts";
import { reserveSeconds } from "./time-budget.ts";

export interface NotifyPorts {
  readonly prepare: ReturnType<typeof preparer>;
  readonly announce: ReturnType<typeof announcer>;
  readonly queue: OwnQueue;
  readonly pace: Pick<Pace, "takeTurn">;
  readonly log: Log;
  readonly meter: Meter;
  readonly now: () => number;
  readonly sleepUntil: (time: number) => Promise<void>;
}

/** Milliseconds between two looks into an empty queue while a turn is waited for. */
const betweenLooks = 100;

/**
 * Seconds after which a message that failed comes back: soon, and later the second time, so that its three receives
 * outlast a pause as long as Slack usually asks for.
 */
const backoff = ({ receiveCount }: QueueMessage) => (receiveCount <= 1 ? 10 : 30);

/**
 * Announces enriched leads. One alone is posted at once. More than one message in a batch hints at a burst: then it takes
 * more from its own queue, and goes on doing so while it waits for its turn to post, up to a digest full.
 */
export function makeHandler({ prepare, announce, queue, pace, log, meter, now, sleepUntil }: NotifyPorts) {
  return async (event: SQSEvent, context: Pick<Context, "getRemainingTimeInMillis">): Promise<SQSBatchResponse> => {
    const begun = now();
    const claimedUntil = new Date(begun + context.getRemainingTimeInMillis());
    const endsAt = claimedUntil.getTime() - reserveSeconds * 1000;
    // What is taken later might find no turn before the end, and go by email although Slack is well.
    const takesUntil = begun + (endsAt - begun) / 2;
    const collected = collection({ prepare, queue, now }, claimedUntil, takesUntil);
    await collected.add(event.Records.map(asQueueMessage));
    if (event.Records.length > 1) await collected.takeAll();
    for (const [channel, group] of collected.waiting) {
      const turn = await takeTurn(channel, endsAt);
      // A turn that comes too late, after a pause that Slack asked for, is not waited for: the leads go by email.
      while (now() < turn && turn <= endsAt) {
        if (!(await collected.takeMore())) await sleepUntil(Math.min(turn, now() + betweenLooks));
      }
      collected.waiting.delete(channel);
      const told = await announceOrFail(channel, group, turn, endsAt);
      (told ? collected.done : collected.failed).push(...group.map(({ message }) => message));
    }
    return settle(event, collected.done, collected.failed);
  };

  /** Pacing is a courtesy: without the table the leads are posted now, and Slack's 429 is heeded. */
  async function takeTurn(channel: string, latest: number): Promise<number> {
    try {
      return await pace.takeTurn(channel, latest);
    } catch (error) {
      log.warn("no turn to be had, posting without", { channel, ...loggable(error) });
      return now();
    }
  }

  /** An announcement that breaks takes its own leads with it, and none of the other channels'. */
  async function announceOrFail(channel: string, group: [Ready, ...Ready[]], turn: number, endsAt: number) {
    try {
      return await announce(channel, group, turn, endsAt);
    } catch (error) {
      const correlationIds = group.map(({ lead }) => lead.id);
      log.error("leads not announced, they will be tried again", { channel, correlationIds, ...loggable(error) });
      meter.count(Metric.leadsRetried, group.length);
      return false;
    }
  }

  /** Deletes what was taken and is done, lets come back what failed, and names Lambda's own messages among the latter. */
  async function settle(event: SQSEvent, done: QueueMessage[], failed: QueueMessage[]): Promise<SQSBatchResponse> {
    const lambdas = new Set(event.Records.map(({ messageId }) => messageId));
    const taken = done.filter(({ messageId }) => !lambdas.has(messageId));
    const outcomes = await Promise.allSettled([queue.delete(taken), queue.comeBack(failed, backoff)]);
    for (const outcome of outcomes) {
      // They come back after the visibility timeout instead, and the ledger knows what was said.
      if (outcome.status === "rejected") log.error("queue not updated", loggable(outcome.reason));
    }
    meter.flush();
    const batchItemFailures = failed.flatMap(({ messageId }) =>
      lambdas.has(messageId) ? [{ itemIdentifier: messageId }] : [],
    );
    return { batchItemFailures };
  }
}

const asQueueMessage = ({ messageId, receiptHandle, body, attributes }: SQSEvent["Records"][number]): QueueMessage => ({
  messageId,
  receiptHandle,
  body,
  receiveCount: Number(attributes.ApproximateReceiveCount),
});
