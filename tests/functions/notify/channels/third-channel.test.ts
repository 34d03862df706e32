import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createAnnouncer } from "../../../../functions/notify/announce.ts";
import type { ListedChannel, Outcome } from "../../../../functions/notify/channels/channel.ts";
import type { ChannelDeclaration } from "../../../../functions/notify/channels/declaration.ts";
import { emailDeclaration } from "../../../../functions/notify/channels/email/declaration.ts";
import { slackDeclaration } from "../../../../functions/notify/channels/slack/declaration.ts";
import {
  openWebhookChannel,
  type WebhookAnswer,
  type WebhookSettings,
} from "../../../../functions/notify/channels/webhook.ts";
import { byScore, cardOf, type LeadsToAnnounce } from "../../../../functions/notify/lead-summary.ts";
import { createAnnouncingChannel } from "../../../../functions/notify/open-channels.ts";
import type { ClaimedLead } from "../../../../functions/notify/prepare.ts";
import type { ReserveSlot } from "../../../../functions/notify/send-slots.ts";
import { recordedLog, recordedMeter } from "../../../helpers/fakes.ts";
import { httpServer } from "../../../helpers/http-server.ts";
import { enrichedLead } from "../../../helpers/leads.ts";
import { recordedOutcomes } from "../../../helpers/outcomes.ts";

/**
 * Microsoft Teams by an incoming webhook (a workflow's "When a Teams webhook request is received"). It shows what another
 * channel needs: this declaration, this code, and a line in the list of channels. It is not shipped.
 */
const teamsDeclaration = {
  name: "teams",
  title: "Teams",
  capacity: 20,
  // https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
  rate: { milliseconds: 250, slotPrefix: "pace#teams#" },
  budgetSeconds: 3,
  retryDelayMilliseconds: 1,
  circuitBreaker: { failures: 3, openSeconds: 30 },
  webhooks: { settings: {} },
  failureMetric: "TeamsFailures",
  alarms: [],
} as const satisfies ChannelDeclaration;

/** https://adaptivecards.io/explorer/AdaptiveCard.html */
interface TeamsMessage {
  readonly type: "message";
  readonly attachments: readonly {
    readonly contentType: "application/vnd.microsoft.card.adaptive";
    readonly content: { readonly type: "AdaptiveCard"; readonly version: "1.4"; readonly body: readonly object[] };
  }[];
}

const textBlock = (text: string, more = {}) => ({ type: "TextBlock", text, wrap: true, ...more });

const adaptiveCard = (leads: LeadsToAnnounce, why?: string): TeamsMessage => ({
  type: "message",
  attachments: [
    {
      contentType: "application/vnd.microsoft.card.adaptive",
      content: {
        type: "AdaptiveCard",
        version: "1.4",
        body: [
          textBlock(leads.length === 1 ? "New lead" : `${leads.length} new leads`, { weight: "bolder" }),
          ...byScore(leads).flatMap((one) => {
            const { title, parts } = cardOf(one);
            const facts = parts.flatMap((part) => (part.kind === "details" ? part.details : []));
            return [
              textBlock(one.mayBeRepeat ? `${title} (may be a repeat)` : title),
              { type: "FactSet", facts: facts.map(({ label, value }) => ({ title: label, value })) },
            ];
          }),
          ...(why ? [textBlock(why, { isSubtle: true })] : []),
        ],
      },
    },
  ],
});

/** Teams answers 202 without a body, 429 with `Retry-After`, and other errors as JSON. */
function classifyTeamsAnswer(answer: WebhookAnswer): Outcome {
  const reason = `http_${answer.status}`;
  if (answer.status === 200 || answer.status === 202) return { status: "delivered" };
  if (answer.status === 429) {
    return { status: "refused", reason, remedy: "wait", retryAfterSeconds: Number(answer.retryAfter) || 1 };
  }
  const isOwnRefusal = answer.status >= 400 && answer.status < 500 && answer.body.startsWith("{");
  if (!isOwnRefusal) return { status: "unknown", reason };
  return { status: "refused", reason, remedy: "giveUp", kind: answer.status === 400 ? "fault" : "needsPerson" };
}

