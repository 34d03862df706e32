import { sumBy } from "es-toolkit/math";
import type { ChannelDeclaration } from "./channels/declaration.ts";

/** Seconds at the end of an invocation to update the ledger and the queue. */
const settleSeconds = 1;

/**
 * Seconds before the end of an invocation after which the first channel begins no message. notify plans backwards from its
 * timeout: a message that begins at the last moment, one on each channel after it, and the settling all fit in.
 */
export const reserveSeconds = (channels: readonly Pick<ChannelDeclaration, "budgetSeconds">[]): number =>
  sumBy(channels, ({ budgetSeconds }) => budgetSeconds) + settleSeconds;
