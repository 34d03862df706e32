import { partition } from "es-toolkit/array";
import type { FailureKind } from "../runtime/failures.ts";
import { loggable } from "../runtime/loggable.ts";
import type { NewOutcome, OutcomeWriter } from "../runtime/outcomes.ts";
import type { Telemetry } from "../runtime/telemetry.ts";
import type { ChannelMessage, Outcome } from "./channels/channel.ts";
import type { ChannelDeclaration } from "./channels/declaration.ts";
import type { Ledger } from "./ledger.ts";
import type { AnnouncingChannel } from "./open-channels.ts";
import type { ClaimedLead, ClaimedLeads } from "./prepare.ts";
import type { SendSlots } from "./send-slots.ts";

export interface AnnouncePorts extends Telemetry {
  readonly ledger: Pick<Ledger, "settle">;
  /** In the order in which they are tried. */
  readonly channels: readonly AnnouncingChannel[];
  readonly slots: SendSlots;
  readonly outcomes: OutcomeWriter;
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
 * @returns `announced`, or what the failure of every channel calls for. Then another attempt is right: nobody saw the leads, or
 *   the ledger says `unknown`
 */
export type Announce = (
  destination: string,
  leads: ClaimedLeads,
  slot: number,
  latest: number,
) => Promise<"announced" | NotAnnounced>;

/** No channel took the leads. */
export interface NotAnnounced {
  /** That of a channel that needs a person comes before one that is unavailable, and that before a fault. */
  readonly kind: FailureKind;
  /** What the log says of it: `errorClass` names every channel's reason, and each channel's name has its details. */
  readonly cause: Readonly<Record<string, unknown>>;
}

/** A channel that did not take the leads. */
interface Failure {
  readonly channel: ChannelDeclaration;
  readonly outcome: Exclude<Outcome, { readonly status: "delivered" }>;
}

export function createAnnouncer(ports: AnnouncePorts): Announce {
  const { channels, slots, outcomes, log, meter, now } = ports;

  return async (destination, claimed, firstSlot, firstLatest) => {
    const failures: Failure[] = [];
    let leads = claimed;
    let time: TimeSlot = { slot: firstSlot, latest: firstLatest };
    for (const [index, channel] of channels.entries()) {
      const { name, title, failureMetric, budgetSeconds } = channel.declaration;
      const message = { destination, leads, ...reasonFor(channel.declaration, failures) };
      const outcome = await postInSlot(channel, message, time, ports);
      if (outcome.status === "delivered") {
        const at = now();
        await record(leads, "sent", { channel: name, messageId: outcome.messageId }, ports);
        outcomes.add(leads.map((one) => announcedOutcome(one, name, at)));
        // The handler waits for it, the leads of the next message do not.
        void outcomes.write();
        await slots.delivered(channel.declaration, destination);
        return "announced";
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
      time = { slot: await slots.reserve(next, destination, latest), latest };
    }
    return giveUp(leads, destination, failures, ports);
  };
}

const noSlot: Outcome = { status: "refused", reason: "no_slot_in_time", remedy: "giveUp", kind: "unavailable" };

/** Posts in send slots until the channel takes the message, refuses it, or asks for more time than there is. */
async function postInSlot(
  { declaration, open }: AnnouncingChannel,
  message: ChannelMessage,
  { slot, latest }: TimeSlot,
  { slots, now, sleepUntil }: AnnouncePorts,
): Promise<Outcome> {
  const { patienceMilliseconds, post } = await open();
  const patientUntil = Math.min(latest, now() + patienceMilliseconds);
  let at = slot;
  if (at > latest) return noSlot;
  for (;;) {
    await sleepUntil(at);
    const outcome = await post(message);
    if (outcome.status !== "refused" || outcome.remedy !== "wait") return outcome;
    const resumesAt = now() + outcome.retryAfterSeconds * 1000;
    at = await slots.reserve(declaration, message.destination, patientUntil, { pausedUntil: resumesAt });
    // Reserving a slot can take seconds, so that the slot may already have begun.
    if (Math.max(at, now()) > patientUntil) return outcome;
  }
}

/** Records and logs that no channel took the leads. If the last one refused them, nobody saw those that are not marked. */
async function giveUp(
  leads: ClaimedLeads,
  destination: string,
  failures: readonly Failure[],
  ports: AnnouncePorts,
): Promise<NotAnnounced> {
  const last = failures.at(-1);
  if (last?.outcome.status === "refused") {
    const [maybeSeen, unseen] = partition(leads, ({ mayBeRepeat }) => mayBeRepeat);
    await record(maybeSeen, "unknown", { channel: last.channel.name }, ports);
    await record(unseen, "failed", { channel: last.channel.name }, ports);
  }
  const titles = failures.map(({ channel }) => channel.title).join(" nor ");
  const kind = gravestOf(failures.map(({ outcome }) => kindOf(outcome)));
  const advice = failures.flatMap(({ outcome }) => outcome.advice ?? []);
  const cause = {
    errorClass: failures.map(({ outcome }) => outcome.reason).join(" and "),
    ...Object.fromEntries(failures.map(({ channel, outcome }) => [channel.name, outcome.details ?? outcome.reason])),
    ...(advice.length > 0 && { remedy: advice.join(" ") }),
  };
  const next = kind === "fault" ? "they will be received again" : "they are postponed";
  ports.log.error(`neither ${titles} took the leads, ${next}`, { destination, correlationIds: idsOf(leads), ...cause });
  return { kind, cause };
}

/** A channel that says to try again, to wait, or nothing at all does so until its service is well again. */
const kindOf = (outcome: Failure["outcome"]): FailureKind => ("kind" in outcome ? outcome.kind : "unavailable");

/** What failures call for together. One that passes by itself may do so, and then that channel takes the leads. */
const gravestOf = (kinds: readonly FailureKind[]): FailureKind =>
  kinds.find((kind) => kind === "needsPerson") ?? kinds.find((kind) => kind === "unavailable") ?? "fault";

/** Why leads come by this channel, in a sentence for the people who read them; nothing for the first one. */
function reasonFor({ title }: ChannelDeclaration, failures: readonly Failure[]): { readonly why?: string } {
  if (failures.length === 0) return {};
  const reasons = failures.map(({ channel, outcome }) => `${channel.title} ${inWords(outcome)}`);
  return { why: `You get this by ${title} because ${reasons.join(" and ")}.` };
}

/** What the channel did, in words that follow its title. */
function inWords(outcome: Failure["outcome"]): string {
  if (outcome.status === "unknown") return "did not confirm that it arrived, so it may be there too";
  if (outcome === noSlot || outcome.remedy === "wait") return "was too busy";
  switch (kindOf(outcome)) {
    case "needsPerson":
      return "refuses our messages until somebody repairs the connection";
    case "fault":
      return "did not accept it";
    case "unavailable":
      return "was not available";
  }
}

const idsOf = (leads: ClaimedLeads) => leads.map(({ lead }) => lead.id);

function markedAsRepeats([first, ...rest]: ClaimedLeads): ClaimedLeads {
  const marked = (one: ClaimedLead): ClaimedLead => ({ ...one, mayBeRepeat: true });
  return [marked(first), ...rest.map(marked)];
}

const announcedOutcome = (
  { lead, destination, mayBeRepeat, seenBefore }: ClaimedLead,
  channel: string,
  at: number,
): NewOutcome => ({
  id: lead.id,
  outcome: "announced",
  at,
  receivedAt: lead.receivedAt,
  channel,
  destination,
  ...(lead.test && { test: true }),
  ...(seenBefore && { seenBefore: true }),
  ...(mayBeRepeat && { mayBeRepeat: true }),
});

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
