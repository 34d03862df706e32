import type { KnownBlock } from "@slack/types";
import { sumBy } from "es-toolkit/math";
import { leadRef } from "../../../lead/lead-id.ts";
import {
  byScore,
  featured,
  headline,
  type LeadToAnnounce,
  type ListedLead,
  listed,
  titleOf,
  titleOfMany,
} from "../../lead-summary.ts";
import { messageLimit, mrkdwnSection, plainText, type SlackMessage } from "./card.ts";
import { sentLength, slackLink, slackMrkdwn } from "./text.ts";

/** Leads that a digest shows with more details. */
const featuredLeads = 3;

/** Characters that a part can have, as they are sent. A section's limit is Slack's; the others keep a digest short. */
const limit = { section: 3000, line: 72, feature: 108, fact: 60, mark: 120, message: 140, factAddress: 80 };

/** What a digest says of a lead, and the same with less and less of it. */
type Versions = readonly [string, ...string[]];

/**
 * Many leads in one Slack message: how many there are, the best three with more details, and every other one in a line. Each
 * lead is there exactly once. If not all of it fits, the longest parts say less.
 * @param leads 2 leads or more, up to the channel's capacity
 */
export function slackDigest(leads: readonly LeadToAnnounce[]): SlackMessage {
  const ranked = byScore(leads);
  const best = ranked.slice(0, featuredLeads).filter(({ lead, seenBefore }) => !lead.test && !seenBefore?.isLine);
  const parts = ranked.map((one, index) => (index < best.length ? featureOf(one) : lineOf(one)));
  const title = titleOfMany(ranked);
  const names = ranked.slice(0, Math.max(best.length, 1)).map(({ lead }) => headline(lead));
  const composed = (texts: readonly string[]): SlackMessage => {
    const lines = texts.slice(best.length);
    return {
      text: slackMrkdwn(`${title}: ${names.join("; ")}`, limit.section),
      blocks: [
        { type: "header", text: plainText(title) },
        ...texts.slice(0, best.length).map(mrkdwnSection),
        ...(lines.length > 0 && best.length > 0 ? [{ type: "divider" as const }] : []),
        ...sections(lines),
      ],
    };
  };
  const whole = composed(parts.map(([text]) => text));
  const excess = JSON.stringify(whole.blocks).length - messageLimit;
  return excess <= 0 ? whole : composed(shorter(parts, excess));
}

/** The text of each part. The longest ones say less, so that all together are shorter by `excess` or more. */
function shorter(parts: readonly Versions[], excess: number): string[] {
  const left = parts.map(([...versions]) => versions);
  const target = sumBy(left, ([text = ""]) => sentLength(text)) - excess;
  for (let length = target + excess; length > target; ) {
    const candidates = left.filter((versions) => versions.length > 1);
    const longest = candidates.toSorted(([a = ""], [b = ""]) => sentLength(b) - sentLength(a))[0];
    if (!longest) break;
    length -= sentLength(longest.shift() ?? "") - sentLength(longest[0] ?? "");
  }
  return left.map(([text = ""]) => text);
}

/** Lines joined into as few sections as Slack's limit allows. */
function sections(lines: readonly string[]): KnownBlock[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= limit.section)
      texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts.map(mrkdwnSection);
}

/** What a text shows of a lead: all of it, all but the link to the CRM, or little more than the name. */
type Shown = "linked" | "plain" | "short";
const versions = (write: (shown: Shown) => string): Versions => [write("linked"), write("plain"), write("short")];

const refOf = ({ lead, mayBeRepeat }: LeadToAnnounce) =>
  `\`${leadRef(lead.id)}\`${mayBeRepeat ? " (may be a repeat)" : ""}`;

const nameText = ({ name, href }: ListedLead, max: number, shown: Shown) =>
  href && shown === "linked" ? slackLink(href, name, max) : slackMrkdwn(name, max);

/** Facts and marks in a line. Addresses of links are short there, so that many leads fit a message. */
function factsText({ facts, marks }: ListedLead): string {
  const texts = facts.map(({ value, href }) =>
    href ? slackLink(href, value, limit.fact, limit.factAddress) : slackMrkdwn(value, limit.fact),
  );
  return [...texts, ...marks.map((mark) => slackMrkdwn(mark, limit.mark))].join(" · ");
}

function lineText(one: LeadToAnnounce, shown: Shown): string {
  const short = listed(one);
  const name = nameText(short, limit.line, shown);
  return `${name}${shown === "short" ? "" : ` · ${factsText(short)}`} ${refOf(one)}`;
}

const lineOf = (one: LeadToAnnounce) => versions((shown) => `• ${lineText(one, shown)}`);

function featureOf(one: LeadToAnnounce): Versions {
  const { message, ...all } = featured(one);
  return versions((shown) =>
    [
      `*${nameText(all, limit.feature, shown)}* ${refOf(one)}`,
      factsText(shown === "short" ? { ...all, marks: [] } : all),
      ...(message ? [`> ${slackMrkdwn(message, limit.message)}`] : []),
    ].join("\n"),
  );
}

/** A lead in a message of one line, which is enough if people saw the person before. */
export const slackLine = (one: LeadToAnnounce): SlackMessage => ({
  text: slackMrkdwn(titleOf(one), limit.section),
  blocks: [mrkdwnSection(`*Same person again:* ${lineText(one, "linked")}`)],
});
