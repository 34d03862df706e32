import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Sample, summary } from "../../../local/faults/gauges.ts";
import { faultTable, outageTable } from "../../../local/faults/report.ts";
import { type FaultSummary, longestDelayAfter, passed } from "../../../local/faults/run.ts";
import { type OutageSummary, outagePassed } from "../../../local/faults/run-outage.ts";

const sample = (rssMb: number, leads: number): Sample => ({
  rssMb,
  heapMb: 50,
  depth: { leads, notifications: 0 },
});

const gauges = suite("faults :: gauges");

gauges("compare the median of the first fifth with that of the last, and tell the most", () => {
  const samples = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((at) => sample(100 + at, at === 5 ? 40 : at));
  const { rssMb, heapMb, depth } = summary(samples);
  assert.equal(
    [rssMb, heapMb],
    [
      { start: 101, end: 109 },
      { start: 50, end: 50 },
    ],
  );
  assert.equal(depth, { leads: { start: 1, end: 9, most: 40 }, notifications: { start: 0, end: 0, most: 0 } });
});

gauges("of a run that was too short for a sample are zero", () => {
  assert.equal(summary([]).depth.leads, { start: 0, end: 0, most: 0 });
});

gauges.run();

const good: FaultSummary = {
  env: "dev",
  seed: 3,
  sent: 60,
  accepted: 60,
  refused: {},
  announced: 60,
  deadLettered: {},
  lost: [],
  repeats: { marked: 2, unmarked: [] },
  outcomes: { announced: 58, wrong: [] },
  invalidLeads: 6,
  missingDeadLetters: [],
  strikes: { "slack-down": 4, "crm-twice": 1 },
  replayed: 9,
  redriven: 0,
  denials: [],
  slackMessages: 31,
  gauges: summary([sample(100, 1), sample(101, 2)]),
  logPath: "/tmp/dev.log",
  inProgress: 0,
  wallMs: 21_400,
};

const report = suite("faults :: report");

report("ends with what was injected, what it caused, what was lost and where to look", () => {
  const end = (summary: FaultSummary) => faultTable(summary).trimEnd().split("\n").slice(-4);
  assert.equal(end(good), [
    "Injected  2 kinds of faults, which struck 5 times.",
    "Caused    2 announcements that may be repeats, and say so, 9 leads that were found and replayed.",
    "Lost      nothing: 60 of 60 leads are announced.",
    "Look at   npm run logs (/tmp/dev.log) and npm run query -- --local.",
  ]);
  const quiet = { ...good, repeats: { marked: 0, unmarked: [] }, replayed: 0 };
  assert.is(end(quiet)[1], "Caused    nothing that a reader would see.");
  assert.match(end({ ...good, lost: ["a", "b"], announced: 58 })[2] ?? "", "2 leads, named above: 58 of 60");
  assert.match(end({ ...good, announced: 57, inProgress: 3 })[2] ?? "", "You ended the run while 3 were under way.");
});

report("has a line for each figure", () => {
  const lines = faultTable(good).split("\n");
  const has = (name: string, value: string) =>
    assert.ok(
      lines.some((line) => line.trim().startsWith(name) && line.endsWith(value)),
      `${name}: ${value}`,
    );
  assert.ok(lines.includes("leadwire-dev under faults, seed 3"));
  has("faults struck", "4 × slack-down, 1 × crm-twice");
  has("leads accepted", "60 of 60");
  has("announced", " 60");
  has("Slack messages", " 31");
  has("lost", " 0");
  has("found and replayed", " 9");
  has("redriven", " 0");
  has("repeats that say so", " 2");
  has("announced leads with an outcome", " 58");
  has("invalid leads", " 6");
  has("queue leads", "1 → 2 messages, at most 2");
  has("wall time", "21 s");
});

report("names what is not as it should be", () => {
  const table = faultTable({
    ...good,
    refused: { 404: 3 },
    denials: ["enrich was denied"],
    lost: ["website-1"],
    deadLettered: { ReceivesUsedUp: 2 },
    repeats: { marked: 0, unmarked: ["abc", "abc"] },
    outcomes: { announced: 1, wrong: ["website-2"] },
    missingDeadLetters: ["an empty file (x)"],
  });
  for (const text of [
    "1: website-1",
    "1: website-2",
    "2 × ReceivesUsedUp",
    "2: abc, abc",
    "1: an empty file (x)",
    "3 × 404",
    "1: enrich was denied",
  ]) {
    assert.match(table, text);
  }
});

report(
  "a run passes only when nothing is lost, left over, redriven, repeated unmarked, refused, denied, without its dead letter, or with a wrong outcome",
  () => {
    assert.is(passed(good), true);
    for (const bad of [
      { lost: ["website-1"] },
      { deadLettered: { ReceivesUsedUp: 1 } },
      { repeats: { marked: 0, unmarked: ["abc"] } },
      { outcomes: { announced: 60, wrong: ["website-2"] } },
      { missingDeadLetters: ["an empty file (x)"] },
      { refused: { 404: 1 } },
      { denials: ["enrich was denied s3:GetObject"] },
      { redriven: 1 },
    ]) {
      assert.is(passed({ ...good, ...bad }), false, JSON.stringify(bad));
    }
  },
);

const { strikes: _, slackMessages: __, gauges: ___, ...result } = good;
const goodOutage: OutageSummary = {
  ...result,
  outage: "slack+email",
  minutes: 10,
  marked: 4,
  wronglyMarked: [],
  wronglyUnmarked: [],
  postponed: 200,
  lastAnnouncedAfterSeconds: 61.25,
};

report("a message waits at most for a quarter of the time since its first attempt", () => {
  assert.equal([longestDelayAfter(4), longestDelayAfter(0.5)], [60, 7.5]);
});

report("an outage's table has its own figures", () => {
  const table = outageTable({ ...goodOutage, wronglyMarked: ["abc"], wronglyUnmarked: ["def"] });
  for (const text of [
    "leadwire-dev while slack+email is down for 10 minutes, seed 3",
    "1: abc",
    "1: def",
    "61.25 s after the end",
  ]) {
    assert.match(table, text);
  }
});

report("an outage passes only when every lead is announced without a redrive, and marked as its posts were", () => {
  assert.is(outagePassed(goodOutage), true);
  for (const bad of [
    { lost: ["website-1"] },
    { announced: 59 },
    { redriven: 1 },
    { wronglyMarked: ["abc"] },
    { wronglyUnmarked: ["abc"] },
  ]) {
    assert.is(outagePassed({ ...goodOutage, ...bad }), false, JSON.stringify(bad));
  }
});

report.run();
