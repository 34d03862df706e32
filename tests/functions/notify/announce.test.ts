import { suite } from "uvu";
import * as assert from "uvu/assert";
import { announcer, ClaimedElsewhereError, NotAnnouncedError } from "../../../functions/notify/announce.ts";
import type { Email } from "../../../functions/notify/email.ts";
import type { Claim, Ledger } from "../../../functions/notify/ledger.ts";
import type { SlackMessage } from "../../../functions/notify/slack-card.ts";
import type { SlackOutcome } from "../../../functions/notify/slack-webhook.ts";
import { awsError, recordedLog, recordedMeter } from "../../helpers/fakes.ts";
import { enrichedLead } from "../../helpers/leads.ts";

const granted: Claim = { status: "granted", mayBeRepeat: false };
const until = new Date("2026-03-01T12:01:00.000Z");

function setUp({
  claim = granted,
  slack = { status: "delivered" } as SlackOutcome,
  sendEmail = async (_: Email) => "ses-1",
  settle = async () => {},
}: {
  claim?: Claim;
  slack?: SlackOutcome;
  sendEmail?: (email: Email) => Promise<string>;
  settle?: Ledger["settle"];
} = {}) {
  const log = recordedLog();
  const meter = recordedMeter();
  const posted: SlackMessage[] = [];
  const emails: Email[] = [];
  const settled: string[] = [];
  const announce = announcer({
    ledger: {
      claim: async () => claim,
      settle: async (id, state, by, messageId) => {
        settled.push([state, by, messageId].filter(Boolean).join(" "));
        await settle(id, state, by, messageId);
      },
    },
    postToSlack: async (message) => {
      posted.push(message);
      return slack;
    },
    sendEmail: async (email) => {
      emails.push(email);
      return sendEmail(email);
    },
    log,
    meter,
    now: () => new Date("2026-03-01T12:00:02.500Z"),
  });
  return { run: () => announce(enrichedLead(), '"etag"', until), log, meter, posted, emails, settled };
}

const thrown = async (run: () => Promise<void>) => {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
};

const announce = suite("announce");

announce("posts to Slack and remembers it", async () => {
  const { run, posted, emails, settled, meter, log } = setUp();
  await run();
  assert.equal([posted.length, emails.length, settled], [1, 0, ["sent slack"]]);
  assert.equal(meter.notifications, [{ channel: "slack", milliseconds: 2500 }]);
  assert.is(log.lines[0]?.message, "lead announced");
  assert.not.match(JSON.stringify(log.lines), /jane|roe|acme/i);
});

announce("sends an email when Slack refuses, and counts the failure", async () => {
  const { run, emails, settled, meter } = setUp({ slack: { status: "refused", reason: "no_service" } });
  await run();
  assert.is(emails.length, 1);
  assert.match(emails[0]?.text ?? "", /Slack did not take it \(no_service\)/);
  assert.not.match(emails[0]?.text ?? "", /repeat/);
  assert.equal(settled, ["sent email ses-1"]);
  assert.is(meter.counts.SlackFailures, 1);
  assert.equal(meter.notifications, [{ channel: "email", milliseconds: 2500 }]);
});

announce("marks the email as a possible repeat when Slack gave no answer", async () => {
  const { run, emails, settled } = setUp({ slack: { status: "unknown", reason: "TimeoutError" } });
  await run();
  assert.match(emails[0]?.text ?? "", /May be a repeat/);
  assert.equal(settled, ["unknown slack", "sent email ses-1"]);
});

announce("says nothing that was said before", async () => {
  const { run, posted, emails, settled } = setUp({ claim: { status: "sent" } });
  await run();
  assert.equal([posted.length, emails.length, settled.length], [0, 0, 0]);
});

announce("lets a lead come back that another invocation is announcing", async () => {
  const { run, posted } = setUp({ claim: { status: "held" } });
  assert.instance(await thrown(run), ClaimedElsewhereError);
  assert.is(posted.length, 0);
});

announce("marks the card of a lead that may have been announced before", async () => {
  const { run, posted } = setUp({ claim: { status: "granted", mayBeRepeat: true } });
  await run();
  assert.match(JSON.stringify(posted[0]), /may be a repeat/);
});

for (const [slack, error, expected] of [
  [{ status: "refused", reason: "no_service" }, awsError("SendingPausedException", 400), ["failed email"]],
  [{ status: "refused", reason: "no_service" }, new Error("socket hang up"), ["unknown email"]],
  [{ status: "unknown", reason: "x" }, awsError("SendingPausedException", 400), ["unknown slack", "unknown email"]],
] as const) {
  announce(`fails when neither took it: Slack ${slack.status}, SES ${error.name} is ${expected}`, async () => {
    const { run, settled } = setUp({ slack, sendEmail: () => Promise.reject(error) });
    const failure = await thrown(run);
    assert.instance(failure, NotAnnouncedError);
    assert.is((failure as NotAnnouncedError).cause, error);
    assert.equal(settled, expected);
  });
}

announce("does not announce a lead again because the ledger could not be updated", async () => {
  const { run, posted, log } = setUp({ settle: () => Promise.reject(awsError("InternalServerError", 500)) });
  await run();
  assert.is(posted.length, 1);
  assert.is(log.lines.at(-1)?.level, "error");
});

announce("counts an email as sent even when the ledger could not be updated", async () => {
  const { run, emails } = setUp({
    slack: { status: "refused", reason: "no_service" },
    settle: () => Promise.reject(awsError("InternalServerError", 500)),
  });
  await run();
  assert.is(emails.length, 1);
});

announce.run();
