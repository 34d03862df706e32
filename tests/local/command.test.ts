import { suite } from "uvu";
import * as assert from "uvu/assert";
import { interruption } from "../../command-line/interruption.ts";
import { runCommand } from "../../command-line/program.ts";
import { start } from "../../local/command.ts";
import { LocalRunError } from "../../local/errors.ts";
import { type LeadRecord, type Summary, summarize } from "../../local/summary.ts";
import { runScript } from "../helpers/script.ts";

const lead: LeadRecord = {
  acceptedAt: 1,
  notifiedAt: 10,
  firstChannel: "slack",
  stored: true,
  enriched: true,
  notifications: 1,
  deadLettered: false,
};
const good = summarize([lead], {
  env: "dev",
  sent: 1,
  refused: {},
  unanswered: 0,
  endedEarly: false,
  slackMessages: 1,
  deniedCalls: 0,
  wallMs: 20,
});

/** What `npm start` prints and its exit code when the run ends like this. */
async function started(line: string, run: () => Promise<Summary>) {
  const printed: string[] = [];
  const errors: unknown[] = [];
  const print = (text: string) => void printed.push(text);
  const terminal = { print, error: (problem: unknown) => errors.push(problem) };
  const { signal: interrupted } = new AbortController();
  const code = await runCommand(start, line.split(" ").filter(Boolean), terminal, { run, print, interrupted });
  return { code, printed, errors };
}

const command = suite("npm start");

for (const [what, changes, expected] of [
  ["every lead is accounted for", {}, 0],
  ["leads are in a dead letter queue", { deadLettered: 2 }, 0],
  ["a lead is lost", { lost: 1 }, 1],
  ["a lead is in progress", { inProgress: 1 }, 0],
  ["requests were refused", { accepted: 0, refused: { 404: 1 } }, 1],
  ["a call was denied", { deniedCalls: 1 }, 1],
] as const) {
  command(`ends with ${expected} when ${what}`, async () => {
    assert.is((await started("", async () => ({ ...good, ...changes }))).code, expected);
  });
}

command("--json prints the summary as one object", async () => {
  const { printed } = await started("--json", async () => good);
  assert.equal(
    printed.map((line) => JSON.parse(line)),
    [good],
  );
  assert.equal((await started("", async () => good)).printed, []);
});

command("ends with 1 when the run fails", async () => {
  const { code, errors } = await started("", () => Promise.reject(new LocalRunError("Synthesis", "It failed.")));
  assert.equal([code, errors.map(String)], [1, ["It failed."]]);
});

const signals = ["SIGINT", "SIGTERM"] as const;
for (const name of signals) {
  command(`${name} interrupts the run once; the next one ends the process`, () => {
    const before = signals.flatMap((signal) => process.rawListeners(signal));
    const interrupted = interruption();
    assert.is(interrupted.aborted, false);
    process.emit(name);
    const added = (signal: NodeJS.Signals) =>
      process.rawListeners(signal).filter((listener) => !before.includes(listener)) as (() => void)[];
    assert.equal([interrupted.aborted, added(name)], [true, []]);
    for (const signal of signals) for (const listener of added(signal)) process.off(signal, listener);
  });
}

command("a run is interrupted when nobody reads its output any more", () => {
  const interrupted = interruption();
  process.stdout.emit("error", new Error("write EPIPE"));
  assert.is(interrupted.aborted, true);
  for (const name of signals) process.emit(name);
});

command("a run gets the interruption and the options", async () => {
  const seen: unknown[] = [];
  const { signal: interrupted } = new AbortController();
  const run = async (...given: unknown[]) => {
    seen.push(...given);
    return good;
  };
  const terminal = { print: () => {}, error: () => {} };
  await runCommand(start, ["--leads", "3"], terminal, { run, print: terminal.print, interrupted });
  const [options, ports] = seen as [{ leads: number }, { interrupted: AbortSignal }];
  assert.equal([options.leads, ports.interrupted === interrupted], [3, true]);
});

command("a typo ends the process with 2 and a suggestion", async () => {
  const { code, stderr, stdout } = await runScript("local/main.ts", ["--leeds", "3"]);
  assert.match(stderr, "unknown option '--leeds'\n(Did you mean --leads?)");
  assert.equal([code, stdout], [2, ""]);
});

command("a run that fails ends the process with 1 and one sentence", async () => {
  const { code, stderr, stdout } = await runScript("local/main.ts", ["--stack", "/nowhere", "--exit"]);
  assert.match(stderr, /^\/nowhere\/cdk\.tf\.json cannot be read: .*\n$/);
  assert.equal([code, stdout], [1, ""]);
});

command.run();
