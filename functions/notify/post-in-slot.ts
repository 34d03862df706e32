import type { Outcome } from "./channels/channel.ts";
import type { LeadsToAnnounce } from "./lead-summary.ts";
import type { AnnouncingChannel } from "./open-channels.ts";
import type { ReserveSlot } from "./reserve-slot.ts";

export interface PostInSlotPorts {
  readonly reserveSlot: ReserveSlot;
  readonly now: () => number;
  readonly sleepUntil: (time: number) => Promise<void>;
}

/** A message and the time that there is for it. */
export interface SlottedMessage {
  readonly destination: string;
  readonly leads: LeadsToAnnounce;
  readonly why?: string;
  /** When the send slot begins, in epoch milliseconds. */
  readonly slot: number;
  /** Epoch milliseconds after which no attempt begins. */
  readonly latest: number;
}

/** Posts in send slots until the channel takes the message, refuses it, or asks for more time than there is. */
export async function postInSlot(
  { declaration, open }: AnnouncingChannel,
  { destination, leads, why, slot, latest }: SlottedMessage,
  { reserveSlot, now, sleepUntil }: PostInSlotPorts,
): Promise<Outcome> {
  const { patienceMilliseconds, compose, post } = await open();
  const message = compose(leads, why);
  const patientUntil = Math.min(latest, now() + patienceMilliseconds);
  let at = slot;
  if (at > latest) return { status: "refused", reason: "no_slot_in_time", remedy: "giveUp" };
  for (;;) {
    await sleepUntil(at);
    const outcome = await post(destination, message);
    if (outcome.status !== "refused" || outcome.remedy !== "wait") return outcome;
    const resumesAt = now() + outcome.retryAfterSeconds * 1000;
    at = await reserveSlot(declaration, destination, patientUntil, resumesAt);
    if (at > patientUntil) return outcome;
  }
}
