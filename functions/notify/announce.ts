import { LeadwireError, loggable } from "../shared/errors.ts";
import type { EnrichedLead } from "../shared/lead.ts";
import { Metric } from "../shared/names.ts";
import type { Log, Meter } from "../shared/telemetry.ts";
import { type Email, leadEmail } from "./email.ts";
import { announcementId, type Ledger } from "./ledger.ts";
import { type SlackMessage, slackCard } from "./slack-card.ts";
import type { SlackOutcome } from "./slack-webhook.ts";

/** Neither Slack nor email took the lead: it has to come back. */
export class NotAnnouncedError extends LeadwireError {
  constructor(slackReason: string, options: ErrorOptions) {
    super("NotAnnounced", `Slack did not take the lead (${slackReason}) and neither did email.`, options);
  }
}

/** Another invocation is announcing the lead at this moment: what becomes of it is known when the lead comes back. */
export class ClaimedElsewhereError extends LeadwireError {
  constructor() {
    super("ClaimedElsewhere", "Another invocation is announcing this lead.");
  }
}

export interface AnnouncePorts {
  readonly ledger: Ledger;
  readonly postToSlack: (message: SlackMessage) => Promise<SlackOutcome>;
  /** @returns the message's id */
  readonly sendEmail: (email: Email) => Promise<string>;
  readonly log: Log;
  readonly meter: Meter;
  readonly now: () => Date;
}

/** The channel of leads that no rule sends elsewhere. */
const defaultChannel = "sales";

/** Announces a lead once: in Slack, or by email when Slack does not take it. */
export function announcer({ ledger, postToSlack, sendEmail, log, meter, now }: AnnouncePorts) {
  /** Writes down what became of an announcement. When that fails the lead is told all the same, so it only logs. */
  const settle = async (id: string, ...what: Parameters<Ledger["settle"]> extends [string, ...infer R] ? R : never) => {
    try {
      await ledger.settle(id, ...what);
    } catch (error) {
      log.error("ledger not updated, a redelivery may repeat this lead", { announcement: id, ...loggable(error) });
    }
  };

  /**
   * @param content identifies what is announced: an amended lead is announced again
   * @param until when this invocation ends at the latest
   * @throws NotAnnouncedError, ClaimedElsewhereError, or the ledger's error: nothing was said, and a retry is right
   */
  return async (lead: EnrichedLead, content: string, until: Date): Promise<void> => {
    const id = announcementId(lead.id, defaultChannel, content);
    const claim = await ledger.claim(id, until);
    if (claim.status === "held") throw new ClaimedElsewhereError();
    if (claim.status === "sent") {
      log.info("lead announced before", { correlationId: lead.id });
      return;
    }
    const done = async (channel: "slack" | "email", messageId?: string) => {
      const milliseconds = now().getTime() - Date.parse(lead.receivedAt);
      log.info("lead announced", { correlationId: lead.id, channel, milliseconds, mayBeRepeat: claim.mayBeRepeat });
      meter.notified(channel, milliseconds);
      await settle(id, "sent", channel, messageId);
    };

    const slack = await postToSlack(slackCard(lead, claim.mayBeRepeat));
    if (slack.status === "delivered") return done("slack");
    const maybeSeen = claim.mayBeRepeat || slack.status === "unknown";
    log.warn("Slack did not take the lead, email will", { correlationId: lead.id, ...slack });
    meter.count(Metric.slackFailures, 1);
    // Before the email, so that the possible repeat is on record even when this invocation does not live on.
    if (slack.status === "unknown") await settle(id, "unknown", "slack");
    try {
      const why = `By email because Slack did not take it (${slack.reason})`;
      await done("email", await sendEmail(leadEmail(lead, why, maybeSeen)));
    } catch (error) {
      const mayHaveGone = slack.status === "unknown" || !isRefusal(error);
      await settle(id, mayHaveGone ? "unknown" : "failed", "email");
      throw new NotAnnouncedError(slack.reason, { cause: error });
    }
  };
}

/** An answer from the service itself, as opposed to no answer: it is certain that nothing was sent. */
const isRefusal = (error: unknown) =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode !== undefined;
