/**
 * CPU time of texts that are made to cost much, for each part that takes what others wrote. The floor is a plain text of as many
 * characters through the same part. A part whose time grows with the square of the size takes four times as long for twice the
 * size.
 */
import { median } from "es-toolkit/math";
import { domainKind } from "../functions/enrich/email-domains.ts";
import { enrichLead } from "../functions/enrich/enrich-lead.ts";
import { webhookLeadId } from "../functions/lead/lead-id.ts";
import { leadInObject, parsedBody } from "../functions/lead/raw-lead.ts";
import { RejectedError } from "../functions/lead/rejection.ts";
import { boundedText } from "../functions/lead/text.ts";
import { slackText } from "../functions/notify/channels/slack/text.ts";
import { readLead } from "../functions/sources/general-reader.ts";
import { leadsInBody } from "../functions/sources/leads-in-body.ts";
import * as hostile from "../tests/helpers/hostile.ts";
import { readingOf } from "../tests/helpers/reading.ts";
import { printTable } from "./shared/print-table.ts";

/** The most that a hostile text may take, in times of a plain text of as many characters. */
const maxRatio = 10;
/** The most that it may take in times of one of half the size, if it takes more than the plain text. */
const maxGrowth = 3;
const rounds = 9;
/** Microseconds of CPU that one measurement takes at least. */
const least = 10_000;

/** A part that takes texts of others. */
interface Part {
  readonly texts: hostile.HostileTexts;
  readonly plain: (size: number) => string;
  /** Characters of the larger text. */
  readonly size: number;
  readonly take: (text: string) => unknown;
}

const words = (size: number) => "Ein paar Wörter & Zeichen. ".repeat(size / 27);
const fields = (size: number) =>
  `{${Array.from({ length: size / 46 }, (_, index) => `"question_${index}":"Some words of an answer"`).join()}}`;

/** The code with which a body is rejected. */
function rejection(text: string): string | undefined {
  try {
    leadInObject(Buffer.from(text));
  } catch (error) {
    if (error instanceof RejectedError) return error.code;
    throw error;
  }
  return undefined;
}

const times = { receivedAt: new Date("2026-03-01T12:00:00.000Z"), enrichedAt: new Date("2026-03-01T12:00:01.000Z") };
const provenance = { ...times, id: webhookLeadId("website", "bench", 0), source: "website", defaultCountry: undefined };
const enriched = (lead: Readonly<Record<string, unknown>>) =>
  enrichLead(readLead(lead, { event: lead }), provenance, domainKind);

const body = { plain: fields, size: hostile.largestBody };
const parts: Readonly<Record<string, Part>> = {
  "bounded text": { texts: hostile.hostileTexts, plain: words, size: 40_000, take: boundedText },
  "Slack's text": { texts: hostile.grownTexts, plain: words, size: 10_000, take: (text) => slackText(text, 3000) },
  "body with a long number": { ...body, texts: hostile.longNumbers, take: (text) => parsedBody(Buffer.from(text)) },
  "body that is not JSON": { ...body, texts: hostile.noJson, take: rejection },
  "leads in a body": { ...body, texts: hostile.envelopes, take: (text) => leadsInBody(Buffer.from(text)) },
  "general reader": { ...body, texts: hostile.hostileLeads, take: (text) => readingOf(readLead, JSON.parse(text)) },
  ...Object.fromEntries(
    hostile.hostileFields.map((field) => [
      `enrich: ${field}`,
      {
        texts: hostile.hostileTexts,
        plain: words,
        size: 40_000,
        take: (text) => enriched(hostile.leadWith(field, text)),
      },
    ]),
  ),
};

/** Microseconds of CPU for a text. The texts are made anew, because names that were read before take less time. */
async function cpuTime(count: number, make: () => string, take: Part["take"]): Promise<number> {
  const texts = Array.from({ length: count }, make);
  const before = process.cpuUsage();
  for (const text of texts) await take(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

/** A hostile text's microseconds, and their ratios to those of a plain text and of one of half the size, each a median. */
async function measured({ plain, size, take }: Part, text: (size: number) => string) {
  const makers = [() => text(size), () => text(size / 2), () => plain(size)];
  const counts: number[] = [];
  for (const make of makers) {
    await cpuTime(3, make, take);
    counts.push(Math.ceil(least / Math.max(1, await cpuTime(3, make, take))));
  }
  const results: { readonly own: number; readonly ratio: number; readonly growth: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const taken: number[] = [];
    for (const [index, make] of makers.entries()) taken.push(await cpuTime(counts[index] ?? 1, make, take));
    const [own = Number.NaN, half = Number.NaN, floor = Number.NaN] = taken;
    results.push({ own, ratio: own / floor, growth: own / half });
  }
  const middle = (key: "own" | "ratio" | "growth") => median(results.map((result) => result[key]));
  return { own: middle("own"), ratio: middle("ratio"), growth: middle("growth") };
}

/** @throws Error when a text takes longer than allowed */
export async function run(): Promise<void> {
  const rows: (string | number)[][] = [];
  const slow: string[] = [];
  for (const [name, part] of Object.entries(parts)) {
    for (const [what, text] of Object.entries(part.texts)) {
      const { own, ratio, growth } = await measured(part, text);
      rows.push([name, what, own / 1000, ratio, growth]);
      if (!(ratio <= maxRatio) || (ratio > 1 && growth > maxGrowth)) slow.push(`${name}: ${what}`);
    }
  }
  printTable(
    `CPU time of a hostile text, median of ${rounds} rounds (ms); limits ${maxRatio} and ${maxGrowth}`,
    ["part", "text", "ms", "ratio to a plain text", "ratio to half the size"],
    rows,
  );
  if (slow.length > 0) throw new Error(`Too slow: ${slow.join("; ")}.`);
}
