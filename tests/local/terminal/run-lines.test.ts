import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { mock } from "node:test";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Entry, EntryKind } from "../../../local/journal/entry.ts";
import { outcomes } from "../../../local/terminal/event-line.ts";
import { RunLines, type RunLinesParts } from "../../../local/terminal/run-lines.ts";
import { Screen } from "../../../local/terminal/screen.ts";

const url = "http://127.0.0.1:7272";
const leadId = (index: number) => `website-${index.toString(16).padStart(12, "0")}${"0".repeat(20)}`;

/** A run of which the test says what happens. */
function running({ quiet = false, leads = 10, isTTY = false } = {}) {
  const printed: string[] = [];
  const screen = isTTY
    ? new Screen({ isTTY, columns: 80, write: (text) => printed.push(text) })
    : Screen.of((line) => printed.push(line));
  const counts = { stored: 0, fetched: 0, enriched: 0, claimed: 0, postponed: 0 };
  const journal = Object.assign(new EventEmitter(), {
    counts,
    row: (id: string) => ({
      id,
      name: "Ada \x1b[31mLovelace",
      why: id.endsWith("f".repeat(20)) ? "http_5xx" : undefined,
    }),
  });
  const [crm, monitoring, denials] = [new EventEmitter(), new EventEmitter(), new EventEmitter()];
  const parts = { journal, crm: Object.assign(crm, { sources: ["website"] }), monitoring, denials, desk: { url } };
  const lines = new RunLines(parts as unknown as RunLinesParts, screen, { quiet, leads });
  const happens = (kind: EntryKind, more: Partial<Entry> = {}) => {
    const level = kind === "refused" || kind === "dead-lettered" ? "error" : "info";
    journal.emit("entry", { at: Date.now(), id: leadId(1), source: "website", kind, text: "", level, ...more });
  };
  /** What was printed since the last look, without the time. */
  const seen = () => printed.splice(0).map((line) => line.replace(/^\d\d:\d\d:\d\d {2}/, ""));
  return { lines, happens, seen, counts, crm, monitoring, denials };
}

const output = suite("lines of a run");
output.before.each(() => mock.timers.enable({ apis: ["Date", "setInterval"] }));
output.after.each(() => mock.timers.reset());

output("each thing that becomes of a lead has a line, and steps in between have none", () => {
  const { happens, seen } = running();
  for (const kind of ["stored", "fetched", "enriched", "claimed"] as const) happens(kind);
  assert.equal(seen(), []);
  happens("accepted", { text: "202 to POST /website after 44 ms", status: 202 });
  happens("announced", { text: "slack", channel: "slack", milliseconds: 812.3 });
  happens("announced", { text: "email", channel: "email", milliseconds: 9, id: `website-${"f".repeat(32)}` });
  happens("not-taken", { text: "Slack did not take the leads, email does: http_5xx", level: "warn" });
  happens("repeat", { text: "it came again" });
  happens("ignored", { source: "crm", text: "test lead" });
  assert.equal(seen(), [
    "accepted       website  000000000001  202 after 44 ms",
    "announced      website  000000000001  812 ms Ada Lovelace",
    "by email       website  ffffffffffff  9 ms Ada Lovelace (http_5xx)",
    "not taken      website  000000000001  http_5xx",
    "duplicate      website  000000000001  it came again",
    "ignored        crm      000000000001  test lead",
  ]);
});

output("a dead letter and a refused request have their reason, and say once what to do", () => {
  const { happens, seen } = running();
  happens("dead-lettered", { text: "NoContact: The lead has neither email nor phone." });
  happens("dead-lettered", { text: "Unparsable: It is no JSON." });
  happens("refused", { text: "401 Unproven: no signature", status: 401, id: "request-1" });
  assert.equal(seen(), [
    "dead-lettered  website  000000000001",
    "          NoContact: The lead has neither email nor phone.",
    `          Read why, mend it or send it again: ${url}/dead-letters`,
    "dead-lettered  website  000000000001",
    "          Unparsable: It is no JSON.",
    "refused        website  request-1   ",
    "          401 Unproven: no signature",
    `          It has no valid signature. ${url}/crm/website signs what is posted to it.`,
  ]);
});

output("a request without an answer is refused too", () => {
  const { crm, seen } = running();
  crm.emit("sent", { source: "website", status: 0, body: "connect ECONNREFUSED", leadIds: [] });
  crm.emit("sent", { source: "website", status: 202, body: "", leadIds: [leadId(1)] });
  assert.match(seen().join("\n"), /^refused +website +\n +no answer: connect ECONNREFUSED\n/);
});

