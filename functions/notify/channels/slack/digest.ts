import type { KnownBlock } from "@slack/types";
import { leadRef } from "../../../lead/lead-id.ts";
import { byScore, details, headline, type LeadToAnnounce } from "../../lead-summary.ts";
import { plainText, type SlackMessage } from "./card.ts";
import { sentLength, slackLink, slackMrkdwn } from "./text.ts";

/** Leads that a digest shows with their details. */
const featured = 3;

/** Characters that a part can have, as they are sent. A section's limit is Slack's; the others keep a digest short. */
const limit = { section: 3000, line: 72, feature: 108, reach: 60, message: 140 };

/** Characters of all blocks: Slack refuses more than about 12,000 (https://github.com/slackapi/bolt-js/issues/2509). */
const messageLimit = 11_000;

/** What a digest says of a lead. */
interface Part {
  readonly linked: string;
  /** The same without the link to the CRM. */
  readonly plain: string;
}

/**
 * Many leads in one Slack message: how many there are, the best three with their details, and every other one in a line. Each
 * lead is there exactly once. If the links to the CRM are so long that they do not fit, the longest parts go without.
 * @param leads 2 leads or more, up to the channel's capacity
 */
export function slackDigest(leads: readonly LeadToAnnounce[]): SlackMessage {
  const ranked = byScore(leads);
  const parts = ranked.map((one, index) => partOf(one, index < featured ? featureOf : lineOf));
  const linked = compose(
    ranked,
    parts.map((part) => part.linked),
  );
  const excess = JSON.stringify(linked.blocks).length - messageLimit;
  return excess <= 0 ? linked : compose(ranked, withoutLongestLinks(parts, excess));
}

/** The text of each part, without links where they are longest, so that all together are shorter by `excess` or more. */
function withoutLongestLinks(parts: readonly Part[], excess: number): string[] {
  let left = excess;
  const plain = new Set<Part>();
  for (const part of parts.toSorted((a, b) => sentLength(b.linked) - sentLength(a.linked))) {
    if (left <= 0) break;
    left -= sentLength(part.linked) - sentLength(part.plain);
    plain.add(part);
  }
  return parts.map((part) => (plain.has(part) ? part.plain : part.linked));
}

/** @param texts a lead's text each, in the same order */
function compose(ranked: readonly LeadToAnnounce[], texts: readonly string[]): SlackMessage {
  const title = `${ranked.length} new leads`;
  const best = ranked.slice(0, featured).map(({ lead }) => headline(lead));
  const lines = texts.slice(featured);
  return {
    text: slackMrkdwn(`${title}: ${best.join("; ")}`, limit.section),
    blocks: [
      { type: "header", text: plainText(title) },
      ...texts.slice(0, featured).map(section),
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

type NameOf = (max: number) => string;

function partOf(one: LeadToAnnounce, write: (one: LeadToAnnounce, nameOf: NameOf) => string): Part {
  const { url } = one.lead;
  const name = headline(one.lead);
  const plain = write(one, (max) => slackMrkdwn(name, max));
  return { plain, linked: url ? write(one, (max) => slackLink(url, name, max)) : plain };
}

const refOf = ({ lead, mayBeRepeat }: LeadToAnnounce) =>
  `\`${leadRef(lead.id)}\`${mayBeRepeat ? " (may be a repeat)" : ""}`;

const lineOf = (one: LeadToAnnounce, nameOf: NameOf) => `• ${nameOf(limit.line)} ${refOf(one)}`;

function featureOf(one: LeadToAnnounce, nameOf: NameOf): string {
  const shown = details(one.lead).filter(({ label }) => ["Email", "Phone", "Job title"].includes(label));
  const reach = shown.map(({ value, href }) =>
    href ? slackLink(href, value, limit.reach) : slackMrkdwn(value, limit.reach),
  );
  const message = one.lead.message?.replace(/\s+/g, " ");
  return [
    `*${nameOf(limit.feature)}* ${refOf(one)}`,
    reach.join(" · "),
    ...(message ? [`> ${slackMrkdwn(message, limit.message)}`] : []),
  ].join("\n");
}
