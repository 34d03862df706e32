import { leadRef } from "../lead/lead-id.ts";
import { best, details, headline, type Told } from "./lead-summary.ts";
import type { SlackMessage } from "./slack-card.ts";
import { slackLink, slackMrkdwn } from "./slack-text.ts";

/** Leads that one digest takes: their lines fit a message with room to spare, and nobody reads longer ones. */
export const digestCapacity = 50;

/** Leads that a digest shows with their details. */
const featured = 3;

/** Characters. A section may have 3,000; the rest is taste. */
const limit = { section: 3000, line: 72, feature: 108, reach: 60, message: 140, url: 500 };

/** Characters of all blocks: Slack refuses more than about 12,000 (https://github.com/slackapi/bolt-js/issues/2509). */
const messageLimit = 11_000;

/**
 * Many leads in one Slack message: how many there are, the best with their details, and every other in one line. Each
 * lead is there exactly once. Where the links to the CRM are so long that they would not fit, the names stand alone.
 * @param told 2 to `digestCapacity` leads
 */
export function slackDigest(told: readonly Told[]): SlackMessage {
  const linked = compose(told, true);
  return JSON.stringify(linked.blocks).length <= messageLimit ? linked : compose(told, false);
}

function compose(told: readonly Told[], withLinks: boolean): SlackMessage {
  const title = `${told.length} new leads`;
  const ranked = best(told);
  const names = ranked.map(({ lead }) => headline(lead));
  const lines = ranked.slice(featured).map((one) => `• ${nameOf(one, limit.line, withLinks)} ${refOf(one)}`);
  return {
    text: slackMrkdwn(`${title}: ${names.slice(0, featured).join("; ")}`, limit.section),
    blocks: [
      { type: "header", text: { type: "plain_text", text: title, emoji: false } },
      ...ranked.slice(0, featured).map((one) => section(featureOf(one, withLinks))),
      ...(lines.length > 0 ? [{ type: "divider" }] : []),
      ...sections(lines),
    ],
  };
}

const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text, verbatim: true } });

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
function nameOf({ lead }: Told, max: number, withLink: boolean): string {
  const name = headline(lead);
  return withLink && lead.url && lead.url.length <= limit.url ? slackLink(lead.url, name, max) : slackMrkdwn(name, max);
}

const refOf = ({ lead, mayBeRepeat }: Told) => `\`${leadRef(lead.id)}\`${mayBeRepeat ? " (may be a repeat)" : ""}`;

function featureOf(one: Told, withLink: boolean): string {
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
