import { omit } from "es-toolkit/object";
import { isPlainObject } from "es-toolkit/predicate";
import { textTable } from "../command-line/table.ts";
import type { EnrichedLead } from "../functions/lead/enriched-lead.ts";
import { slackCard } from "../functions/notify/channels/slack/card.ts";
import { slackAsText } from "../local/slack/slack-text.ts";
import type { TriedLead } from "./try-payload.ts";

const indented = (text: string) => text.replace(/^(?=.)/gm, "  ");

/** Characters of a value that are shown. */
const maxShown = 80;

function shown(value: unknown): string {
  const text = typeof value === "string" ? value.replace(/\s+/g, " ") : JSON.stringify(value);
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
}

/** Fields that say nothing about what was read: the same for every lead, or shown apart. */
const apart = ["schemaVersion", "receivedAt", "enrichedAt", "foundAt"] as const;

/** Each value of an enriched lead by its place, such as `company.name` or `otherPhones[0].e164`. */
function placesIn(value: unknown, place: string): (readonly [place: string, value: unknown])[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => placesIn(item, `${place}[${index}]`));
  if (!isPlainObject(value)) return [[place, value]];
  return Object.entries(value).flatMap(([name, inner]) => placesIn(inner, place === "" ? name : `${place}.${name}`));
}

/** The path at which a field was found: its own, or that of what it is a part of. */
function pathOf(place: string, foundAt: Readonly<Record<string, string>>): string {
  const found = foundAt[place];
  const parent = place.replace(/(\.[^.]+|\[\d+\]|^[^.[]+)$/, "");
  return found ?? (parent === "" ? "" : pathOf(parent, foundAt));
}

/** A value of an enriched lead. */
export interface FoundField {
  /** Its place in the lead, such as `company.name`. */
  readonly field: string;
  readonly value: unknown;
  /** Its path in the payload; empty for what Leadwire made of others. */
  readonly foundAt: string;
}

/** The values of an enriched lead that say what was read, and where each was found. */
export const fieldsOf = (lead: EnrichedLead): readonly FoundField[] =>
  placesIn(omit(lead, apart), "").map(([field, value]) => ({
    field,
    value,
    foundAt: pathOf(field, { ...lead.foundAt }),
  }));

function section(title: string, text: string): string[] {
  return text === "" ? [] : ["", title, indented(text)];
}

/** The card that announces a lead, as text. */
export const cardOf = (lead: EnrichedLead): string => slackAsText(slackCard({ lead, mayBeRepeat: false }).blocks);

function report({ status, lead, leftAside, reason }: TriedLead, title: string): string {
  const lines = [`${title}: ${status}${reason === undefined ? "" : `. ${reason}`}`];
  if (lead) {
    const rows = fieldsOf(lead).map(({ field, value, foundAt }) => [field, shown(value), foundAt]);
    lines.push(...section("Fields, and where each was found", textTable([["field", "value", "found at"], ...rows])));
    lines.push(...section("Card", cardOf(lead)));
  }
  lines.push(...section("Not read", leftAside.join("\n")));
  return lines.join("\n");
}

/** What became of every lead of a payload, for people. */
export const tryReport = (leads: readonly TriedLead[]): string =>
  leads.map((one, index) => report(one, `Lead ${index + 1} of ${leads.length}`)).join("\n\n");
