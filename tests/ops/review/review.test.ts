import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readPlan } from "../../../ops/review/plan.ts";
import { jsonReport, textReport } from "../../../ops/review/report.ts";
import { review } from "../../../ops/review/review.ts";
import { runLine } from "../ops-fixtures.ts";
import { type PlannedChange, planText } from "./plan-fixtures.ts";

const reviewOf = (...changes: readonly PlannedChange[]) => review(readPlan(planText(changes)), undefined);
const ofInput = (text: string | Uint8Array, line = "review") =>
  runLine(line, { standardInput: async () => Buffer.from(text) });

const reviewing = suite("review");

reviewing("what no rule covers is unknown, with its values, and somebody looks at it", async () => {
  const before = { name: "leads", new_setting: { inner: [{ depth: 1 }] } };
  const after = { name: "leads", new_setting: { inner: [{ depth: 2 }] } };
  const { class: highest, findings } = await reviewOf({ before, after });
  const [found] = findings.map(({ kind, address, summary, before, after }) => [kind, address, summary, before, after]);
  assert.equal(found, ["unknown", "aws_sqs_queue.leads", "changes new_setting.inner[0].depth", "1", "2"]);
  assert.equal([highest, findings.length], ["look", 1]);
});

reviewing("sensitive values are in no report, also inside JSON, and their change is seen", async () => {
  const document = (password: string) => JSON.stringify({ open: "yes", closed: password });
  const found = await reviewOf({
    before: {
      marked: document("hunter2"),
      url: "https://hooks.slack.com/services/T1/B1/oldsecret",
      db_password: "p4ss",
    },
    after: {
      marked: document("hunter3"),
      url: "https://hooks.slack.com/services/T1/B1/newsecret",
      db_password: "p5ss",
    },
    before_sensitive: { marked: true },
    after_sensitive: { marked: true },
  });
  assert.equal(
    found.findings.map(({ summary, before, after }) => [summary, before, after]),
    ["marked", "url", "db_password"].map((name) => [`changes ${name}`, "(sensitive)", "(sensitive)"]),
  );
  for (const text of [textReport(found), jsonReport(found)])
    assert.not.match(text, /hunter|newsecret|oldsecret|p[45]ss/);
});

reviewing.run();

const command = suite("ops review");

command("reads a plan from standard input; exit code 0 for noise, 10 for what somebody should look at", async () => {
  const change = (after: unknown) => planText([{ before: { tags: { a: "1" }, mystery: 1 }, after }]);
  assert.is((await ofInput(change({ tags: { a: "2" }, mystery: 1 }))).code, 0);
  assert.is((await ofInput(change({ tags: { a: "1" }, mystery: 2 }), "review -")).code, 10);
});

command("is of the environment in the names of the resources, or of --env", async () => {
  const queue = (seconds: number) => ({ name: "leadwire-devon-leads", visibility_timeout_seconds: seconds });
  const plan = (name: string) =>
    planText([
      { address: "aws_sqs_queue.leads", before: queue(60), after: queue(30) },
      { address: "aws_sqs_queue.other", actions: ["delete"], before: { name } },
    ]);
  const brokenIn = async (name: string, line = "") => {
    const { printed } = await ofInput(plan(name), `review --json ${line}`);
    const { findings } = JSON.parse(printed) as { findings: { why: string }[] };
    return findings.flatMap(({ why }) => /environments\.(\w+)/.exec(why)?.[1] ?? []);
  };
  assert.equal(await brokenIn("leadwire-prod-other"), ["prod"]);
  assert.equal(await brokenIn("leadwire-prod-other", "--env staging"), ["staging"]);
  assert.equal(await brokenIn("other"), []);
});

command("--markdown prints a comment for a pull request", async () => {
  const { printed } = await ofInput(planText([{ before: { mystery: 1 }, after: { mystery: 2 } }]), "review --markdown");
  assert.match(printed, /^\*\*Somebody should look at this plan\*\*/);
});

command("what is no plan ends with 2, and one sentence says what it is and how to make a plan", async () => {
  const cases: [string | Uint8Array, RegExp][] = [
    ["", /it is empty/],
    ["Plan: 3 to add", /it is not JSON/],
    [Buffer.from([0x50, 0x4b, 3, 4, 0xff, 0]), /plan file in Terraform's own binary format/],
    ['{"version":4,"serial":1,"lineage":"x","resources":[]}', /it is a state/],
    ['{"format_version":"1.0","values":{}}', /it is a state/],
    ['{"@level":"info","@message":"Terraform 1.11.4"}\n{"@level":"info"}', /it is a log/],
    [readFileSync("package.json"), /no planned changes/],
    ['{"terraform":{}}', /it is a configuration/],
    ['{"resource":{}}', /it is a configuration/],
    ["null", /no planned changes/],
    [planText([], { format_version: "0.1" }), /format 0\.1/],
    [planText([], { resource_changes: [{ address: "a.b" }] }), /resource_changes\[0\] is not a change/],
    [planText([], { resource_drift: {} }), /resource_drift is not a list/],
  ];
  for (const [text, reason] of cases) {
    const { code, errors, printed } = await ofInput(text);
    assert.equal([code, printed], [2, ""]);
    assert.match(errors, reason);
    assert.match(errors, /terraform show -json|Terraform 1\.1 or newer/);
  }
});

command("a file that cannot be read ends with 2", async () => {
  const { code, errors } = await runLine("review /nowhere.json");
  assert.is(code, 2);
  assert.match(errors, "/nowhere.json cannot be read. Give the path of a file");
});

command("a plan that nests values without end ends with 2", async () => {
  const deep = "[".repeat(20_000) + "]".repeat(20_000);
  const { code, errors } = await ofInput(
    planText([{ before: { a: "[]" }, after: { a: deep, b: 1 } }]).replace('"b":1', `"b":${deep}`),
  );
  assert.is(code, 2);
  assert.match(errors, /nests values too deeply/);
});

command("reads what PowerShell writes, UTF-16 with a byte order mark", async () => {
  const text = Buffer.from(`\uFEFF${planText([])}`, "utf16le");
  assert.is((await ofInput(text)).code, 0);
});

command.run();