const openTeams = openWebhookChannel(
  teamsDeclaration,
  ({ leads, why }) => adaptiveCard(leads, why),
  classifyTeamsAnswer,
);
const teamsSettings: WebhookSettings = { patienceSeconds: 2, webhookParameters: { sales: "/teams/sales" } };

/** A channel of the product's list, whose service always answers in the same way. */
const scripted = (
  declaration: ChannelDeclaration,
  outcome: Outcome,
  posted: [string, string | undefined][],
): ListedChannel => ({
  declaration: { ...declaration, retryDelayMilliseconds: 1 },
  open: async () => ({
    patienceMilliseconds: 0,
    async post({ why }) {
      posted.push([declaration.name, why]);
      return outcome;
    },
  }),
});

const start = Date.parse("2026-03-01T12:00:02.500Z");
const gone: Outcome = { status: "refused", reason: "no_service", remedy: "giveUp", kind: "needsPerson" };
const unanswered: Outcome = { status: "unknown", reason: "TimeoutError" };
const claimed = (mayBeRepeat = false): ClaimedLead => ({
  lead: enrichedLead(),
  destination: "sales",
  claim: { ids: ["announcement-0"], claimant: "me" },
  message: { messageId: "m", receiptHandle: "r", body: "", receiveCount: 1, attempt: 1, firstAttemptAt: undefined },
  mayBeRepeat,
  wasInterrupted: false,
});

interface Given {
  readonly slack?: Outcome;
  readonly email?: Outcome;
  /** Status codes and `Retry-After` that Teams answers with, one after the other; the last one for ever. */
  readonly teams?: readonly (readonly [status: number, retryAfter?: string])[];
}

/** Announces one lead on Slack, Teams and email, and says what happened. */
async function announceOn({ slack = gone, teams = [[202]], email = { status: "delivered" } }: Given) {
  const clock = { now: start };
  const log = recordedLog();
  const meter = recordedMeter();
  const settled: string[] = [];
  const slots: unknown[] = [];
  const posted: [string, string | undefined][] = [];
  const messages: TeamsMessage[] = [];
  const answers = [...teams];
  await using service = await httpServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    messages.push(JSON.parse(body));
    posted.push([`teams at ${clock.now - start}: ${request.url}`, undefined]);
    const [status, retryAfter] = (answers.length > 1 ? answers.shift() : answers[0]) ?? [202];
    response.writeHead(status, retryAfter ? { "retry-after": retryAfter } : {}).end(status < 400 ? "" : "{}");
  });
  const opened = (channel: ListedChannel) =>
    createAnnouncingChannel(channel, { secret: async (parameter) => `${service.url}${parameter}`, log }, (name) =>
      name === "TEAMS" ? teamsSettings : "{}",
    );
  const now = () => clock.now;
  const reserveSlot: ReserveSlot = async ({ name, rate }, destination, latest, { pausedUntil = clock.now } = {}) => {
    slots.push([name, rate?.slotPrefix, destination, latest - start, pausedUntil - start]);
    return pausedUntil + 100;
  };
  const announce = createAnnouncer({
    channels: [
      opened(scripted(slackDeclaration, slack, posted)),
      opened({ declaration: teamsDeclaration, open: async (tools) => openTeams(tools) }),
      opened(scripted(emailDeclaration, email, posted)),
    ],
    ledger: {
      settle: async (_id, state, by) => {
        settled.push(`${state} ${by}`);
      },
    },
    slots: { reserve: reserveSlot, delivered: async () => {} },
    outcomes: recordedOutcomes(),
    log,
    meter,
    now,
    sleepUntil: async (time) => {
      clock.now = Math.max(clock.now, time);
    },
  });
  const announced = await announce("sales", [claimed()], start, start + 10_000);
  return { announced, posted, messages, settled, slots, meter, log };
}

