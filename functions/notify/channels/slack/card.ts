import type { KnownBlock } from "@slack/types";
import { details, headline, type LeadToAnnounce } from "../../lead-summary.ts";
import { sentLength, slackLink, slackMrkdwn, slackText } from "./text.ts";

/** An incoming webhook's message. https://docs.slack.dev/reference/block-kit/blocks */
export interface SlackMessage {
  /** What notifications show; Slack shows the blocks instead where it can. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/**
 * Characters that a part can have, as they are sent. Header and section are Slack's own limits
 * (https://docs.slack.dev/reference/block-kit/blocks). The others are lower than Slack's, so that a whole message stays below
 * the 12,000 or so above which Slack refuses it (https://github.com/slackapi/bolt-js/issues/2509).
 */
const limit = { header: 150, field: 400, section: 3000, url: 2000, context: 1000, label: 300 };

/**
 * One lead as a Slack card. Text that people wrote is plain text or escaped, and links are made of checked addresses only, so
 * that no lead can mention a channel or disguise a link. The card says whether the lead may be a repeat.
 */
export function slackCard({ lead, mayBeRepeat }: LeadToAnnounce): SlackMessage {
  const title = `New lead: ${headline(lead)}`;
  const fields = details(lead).map(({ label, value, href }) => ({
    type: "mrkdwn" as const,
    text: `*${label}*\n${href ? slackLink(href, value, limit.label) : slackMrkdwn(value, limit.field)}`,
    verbatim: true,
  }));
  const footer = [
    `Lead ${lead.id}`,
    `received ${lead.receivedAt.slice(0, 16).replace("T", " ")} UTC`,
    // Before the warnings, which may be cut.
    ...(mayBeRepeat ? ["may be a repeat"] : []),
    ...lead.warnings,
  ].join(" · ");
  return {
    text: slackMrkdwn(title, limit.section),
    blocks: [
      { type: "header", text: plainText(slackText(title, limit.header)) },
      { type: "section", fields },
      ...(lead.message ? [plainSection(lead.message)] : []),
      ...(lead.url && sentLength(lead.url) <= limit.url ? [openButton(lead.url)] : []),
      { type: "context", elements: [plainText(slackText(footer, limit.context))] },
    ],
  };
}

/** Text in which Slack formats nothing. */
export const plainText = (text: string) => ({ type: "plain_text" as const, text, emoji: false });

const plainSection = (text: string): KnownBlock => ({
  type: "section",
  text: plainText(slackText(text, limit.section)),
});

const openButton = (url: string): KnownBlock => ({
  type: "actions",
  elements: [{ type: "button", text: { type: "plain_text", text: "Open in CRM" }, url }],
});
