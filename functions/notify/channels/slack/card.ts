import type { KnownBlock } from "@slack/types";
import { chunk } from "es-toolkit/array";
import { type CardPart, cardOf, type LeadDetail, type LeadToAnnounce } from "../../lead-summary.ts";
import { slackLink, slackMrkdwn, slackText } from "./text.ts";

/** An incoming webhook's message. https://docs.slack.dev/reference/block-kit/blocks */
export interface SlackMessage {
  /** What notifications show; Slack shows the blocks instead where it can. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** Characters of all blocks: Slack refuses more than about 12,000 (https://github.com/slackapi/bolt-js/issues/2509). */
export const messageLimit = 11_000;

/**
 * Characters that a part can have, as they are sent. Header and section are Slack's own limits
 * (https://docs.slack.dev/reference/block-kit/blocks). The others are lower than Slack's. Those of a card that is too long are
 * shared out: its texts are cut to the given share.
 */
const limit = {
  header: 150,
  section: 3000,
  url: 2000,
  footer: 600,
  message: 3000,
  value: 400,
  label: 150,
  answer: 600,
};
const shares = [1, 1 / 2, 1 / 4, 1 / 8];
/** https://docs.slack.dev/reference/block-kit/blocks/section-block */
const fieldsOfSection = 10;

/**
 * One lead as a Slack card. Text that people wrote is plain text or escaped, and links are made of checked addresses only, so
 * that no lead can mention a channel or disguise a link.
 */
export function slackCard(one: LeadToAnnounce): SlackMessage {
  const { title, parts } = cardOf(one);
  const header: KnownBlock = { type: "header", text: plainText(slackText(title, limit.header)) };
  const composed = (share: number) => [header, ...parts.flatMap((part) => blocksOf(part, share))];
  let blocks: readonly KnownBlock[] = [];
  for (const share of shares) {
    blocks = composed(share);
    if (JSON.stringify(blocks).length <= messageLimit) break;
  }
  return { text: slackMrkdwn(title, limit.section), blocks };
}

function blocksOf(part: CardPart, share: number): KnownBlock[] {
  switch (part.kind) {
    case "notice":
      return [mrkdwnSection(`*${slackMrkdwn(part.text, limit.value)}*`)];
    case "details":
      return fieldSections(part.details, limit.value * share, share);
    case "answers":
      return fieldSections(part.answers, limit.answer * share, share);
    case "message":
      return [{ type: "section", text: plainText(slackText(part.text, limit.message * share)) }];
    case "link": {
      const link = slackLink(part.href, part.text, limit.label, limit.url);
      return link.startsWith("<") ? [mrkdwnSection(link)] : [];
    }
    case "footer":
      return [{ type: "context", elements: [plainText(slackText(part.text, limit.footer))] }];
  }
}

/** Text in which Slack formats nothing. */
export const plainText = (text: string) => ({ type: "plain_text" as const, text, emoji: false });

const mrkdwn = (text: string) => ({ type: "mrkdwn" as const, text, verbatim: true });

export const mrkdwnSection = (text: string): KnownBlock => ({ type: "section", text: mrkdwn(text) });

/** Details in two columns, in as few sections as Slack's limit allows. */
const fieldSections = (details: readonly LeadDetail[], max: number, share: number): KnownBlock[] =>
  chunk(details, fieldsOfSection).map((some) => ({
    type: "section",
    fields: some.map(({ label, value, href }) => {
      const shown = href ? slackLink(href, value, max) : slackMrkdwn(value, max);
      return mrkdwn(`*${slackMrkdwn(label, limit.label * share)}*\n${shown}`);
    }),
  }));
