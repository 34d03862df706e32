import { loggable } from "../runtime/loggable.ts";
import type { Log } from "../runtime/telemetry.ts";
import type { ChannelDeclaration } from "./channels/declaration.ts";
import type { SendSlots } from "./send-slots.ts";

export interface ReserveSlotPorts {
  readonly slots: SendSlots;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Reserves a send slot of a channel's destination.
 * @param latest epoch milliseconds after which no slot is of use
 * @param pausedUntil epoch milliseconds before which the service takes nothing: no invocation gets a slot before
 * @returns when the slot begins, in epoch milliseconds; after `latest` when there was none in time
 */
export type ReserveSlot = (
  channel: ChannelDeclaration,
  destination: string,
  latest: number,
  pausedUntil?: number,
) => Promise<number>;

/** A ReserveSlot by best effort: if the slots cannot be reached, the message is posted, and its 429 is obeyed. */
export function createReserveSlot({ slots, log, now }: ReserveSlotPorts): ReserveSlot {
  return async ({ name, rate }, destination, latest, pausedUntil) => {
    if (!rate) return pausedUntil ?? now();
    const id = `${rate.slotPrefix}${destination}`;
    try {
      if (pausedUntil !== undefined) await slots.pause(id, pausedUntil);
      return await slots.reserve(id, rate.milliseconds, latest);
    } catch (error) {
      log.warn("no send slot reserved, posting without one", { channel: name, destination, ...loggable(error) });
      return pausedUntil ?? now();
    }
  };
}
