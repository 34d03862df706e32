import { suite } from "uvu";
import * as assert from "uvu/assert";
import { countTests, suitesThatNeverRun } from "../../scripts/test-report.ts";

const report = suite("test report");

report("names the suites that are never run", () => {
  const source = 'const a = suite("a");\nconst b = suite<{ x: 1 }>("b");\na.run();\n';
  assert.equal(suitesThatNeverRun(source), ["b"]);
  assert.equal(suitesThatNeverRun(`${source}b.run();\n`), []);
});

report("does not take a commented run for one", () => {
  assert.equal(suitesThatNeverRun('const a = suite("a");\n// a.run();\n'), ["a"]);
});

report("sees suites that are made in a loop", () => {
  const source = "for (const x of all) {\n  const a = suite(x);\n  a.run();\n}\n";
  assert.equal(suitesThatNeverRun(source), []);
  assert.equal(suitesThatNeverRun(source.replace("a.run()", "a")), ["a"]);
});

report("notices a file without any suite", () => {
  assert.is(suitesThatNeverRun("export {};").length, 1);
});

report("counts what uvu counted", () => {
  const summary = "\n  Total:     12\n  Passed:    10\n  Skipped:   1\n  Duration:  4ms\n";
  assert.equal(countTests(summary), { passed: 10, failed: 2, skipped: 1 });
});

report("takes a run without a summary for nothing", () => {
  assert.equal(countTests("Exiting early"), { passed: 0, failed: 0, skipped: 0 });
});

report.run();
