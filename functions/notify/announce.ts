import { loggable } from "../runtime/loggable.ts";
import { Metric } from "../runtime/names.ts";
import type { Log, Meter } from "../runtime/telemetry.ts";
import { type Email, leadEmail } from "./lead-email.ts";
import type { Told } from "./lead-summary.ts";
import type { Ledger } from "./ledger.ts";
import { emailRemedies } from "./mailbox.ts";
import type { Pace } from "./pace.ts";
import { type SlackMessage, slackCard } from "./slack-card.ts";
import { slackDigest } from "./slack-digest.ts";
import type { SlackOutcome } from "./slack-webhook.ts";
import { RecipientsSuppressedError } from "./suppression.ts";

/** A lead whose announcement has been claimed in the ledger. */
export interface Claimed extends Told {
  /** The ledger's id of the announcement. */
  readonly announcement: string;
}

export interface AnnouncePorts {
  readonly ledger: Pick<Ledger, "settle">;
  readonly pace: Pick<Pace, "takeTurn" | "pause">;
  readonly postToSlack: (channel: string, message: SlackMessage) => Promise<SlackOutcome>;
  /** @returns the message's id */
  readonly sendEmail: (email: Email) => Promise<string>;
  /** Milliseconds for which a 429 is waited out before the leads go by email. */
  readonly slackPatience: number;
  readonly log: Log;
  readonly meter: Meter;
  readonly now: () => number;
  readonly sleepUntil: (time: number) => Promise<void>;
}

/** Announces claimed leads of one channel together: in Slack, or by email when Slack does not take them. */
export function announcer(ports: AnnouncePorts) {
  const { ledger, pace, postToSlack, sendEmail, slackPatience, log, meter, now, sleepUntil } = ports;

  /** Writes down what became of announcements. When that fails the leads are told all the same, so it only logs. */
  const settle = async (leads: readonly Claimed[], state: "sent" | "failed" | "unknown", by: string, id?: string) => {
    const results = await Promise.allSettled(
      leads.map(({ announcement }) => ledger.settle(announcement, state, by, id)),
    );
    results.forEach((result, index) => {
      if (result.status === "fulfilled") return;
      const correlationId = leads[index]?.lead.id;
      log.error("ledger not updated, a redelivery may repeat this lead", { correlationId, ...loggable(result.reason) });
    });
  };

  const announced = async (leads: readonly Claimed[], channel: "slack" | "email", messageId?: string) => {
    for (const { lead, mayBeRepeat } of leads) {
      const milliseconds = now() - Date.parse(lead.receivedAt);
      log.info("lead announced", {
        correlationId: lead.id,
        channel,
        milliseconds,
        mayBeRepeat,
        together: leads.length,
      });
      meter.notified(channel, milliseconds);
    }
    await settle(leads, "sent", channel, messageId);
  };

  /** Lets every invocation heed the pause that Slack asked for, and takes a turn after it unless that is too late. */
  const turnAfter = async (channel: string, resumeAt: number, latest: number) => {
    try {
      await pace.pause(channel, resumeAt);
      return await pace.takeTurn(channel, latest);
    } catch (error) {
      log.warn("no turn to be had, posting without", { channel, ...loggable(error) });
      return resumeAt;
    }
  };

  /** Posts at the webhook's turns until Slack takes the message, refuses it, or asks for more time than there is. */
  const postInTurn = async (channel: string, leads: readonly [Claimed, ...Claimed[]], turn: number, endsAt: number) => {
    const message = leads.length === 1 ? slackCard(leads[0].lead, leads[0].mayBeRepeat) : slackDigest(leads);
    const patientUntil = Math.min(endsAt, now() + slackPatience);
    let at = turn;
    for (;;) {
      if (at > endsAt) return { status: "refused", reason: "no_turn_in_time", remedy: "giveUp" } satisfies SlackOutcome;
      await sleepUntil(at);
      const outcome = await postToSlack(channel, message);
      if (outcome.status !== "refused" || outcome.remedy !== "wait") return outcome;
      const resumeAt = now() + outcome.retryAfterSeconds * 1000;
      at = await turnAfter(channel, resumeAt, patientUntil);
      if (at > patientUntil) return outcome;
    }
  };

  /**
   * @param turn when the channel's webhook may be posted to, in epoch milliseconds
   * @param endsAt until when Slack may be waited for; there must be time left for an email after it
   * @returns whether the leads were told; if not, nobody was, or that is on record as `unknown`, and a retry is right
   */
  return async (channel: string, leads: readonly [Claimed, ...Claimed[]], turn: number, endsAt: number) => {
    const slack = await postInTurn(channel, leads, turn, endsAt);
    if (slack.status === "delivered") {
      await announced(leads, "slack");
      return true;
    }
    const { status, reason } = slack;
    const correlationIds = leads.map(({ lead }) => lead.id);
    log.warn("Slack did not take the leads, email will", { channel, correlationIds, status, reason });
    meter.count(Metric.slackFailures, 1);
    const maybeSeen = leads.map((one) => ({ ...one, mayBeRepeat: one.mayBeRepeat || status === "unknown" }));
    // Before the email, so that the possible repeat is on record even when this invocation does not live on.
    if (status === "unknown") await settle(leads, "unknown", "slack");
    try {
      const [first = leads[0], ...rest] = maybeSeen;
      const email = leadEmail([first, ...rest], `By email because Slack did not take it (${reason}).`);
      await announced(maybeSeen, "email", await sendEmail(email));
      return true;
    } catch (error) {
      // Two refusals are certain about this attempt alone: who may have been told before stays a possible repeat.
      const seen = isRefusal(error) ? maybeSeen.filter(({ mayBeRepeat }) => mayBeRepeat) : maybeSeen;
      await settle(seen, "unknown", "email");
      await settle(
        maybeSeen.filter((one) => !seen.includes(one)),
        "failed",
        "email",
      );
      meter.count(Metric.emailFailures, 1);
      const remedy = error instanceof Error && emailRemedies[error.name];
      log.error("neither Slack nor email took the leads, they will be tried again", {
        channel,
        correlationIds,
        slack: reason,
        email: loggable(error),
        ...(remedy && { remedy }),
      });
      return false;
    }
  };
}

/**
 * An answer that says no, the service's own or ours in its place, as opposed to none or to a failure of the service: it is
 * certain that nothing was sent.
 */
const isRefusal = (error: unknown) => {
  if (error instanceof RecipientsSuppressedError) return true;
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status !== undefined && status < 500;
};
