import { suite } from "uvu";
import * as assert from "uvu/assert";
import { pauseUnless } from "../../../local/aborted.ts";
import { sendLoad } from "../../../local/faults/load.ts";
import { everySecond, remaining } from "../../../local/faults/progress.ts";
import { endOfRun } from "../../../local/faults/run.ts";
import type { RunAudit } from "../../../local/faults/run-audit.ts";
import type { Platform } from "../../../local/platform.ts";

/** A platform whose sources answer nothing and whose queues hold a message for ever. */
const stuck = (sent: string[] = []) =>
  ({
    stack: { output: () => "https://sqs.example/1/queue", of: () => [] },
    inspectQueue: () => ({ ready: [{}], delayed: [], inflight: [] }),
    denials: { lines: () => [] },
    crm: {
      sources: ["crm"],
      leadsInRequest: () => 1,
      requests: { begun: 0 },
      signLeads: () => ({}),
      send: (_: unknown, source: string) => {
        sent.push(source);
        return new Promise(() => {});
      },
    },
  }) as unknown as Platform;

const result = { accepted: 5, announced: 3, lost: ["a", "b"], missingDeadLetters: ["no-contact (x)"] };
const audit = { result: async () => result } as unknown as RunAudit;
const options = { over: "over", longestDelay: 3600 };

const interrupted = suite("a run under faults that the user ends");

interrupted("waits for no queue, replays nothing, and counts what is under way not as lost", async () => {
  const printed: string[] = [];
  const user = new AbortController();
  const ended = endOfRun(
    stuck(),
    audit,
    { print: (line) => printed.push(line), interrupted: user.signal },
    { ...options, replay: () => Promise.reject(new Error("nobody asked for it")) },
  );
  user.abort();
  const { lost, missingDeadLetters, inProgress, replayed, redriven } = await ended;
  assert.equal(
    { lost, missingDeadLetters, inProgress, replayed, redriven },
    {
      lost: [],
      missingDeadLetters: [],
      inProgress: 2,
      replayed: 0,
      redriven: 0,
    },
  );
  assert.equal(printed, ["over"]);
});

interrupted("sends no further lead, and waits for no answer", async () => {
  const user = new AbortController();
  const sent: string[] = [];
  const no = () => false;
  const load = { leads: 1000, milliseconds: 3_600_000, seed: 1, random: Math.random, twice: no, losesEvents: no };
  const sending = sendLoad(stuck(sent), audit, { ...load, interrupted: user.signal });
  user.abort();
  await sending;
  assert.ok(sent.length <= 1, `${sent.length} sent`);
});

interrupted("ends a pause early, and does not begin one afterwards", async () => {
  const user = new AbortController();
  const waiting = pauseUnless(user.signal, 3_600_000);
  user.abort();
  await waiting;
  await pauseUnless(user.signal, 3_600_000);
});

interrupted.run();

const progress = suite("the progress of a run");

for (const [milliseconds, text] of [
  [-1, "some moments"],
  [999, "some moments"],
  [1000, "about 1 s"],
  [89_999, "about 90 s"],
  [90_000, "about 2 min"],
  [3_600_000, "about 60 min"],
] as const) {
  progress(`${milliseconds} ms to come are ${text}`, () => assert.is(remaining(milliseconds), text));
}

progress("is shown from the start, and gone when it is over", () => {
  const lines: string[] = [];
  everySecond(
    (line) => lines.push(line),
    () => "1 %",
  )();
  assert.equal(lines, ["1 %", ""]);
});

progress.run();
