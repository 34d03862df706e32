import { suite } from "uvu";
import * as assert from "uvu/assert";
import { longestFirst, PlanError, planOf } from "../../scripts/test-plan.ts";

const files = ["tests/functions/lead-id.test.ts", "tests/local/iam/policy.test.ts", "tests/stacks/alarms.test.ts"];

const plan = suite("plan of a test run");

plan("without arguments is every suite and the checks", () => {
  assert.equal(planOf([], files), { checks: true, files });
});

plan("takes only the suites that need a browser with --browser", () => {
  const browserFiles = ["tests-browser/a.test.ts", "tests-browser/b.test.ts"];
  assert.equal(planOf(["--browser"], files, browserFiles), { checks: false, files: browserFiles });
  assert.equal(planOf(["--browser", "b.test"], files, browserFiles).files, ["tests-browser/b.test.ts"]);
  assert.not.ok(planOf([], files, browserFiles).files.includes("tests-browser/a.test.ts"));
});

plan("leaves out the checks with --suites-only", () => {
  assert.equal(planOf(["--suites-only"], files), { checks: false, files });
});

plan("is the suites with one of the patterns in their path, each once and without the checks", () => {
  assert.equal(planOf(["iam/", "policy", "alarms"], files), { checks: false, files: [files[1], files[2]] });
});

plan("refuses a pattern that matches nothing and names suites close to it", () => {
  assert.throws(
    () => planOf(["alarms/state"], files),
    /No suite has "alarms\/state" in its path.*tests\/stacks\/alarms/,
  );
});

plan("names the folders when nothing is close", () => {
  assert.throws(() => planOf(["xyz"], files), /The folders are tests\/functions, tests\/local\/iam, tests\/stacks/);
});

plan("refuses an unknown option", () => {
  assert.throws(
    () => planOf(["--fast"], files),
    (error: unknown) => error instanceof PlanError && /--fast/.test(error.message),
  );
});

plan.run();

const order = suite("order of suite files");

order("is the longest first", () => {
  assert.equal(longestFirst(["a", "b", "c"], { a: 10, b: 30, c: 20 }), ["b", "c", "a"]);
});

order("puts files that were never measured first, the end of the alphabet before its beginning", () => {
  assert.equal(longestFirst(["b", "c", "a"], { a: 10 }), ["c", "b", "a"]);
});

order.run();
