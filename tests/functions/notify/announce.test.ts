import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createAnnouncer } from "../../../functions/notify/announce.ts";
import type { ChannelMessage, Outcome } from "../../../functions/notify/channels/channel.ts";
import { emailDeclaration } from "../../../functions/notify/channels/email/declaration.ts";
import { slackDeclaration } from "../../../functions/notify/channels/slack/declaration.ts";
import type { LeadsToAnnounce } from "../../../functions/notify/lead-summary.ts";
import type { ClaimedLead } from "../../../functions/notify/prepare.ts";
import { awsError, recordedLog, recordedMeter } from "../../helpers/fakes.ts";
import { enrichedLead } from "../../helpers/leads.ts";
import { recordedOutcomes } from "../../helpers/outcomes.ts";

const start = Date.parse("2026-03-01T12:00:02.500Z");
const delivered: Outcome = { status: "delivered" };
const sent: Outcome = { status: "delivered", messageId: "ses-1" };
const gone = { status: "refused", reason: "no_service", remedy: "giveUp", kind: "needsPerson" } as const;
const unanswered = { status: "unknown", reason: "TimeoutError" } as const;
const limited = (retryAfterSeconds: number) =>
  ({ status: "refused", reason: "rate_limited", remedy: "wait", retryAfterSeconds }) as const;
const paused = {
  status: "refused",
  reason: "SendingPausedException",
  remedy: "giveUp",
  kind: "needsPerson",
  details: { errorClass: "SendingPausedException", httpStatus: 400 },
  advice: "Sending is paused.",
} as const;
const broken = { status: "unknown", reason: "InternalServerError" } as const;
const claimed = (index = 0, mayBeRepeat = false): ClaimedLead => ({
  lead: enrichedLead({ id: `website-${index}${"a".repeat(31)}` }),
  destination: "sales",
  claim: { ids: [`announcement-${index}`], claimant: "me" },
  message: {
    messageId: `m${index}`,
    receiptHandle: "r",
    body: "",
    receiveCount: 1,
    attempt: 1,
    firstAttemptAt: undefined,
  },
  mayBeRepeat,
  wasInterrupted: false,
});
const idsOf = (...leads: ClaimedLead[]) => leads.map(({ lead }) => lead.id);

/** What a channel was asked to send. */
interface Posted {
  readonly channel: string;
  readonly destination: string;
  readonly leads: LeadsToAnnounce;
  readonly why: string | undefined;
  readonly at: number;
}

interface Given {
  readonly slack?: readonly Outcome[];
  readonly email?: Outcome;
  readonly settle?: () => Promise<void>;
  /** Milliseconds after which the first channel begins no attempt. */
  readonly latest?: number;
  /** Milliseconds that a post to Slack takes. */
  readonly slackTakes?: number;
  /** Milliseconds that it takes to reserve a slot. */
  readonly reserving?: number;
}

function setUp({
  slack = [delivered],
  email = sent,
  settle = async () => {},
  latest = 15_000,
  slackTakes = 0,
  reserving = 0,
}: Given) {
  const clock = { now: start };
  const log = recordedLog();
  const meter = recordedMeter();
  const posted: Posted[] = [];
  const settled: string[] = [];
  const reserved: unknown[] = [];
  const taken: string[] = [];
  const outcomes = recordedOutcomes();
  const channel = (declaration: typeof slackDeclaration | typeof emailDeclaration, answer: () => Outcome) => ({
    declaration,
    open: async () => ({
      patienceMilliseconds: declaration.name === "slack" ? 10_000 : 0,
      post: async ({ destination, leads, why }: ChannelMessage) => {
        posted.push({ channel: declaration.name, destination, leads, why, at: clock.now - start });
        if (declaration.name === "slack") clock.now += slackTakes;
        return answer();
      },
    }),
  });
  const answers = [...slack];
  const announce = createAnnouncer({
    channels: [
      channel(slackDeclaration, () => (answers.length > 1 ? answers.shift() : answers[0]) ?? delivered),
      channel(emailDeclaration, () => email),
    ],
    ledger: {
      settle: async ({ ids }, state, by, messageId) => {
        settled.push([...ids, state, by, messageId].filter(Boolean).join(" "));
        await settle();
      },
    },
    slots: {
      reserve: async ({ name }, destination, until, { pausedUntil } = {}) => {
        reserved.push([name, destination, until - start, pausedUntil === undefined ? undefined : pausedUntil - start]);
        const slot = pausedUntil ?? clock.now;
        clock.now += reserving;
        return slot;
      },
      delivered: async ({ name }, destination) => {
        taken.push(`${name} ${destination}`);
      },
    },
    outcomes,
    log,
    meter,
    now: () => clock.now,
    sleepUntil: async (time) => {
      clock.now = Math.max(clock.now, time);
    },
  });
  const run = (leads: [ClaimedLead, ...ClaimedLead[]] = [claimed()], slot = 0) =>
    announce("sales", leads, start + slot, start + latest);
  const summary = () => posted.map(({ channel: name, at }) => [name, at]);
  return { run, log, meter, posted, summary, settled, reserved, taken, outcomes: outcomes.objects };
}

