import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runCommand } from "../../../command-line/program.ts";
import { faults } from "../../../local/faults/command.ts";
import type { FaultSummary } from "../../../local/faults/run.ts";
import type { OutageSummary } from "../../../local/faults/run-outage.ts";
import { runScript } from "../../helpers/script.ts";

const growth = { start: 1, end: 2, most: 2 };
const summary: FaultSummary = {
  env: "dev",
  seed: 3,
  sent: 1,
  accepted: 1,
  refused: {},
  announced: 1,
  deadLettered: {},
  lost: [],
  repeats: { marked: 0, unmarked: [] },
  outcomes: { announced: 1, wrong: [] },
  invalidLeads: 0,
  missingDeadLetters: [],
  strikes: {},
  replayed: 0,
  redriven: 0,
  denials: [],
  slackMessages: 1,
  gauges: { rssMb: growth, heapMb: growth, depth: { leads: growth, notifications: growth } },
  logPath: "/tmp/dev.log",
  inProgress: 0,
  wallMs: 1000,
};

const { strikes: _, slackMessages: __, gauges: ___, ...result } = summary;
const outageSummary: OutageSummary = {
  ...result,
  outage: "ledger",
  minutes: 10,
  marked: 0,
  wronglyMarked: [],
  wronglyUnmarked: [],
  postponed: 9,
  lastAnnouncedAfterSeconds: 12.5,
};

async function ran(line: string, isPassed: boolean) {
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  const load = async () => ({
    passed: () => isPassed,
    runFaults: async () => summary,
    outagePassed: () => isPassed,
    runOutage: async () => outageSummary,
  });
  const terminal = { print, error: print as (problem: unknown) => void };
  return { code: await runCommand(faults, line.split(" ").filter(Boolean), terminal, { load, print }), printed };
}

const command = suite("faults :: command");

command("ends with 0 when the run passed, and with 1 when it did not", async () => {
  assert.equal([(await ran("", true)).code, (await ran("", false)).code], [0, 1]);
});

command("prints the table, and with --json the figures as one object on the last line", async () => {
  const { printed } = await ran("--json", true);
  assert.match(printed[0] ?? "", "leadwire-dev under faults, seed 3");
  assert.equal(JSON.parse(printed.at(-1) ?? ""), summary);
  assert.is((await ran("", true)).printed.length, 1);
});

command("an outage has a table and an exit code of its own", async () => {
  const { code, printed } = await ran("--outage ledger --minutes 10 --json", true);
  assert.match(printed[0] ?? "", "leadwire-dev while ledger is down for 10 minutes, seed 3");
  assert.equal([code, JSON.parse(printed.at(-1) ?? "")], [0, outageSummary]);
  assert.is((await ran("--outage ledger", false)).code, 1);
});

for (const [name, line] of [
  ["faults", "--outage ledger --faults slack-down"],
  ["silent", "--outage ledger --silent 10"],
]) {
  command(`--outage and --${name} exclude each other, with 2`, async () => {
    const { code, printed } = await ran(line ?? "", true);
    assert.equal(
      [code, printed],
      [2, [`error: --outage excludes --${name}: an outage is the only fault of its run. Leave one out.`]],
    );
  });
}

command("a wrong value ends the process with 2", async () => {
  const { code, stderr, stdout } = await runScript("local/faults/main.ts", ["--minutes", "121"]);
  assert.match(stderr, "option '--minutes <number>' argument '121' is invalid. Allowed: a number from 0.1 to 120.");
  assert.equal([code, stdout], [2, ""]);
});

command.run();
