import type { EnrichedLead } from "../lead/enriched-lead.ts";
import { details, headline } from "./lead-summary.ts";
import { slackLink, slackMrkdwn, slackText } from "./slack-text.ts";

/** An incoming webhook's message. https://docs.slack.dev/reference/block-kit/blocks */
export interface SlackMessage {
  /** What notifications show; Slack shows the blocks instead where it can. */
  readonly text: string;
  readonly blocks: readonly Record<string, unknown>[];
}

/**
 * Characters that a part may take. Header and section are Slack's own limits
 * (https://docs.slack.dev/reference/block-kit/blocks); the rest is less than Slack's, so that a whole message stays below
 * the 12,000 or so above which Slack refuses it (https://github.com/slackapi/bolt-js/issues/2509).
 */
const limit = { header: 150, field: 400, section: 3000, context: 1000, label: 300 };

/**
 * One lead as a Slack card. What people wrote stands in plain text or escaped, and links are only made of checked
 * addresses, so that no lead can mention a channel or disguise a link.
 * @param mayBeRepeat the lead may have been announced before; the card says so
 */
export function slackCard(lead: EnrichedLead, mayBeRepeat: boolean): SlackMessage {
  const title = `New lead: ${headline(lead)}`;
  const fields = details(lead).map(({ label, value, href }) => ({
    type: "mrkdwn",
    text: `*${label}*\n${href ? slackLink(href, value, limit.label) : slackMrkdwn(value, limit.field)}`,
    verbatim: true,
  }));
  const footer = [
    `Lead ${lead.id}`,
    `received ${lead.receivedAt.slice(0, 16).replace("T", " ")} UTC`,
    ...lead.warnings,
    ...(mayBeRepeat ? ["may be a repeat"] : []),
  ].join(" · ");
  return {
    text: slackMrkdwn(title, limit.section),
    blocks: [
      { type: "header", text: { type: "plain_text", text: slackText(title, limit.header), emoji: false } },
      { type: "section", fields },
      ...(lead.message ? [plainSection(lead.message)] : []),
      ...(lead.url ? [{ type: "actions", elements: [openButton(lead.url)] }] : []),
      { type: "context", elements: [{ type: "plain_text", text: slackText(footer, limit.context), emoji: false }] },
    ],
  };
}

const plainSection = (text: string) => ({
  type: "section",
  text: { type: "plain_text", text: slackText(text, limit.section), emoji: false },
});

const openButton = (url: string) => ({ type: "button", text: { type: "plain_text", text: "Open in CRM" }, url });
