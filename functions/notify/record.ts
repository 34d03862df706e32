import { loggable } from "../runtime/loggable.ts";
import type { Telemetry } from "../runtime/telemetry.ts";
import type { Ledger } from "./ledger.ts";
import type { ClaimedLead } from "./prepare.ts";

export interface RecordPorts extends Telemetry {
  readonly ledger: Pick<Ledger, "settle">;
  readonly now: () => number;
}

/**
 * Records in the ledger what became of leads; those that were sent are logged and measured too. It never throws: what was
 * announced stays announced even if the ledger cannot be updated.
 * @param channel name of the channel that took the leads, or that was tried
 */
export async function record(
  leads: readonly ClaimedLead[],
  state: "sent" | "failed" | "unknown",
  { channel, messageId }: { readonly channel: string; readonly messageId?: string | undefined },
  { ledger, log, meter, now }: RecordPorts,
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
