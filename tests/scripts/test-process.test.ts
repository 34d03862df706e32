import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { SuiteProcess } from "../../scripts/test-process.ts";
import { reportOf } from "../../scripts/test-report.ts";
import { tempFolder } from "../helpers/temp-folder.ts";

const uvu = JSON.stringify(import.meta.resolve("uvu"));

/** Writes a suite file with one test of this body. */
function suiteFile(body: string): string {
  const path = join(tempFolder(), "made.test.mjs");
  writeFileSync(
    path,
    `import { writeFileSync } from "node:fs";\nimport { suite } from ${uvu};\nconst made = suite("made");\nmade("test", () => { ${body} });\nmade.run();\n`,
  );
  return path;
}

const suiteProcess = ({ limit = 60_000, closingLimit = 60_000 } = {}) =>
  new SuiteProcess({
    folder: tempFolder(),
    env: { ...process.env, NO_COLOR: "1" },
    limit,
    closingLimit,
  });

const processes = suite("suite process");

processes("gives each file its own output, stdout and stderr in order", async () => {
  const suites = suiteProcess();
  const first = await suites.run(suiteFile(`console.log("one"); console.error("two");`));
  const second = await suites.run(suiteFile(`console.log("three");`));
  assert.equal(await suites.close(), { output: "" });
  assert.match(first.output, /one\ntwo\n/);
  assert.not.match(second.output, /one/);
  assert.equal(
    [reportOf(first.output), reportOf(second.output)].map(({ passed }) => passed),
    [1, 1],
  );
});

processes("goes on in a new process after a crash", async () => {
  const suites = suiteProcess();
  const crashed = await suites.run(suiteFile("process.exit(3);"));
  const next = await suites.run(suiteFile(""));
  await suites.close();
  assert.is(crashed.ended, "the process ended early with code 3");
  assert.equal(reportOf(next.output, next.ended), { passed: 1, failures: [] });
});

processes("goes on in the same process after a failed test", async () => {
  const suites = suiteProcess();
  const failed = await suites.run(suiteFile(`throw new Error("boom");`));
  const next = await suites.run(suiteFile(""));
  assert.equal(await suites.close(), { output: "" });
  assert.equal(reportOf(failed.output, failed.ended), { passed: 0, failures: ["made: test"] });
  assert.is(reportOf(next.output, next.ended).passed, 1);
});

processes("ends a file that takes longer than the limit", async () => {
  const suites = suiteProcess({ limit: 1500 });
  const { ended } = await suites.run(suiteFile("return new Promise(() => setInterval(() => {}, 1000));"));
  assert.is(ended, "not finished after 1.5 s");
});

processes("reports what keeps it from ending after the last file", async () => {
  const suites = suiteProcess({ closingLimit: 300 });
  const { output } = await suites.run(suiteFile("setInterval(() => {}, 1000);"));
  const { ended } = await suites.close();
  assert.is(reportOf(output).passed, 1);
  assert.is(ended, "a suite left something open: its process did not end");
});

processes("reports a crash after the last test with the next file", async () => {
  const suites = suiteProcess();
  const gone = join(tempFolder(), "gone");
  const last = await suites.run(
    suiteFile(`
      process.once("exit", () => writeFileSync(${JSON.stringify(gone)}, ""));
      setTimeout(() => { throw new Error("late"); }, 50);
    `),
  );
  while (!existsSync(gone)) await wait(10);
  const { output, ended } = await suites.run(suiteFile(""));
  assert.is(reportOf(last.output, last.ended).passed, 1);
  assert.match(output, /Error: late/);
  assert.ok(ended);
  const next = await suites.run(suiteFile(""));
  await suites.close();
  assert.is(reportOf(next.output, next.ended).passed, 1);
});

processes("reports a file that cannot be loaded", async () => {
  const suites = suiteProcess();
  const { output, ended } = await suites.run(join(tempFolder(), "missing.test.mjs"));
  await suites.close();
  assert.match(output, /ERR_MODULE_NOT_FOUND/);
  assert.equal(reportOf(output, ended).failures, ["uvu printed no summary"]);
});

processes.run();
