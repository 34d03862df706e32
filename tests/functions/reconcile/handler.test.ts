import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Finding, Window } from "../../../functions/reconcile/finding.ts";
import { makeHandler } from "../../../functions/reconcile/handler.ts";
import { recordedLog, recordedMeter } from "../../helpers/fakes.ts";

const iso = (time: Date | number) => new Date(time).toISOString();
const noon = Date.parse("2026-03-20T12:00:00.000Z");
const eleven = Date.parse("2026-03-20T11:00:00.000Z");
const hour = 3_600_000;

const finding = (createdAt: number, given: Partial<Finding> = {}): Finding => ({
  key: "jane-roe.json",
  leadId: `lead-of-${new Date(createdAt).getUTCHours()}`,
  stage: "notify",
  reason: "not announced",
  isDecided: false,
  createdAt: new Date(createdAt),
  ...given,
});

interface Given {
  readonly findings?: readonly Finding[];
  readonly watermark?: number;
  /** Milliseconds that each step takes. */
  readonly stepTakes?: number;
}

/** An invocation at noon that may take 15 minutes. */
async function run(compare: "announced" | "enriched", { findings = [], watermark = 0, stepTakes = 0 }: Given = {}) {
  const log = recordedLog();
  const meter = recordedMeter();
  const windows: string[] = [];
  let time = noon;
  let kept = watermark;
  async function* found(window: Window) {
    windows.push(`${iso(window.from)} ${iso(window.to)}`);
    time += stepTakes;
    yield* findings.filter(({ createdAt }) => createdAt >= window.from && createdAt < window.to);
  }
  const handler = makeHandler({
    comparisons: { announced: found, enriched: found },
    watermarks: {
      watermark: async (name) => (name === compare ? kept : 0),
      setWatermark: async (name, value) => {
        if (name === compare) kept = value;
      },
    },
    messageDays: 3,
    log,
    meter,
    now: () => new Date(time),
  });
  await handler({ compare }, { getRemainingTimeInMillis: () => 15 * 60_000 });
  return { counts: meter.counts, flushed: meter.flushed, log: log.lines, windows, kept: iso(kept) };
}

const reconcile = suite("reconcile handler");

reconcile("writes the gauge of its comparison, zero included", async () => {
  const [announced, enriched] = [await run("announced"), await run("enriched")];
  assert.equal([announced.counts, announced.flushed], [{ UnannouncedLeads: 0 }, 1]);
  assert.equal([enriched.counts, enriched.flushed], [{ UnenrichedLeads: 0 }, 1]);
});

reconcile("the watermark: goes on where the last comparison ended, up to the grace of an hour", async () => {
  const { windows, kept, log } = await run("announced", { watermark: eleven - hour });
  assert.equal(windows, ["2026-03-20T10:00:00.000Z 2026-03-20T11:00:00.000Z"]);
  assert.is(kept, iso(eleven));
  const context = { compare: "announced", missing: 0, until: kept, isComplete: true };
  assert.equal(log, [{ level: "info", message: "compared", context }]);
});

reconcile("the watermark: stays at the oldest lead that is missing, so that it is counted again", async () => {
  const missing = [2, 3, 1].map((hours) => finding(eleven - hours * hour));
  const first = await run("announced", { findings: missing, watermark: eleven - 4 * hour });
  assert.equal([first.counts, first.kept], [{ UnannouncedLeads: 3 }, iso(eleven - 3 * hour)]);
  const next = await run("announced", { findings: missing, watermark: Date.parse(first.kept) });
  assert.equal([next.counts, next.kept], [{ UnannouncedLeads: 3 }, first.kept]);
});

reconcile("leads that a stage decided about are not counted, and hold nothing up", async () => {
  const decided = [finding(eleven - 2 * hour, { isDecided: true, reason: "rejected NoContact" })];
  const { counts, kept } = await run("enriched", { findings: decided, watermark: eleven - 4 * hour });
  assert.equal([counts, kept], [{ UnenrichedLeads: 0 }, iso(eleven)]);
});

reconcile("begins with the days that messages can be about, in steps of a day", async () => {
  const { windows } = await run("announced");
  assert.equal(windows, [
    "2026-03-17T11:00:00.000Z 2026-03-18T11:00:00.000Z",
    "2026-03-18T11:00:00.000Z 2026-03-19T11:00:00.000Z",
    "2026-03-19T11:00:00.000Z 2026-03-20T11:00:00.000Z",
  ]);
  assert.equal((await run("announced", { watermark: noon - 400 * hour })).windows, windows);
});

reconcile("lists the root once, whatever there is to compare", async () => {
  const { windows } = await run("enriched");
  assert.equal(windows, ["2026-03-17T11:00:00.000Z 2026-03-20T11:00:00.000Z"]);
});

reconcile("stops in order when time runs short, and goes on from there", async () => {
  const { windows, kept, log, counts } = await run("announced", { stepTakes: 3.75 * 60_000 });
  assert.equal([windows.length, kept, counts], [2, "2026-03-19T11:00:00.000Z", { UnannouncedLeads: 0 }]);
  assert.equal(log.at(-1)?.context, { compare: "announced", missing: 0, until: kept, isComplete: false });
});

reconcile("names a hundred leads in its log at most, and no key of a file", async () => {
  const findings = Array.from({ length: 150 }, () => finding(eleven - hour, { stage: "enrich" }));
  const { log, counts } = await run("enriched", { findings });
  assert.equal(counts, { UnenrichedLeads: 150 });
  const context = { correlationId: "lead-of-10", stage: "enrich", reason: "not announced" };
  assert.equal(log.slice(0, -1), Array(100).fill({ level: "warn", message: "lead stopped", context }));
  assert.not.match(JSON.stringify(log), /jane/);
});

reconcile.run();
