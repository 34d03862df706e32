import { suite } from "uvu";
import * as assert from "uvu/assert";
import { reportOf, shown, suitesThatNeverRun, summary } from "../../scripts/test-report.ts";

const uvuSummary = (total: number, passed: number, skipped = 0) =>
  `\n  Total:     ${total}\n  Passed:    ${passed}\n  Skipped:   ${skipped}\n  Duration:  4ms\n\n`;

const failures = `   FAIL  lead id  "is stable"
    Expected values to be strictly equal:  (is)

   FAIL  "stands alone"
    boom
`;

const never = suite("suites that never run");

never("are named", () => {
  const source = 'const a = suite("a");\nconst b = suite<{ x: 1 }>("b");\na.run();\n';
  assert.equal(suitesThatNeverRun(source), ["b"]);
  assert.equal(suitesThatNeverRun(`${source}b.run();\n`), []);
});

never("are found although their run is a comment", () => {
  assert.equal(suitesThatNeverRun('const a = suite("a");\n// a.run();\n'), ["a"]);
});

never("are found in a loop", () => {
  const source = "for (const x of all) {\n  const a = suite(x);\n  a.run();\n}\n";
  assert.equal(suitesThatNeverRun(source), []);
  assert.equal(suitesThatNeverRun(source.replace("a.run()", "a")), ["a"]);
});

never("are found in a file without any suite", () => {
  assert.is(suitesThatNeverRun("export {};").length, 1);
});

never.run();

const report = suite("report of a suite file");

report("counts what uvu counted", () => {
  assert.equal(reportOf(uvuSummary(12, 12)), { passed: 12, failures: [] });
});

report("names failed tests with their suites", () => {
  assert.equal(reportOf(failures + uvuSummary(5, 3)), {
    passed: 3,
    failures: ["lead id: is stable", "stands alone"],
  });
});

report("fails a file whose failed tests cannot be named", () => {
  assert.equal(reportOf(uvuSummary(5, 3)).failures, ["2 failed tests without a name"]);
});

report("fails a file that skips tests", () => {
  assert.equal(reportOf(uvuSummary(5, 5, 2)).failures, ["2 tests are skipped"]);
  assert.is(reportOf(uvuSummary(5, 5, 1)).failures.length, 1);
});

report("fails a file without a summary", () => {
  assert.equal(reportOf("Exiting early"), { passed: 0, failures: ["uvu printed no summary"] });
});

report("fails a file that did not end by itself, and says why", () => {
  const ended = "not finished after 180 s";
  assert.equal(reportOf("", ended).failures, [ended]);
  assert.equal(reportOf(uvuSummary(1, 1), ended).failures, [ended]);
});

report("fails a file with a suite that is never run", () => {
  assert.equal(reportOf(uvuSummary(1, 1), undefined, ["b"]).failures, ["b is never run: add .run()"]);
});

report.run();

const output = suite("output of a test run");
const passed = { passed: 3, failures: [] };
const failed = { passed: 1, failures: ["a: b", "2 tests are skipped"] };

output("is one line for a file that passed", () => {
  assert.is(shown("x.test.ts", passed, "lots of text", 1.26), "ok    x.test.ts  3  1.3 s");
});

output("has the whole output of a file that failed in one piece, and its failures", () => {
  assert.is(
    shown("x.test.ts", failed, "first\nlast\n", 1),
    "FAIL  x.test.ts  1.0 s\nfirst\nlast\n  x.test.ts: a: b\n  x.test.ts: 2 tests are skipped\n",
  );
});

output("ends with the names of all failures and the totals on a line of their own", () => {
  const text = summary([
    { name: "x", ...failed },
    { name: "y", ...passed },
  ]);
  assert.equal(text.split("\n"), [
    "",
    "Failed:",
    "  x :: a: b",
    "  x :: 2 tests are skipped",
    "",
    "4 passed, 2 failed",
  ]);
});

output("is the totals alone when everything passed", () => {
  assert.is(summary([{ name: "y", ...passed }]), "3 passed, 0 failed");
});

output.run();