const third = suite("a third channel");

third("is not asked while the first one takes the leads", async () => {
  const { posted, messages } = await announceOn({ slack: { status: "delivered" } });
  assert.equal([posted, messages], [[["slack", undefined]], []]);
});

third("takes the leads that the first one refuses, in a send slot of its own and within its own time", async () => {
  const { announced, posted, messages, settled, slots, meter } = await announceOn({});
  assert.is(announced, "announced");
  assert.equal(posted, [
    ["slack", undefined],
    ["teams at 100: /teams/sales", undefined],
  ]);
  assert.equal(slots, [["teams", "pace#teams#", "sales", 15_000, 0]], "10 s and the 5 s of Slack");
  assert.equal(settled, ["sent teams"]);
  assert.equal([meter.counts, meter.notifications], [{ SlackFailures: 1 }, [{ channel: "teams", milliseconds: 2600 }]]);
  assert.equal(messages, [
    adaptiveCard(
      [claimed()],
      "You get this by Teams because Slack refuses our messages until somebody repairs the connection.",
    ),
  ]);
});

third("hands the leads to email, which says why they come there", async () => {
  const { announced, posted, settled, meter, log } = await announceOn({ teams: [[404]] });
  assert.is(announced, "announced");
  assert.equal(posted.at(-1), [
    "email",
    "You get this by email because Slack refuses our messages until somebody repairs the connection and Teams refuses our messages until somebody repairs the connection.",
  ]);
  assert.equal(settled, ["sent email"]);
  assert.equal(meter.counts, { SlackFailures: 1, TeamsFailures: 1 });
  assert.equal(
    log.lines.slice(0, 2).map(({ message }) => message),
    ["Slack did not take the leads, Teams will", "Teams did not take the leads, email will"],
  );
});

third("waits out a pause with a patience of its own, and hands over when it is too long", async () => {
  const short = await announceOn({ teams: [[429, "1"], [202]] });
  assert.equal(
    short.posted.map(([what]) => what),
    ["slack", "teams at 100: /teams/sales", "teams at 1200: /teams/sales"],
  );
  assert.equal(short.slots.slice(1), [["teams", "pace#teams#", "sales", 2000, 1100]]);
  const long = await announceOn({ teams: [[429, "60"]] });
  assert.equal(
    long.posted.map(([what]) => what),
    ["slack", "teams at 100: /teams/sales", "email"],
  );
});

third(
  "marks the leads as possible repeats when the first one gave no answer, and so does it when it gives none",
  async () => {
    const { messages, settled } = await announceOn({ slack: unanswered, teams: [[500]] });
    assert.match(JSON.stringify(messages[0]), "(may be a repeat)");
    assert.equal(settled, ["unknown slack", "unknown teams", "sent email"]);
  },
);

third("fails with the others, which are all named", async () => {
  const { announced, settled, meter, log } = await announceOn({ teams: [[404]], email: gone });
  assert.equal(announced, {
    kind: "needsPerson",
    cause: {
      errorClass: "no_service and http_404 and no_service",
      slack: "no_service",
      teams: "http_404",
      email: "no_service",
    },
  });
  assert.equal(settled, ["failed email"]);
  assert.equal(meter.counts, { SlackFailures: 1, TeamsFailures: 1, EmailFailures: 1 });
  assert.equal(log.lines.at(-1)?.message, "neither Slack nor Teams nor email took the leads, they are postponed");
  const { slack, teams, email } = log.lines.at(-1)?.context ?? {};
  assert.equal([slack, teams, email], ["no_service", "http_404", "no_service"]);
});

third("composes a message for as many leads as it declares", () => {
  const leads: LeadsToAnnounce = [claimed(), ...Array.from({ length: teamsDeclaration.capacity - 1 }, () => claimed())];
  const body = adaptiveCard(leads).attachments[0]?.content.body ?? [];
  assert.is(body.length, 1 + 2 * teamsDeclaration.capacity);
});

third.run();
