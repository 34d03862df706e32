import type { Context } from "aws-lambda";
import { Metric } from "../runtime/names.ts";
import type { Telemetry } from "../runtime/telemetry.ts";
import type { ComparisonName, Comparisons } from "./comparisons.ts";
import type { Watermarks } from "./ledger.ts";

export interface ReconcilePorts extends Telemetry {
  readonly comparisons: Comparisons;
  readonly watermarks: Watermarks;
  /** Days for which messages can point to an object. Older leads are not looked at. */
  readonly messageDays: number;
  readonly now: () => Date;
}

const hour = 3_600_000;
/** Three receives and draining are over by then, and an outage has alarms of its own. */
const grace = hour;
/** Log lines of an invocation. The metric counts every lead, and `ops reconcile` names it. */
const namedLeads = 100;

/** Each comparison's metric, and the milliseconds of a step. A step of `enriched` lists the whole root, so it has only one. */
const rules = {
  announced: { metric: Metric.unannouncedLeads, step: 24 * hour },
  enriched: { metric: Metric.unenrichedLeads, step: Number.POSITIVE_INFINITY },
} as const;

/**
 * Counts the leads that one comparison misses. It begins where the last one found the first missing lead, or else where it
 * ended, and goes forward in steps. After half of its time it begins no further step: the next invocation goes on.
 */
export function makeHandler({ comparisons, watermarks, messageDays, log, meter, now }: ReconcilePorts) {
  return async (
    { compare }: { readonly compare: ComparisonName },
    context: Pick<Context, "getRemainingTimeInMillis">,
  ) => {
    const { metric, step } = rules[compare];
    const begun = now().getTime();
    const halfTime = begun + context.getRemainingTimeInMillis() / 2;
    const end = begun - grace;
    let from = Math.max(await watermarks.watermark(compare), end - messageDays * 24 * hour);
    let missing = 0;
    let oldest = Number.POSITIVE_INFINITY;
    while (from < end && now().getTime() < halfTime) {
      const to = Math.min(end, from + step);
      for await (const finding of comparisons[compare]({ from: new Date(from), to: new Date(to) })) {
        const { isDecided, leadId: correlationId, stage, reason, createdAt } = finding;
        if (isDecided) continue;
        missing += 1;
        oldest = Math.min(oldest, createdAt.getTime());
        if (missing <= namedLeads) log.warn("lead stopped", { correlationId, stage, reason });
      }
      from = to;
      await watermarks.setWatermark(compare, Math.min(oldest, to));
    }
    meter.count(metric, missing);
    log.info("compared", { compare, missing, until: new Date(from).toISOString(), isComplete: from >= end });
    meter.flush();
  };
}
