import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { loggable } from "../runtime/loggable.ts";
import { Metric } from "../runtime/names.ts";
import { byReceives, logNotBegun, oneByOne, updateQueue } from "../runtime/one-by-one.ts";
import { asQueueMessage, type OwnQueue, type QueueMessage } from "../runtime/own-queue.ts";
import type { Telemetry } from "../runtime/telemetry.ts";
import type { Announce } from "./announce.ts";
import { type ClaimedLeads, type CollectPorts, createCollection } from "./collect.ts";

export interface NotifyPorts extends CollectPorts, Telemetry {
  readonly queue: OwnQueue;
  readonly announce: Announce;
  /** Reserves a send slot of the first channel. @returns when it begins, in epoch milliseconds */
  readonly reserveFirstSlot: (destination: string, latest: number) => Promise<number>;
  /** Seconds before the end of an invocation after which the first channel begins no message. */
  readonly reserveSeconds: number;
}

/** The times of an invocation, in epoch milliseconds, and what it could not do. */
interface Invocation {
  readonly claimedUntil: Date;
  /** The first channel begins no message after it, and messages that were received before are not begun. */
  readonly latest: number;
  /** New messages are not begun after it, so that every lead can still get a send slot before the deadline. */
  readonly halfTime: number;
  /** Messages that are to be retried. */
  readonly failed: QueueMessage[];
}

/**
 * Announces enriched leads. Messages that were received before come first, one by one, because an invocation can have died
 * of one of them. New ones are announced together.
 */
export function makeHandler(ports: NotifyPorts) {
  const { reserveSeconds, queue, log, meter, now } = ports;

  return async (event: SQSEvent, context: Pick<Context, "getRemainingTimeInMillis">): Promise<SQSBatchResponse> => {
    const begun = now();
    const claimedUntil = new Date(begun + context.getRemainingTimeInMillis());
    const latest = claimedUntil.getTime() - reserveSeconds * 1000;
    const invocation = { claimedUntil, latest, halfTime: begun + (latest - begun) / 2, failed: [] as QueueMessage[] };
    const { failed, halfTime } = invocation;
    const { again, fresh } = byReceives(event.Records.map(asQueueMessage));
    await announceOneByOne(again, invocation, ports);
    if (fresh.length === 0 || now() < halfTime) await announceTogether(fresh, invocation, ports);
    else skip(fresh, invocation, ports);
    await updateQueue(log, () => queue.retryAfter(failed, retryDelaySeconds));
    meter.flush();
    const delivered = new Set(event.Records.map(({ messageId }) => messageId));
    const ids = failed.map(({ messageId }) => messageId).filter((messageId) => delivered.has(messageId));
    return { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/**
 * Announces new messages, one message a destination. One lead is announced at once. More than one message in a batch hints at
 * a burst: then notify receives more from its own queue, and goes on doing so while it waits for a send slot, up to a full
 * message.
 */
async function announceTogether(fresh: readonly QueueMessage[], invocation: Invocation, ports: NotifyPorts) {
  const collected = createCollection(ports, invocation.claimedUntil, invocation.halfTime);
  const { aside, done, failed } = collected;
  await collected.add(fresh);
  if (fresh.length > 1) await collected.takeAll();
  for (const [destination, group] of collected.waiting) {
    const take = () => collected.takeOut(destination, group);
    const { leads, announced } = await announceGroup(destination, collected.waitUntil, take, invocation, ports);
    (announced ? done : failed).push(...messagesOf(leads));
  }
  invocation.failed.push(...failed);
  // Lambda deletes what it delivered itself, unless the invocation dies of a message that was put aside.
  const delivered = new Set(aside.length === 0 ? fresh : []);
  const finished = done.filter((message) => !delivered.has(message));
  await updateQueue(ports.log, () => ports.queue.delete(finished));
  await announceOneByOne(aside, invocation, ports);
}

/**
 * Announces messages that were received before. Each lead is prepared alone. One whose announcement was interrupted is
 * announced alone too, because its text can be what ended the invocation. The others failed for another reason, such as an
 * outage, and are announced together.
 */
async function announceOneByOne(again: readonly QueueMessage[], invocation: Invocation, ports: NotifyPorts) {
  const { claimedUntil, latest, failed } = invocation;
  const { prepare, now, sleepUntil } = ports;
  const collected = createCollection(ports, claimedUntil, Number.NEGATIVE_INFINITY);
  await oneByOne(again, claimedUntil.getTime() - now(), ports, async (message) => {
    if (now() >= latest) return skip([message], invocation, ports);
    const prepared = await prepare(message, claimedUntil);
    if (typeof prepared === "object" && prepared.wasInterrupted) {
      const { announced } = await announceGroup(prepared.destination, sleepUntil, () => [prepared], invocation, ports);
      if (!announced) failed.push(message);
      return announced;
    }
    if (typeof prepared === "object") collected.keep(prepared);
    if (prepared === "failed") failed.push(message);
    return prepared === "done";
  });
  for (const [destination, group] of collected.waiting) {
    const take = () => collected.takeOut(destination, group);
    const { leads, announced } = await announceGroup(destination, sleepUntil, take, invocation, ports);
    if (announced) await updateQueue(ports.log, () => ports.queue.delete(messagesOf(leads)));
    else failed.push(...messagesOf(leads));
  }
}

/**
 * Announces leads in the destination's next send slot. A slot that begins too late is not waited for: the next channel gets
 * the leads. An announcement that throws fails its own leads, and not those of the other destinations.
 * @param take takes the leads when the slot begins
 */
async function announceGroup(
  destination: string,
  waitUntil: (time: number) => Promise<void>,
  take: () => ClaimedLeads,
  { latest }: Invocation,
  ports: NotifyPorts,
): Promise<{ readonly leads: ClaimedLeads; readonly announced: boolean }> {
  const slot = await ports.reserveFirstSlot(destination, latest);
  if (slot <= latest) await waitUntil(slot);
  const leads = take();
  try {
    return { leads, announced: (await ports.announce(destination, leads, slot, latest)) === "announced" };
  } catch (error) {
    const correlationIds = leads.map(({ lead }) => lead.id);
    const context = { destination, correlationIds, ...loggable(error) };
    ports.log.error("leads not announced, they will be tried again", context);
    ports.meter.count(Metric.leadsRetried, leads.length);
    return { leads, announced: false };
  }
}

/** Leaves messages to a later receive. */
function skip(messages: readonly QueueMessage[], { failed }: Invocation, { log }: NotifyPorts): false {
  failed.push(...messages);
  logNotBegun(log, messages);
  return false;
}

const messagesOf = (leads: ClaimedLeads) => leads.map(({ message }) => message);

/**
 * Seconds after which a message that failed becomes visible again: soon, and later the second time, so that its three
 * receives outlast a pause as long as Slack usually asks for.
 */
const retryDelaySeconds = ({ receiveCount }: QueueMessage) => (receiveCount <= 1 ? 10 : 30);
