/**
 * `npm test`: format and lint, types, and every suite. Ends with a line `N passed, N failed`; exit 1 when anything failed.
 * `--suites-only` leaves out the first two.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { countTests, suitesThatNeverRun } from "./test-report.ts";

/** Runs a command, shows what it prints, and returns that with its exit code. */
function run(command: string, ...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((done) => {
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1" },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        process.stdout.write(text);
      });
    }
    child.on("error", (error) => done({ code: 1, output: error.message }));
    child.on("close", (code) => done({ code: code ?? 1, output }));
  });
}

const totals = { passed: 0, failed: 0 };
const check = (name: string, ok: boolean) => {
  console.log(`${ok ? "ok  " : "FAIL"} ${name}\n`);
  totals[ok ? "passed" : "failed"] += 1;
};

if (!process.argv.includes("--suites-only")) {
  check("format and lint", (await run("node_modules/.bin/biome", "ci", ".")).code === 0);
  check("types", (await run("node_modules/.bin/tsc")).code === 0);
}

for await (const file of glob("tests/**/*.test.ts")) {
  const forgotten = suitesThatNeverRun(readFileSync(file, "utf8"));
  if (forgotten.length > 0) check(`${file}: ${forgotten.join(", ")} never run: add .run()`, false);
}

const suites = await run(
  process.execPath,
  "--import",
  "tsx",
  "node_modules/uvu/bin.js",
  "--no-color",
  "tests",
  "\\.test\\.ts$",
);
const counted = countTests(suites.output);
totals.passed += counted.passed;
totals.failed += counted.failed;
if (suites.code !== 0 && counted.failed === 0) check("suites ended early", false);
if (counted.skipped > 0) check(`${counted.skipped} tests are skipped`, false);

console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed > 0 ? 1 : 0;
