/**
 * `npm test`: format, lint, layers, types, unused code, and every suite. It ends with the line `N passed, N failed`, and with
 * exit code 1 if anything failed. `--suites-only` leaves out everything but the suites, and `--browser` runs those that need Chromium. `npm test -- PATTERN` runs the
 * suites with PATTERN in their path and nothing else.
 */
import { execFile } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { longestFirst, type Plan, PlanError, planOf } from "./test-plan.ts";
import { SuiteProcess } from "./test-process.ts";
import { type FileReport, type Result, reportOf, shown, suitesThatNeverRun, summary } from "./test-report.ts";

const checks: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  "format, lint, layers and import cycles": ["node_modules/.bin/biome", "ci", "."],
  types: ["node_modules/.bin/tsc"],
  "types of the console's pages": ["node_modules/.bin/tsc", "-p", "local/console/client"],
  "GitHub workflows": ["node_modules/.bin/node", "scripts/lint-workflows.mjs"],
  "unused code": ["node_modules/.bin/knip", "--no-progress", "--no-config-hints"],
  "code that only tests use": ["node_modules/.bin/knip", "--no-progress", "--no-config-hints", "--production"],
};

/** Milliseconds that a check or a suite file may take. The longest needs 25 s, and on a busy machine some minutes. */
const limit = 600_000;
/** Milliseconds that a process may take to end after its last file. */
const closingLimit = 60_000;
/**
 * Suite processes: two more than cores, because suites with whole pipelines wait for a third of their time. A browser is a busy
 * process of its own.
 */
const processesFor = (files: readonly string[]) =>
  availableParallelism() + (files.some((file) => browserFiles.includes(file)) ? 0 : 2);

/** Kept between runs: how long each file took, and compiled code. */
const cache = "node_modules/.cache/leadwire-test";
const timesFile = join(cache, "times.json");

const suiteFiles = globSync(["tests/**/*.test.ts", "packages/*/tests/**/*.test.ts"], {
  exclude: (path) => path.includes("node_modules"),
}).sort();
const browserFiles = globSync("tests-browser/**/*.test.ts").sort();

async function main({ checks: withChecks, files }: Plan): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "leadwire-test-run-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  process.once("SIGINT", () => process.exit(130));
  const env = { ...process.env, NO_COLOR: "1" };
  // Suites share what is expensive to make (tests/helpers/made-once.ts) and the compiled code of their modules.
  const suiteEnv = { ...env, LEADWIRE_TEST_RUN: folder, NODE_COMPILE_CACHE: join(cache, "compiled") };

  const milliseconds = readTimes();
  const isFirstRun = Object.keys(milliseconds).length === 0;
  const waitingChecks = withChecks ? Object.entries(checks) : [];
  const waitingFiles = longestFirst(files, milliseconds);
  const results: Result[] = [];
  const report = (name: string, found: FileReport, output: string, seconds?: number) => {
    results.push({ name, ...found });
    console.log(shown(name, found, output, seconds));
  };

  const work = async (_: unknown, index: number) => {
    for (let check = waitingChecks.shift(); check; check = waitingChecks.shift()) {
      const [name, [command, ...args]] = check;
      const { passed, output } = await run(command, args, env);
      report(name, passed ? { passed: 1, failures: [] } : { passed: 0, failures: ["failed"] }, output);
    }
    const suites = new SuiteProcess({ folder, env: suiteEnv, limit, closingLimit });
    // Long suites load CDKTF and the emulator, which most of the short ones do not need: half of the processes stay without them.
    const next = () => (index % 2 === 0 || isFirstRun ? waitingFiles.shift() : waitingFiles.pop());
    for (let file = next(); file; file = next()) {
      const started = performance.now();
      const { output, ended } = await suites.run(file);
      const took = Math.round(performance.now() - started);
      milliseconds[file] = took;
      const neverRun = suitesThatNeverRun(readFileSync(file, "utf8"));
      report(file, reportOf(output, ended, neverRun), output, took / 1000);
    }
    const { output, ended } = await suites.close();
    if (ended) report("end of a suite process", { passed: 0, failures: [ended] }, output);
  };
  await Promise.all(Array.from({ length: processesFor(files) }, work));

  writeFileSync(timesFile, JSON.stringify(milliseconds));
  console.log(summary(results));
  if (results.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
}

/** Runs a command and returns whether it passed and what it printed. */
const run = (command: string, args: readonly string[], env: NodeJS.ProcessEnv) =>
  new Promise<{ readonly passed: boolean; readonly output: string }>((done) => {
    execFile(command, args, { env, timeout: limit, maxBuffer: Number.POSITIVE_INFINITY }, (error, stdout, stderr) =>
      done({ passed: error === null, output: stdout + stderr || String(error?.message) }),
    );
  });

/** Milliseconds of each suite file in earlier runs. */
function readTimes(): Record<string, number> {
  try {
    return JSON.parse(readFileSync(timesFile, "utf8")) as Record<string, number>;
  } catch {
    return {};
  }
}

try {
  await main(planOf(process.argv.slice(2), suiteFiles, browserFiles));
} catch (error) {
  if (!(error instanceof PlanError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