const announce = suite("announce");

announce("takes the first channel, and records, logs and measures each lead", async () => {
  const { run, posted, settled, meter, log } = setUp({});
  const leads: [ClaimedLead, ...ClaimedLead[]] = [claimed(1), claimed(2, true), claimed(3)];
  assert.is(await run(leads), "announced");
  assert.equal(posted, [{ channel: "slack", destination: "sales", leads, why: undefined, at: 0 }]);
  assert.equal(settled, ["announcement-1 sent slack", "announcement-2 sent slack", "announcement-3 sent slack"]);
  assert.equal(meter.notifications, Array(3).fill({ channel: "slack", milliseconds: 2500 }));
  assert.equal(meter.counts, {});
  assert.equal(
    log.lines,
    leads.map(({ lead, mayBeRepeat }) => ({
      level: "info",
      message: "lead announced",
      context: { correlationId: lead.id, channel: "slack", milliseconds: 2500, mayBeRepeat, together: 3 },
    })),
  );
});

announce("waits for its send slot", async () => {
  const { run, summary } = setUp({});
  await run([claimed()], 800);
  assert.equal(summary(), [["slack", 800]]);
});

announce("waits out a pause that it has the patience for", async () => {
  const { run, summary, reserved } = setUp({ slack: [limited(3), limited(7), delivered] });
  assert.is(await run(), "announced");
  assert.equal(summary(), [
    ["slack", 0],
    ["slack", 3000],
    ["slack", 10_000],
  ]);
  assert.equal(reserved, [
    ["slack", "sales", 10_000, 3000],
    ["slack", "sales", 10_000, 10_000],
  ]);
});

for (const [what, given, slot, expected] of [
  [
    "asks for more patience than there is",
    { slack: [limited(11)] },
    0,
    [
      ["slack", 0],
      ["email", 0],
    ],
  ],
  [
    "asks for more time than the invocation has",
    { slack: [limited(3)], latest: 2000 },
    0,
    [
      ["slack", 0],
      ["email", 0],
    ],
  ],
  ["has no send slot in time", { latest: 4999 }, 5000, [["email", 0]]],
] as const) {
  announce(`hands the leads to the next channel when one ${what}`, async () => {
    const { run, summary } = setUp(given);
    assert.is(await run([claimed()], slot), "announced");
    assert.equal(summary(), expected);
  });
}

announce("begins no post after its time, although the slot that was reserved began before", async () => {
  const { run, summary } = setUp({ slack: [limited(1), delivered], latest: 1500, reserving: 2000 });
  assert.is(await run(), "announced");
  assert.equal(
    summary().map(([channel]) => channel),
    ["slack", "email"],
  );
});

announce("posts in a send slot that begins at the last moment", async () => {
  const { run, summary } = setUp({ latest: 5000 });
  await run([claimed()], 5000);
  assert.equal(summary(), [["slack", 5000]]);
});

