import { partition } from "es-toolkit/array";
import type { Outcome } from "./channels/channel.ts";
import type { ChannelDeclaration } from "./channels/declaration.ts";
import type { AnnouncingChannels } from "./open-channels.ts";
import { type PostInSlotPorts, postInSlot } from "./post-in-slot.ts";
import { type ClaimedLead, type ClaimedLeads, createRecorder, type RecordPorts } from "./record.ts";

export interface AnnouncePorts extends RecordPorts, PostInSlotPorts {
  /** In the order in which they are tried. */
  readonly channels: AnnouncingChannels;
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
  const recorder = createRecorder(ports);

  /**
   * Logs that a channel did not take the leads. If somebody may have seen them, that is recorded before the next channel is
   * tried, because this invocation may end before it could be recorded later.
   * @returns the leads for the next channel
   */
  const handOver = async (leads: ClaimedLeads, destination: string, failure: Failure, next: ChannelDeclaration) => {
    const { name: channel, title } = failure.channel;
    const { status, reason } = failure.outcome;
    const context = { channel, destination, correlationIds: idsOf(leads), status, reason };
    log.warn(`${title} did not take the leads, ${next.title} will`, context);
    if (status === "refused") return leads;
    await recorder.notAnnounced(leads, "unknown", channel);
    const [first, ...rest] = leads;
    return [markRepeat(first), ...rest.map(markRepeat)] as const;
  };

  /** Records and logs that no channel took the leads. A refusal proves that nobody saw the leads that are not marked. */
  const giveUp = async (leads: ClaimedLeads, destination: string, failures: readonly Failure[], last: Failure) => {
    const { channel, outcome } = last;
    const [maybeSeen, unseen] = partition([...leads], (one) => one.mayBeRepeat || outcome.status === "unknown");
    await recorder.notAnnounced(maybeSeen, "unknown", channel.name);
    await recorder.notAnnounced(unseen, "failed", channel.name);
    const titles = failures.map(({ channel: { title } }) => title).join(" nor ");
    log.error(`neither ${titles} took the leads, they will be tried again`, {
      destination,
      correlationIds: idsOf(leads),
      ...Object.fromEntries(failures.map((failure) => [failure.channel.name, detailsOf(failure)])),
      ...(outcome.advice && { remedy: outcome.advice }),
    });
  };

  return async (destination, claimed, slot, latest) => {
    const failures: Failure[] = [];
    let pending = { leads: claimed, slot, latest };
    for (const [index, channel] of channels.entries()) {
      const { declaration } = channel;
      const outcome = await postInSlot(
        channel,
        { destination, ...pending, ...reasonFor(declaration, failures) },
        ports,
      );
      if (outcome.status === "delivered") {
        await recorder.announced(pending.leads, declaration.name, outcome.messageId);
        return true;
      }
      meter.count(declaration.failureMetric, 1);
      const failure = { channel: declaration, outcome };
      const next = channels[index + 1]?.declaration;
      failures.push(failure);
      if (!next) await giveUp(pending.leads, destination, failures, failure);
      else {
        const leads = await handOver(pending.leads, destination, failure, next);
        // The time of the next channel begins when this one's ends at the latest; it may always post at once.
        const nextLatest = Math.max(pending.latest + declaration.budgetSeconds * 1000, now());
        pending = { leads, slot: await reserveSlot(next, destination, nextLatest), latest: nextLatest };
      }
    }
    return false;
  };
}

const idsOf = (leads: ClaimedLeads) => leads.map(({ lead }) => lead.id);
const markRepeat = (one: ClaimedLead): ClaimedLead => ({ ...one, mayBeRepeat: true });
const detailsOf = ({ outcome }: Failure) => outcome.details ?? outcome.reason;

/** Why leads come by this channel, in a sentence; nothing for the first one. */
function reasonFor({ title }: ChannelDeclaration, failures: readonly Failure[]): { readonly why?: string } {
  if (failures.length === 0) return {};
  const titles = failures.map(({ channel }) => channel.title).join(" and ");
  const reasons = failures.map(({ outcome }) => outcome.reason).join("; ");
  return { why: `By ${title} because ${titles} did not take it (${reasons}).` };
}
