import { sumBy } from "es-toolkit/math";
import type { ChannelDeclaration } from "./channels/declaration.ts";

/** Seconds at the end of an invocation to update the ledger, to send messages again, and to update the queue. */
const settleSeconds = 2;
/** Milliseconds from the receive of a message to its send slot: its lead is read and claimed. */
const preparationMilliseconds = 1000;
/** Milliseconds at the start of an invocation in which it may begin with every destination. */
const openingMilliseconds = 3000;
/** Milliseconds for which an invocation may wait for a silent destination and receive nothing. */
const deafMilliseconds = 2000;

/**
 * Seconds before the end of an invocation after which the first channel begins no message. notify plans backwards from its
 * timeout: a message that begins at the last moment, one on each channel after it, and the settling all fit in.
 */
export const reserveSeconds = (channels: readonly Pick<ChannelDeclaration, "budgetSeconds">[]): number =>
  sumBy(channels, ({ budgetSeconds }) => budgetSeconds) + settleSeconds;

/** The times of an invocation, in epoch milliseconds. */
export interface InvocationTimes {
  /** When it ends at the latest. Its claims hold until then. */
  readonly end: number;
  /** The first channel begins no message after it. */
  readonly latest: number;
  /** In a burst nothing more is received after it, so that every lead can still get a send slot before `latest`. */
  readonly halfTime: number;
  /** While a destination is silent, messages are received until then: leads for the others have their time. */
  readonly receivesUntil: number;
  /**
   * Nothing is sent after it to a destination that was slow before. If it is silent again, that ends soon after
   * `receivesUntil`, and the next invocation receives.
   */
  readonly slowUntil: number;
}

/** @param reserveSeconds see `reserveSeconds` */
export function invocationTimes(begun: number, end: number, reserveSeconds: number): InvocationTimes {
  const latest = end - reserveSeconds * 1000;
  const halfTime = begun + (latest - begun) / 2;
  const receivesUntil = Math.max(halfTime, latest - preparationMilliseconds);
  const longestMessage = (reserveSeconds - settleSeconds) * 1000;
  const endsInTime = receivesUntil + deafMilliseconds - longestMessage;
  const slowUntil = Math.min(halfTime, Math.max(begun + openingMilliseconds, endsInTime));
  return { end, latest, halfTime, receivesUntil, slowUntil };
}