announce("gives the next channel its own time, and never refuses it a post at once", async () => {
  const inTime = setUp({ slack: [gone] });
  await inTime.run();
  assert.equal(inTime.reserved, [["email", "sales", 20_000, undefined]], "15 s and the 5 s that Slack had");
  const late = setUp({ slack: [gone], slackTakes: 25_000 });
  assert.is(await late.run(), "announced");
  assert.equal(late.summary(), [
    ["slack", 0],
    ["email", 25_000],
  ]);
});

announce("sends all leads by the next channel when one refuses, says why, and counts the failure", async () => {
  const { run, posted, settled, meter, log } = setUp({ slack: [gone] });
  const leads: [ClaimedLead, ...ClaimedLead[]] = [claimed(1), claimed(2)];
  assert.is(await run(leads), "announced");
  assert.equal(posted[1], {
    channel: "email",
    destination: "sales",
    leads,
    why: "You get this by email because Slack refuses our messages until somebody repairs the connection.",
    at: 0,
  });
  assert.equal(settled, ["announcement-1 sent email ses-1", "announcement-2 sent email ses-1"]);
  assert.equal([meter.counts, meter.notifications.length], [{ SlackFailures: 1 }, 2]);
  assert.equal(log.lines[0], {
    level: "warn",
    message: "Slack did not take the leads, email will",
    context: {
      channel: "slack",
      destination: "sales",
      correlationIds: idsOf(...leads),
      status: "refused",
      reason: "no_service",
    },
  });
});

announce("says to the send slots which channel took a message, and of no other one", async () => {
  const { run, taken } = setUp({ slack: [gone] });
  await run();
  assert.equal(taken, ["email sales"]);
  const none = setUp({ slack: [unanswered], email: paused });
  await none.run();
  assert.equal(none.taken, []);
});

announce("marks the leads as possible repeats, and records that first, when a channel gave no answer", async () => {
  const { run, posted, settled } = setUp({ slack: [unanswered] });
  await run([claimed(0), claimed(1)]);
  assert.equal(
    posted[1]?.leads.map(({ mayBeRepeat }) => mayBeRepeat),
    [true, true],
  );
  assert.equal(settled, [
    "announcement-0 unknown slack",
    "announcement-1 unknown slack",
    "announcement-0 sent email ses-1",
    "announcement-1 sent email ses-1",
  ]);
});

announce("keeps the possible repeat on record when a later attempt is refused by both", async () => {
  const { run, settled } = setUp({ slack: [gone], email: paused });
  assert.is.not(await run([claimed(0, true), claimed(1)]), "announced");
  assert.equal(settled, ["announcement-0 unknown email", "announcement-1 failed email"]);
});

const fault = { status: "refused", reason: "invalid_blocks", remedy: "giveUp", kind: "fault" } as const;
const down = { status: "refused", reason: "ECONNREFUSED", remedy: "retry" } as const;

for (const [slack, email, kind, expected] of [
  [gone, paused, "needsPerson", ["announcement-0 failed email"]],
  [gone, broken, "needsPerson", ["announcement-0 unknown email"]],
  [unanswered, paused, "needsPerson", ["announcement-0 unknown slack", "announcement-0 unknown email"]],
  [unanswered, broken, "unavailable", ["announcement-0 unknown slack", "announcement-0 unknown email"]],
  [limited(600), down, "unavailable", ["announcement-0 failed email"]],
  [fault, down, "unavailable", ["announcement-0 failed email"]],
  [fault, paused, "needsPerson", ["announcement-0 failed email"]],
  [fault, fault, "fault", ["announcement-0 failed email"]],
] as const) {
  announce(`is ${kind} when no channel took the leads: Slack ${slack.reason}, email ${email.reason}`, async () => {
    const { run, settled, log, meter } = setUp({ slack: [slack], email });
    const cause = {
      errorClass: `${slack.reason} and ${email.reason}`,
      slack: slack.reason,
      email: email === paused ? email.details : email.reason,
      ...(email === paused && { remedy: "Sending is paused." }),
    };
    assert.equal(await run(), { kind, cause });
    assert.equal([meter.counts, meter.notifications], [{ SlackFailures: 1, EmailFailures: 1 }, []]);
    assert.equal(settled, expected);
    const next = kind === "fault" ? "they will be received again" : "they are postponed";
    assert.equal(log.lines.at(-1), {
      level: "error",
      message: `neither Slack nor email took the leads, ${next}`,
      context: { destination: "sales", correlationIds: idsOf(claimed()), ...cause },
    });
    assert.not.match(JSON.stringify(log.lines), /jane|roe|acme/i);
  });
}

