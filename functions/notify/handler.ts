import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { byReceives, oneByOne, updateQueue } from "../runtime/one-by-one.ts";
import type { OutcomeWriter } from "../runtime/outcomes.ts";
import { asQueueMessage, type OwnQueue, type QueueMessage } from "../runtime/own-queue.ts";
import { noTime } from "../runtime/postpone.ts";
import type { Telemetry } from "../runtime/telemetry.ts";
import { announceAndReceive, type CollectPorts, fail, type Invocation, linesOf } from "./collect.ts";
import { clocksApart } from "./ledger.ts";
import type { ClaimedLead } from "./prepare.ts";
import { invocationTimes } from "./time-budget.ts";

export interface NotifyPorts extends CollectPorts, Telemetry {
  readonly queue: OwnQueue;
  readonly outcomes: Pick<OutcomeWriter, "write">;
  /** Seconds before the end of an invocation after which the first channel begins no message. */
  readonly reserveSeconds: number;
}

/**
 * Announces enriched leads. Messages that were received before come first, one by one, because an invocation can have died
 * of one of them. New ones are announced together, all destinations at the same time.
 */
export function makeHandler(ports: NotifyPorts) {
  const { reserveSeconds, queue, outcomes, log, meter, now } = ports;
  const slow = new Set<string>();

  return async (event: SQSEvent, context: Pick<Context, "getRemainingTimeInMillis">): Promise<SQSBatchResponse> => {
    const begun = now();
    const times = invocationTimes(begun, begun + context.getRemainingTimeInMillis(), reserveSeconds);
    const invocation: Invocation = { times, slow, done: [], left: [], notBegun: [], thrown: new Set() };
    const { again, fresh } = byReceives(event.Records.map(asQueueMessage));
    await announceOneByOne(again, invocation, ports);
    if (now() < times.halfTime) await announceTogether(fresh, invocation, ports);
    else invocation.notBegun.push(...fresh);
    const { left, notBegun, thrown } = invocation;
    await fail(
      notBegun.map((message) => ({ message, ...noTime })),
      invocation,
      ports,
    );
    await updateQueue(log, () =>
      queue.retryAfter(left, (message) =>
        thrown.has(message) ? secondsUntilClaimsEnd(times.end - now()) : retryDelaySeconds(message),
      ),
    );
    await outcomes.write();
    meter.flush();
    const delivered = new Set(event.Records.map(({ messageId }) => messageId));
    const ids = left.map(({ messageId }) => messageId).filter((messageId) => delivered.has(messageId));
    return { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** Announces new messages and what is received meanwhile, and afterwards what was received before, one by one. */
async function announceTogether(fresh: readonly QueueMessage[], invocation: Invocation, ports: NotifyPorts) {
  if (fresh.length === 0) return;
  const aside = await announceAndReceive(fresh, invocation, ports);
  // Lambda deletes what it delivered itself, unless the invocation dies of a message that was put aside.
  const delivered = new Set(aside.length === 0 ? fresh : []);
  await deleteDone(invocation, ports, (message) => !delivered.has(message));
  await announceOneByOne(aside, invocation, ports);
}

/**
 * Announces messages that were received before. Each lead is prepared alone. One whose announcement was interrupted is
 * announced alone too, because its text can be what ended the invocation. The others failed for another reason and are
 * announced together.
 */
async function announceOneByOne(again: readonly QueueMessage[], invocation: Invocation, ports: NotifyPorts) {
  const { prepare, now } = ports;
  const { end, latest } = invocation.times;
  const lines = linesOf(invocation, ports, (_, earliest = 0) => ports.sleepUntil(earliest));
  const together: ClaimedLead[] = [];
  const announce = async (leads: readonly ClaimedLead[]) => {
    for (const lead of leads) lines.add(lead);
    await lines.ended();
    await deleteDone(invocation, ports);
  };
  await oneByOne(again, end - now(), ports, async (message) => {
    if (now() >= latest) {
      invocation.notBegun.push(message);
      return false;
    }
    const prepared = await prepare(message, new Date(end), lines.mayBegin);
    if (prepared === "done") return true;
    if ("kind" in prepared) await fail([{ message, ...prepared }], invocation, ports);
    else if (prepared.wasInterrupted) await announce([prepared]);
    else together.push(prepared);
    return false;
  });
  await announce(together);
}

/** Deletes messages that need nothing more. */
async function deleteDone(
  { done }: Invocation,
  { queue, log }: NotifyPorts,
  isToDelete: (message: QueueMessage) => boolean = () => true,
): Promise<void> {
  const messages = done.splice(0).filter(isToDelete);
  if (messages.length > 0) await updateQueue(log, () => queue.delete(messages));
}

/**
 * Seconds after which a message that failed becomes visible again: soon, and later the second time, so that its three
 * receives outlast a pause as long as Slack usually asks for.
 */
const retryDelaySeconds = ({ receiveCount }: QueueMessage) => (receiveCount <= 1 ? 10 : 30);

/**
 * Seconds until claims that were not settled are over. A message that came earlier would be postponed, because its lead is still
 * claimed, and that begins its receives anew: it would never be dead-lettered for its fault.
 * @param milliseconds that are left of the invocation
 */
const secondsUntilClaimsEnd = (milliseconds: number) => Math.ceil((milliseconds + clocksApart) / 1000) + 1;
