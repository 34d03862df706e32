import { loggable } from "../runtime/loggable.ts";
import type { Log, Meter } from "../runtime/telemetry.ts";
import type { LeadToAnnounce } from "./lead-summary.ts";
import type { Ledger } from "./ledger.ts";

/** A lead whose announcement is claimed in the ledger. */
export interface ClaimedLead extends LeadToAnnounce {
  /** The ledger's id of the announcement. */
  readonly announcement: string;
}

/** One lead or more that are announced together. */
export type ClaimedLeads = readonly [ClaimedLead, ...ClaimedLead[]];

export interface RecordPorts {
  readonly ledger: Pick<Ledger, "settle">;
  readonly log: Log;
  readonly meter: Meter;
  readonly now: () => number;
}

/** Records what became of announcements. It never throws. */
export interface Recorder {
  /** @param channel name of the channel that took the leads */
  announced(leads: readonly ClaimedLead[], channel: string, messageId?: string): Promise<void>;
  /** @param channel name of the channel that was tried */
  notAnnounced(leads: readonly ClaimedLead[], state: "failed" | "unknown", channel: string): Promise<void>;
}

export function createRecorder({ ledger, log, meter, now }: RecordPorts): Recorder {
  /** The leads are announced even if the ledger cannot be updated, so that is only logged. */
  const settle = async (
    leads: readonly ClaimedLead[],
    state: "sent" | "failed" | "unknown",
    channel: string,
    id?: string,
  ) => {
    const results = await Promise.allSettled(
      leads.map(({ announcement }) => ledger.settle(announcement, state, channel, id)),
    );
    results.forEach((result, index) => {
      if (result.status === "fulfilled") return;
      const correlationId = leads[index]?.lead.id;
      log.error("ledger not updated, a redelivery may repeat this lead", { correlationId, ...loggable(result.reason) });
    });
  };

  return {
    notAnnounced: settle,
    async announced(leads, channel, messageId) {
      for (const { lead, mayBeRepeat } of leads) {
        const milliseconds = now() - Date.parse(lead.receivedAt);
        const together = leads.length;
        log.info("lead announced", { correlationId: lead.id, channel, milliseconds, mayBeRepeat, together });
        meter.notified(channel, milliseconds);
      }
      await settle(leads, "sent", channel, messageId);
    },
  };
}