announce("is unavailable when no send slot begins in time and email is down", async () => {
  const { run, posted } = setUp({ latest: 4999, email: down });
  assert.equal(await run([claimed()], 5000), {
    kind: "unavailable",
    cause: { errorClass: "no_slot_in_time and ECONNREFUSED", slack: "no_slot_in_time", email: "ECONNREFUSED" },
  });
  assert.equal(
    posted.map(({ channel, why }) => [channel, why]),
    [["email", "You get this by email because Slack was too busy."]],
  );
});

announce("is told what to do about every channel", async () => {
  const { run } = setUp({ slack: [{ ...gone, advice: "Put a new webhook." }], email: paused });
  const { cause } = { cause: {}, ...((await run()) as object) };
  assert.match(JSON.stringify(cause), '"remedy":"Put a new webhook. Sending is paused."');
});

announce("does not announce a lead again because the ledger could not be updated", async () => {
  const { run, posted, log } = setUp({ settle: () => Promise.reject(awsError("InternalServerError", 500)) });
  assert.is(await run(), "announced");
  assert.is(posted.length, 1);
  assert.equal(log.lines.at(-1), {
    level: "error",
    message: "ledger not updated, a redelivery may repeat this lead",
    context: {
      correlationId: claimed().lead.id,
      errorClass: "InternalServerError",
      httpStatus: 500,
      serviceRequestId: "aws-request-1",
    },
  });
});

/** What is the same in the outcomes of a message. */
const announcedBy = (channel: string, at: number) => {
  const { receivedAt } = enrichedLead();
  return { outcome: "announced", receivedAt, destination: "sales", at: start + at, channel };
};

announce("writes the outcomes of a message as one object, which says what the message said of each lead", async () => {
  const { run, outcomes } = setUp({ slack: [limited(3), delivered] });
  const seenBefore = { sourceTitle: "Google Ads", receivedAt: "2026-02-01T12:00:00.000Z", isLine: false };
  const test = claimed(3);
  const leads: [ClaimedLead, ...ClaimedLead[]] = [
    claimed(0, true),
    claimed(1),
    { ...claimed(2), seenBefore },
    { ...test, lead: { ...test.lead, test: true } },
  ];
  await run(leads);
  const common = announcedBy("slack", 3000);
  const [first, second, third, fourth] = idsOf(...leads);
  assert.equal(outcomes, [
    [
      { id: first, ...common, mayBeRepeat: true },
      { id: second, ...common },
      { id: third, ...common, seenBefore: true },
      { id: fourth, ...common, test: true },
    ],
  ]);
});

announce("writes the outcome of the channel that took the leads, with the mark that it showed", async () => {
  const { run, outcomes } = setUp({ slack: [unanswered] });
  await run();
  assert.equal(outcomes, [[{ id: claimed().lead.id, ...announcedBy("email", 0), mayBeRepeat: true }]]);
});

announce("has an outcome only after the announcement is settled, also if the ledger cannot be updated", async () => {
  const settling = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const { run, outcomes } = setUp({
    settle: () => {
      asked.resolve();
      return settling.promise;
    },
  });
  const announced = run();
  await asked.promise;
  assert.equal(outcomes, []);
  settling.reject(awsError("InternalServerError", 500));
  await announced;
  assert.is(outcomes.length, 1);
});

announce("has no outcome when no channel took the leads", async () => {
  const { run, outcomes } = setUp({ slack: [unanswered], email: paused });
  await run();
  assert.equal(outcomes, []);
});

announce.run();
