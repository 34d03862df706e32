import { partition } from "es-toolkit/array";
import { loggable } from "../runtime/loggable.ts";
import type { Telemetry } from "../runtime/telemetry.ts";
import type { ChannelMessage, Outcome } from "./channels/channel.ts";
import type { ChannelDeclaration } from "./channels/declaration.ts";
import type { ClaimedLeads } from "./collect.ts";
import type { Ledger } from "./ledger.ts";
import type { AnnouncingChannel } from "./open-channels.ts";
import type { ClaimedLead } from "./prepare.ts";
import type { ReserveSlot } from "./send-slots.ts";

export interface AnnouncePorts extends Telemetry {
  readonly ledger: Pick<Ledger, "settle">;
  /** In the order in which they are tried. */
  readonly channels: readonly AnnouncingChannel[];
  readonly reserveSlot: ReserveSlot;
  readonly now: () => number;
  readonly sleepUntil: (time: number) => Promise<void>;
}

/** The time that a channel has for a message. */
interface TimeSlot {
  /** When the send slot begins, in epoch milliseconds. */
  readonly slot: number;
  /** Epoch milliseconds after which no attempt begins. */
  readonly latest: number;
}

/**
 * Announces claimed leads of one destination together, on the first channel that takes them.
 * @param slot when the first channel's send slot begins, in epoch milliseconds
 * @param latest epoch milliseconds after which the first channel begins no attempt, so that there is time for the others
 * @returns whether the leads were announced. If not, a retry is right: nobody saw them, or the ledger says `unknown`
 */
export type Announce = (destination: string, leads: ClaimedLeads, slot: number, latest: number) => Promise<boolean>;

/** A channel that did not take the leads. */
interface Failure {
  readonly channel: ChannelDeclaration;
  readonly outcome: Exclude<Outcome, { readonly status: "delivered" }>;
}

export function createAnnouncer(ports: AnnouncePorts): Announce {
  const { channels, reserveSlot, log, meter, now } = ports;

  return async (destination, claimed, firstSlot, firstLatest) => {
    const failures: Failure[] = [];
    let leads = claimed;
    let time: TimeSlot = { slot: firstSlot, latest: firstLatest };
    for (const [index, channel] of channels.entries()) {
      const { name, title, failureMetric, budgetSeconds } = channel.declaration;
      const message = { destination, leads, ...reasonFor(channel.declaration, failures) };
      const outcome = await postInSlot(channel, message, time, ports);
      if (outcome.status === "delivered") {
        await record(leads, "sent", { channel: name, messageId: outcome.messageId }, ports);
        return true;
      }
      failures.push({ channel: channel.declaration, outcome });
      meter.count(failureMetric, 1);
      const { status, reason } = outcome;
      if (status === "unknown") {
        // Recorded before the next channel is tried, because this invocation may end before it could be recorded later.
        await record(leads, "unknown", { channel: name }, ports);
        leads = markedAsRepeats(leads);
      }
      const next = channels[index + 1]?.declaration;
      if (!next) break;
      const context = { channel: name, destination, correlationIds: idsOf(leads), status, reason };
      log.warn(`${title} did not take the leads, ${next.title} will`, context);
      // The time of the next channel begins when this one's ends at the latest; it may always post at once.
      const latest = Math.max(time.latest + budgetSeconds * 1000, now());
      time = { slot: await reserveSlot(next, destination, latest), latest };
    }
    await giveUp(leads, destination, failures, ports);
    return false;
  };
}

/** Posts in send slots until the channel takes the message, refuses it, or asks for more time than there is. */
async function postInSlot(
  { declaration, open }: AnnouncingChannel,
  message: ChannelMessage,
  { slot, latest }: TimeSlot,
  { reserveSlot, now, sleepUntil }: AnnouncePorts,
): Promise<Outcome> {
  const { patienceMilliseconds, post } = await open();
  const patientUntil = Math.min(latest, now() + patienceMilliseconds);
  let at = slot;
  if (at > latest) return { status: "refused", reason: "no_slot_in_time", remedy: "giveUp" };
  for (;;) {
    await sleepUntil(at);
    const outcome = await post(message);
    if (outcome.status !== "refused" || outcome.remedy !== "wait") return outcome;
    const resumesAt = now() + outcome.retryAfterSeconds * 1000;
    at = await reserveSlot(declaration, message.destination, patientUntil, resumesAt);
    if (at > patientUntil) return outcome;
  }
}

/** Records and logs that no channel took the leads. If the last one refused them, nobody saw those that are not marked. */
async function giveUp(
  leads: ClaimedLeads,
  destination: string,
  failures: readonly Failure[],
  ports: AnnouncePorts,
): Promise<void> {
  const last = failures.at(-1);
  if (last?.outcome.status === "refused") {
    const [maybeSeen, unseen] = partition(leads, ({ mayBeRepeat }) => mayBeRepeat);
    await record(maybeSeen, "unknown", { channel: last.channel.name }, ports);
    await record(unseen, "failed", { channel: last.channel.name }, ports);
  }
  const titles = failures.map(({ channel }) => channel.title).join(" nor ");
  ports.log.error(`neither ${titles} took the leads, they will be tried again`, {
    destination,
    correlationIds: idsOf(leads),
    ...Object.fromEntries(failures.map(({ channel, outcome }) => [channel.name, outcome.details ?? outcome.reason])),
    ...(last?.outcome.advice && { remedy: last.outcome.advice }),
  });
}

/** Why leads come by this channel, in a sentence; nothing for the first one. */
function reasonFor({ title }: ChannelDeclaration, failures: readonly Failure[]): { readonly why?: string } {
  if (failures.length === 0) return {};
  const titles = failures.map(({ channel }) => channel.title).join(" and ");
  const reasons = failures.map(({ outcome }) => outcome.reason).join("; ");
  return { why: `By ${title} because ${titles} did not take it (${reasons}).` };
}

const idsOf = (leads: ClaimedLeads) => leads.map(({ lead }) => lead.id);

function markedAsRepeats([first, ...rest]: ClaimedLeads): ClaimedLeads {
  const marked = (one: ClaimedLead): ClaimedLead => ({ ...one, mayBeRepeat: true });
  return [marked(first), ...rest.map(marked)];
}

/**
 * Records in the ledger what became of leads; those that were sent are logged and measured too. It never throws: what was
 * announced stays announced even if the ledger cannot be updated.
 * @param channel name of the channel that took the leads, or that was tried
 */
async function record(
  leads: readonly ClaimedLead[],
  state: "sent" | "failed" | "unknown",
  { channel, messageId }: { readonly channel: string; readonly messageId?: string | undefined },
  { ledger, log, meter, now }: AnnouncePorts,
): Promise<void> {
  for (const { lead, mayBeRepeat } of state === "sent" ? leads : []) {
    const milliseconds = now() - Date.parse(lead.receivedAt);
    const together = leads.length;
    log.info("lead announced", { correlationId: lead.id, channel, milliseconds, mayBeRepeat, together });
    meter.notified(channel, milliseconds);
  }
  const settle = async ({ claim, lead }: ClaimedLead) => {
    try {
      await ledger.settle(claim, state, channel, messageId);
    } catch (error) {
      const context = { correlationId: lead.id, ...loggable(error) };
      log.error("ledger not updated, a redelivery may repeat this lead", context);
    }
  };
  await Promise.all(leads.map(settle));
}
