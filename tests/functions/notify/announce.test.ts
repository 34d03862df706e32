import { suite } from "uvu";
import * as assert from "uvu/assert";
import { announcer, type Claimed } from "../../../functions/notify/announce.ts";
import type { Email } from "../../../functions/notify/lead-email.ts";
import { emailRemedies } from "../../../functions/notify/mailbox.ts";
import type { SlackMessage } from "../../../functions/notify/slack-card.ts";
import type { SlackOutcome } from "../../../functions/notify/slack-webhook.ts";
import { RecipientsSuppressedError } from "../../../functions/notify/suppression.ts";
import { awsError, recordedLog, recordedMeter } from "../../helpers/fakes.ts";
import { enrichedLead } from "../../helpers/leads.ts";

const start = Date.parse("2026-03-01T12:00:02.500Z");
const delivered: SlackOutcome = { status: "delivered" };
const gone: SlackOutcome = { status: "refused", reason: "no_service", remedy: "giveUp" };
const unanswered: SlackOutcome = { status: "unknown", reason: "TimeoutError" };
const limited = (retryAfterSeconds: number): SlackOutcome => ({
  status: "refused",
  reason: "rate_limited",
  remedy: "wait",
  retryAfterSeconds,
});
const claimed = (index = 0, mayBeRepeat = false): Claimed => ({
  lead: enrichedLead({ id: `website-${index}${"a".repeat(31)}` }),
  announcement: `announcement-${index}`,
  mayBeRepeat,
});

interface Given {
  readonly slack?: readonly SlackOutcome[];
  readonly sendEmail?: (email: Email) => Promise<string>;
  readonly settle?: () => Promise<void>;
  readonly pace?: { takeTurn(): Promise<number>; pause(): Promise<void> };
  readonly endsAfter?: number;
}

function setUp({
  slack = [delivered],
  sendEmail = async () => "ses-1",
  settle = async () => {},
  pace,
  endsAfter = 15_000,
}: Given) {
  const clock = { now: start };
  const log = recordedLog();
  const meter = recordedMeter();
  const posted: { message: SlackMessage; at: number }[] = [];
  const emails: Email[] = [];
  const settled: string[] = [];
  const paused: number[] = [];
  let nextTurn = start;
  const announce = announcer({
    ledger: {
      settle: async (id, state, by, messageId) => {
        settled.push([id, state, by, messageId].filter(Boolean).join(" "));
        await settle();
      },
    },
    pace: pace ?? {
      takeTurn: async () => Math.max(nextTurn, clock.now),
      pause: async (_, until) => {
        paused.push(until - start);
        nextTurn = until;
      },
    },
    postToSlack: async (_, message) => {
      posted.push({ message, at: clock.now - start });
      return slack[Math.min(posted.length, slack.length) - 1] ?? delivered;
    },
    sendEmail: async (email) => {
      emails.push(email);
      return sendEmail(email);
    },
    slackPatience: 10_000,
    log,
    meter,
    now: () => clock.now,
    sleepUntil: async (time) => {
      clock.now = Math.max(clock.now, time);
    },
  });
  const run = (leads: [Claimed, ...Claimed[]] = [claimed()], turn = 0) =>
    announce("sales", leads, start + turn, start + endsAfter);
  return { run, log, meter, posted, emails, settled, paused };
}

const announce = suite("announce");

announce("posts one lead as a card and remembers it", async () => {
  const { run, posted, emails, settled, meter, log } = setUp({});
  assert.is(await run(), true);
  assert.match(posted[0]?.message.text ?? "", /^New lead: Jane Roe/);
  assert.equal([emails.length, settled], [0, ["announcement-0 sent slack"]]);
  assert.equal(meter.notifications, [{ channel: "slack", milliseconds: 2500 }]);
  assert.not.match(JSON.stringify(log.lines), /jane|roe|acme/i);
});

announce("posts several leads as one digest, and remembers and measures each", async () => {
  const { run, posted, settled, meter, log } = setUp({});
  await run([claimed(1), claimed(2), claimed(3)]);
  assert.is(posted.length, 1);
  assert.match(posted[0]?.message.text ?? "", /^3 new leads/);
  assert.equal(settled, ["announcement-1 sent slack", "announcement-2 sent slack", "announcement-3 sent slack"]);
  assert.is(meter.notifications.length, 3);
  assert.is(log.lines.filter(({ message }) => message === "lead announced").length, 3);
});

announce("waits for its turn", async () => {
  const { run, posted } = setUp({});
  await run([claimed()], 800);
  assert.is(posted[0]?.at, 800);
});

