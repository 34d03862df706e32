import { hash } from "node:crypto";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { leadRef } from "../../functions/lead/lead-id.ts";
import { summaryTable } from "../../local/report.ts";
import { run } from "../../local/run.ts";
import { LeadSource } from "../../local/senders/leads.ts";
import { failureOf } from "../helpers/failure.ts";
import { httpServer } from "../helpers/http-server.ts";
import { smallStack } from "../helpers/small-stack.ts";
import { grants } from "../helpers/stack-variant.ts";
import { tempFolder } from "../helpers/temp-folder.ts";

const defaults = {
  env: "dev",
  source: ["all"],
  leads: 1,
  rate: undefined,
  slack: "up",
  port: 0,
  seed: 1,
  exit: true,
  quiet: false,
  json: false,
} as const;

/** Runs a stack; `onLine` sees each line when it is printed. */
async function ran(
  stack: string,
  changes: Partial<Parameters<typeof run>[0]> = {},
  onLine: (line: string, interrupt: () => void) => void = () => {},
) {
  const lines: string[] = [];
  const user = new AbortController();
  const print = (line: string) => {
    lines.push(line);
    onLine(line, () => user.abort());
  };
  const options = { ...defaults, stack, ...changes };
  const summary = await run(options, { print, interrupted: user.signal, runFolder: tempFolder() });
  const at = (text: string) => lines.findIndex((line) => line.includes(text));
  return { summary, lines, at };
}

/** The small stack without the permission to read the webhook's URL: its leads are never announced. */
function withoutWebhook(): string {
  const grant = grants(smallStack()).find(({ actions }) => actions.includes("ssm:GetParameter"));
  assert.ok(grant);
  return grant?.without() ?? "";
}

const report = suite("what a run says");

report(
  "requests that are refused have a line each and a row of their own, and are neither accepted nor lost",
  async () => {
    const { summary, lines } = await ran(smallStack(undefined, "POST /elsewhere/{source}"), { leads: 3 });
    const { sent, refused, accepted, lost, inProgress } = summary;
    assert.equal(
      { sent, refused, accepted, lost, inProgress },
      { sent: 3, refused: { 404: 3 }, accepted: 0, lost: 0, inProgress: 0 },
    );
    assert.is(lines.filter((line) => /refused +website +request-\d/.test(line)).length, 3);
    assert.is(lines.filter((line) => line.trim() === "404 Not Found").length, 3);
    assert.is(lines.filter((line) => line.includes("No source has this path")).length, 1);
    assert.match(lines.at(-1) ?? "", /refused, by status +3 × 404\n/);
  },
);

report(
  "a denied call is printed at once and ends a run with --exit; its lead is in progress and not lost",
  async () => {
    const { summary, at } = await ran(withoutWebhook());
    const { accepted, lost, inProgress, deniedCalls } = summary;
    assert.equal(
      { accepted, lost, inProgress, denied: deniedCalls > 0 },
      { accepted: 1, lost: 0, inProgress: 1, denied: true },
    );
    assert.ok(at("small-notify was denied ssm:GetParameter") >= 0);
    assert.match(summaryTable(summary), /in progress +1\n/);
    assert.match(summaryTable(summary), /lost +0\n/);
  },
);

report("without --exit a denied call ends nothing; Ctrl-C then reports the lead as in progress", async () => {
  const { summary, lines, at } = await ran(withoutWebhook(), { exit: false }, (line, interrupt) => {
    if (line.includes("  denied   ")) interrupt();
  });
  assert.equal([summary.lost, summary.inProgress], [0, 1]);
  assert.ok(at("  denied") < at("in progress"), "the denial is printed before the summary");
  assert.is(at("in progress"), lines.length - 1, "the run is over and has no addresses to show");
});

report("an answer after which the CRM tries again is printed; at Ctrl-C its requests are in progress", async () => {
  // The API cannot invoke its function and answers 500.
  const grant = grants(smallStack()).find(({ name }) => name.startsWith("aws_lambda_permission"));
  const changes = { exit: false, leads: 3 } as const;
  const { summary, lines } = await ran(grant?.without() ?? "", changes, (line, interrupt) => {
    if (line.includes("  refused  ")) interrupt();
  });
  const { sent, refused, lost, inProgress } = summary;
  assert.equal({ sent, refused, lost, inProgress }, { sent: 3, refused: {}, lost: 0, inProgress: 3 });
  assert.match(lines.find((line) => line.includes("refused")) ?? "", /website +request-\d/);
  assert.ok(lines.some((line) => line.trim() === "500 Internal Server Error"));
  assert.ok(lines.some((line) => line.includes("Vendors send again.")));
});

report("only the sources that are chosen send leads, and a name that the stack lacks is refused", async () => {
  const { summary, lines } = await ran(smallStack(undefined, undefined, true), { source: ["forms"], leads: 2 });
  assert.equal([summary.accepted, summary.slack], [2, 2]);
  assert.equal([lines.join().match(/accepted +[a-z]+/g)], [Array(2).fill("accepted       forms")]);
  const { message } = await failureOf(ran(smallStack(), { source: ["website", "crn"] }));
  assert.is(message, "error: option '--source <list>' names crn, which the environment lacks. Allowed: all, website.");
});

report("what is made up is drawn from --seed", async () => {
  const { lines } = await ran(smallStack(), { seed: 7 });
  const leads = new LeadSource(7);
  leads.next();
  const id = `website-${hash("sha256", leads.eventId()).slice(0, 32)}`;
  assert.match(lines.join("\n"), leadRef(id));
});

report("leads come at --rate: the second one waits, and is not sent when the run is ended before", async () => {
  const { summary } = await ran(smallStack(), { leads: 2, rate: 0.01, exit: false }, (line, interrupt) => {
    if (line.includes("  announced  ")) interrupt();
  });
  assert.is(summary.sent, 1);
});

report("the run's address is at --port, or at the next free one", async () => {
  await using other = await httpServer(() => {});
  const port = Number(new URL(other.url).port);
  const { lines } = await ran(smallStack(), { leads: 0, port });
  const [, own, taken] = /^Console {2}http:\/\/127\.0\.0\.1:(\d+) \(port (\d+) is taken\)$/.exec(lines[0] ?? "") ?? [];
  assert.is(Number(taken), port);
  assert.ok(Number(own) > port && Number(own) <= port + 50, lines[0]);
});

report("the summary waits for the email about a message that Slack shows without an answer", async () => {
  const { summary, at } = await ran(smallStack(), { slack: "silent" });
  assert.equal([summary.slack, summary.duplicates], [1, 1]);
  assert.ok(at("  duplicate  ") >= 0 && at("  duplicate  ") < at("announced twice"));
});

report("a stack that is given has the name of its folder, whatever --env says", async () => {
  const { summary, lines } = await ran(smallStack(join(tempFolder(), "leadwire-prod")), { leads: 0 });
  assert.is(summary.env, "prod");
  assert.match(lines.at(-1) ?? "", "leadwire-prod");
});

report.run();
