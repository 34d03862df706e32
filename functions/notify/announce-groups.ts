import { loggable } from "../runtime/loggable.ts";
import { Metric } from "../runtime/names.ts";
import type { Log, Meter } from "../runtime/telemetry.ts";
import type { Announce } from "./announce.ts";
import type { Collection, ReadyLeads } from "./collect.ts";

export interface AnnounceGroupsPorts {
  readonly announce: Announce;
  /** Reserves a send slot of the first channel. @returns when it begins, in epoch milliseconds */
  readonly reserveFirstSlot: (destination: string, latest: number) => Promise<number>;
  readonly log: Log;
  readonly meter: Meter;
  readonly now: () => number;
  readonly sleepUntil: (time: number) => Promise<void>;
}

/** Milliseconds between two looks into an empty queue during the wait for a send slot. */
const betweenLooks = 100;

/**
 * Announces what was collected, one message a destination, and goes on collecting while it waits for the destination's send
 * slot. A slot that begins after `latest` is not waited for: the next channel gets the leads.
 * @param latest epoch milliseconds after which the first channel begins no attempt
 */
export async function announceGroups(collected: Collection, latest: number, ports: AnnounceGroupsPorts): Promise<void> {
  const { reserveFirstSlot, now, sleepUntil } = ports;
  for (const [destination, group] of collected.waiting) {
    const slot = await reserveFirstSlot(destination, latest);
    while (now() < slot && slot <= latest) {
      if (!(await collected.takeMore())) await sleepUntil(Math.min(slot, now() + betweenLooks));
    }
    collected.waiting.delete(destination);
    const announced = await announceOrFail(destination, group, slot, latest, ports);
    (announced ? collected.done : collected.failed).push(...group.map(({ message }) => message));
  }
}

/** An announcement that throws fails its own leads, and not those of the other destinations. */
async function announceOrFail(
  destination: string,
  group: ReadyLeads,
  slot: number,
  latest: number,
  { announce, log, meter }: AnnounceGroupsPorts,
): Promise<boolean> {
  try {
    return await announce(destination, group, slot, latest);
  } catch (error) {
    const correlationIds = group.map(({ lead }) => lead.id);
    log.error("leads not announced, they will be tried again", { destination, correlationIds, ...loggable(error) });
    meter.count(Metric.leadsRetried, group.length);
    return false;
  }
}