announce("waits out a 429 that it has the patience for, and lets the others wait too", async () => {
  const { run, posted, emails, paused } = setUp({ slack: [limited(3), delivered] });
  assert.is(await run(), true);
  assert.equal(
    posted.map(({ at }) => at),
    [0, 3000],
  );
  assert.equal([emails.length, paused], [0, [3000]]);
});

announce("goes by email when Slack asks for more patience than there is", async () => {
  const { run, posted, emails, paused } = setUp({ slack: [limited(11)] });
  assert.is(await run(), true);
  assert.equal([posted.length, emails.length, paused], [1, 1, [11_000]]);
});

announce("goes by email when Slack asks for more time than the invocation has", async () => {
  const { run, posted, emails } = setUp({ slack: [limited(3)], endsAfter: 2000 });
  await run();
  assert.equal([posted.length, emails.length], [1, 1]);
});

announce("goes by email when its turn would come too late", async () => {
  const { run, posted, emails } = setUp({ endsAfter: 2000 });
  await run([claimed()], 5000);
  assert.equal([posted.length, emails.length], [0, 1]);
});

announce("goes on without turns when they cannot be had", async () => {
  const broken = { takeTurn: () => Promise.reject(awsError("Throttling", 400)), pause: async () => {} };
  const { run, posted } = setUp({ slack: [limited(2), delivered], pace: broken });
  assert.is(await run(), true);
  assert.equal(
    posted.map(({ at }) => at),
    [0, 2000],
  );
});

announce("sends one email for all when Slack refuses, and counts the failure of the primary", async () => {
  const { run, emails, settled, meter } = setUp({ slack: [gone] });
  assert.is(await run([claimed(1), claimed(2)]), true);
  assert.is(emails.length, 1);
  assert.match(emails[0]?.text ?? "", /Slack did not take it \(no_service\)/);
  assert.not.match(emails[0]?.text ?? "", /repeat/);
  assert.equal(settled, ["announcement-1 sent email ses-1", "announcement-2 sent email ses-1"]);
  assert.is(meter.counts.SlackFailures, 1);
});

announce("marks the email as a possible repeat when Slack gave no answer", async () => {
  const { run, emails, settled } = setUp({ slack: [unanswered] });
  await run();
  assert.match(emails[0]?.text ?? "", /may be a repeat/);
  assert.equal(settled, ["announcement-0 unknown slack", "announcement-0 sent email ses-1"]);
});

announce("marks the card of a lead that may have been announced before", async () => {
  const { run, posted } = setUp({});
  await run([claimed(0, true)]);
  assert.match(JSON.stringify(posted[0]), /may be a repeat/);
});

announce("keeps the possible repeat on record when a later attempt is refused by both", async () => {
  const sendEmail = () => Promise.reject(awsError("SendingPausedException", 400));
  const { run, settled } = setUp({ slack: [gone], sendEmail });
  assert.is(await run([claimed(0, true), claimed(1)]), false);
  assert.equal(settled, ["announcement-0 unknown email", "announcement-1 failed email"]);
});

for (const [slack, error, expected] of [
  [gone, awsError("SendingPausedException", 400), ["announcement-0 failed email"]],
  [gone, awsError("AccountSuspendedException", 400), ["announcement-0 failed email"]],
  [gone, awsError("MailFromDomainNotVerifiedException", 400), ["announcement-0 failed email"]],
  [gone, awsError("TooManyRequestsException", 429), ["announcement-0 failed email"]],
  [gone, new RecipientsSuppressedError(2), ["announcement-0 failed email"]],
  [gone, new Error("socket hang up"), ["announcement-0 unknown email"]],
  [gone, awsError("InternalServerError", 500), ["announcement-0 unknown email"]],
  [unanswered, awsError("MessageRejected", 400), ["announcement-0 unknown slack", "announcement-0 unknown email"]],
] as const) {
  announce(`fails when neither took it: Slack ${slack.status}, SES ${error.name}`, async () => {
    const { run, settled, log, meter } = setUp({ slack: [slack], sendEmail: () => Promise.reject(error) });
    assert.is(await run(), false);
    assert.equal(meter.counts, { SlackFailures: 1, EmailFailures: 1 });
    assert.equal(settled, expected);
    const line = log.lines.at(-1);
    assert.is(line?.level, "error");
    assert.not.match(JSON.stringify(log.lines), /jane|roe|acme/i);
    assert.is(typeof line?.context.remedy, error.name in emailRemedies ? "string" : "undefined");
  });
}

announce("does not announce a lead again because the ledger could not be updated", async () => {
  const { run, posted, log } = setUp({ settle: () => Promise.reject(awsError("InternalServerError", 500)) });
  assert.is(await run(), true);
  assert.is(posted.length, 1);
  assert.equal([log.lines.at(-1)?.level, log.lines.at(-1)?.context.correlationId], ["error", claimed().lead.id]);
});

announce.run();
