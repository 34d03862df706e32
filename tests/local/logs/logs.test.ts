import { appendFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runCommand } from "../../../command-line/program.ts";
import { type LogsPorts, logs } from "../../../local/logs/command.ts";
import { linesOf } from "../../../local/logs/lines.ts";
import { tempFolder } from "../../helpers/temp-folder.ts";

const [ada, bob] = [`crm-${"a".repeat(32)}`, `crm-${"b".repeat(32)}`];
const timestamp = new Date(2026, 0, 1, 12, 30, 5).toISOString();

/** A line of the log file. */
const record = (requestId: string, said: object | string, name = "leadwire-dev-enrich") =>
  `${JSON.stringify({ function: name, requestId, line: typeof said === "string" ? said : JSON.stringify(said) })}\n`;
const said = (requestId: string, message: string, more: object = {}, level = "INFO") =>
  record(requestId, { level, message, timestamp, service: "enrich", requestId, environment: "dev", ...more });

function logFile(...lines: readonly string[]): string {
  const path = join(tempFolder(), "dev.log");
  writeFileSync(path, lines.join(""));
  return path;
}

/** What the command prints, and its exit code. */
async function shown(args: readonly string[], path: string | undefined, ports: Partial<LogsPorts> = {}) {
  const printed: string[] = [];
  const print = (line: string) => void printed.push(line);
  const terminal = { print, error: print };
  const wait = async () => {};
  const code = await runCommand(logs, args, terminal, { path, isUnderWay: () => false, wait, print, ...ports });
  return { code, printed };
}

const command = suite("npm run logs");

command("a line has its time, function, level, message, lead and fields, and no more", async () => {
  const path = logFile(said("1", "lead enriched", { correlationId: ada, source: "crm", attempt: 2 }));
  assert.equal((await shown([], path)).printed, [
    `12:30:05  enrich     INFO   lead enriched  ${ada}  source=crm  attempt=2`,
  ]);
});

command(
  "an invocation that ends badly has a line, text stays text without control characters, and metrics are left out",
  async () => {
    const report = (status: string, more: object) =>
      record("1", {
        time: timestamp,
        type: "platform.report",
        record: { status, metrics: { durationMs: 12.6, ...more } },
      });
    const path = logFile(
      record("1", { time: timestamp, type: "platform.start", record: {} }),
      record("1", { _aws: {}, LeadsIngested: 1 }),
      report("success", { initDurationMs: 300 }),
      report("timeout", {}),
      record("1", "plain \x1b[2Jtext"),
    );
    assert.equal((await shown([], path)).printed, [
      "12:30:05  enrich     ERROR  ended: timeout",
      "          enrich     plain text",
    ]);
  },
);

command(
  "of a lead there are its lines, by id or short name, and those of its invocations that name no other lead",
  async () => {
    const path = logFile(
      said("1", "before"),
      said("1", "lead enriched", { correlationId: ada }),
      said("1", "lead enriched", { correlationId: bob }),
      said("1", "a fault", {}, "ERROR"),
      said("2", "of another one"),
      said("3", "announced", { correlationIds: [bob, ada] }),
    );
    for (const name of [ada, "a".repeat(12)]) {
      const { printed, code } = await shown([name], path);
      assert.equal(
        printed.map((line) => line.slice(28).split("  ")[0]),
        ["lead enriched", "a fault", "announced"],
      );
      assert.is(code, 0);
    }
  },
);

command("a lead that no line names ends with 1 and says where it looked", async () => {
  const path = logFile(said("1", "lead enriched", { correlationId: bob }));
  const { printed, code } = await shown([ada], path);
  assert.equal([printed, code], [[`No line names ${ada}. The log is ${path}.`], 1]);
});

command("--follow prints what is written until the run ends, the last lines included", async () => {
  const path = logFile(said("1", "first"));
  const later = said("1", "second");
  const writes = [later.slice(0, 30), later.slice(30), said("1", "last")];
  let isUnderWay = true;
  const wait = async (milliseconds: number) => {
    assert.is(milliseconds, 200);
    appendFileSync(path, writes.shift() ?? "");
    isUnderWay = writes.length > 0;
  };
  const { printed } = await shown(["--follow"], path, { wait, isUnderWay: () => isUnderWay });
  assert.equal(
    printed.map((line) => line.slice(28)),
    ["first", "second", "last"],
  );
});

command("the file is closed, at its end and when nobody reads on", async () => {
  const path = logFile(said("1", "first"), said("1", "second"));
  const openFiles = () => readdirSync("/dev/fd").length;
  const before = openFiles();
  await shown([], path);
  for await (const _ of linesOf(path, async () => false)) break;
  assert.is(openFiles(), before);
});

command("a character between two reads of the file stays whole", async () => {
  const text = "€".repeat(30_000);
  for (const before of ["", "a", "aa"]) {
    const { printed } = await shown([], logFile(said("1", `${before}${text}`)));
    assert.ok(printed[0]?.endsWith(`  ${before}${text}`), `with ${before.length} bytes more before it`);
  }
});

command("without a run there is a sentence, and the exit code is 1", async () => {
  const { printed, code } = await shown([], undefined);
  assert.equal([printed.map(String), code], [["No run was on this machine. Start one with npm start."], 1]);
});

command.run();
