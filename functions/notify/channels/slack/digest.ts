import type { KnownBlock } from "@slack/types";
import { leadRef } from "../../../lead/lead-id.ts";
import { byScore, details, headline, type LeadToAnnounce } from "../../lead-summary.ts";
import { plainText, type SlackMessage } from "./card.ts";
import { slackLink, slackMrkdwn } from "./text.ts";

/** Leads that a digest shows with their details. */
const featured = 3;

/** Characters that a part can have. A section's limit is Slack's; the others keep a digest short. */
const limit = { section: 3000, line: 72, feature: 108, reach: 60, message: 140, url: 500 };

/** Characters of all blocks: Slack refuses more than about 12,000 (https://github.com/slackapi/bolt-js/issues/2509). */
const messageLimit = 11_000;

/**
 * Many leads in one Slack message: how many there are, the best three with their details, and every other one in a line. Each
 * lead is there exactly once. If the links to the CRM are so long that they do not fit, the names stand without links.
 * @param leads 2 leads or more, up to the channel's capacity
 */
export function slackDigest(leads: readonly LeadToAnnounce[]): SlackMessage {
  const linked = compose(leads, true);
  return JSON.stringify(linked.blocks).length <= messageLimit ? linked : compose(leads, false);
}

function compose(leads: readonly LeadToAnnounce[], withLinks: boolean): SlackMessage {
  const title = `${leads.length} new leads`;
  const ranked = byScore(leads);
  const names = ranked.map(({ lead }) => headline(lead));
  const lines = ranked.slice(featured).map((one) => `• ${nameOf(one, limit.line, withLinks)} ${refOf(one)}`);
  return {
    text: slackMrkdwn(`${title}: ${names.slice(0, featured).join("; ")}`, limit.section),
    blocks: [
      { type: "header", text: plainText(title) },
      ...ranked.slice(0, featured).map((one) => section(featureOf(one, withLinks))),
      ...(lines.length > 0 ? [{ type: "divider" as const }] : []),
      ...sections(lines),
    ],
  };
}

const section = (text: string): KnownBlock => ({ type: "section", text: { type: "mrkdwn", text, verbatim: true } });

/** Lines joined into as few sections as Slack's limit allows. */
function sections(lines: readonly string[]) {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= limit.section)
      texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts.map(section);
}

/** The name, as a link to the CRM where there is one. */
function nameOf({ lead }: LeadToAnnounce, max: number, withLink: boolean): string {
  const name = headline(lead);
  return withLink && lead.url && lead.url.length <= limit.url ? slackLink(lead.url, name, max) : slackMrkdwn(name, max);
}

const refOf = ({ lead, mayBeRepeat }: LeadToAnnounce) =>
  `\`${leadRef(lead.id)}\`${mayBeRepeat ? " (may be a repeat)" : ""}`;

function featureOf(one: LeadToAnnounce, withLink: boolean): string {
  const shown = details(one.lead).filter(({ label }) => ["Email", "Phone", "Job title"].includes(label));
  const reach = shown.map(({ value, href }) =>
    href ? slackLink(href, value, limit.reach) : slackMrkdwn(value, limit.reach),
  );
  const message = one.lead.message?.replace(/\s+/g, " ");
  return [
    `*${nameOf(one, limit.feature, withLink)}* ${refOf(one)}`,
    reach.join(" · "),
    ...(message ? [`> ${slackMrkdwn(message, limit.message)}`] : []),
  ].join("\n");
}