output("an alarm says what it means and what to do, and a denial which statement is needed", () => {
  const { monitoring, denials, seen } = running({ quiet: true });
  const alarm = { name: "leadwire-dev-leads-age", description: "Leads wait. Read the log." };
  monitoring.emit("transition", { alarm, to: "ALARM" });
  monitoring.emit("transition", { alarm, to: "OK" });
  denials.emit("denied", "ingest was denied s3:PutObject. Needed: {}");
  assert.equal(seen(), [
    "alarm          leadwire-dev-leads-age",
    "          Leads wait. Read the log.",
    "denied         ingest was denied s3:PutObject. Needed: {}",
  ]);
});

output("--quiet leaves only what went wrong", () => {
  const { happens, seen } = running({ quiet: true });
  happens("accepted");
  happens("announced", { channel: "slack" });
  happens("postponed", { text: "TimeoutError", level: "warn" });
  assert.equal(seen(), ["postponed      website  000000000001  TimeoutError"]);
});

output("above 200 lines there are numbers and each problem once, and a summary when no lead is on its way", () => {
  const { happens, seen, counts } = running();
  for (let index = 0; index < 300; index++) happens("accepted", { id: leadId(index), text: "202" });
  const lines = seen();
  assert.is(lines.length, 201);
  assert.match(lines.at(-1) ?? "", "More than 200 lines");
  counts.stored = 300;
  for (const number of [1, 2, 3]) happens("dead-lettered", { text: `NoContact: Attempt ${number}.` });
  assert.equal(
    seen().filter((line) => line.includes("NoContact")),
    ["          NoContact: Attempt 1."],
  );
  mock.timers.tick(2000);
  assert.equal(seen(), [], "leads are on their way");
  counts.stored = 0;
  mock.timers.tick(400);
  assert.equal(seen(), [`accepted 300  dead-lettered 3  Each lead: ${url}/leads`]);
  happens("accepted", { text: "202" });
  assert.equal(seen(), ["accepted       website  000000000001  202"], "the next leads have lines again");
});

output("a run that is about to send more than 200 leads has no lines of leads", () => {
  const { happens, seen } = running({ leads: 201 });
  happens("accepted");
  assert.equal(seen(), []);
});

output("a run that is about to send 200 leads has lines, and a burst is over after a second without a lead", () => {
  const { happens, seen } = running({ leads: 200 });
  happens("announced");
  assert.is(seen().length, 1);
  const burst = running({ leads: 201 });
  burst.happens("announced");
  mock.timers.tick(800);
  assert.equal(burst.seen(), []);
  mock.timers.tick(400);
  assert.match(burst.seen().join(), "announced 1");
});

output("a quiet burst ends without a summary, and in the next one its problems are shown again", () => {
  const { happens, seen } = running({ quiet: true, leads: 500 });
  const problem = () => happens("dead-lettered", { text: "NoContact: Attempt 1." });
  const shown = () => seen().filter((line) => line.includes("NoContact")).length;
  problem();
  problem();
  assert.is(shown(), 1);
  mock.timers.tick(5000);
  assert.equal(seen(), [], "there is no summary");
  for (let index = 0; index < 201; index++) problem();
  assert.is(shown(), 201);
});

output("on a terminal the numbers are the status line, which ends with the run", () => {
  const { lines, happens, seen } = running({ isTTY: true });
  happens("accepted", { text: "202" });
  seen();
  mock.timers.tick(200);
  const status = seen().join("");
  assert.ok(status.startsWith("\r\x1b[2K"));
  assert.match(status, "in progress 0  accepted 1");
  lines.stop();
  assert.equal(seen(), ["\r\x1b[2K"]);
  mock.timers.tick(1000);
  assert.equal(seen(), []);
});

output("the summary of the run takes the place of the burst's", () => {
  const { lines, happens, seen } = running({ leads: 500 });
  happens("accepted");
  lines.restart();
  mock.timers.tick(5000);
  assert.equal(seen(), []);
});

output("docs/embedded-run.md says what each outcome is", () => {
  const [, text = ""] = readFileSync("docs/embedded-run.md", "utf8").split("| outcome | what happened |");
  const [table = ""] = text.split("\n\n");
  const named = [...table.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = ""]) =>
    cell.replaceAll("`", "").split(", "),
  );
  assert.equal(named.sort(), Object.keys(outcomes).sort());
});

output.run();
