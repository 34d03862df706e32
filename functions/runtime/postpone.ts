import { partition } from "es-toolkit/array";
import { clamp } from "es-toolkit/math";
import { RejectedError } from "../lead/rejection.ts";
import type { SendToDeadLetters } from "./dead-letters.ts";
import { type FailureKind, failureOf, retryAfterOf } from "./failures.ts";
import { loggable } from "./loggable.ts";
import { Metric } from "./names.ts";
import { correlationIdOf } from "./object-created.ts";
import { updateQueue } from "./one-by-one.ts";
import type { OwnQueue, QueueMessage } from "./own-queue.ts";
import type { Telemetry } from "./telemetry.ts";

/** A message whose attempt failed. */
export interface Failed {
  readonly message: QueueMessage;
  /** `busy`: no service failed. Another invocation is at the same lead, or this one has no time left for it. */
  readonly kind: FailureKind | "busy";
  /** Seconds for which the service wants no further attempt. @default it did not say */
  readonly retryAfterSeconds?: number | undefined;
  /** What the log says of the failure. It names no person. */
  readonly cause: Readonly<Record<string, unknown>>;
}

/** A message whose attempt threw an error. */
export const failedBy = (error: unknown, message: QueueMessage): Failed => ({
  message,
  kind: failureOf(error),
  cause: loggable(error),
  retryAfterSeconds: retryAfterOf(error),
});

/** The invocation has no time left for a message. Another one has. */
export const noTime = {
  kind: "busy",
  cause: { errorClass: "NoTime", reason: "Its turn came too late in the invocation." },
} as const satisfies Omit<Failed, "message">;

/**
 * Sends messages again to their own queue, to be received later, and deletes the originals. So an outage of hours uses up no
 * receives. Messages that wait for too long are dead-lettered as `OutageTooLong`.
 * @returns the messages that are left to their receives: those with a fault, and those that could not be sent again
 */
export type Postpone = (failed: readonly Failed[]) => Promise<QueueMessage[]>;

export interface PostponePorts extends Telemetry {
  readonly queue: Pick<OwnQueue, "delete" | "sendAgain">;
  readonly sendToDeadLetters: SendToDeadLetters;
  /** Hours from the first attempt, from 1. */
  readonly giveUpAfterHours: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** 0 to 1. @default Math.random */
  readonly random?: () => number;
}

/** A failed message that is not a fault, and since when it has been tried. */
interface Waiting extends Failed {
  readonly firstAttemptAt: number;
  readonly waitedSeconds: number;
}

export function createPostponer(ports: PostponePorts): Postpone {
  const { queue, giveUpAfterHours, log, meter, now, random = Math.random } = ports;
  const giveUpAfterSeconds = giveUpAfterHours * 3600;

  const sendAgain = async (waiting: readonly Waiting[]): Promise<QueueMessage[]> => {
    if (waiting.length === 0) return [];
    const postponements = waiting.map((one) => ({ ...one, delaySeconds: delaySeconds(one, random) }));
    const notSent = new Map((await queue.sendAgain(postponements)).map(({ message, cause }) => [message, cause]));
    const [left, sent] = partition(postponements, ({ message }) => notSent.has(message));
    for (const one of sent) tell(one, ports);
    for (const one of left) {
      const context = { ...contextOf(one), notSent: notSent.get(one.message)?.errorClass };
      log.error("message not postponed, it will be received again", context);
    }
    // A message that Lambda delivered is deleted by Lambda too, if this fails.
    await updateQueue(log, () => queue.delete(sent.map(({ message }) => message)));
    return left.map(({ message }) => message);
  };

  return async (failed) => {
    const [faults, outages] = partition(failed, ({ kind }) => kind === "fault");
    for (const one of faults) log.error("attempt failed, the message will be received again", contextOf(one));
    const at = now();
    const waiting = outages.map((one): Waiting => {
      // A time in the future would count as the first one for ever.
      const firstAttemptAt = Math.min(one.message.firstAttemptAt ?? at, at);
      return { ...one, firstAttemptAt, waitedSeconds: Math.round((at - firstAttemptAt) / 1000) };
    });
    const [tooLong, postponed] = partition(waiting, ({ waitedSeconds }) => waitedSeconds >= giveUpAfterSeconds);
    const notSent = await sendAgain(postponed);
    const notGivenUp = await Promise.all(tooLong.map((one) => giveUp(one, ports)));
    const left = [...faults.map(({ message }) => message), ...notSent, ...notGivenUp.flat()];
    if (left.length > 0) meter.count(Metric.leadsRetried, left.length);
    return left;
  };
}

/** The longest delay of SQS. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const longestDelay = 900;

/**
 * Seconds until the next attempt: a half to all of a quarter of the time since the first one. So the last message is tried
 * again at most a quarter of the outage after its end, and messages that failed together are received apart. No attempt is made in
 * the time for which the service wants none, as far as SQS can delay.
 */
function delaySeconds({ waitedSeconds, retryAfterSeconds = 0 }: Waiting, random: () => number): number {
  const drawn = Math.round((waitedSeconds / 4) * (0.5 + random() / 2));
  const wanted = Math.ceil(retryAfterSeconds * (1 + random() / 4));
  return clamp(Math.max(drawn, wanted), 1, longestDelay);
}

function tell(
  { delaySeconds, waitedSeconds, ...failed }: Waiting & { readonly delaySeconds: number },
  ports: Telemetry,
) {
  const { kind } = failed;
  const level = kind === "busy" ? "info" : "warn";
  const context = { ...contextOf(failed), delaySeconds, waitedSeconds, needsPerson: kind === "needsPerson" };
  ports.log[level]("message postponed", context);
  // The age of the queue's oldest message does not show how long this one has waited.
  ports.meter.seconds(Metric.oldestFirstAttempt, waitedSeconds);
  if (kind === "busy") return;
  ports.meter.count(Metric.leadsPostponed, 1);
  if (kind === "needsPerson") ports.meter.count(Metric.personNeeded, 1);
}

/** Dead-letters a message that waited for too long. @returns the message if that failed */
async function giveUp(
  failed: Waiting,
  { sendToDeadLetters, queue, log, meter }: PostponePorts,
): Promise<QueueMessage[]> {
  const { message, cause, waitedSeconds } = failed;
  const hours = Math.floor(waitedSeconds / 3600);
  const problem = `Every attempt of ${hours} hours failed, ${message.attempt} of them; the last one with ${cause.errorClass}`;
  const error = new RejectedError("OutageTooLong", `${problem}. Redrive it when that is over.`);
  try {
    await sendToDeadLetters(message, error, correlationIdOf(message));
  } catch (failure) {
    log.error("message not given up, it will be received again", { ...contextOf(failed), ...loggable(failure) });
    return [message];
  }
  log.error("message given up", { ...contextOf(failed), ...loggable(error) });
  meter.count(Metric.leadsRejected, 1);
  await updateQueue(log, () => queue.delete([message]));
  return [];
}

const contextOf = ({ message, cause }: Failed) => ({
  correlationId: correlationIdOf(message),
  messageId: message.messageId,
  attempt: message.attempt,
  receiveCount: message.receiveCount,
  ...cause,
});
