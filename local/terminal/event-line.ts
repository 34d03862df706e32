import { leadRef } from "../../functions/lead/lead-id.ts";
import type { Entry, EntryKind, Row } from "../journal/entry.ts";
import { leadIdsIn } from "../lead-ids.ts";
import { onOneLine, type Style, styled, timeOfDay } from "./text.ts";

/** What lines, status line and summaries call what happened, in their order there, with its colour. */
export const outcomes = {
  accepted: "cyan",
  dropped: "cyan",
  announced: "green",
  "by email": "yellow",
  duplicate: "dim",
  ignored: "dim",
  refused: "red",
  "dead-lettered": "red",
  redriven: "cyan",
  postponed: "yellow",
  "not taken": "yellow",
  failed: "red",
  warning: "yellow",
  answered: "dim",
} as const;
export type Outcome = keyof typeof outcomes;

const others: Partial<Record<EntryKind, Outcome>> = { repeat: "duplicate", "not-taken": "not taken" };

/** The outcome of an entry; undefined for a step in between, which only the console shows. */
export function outcomeOf({ kind, channel }: Pick<Entry, "kind" | "channel">): Outcome | undefined {
  if (kind === "announced" && channel === "email") return "by email";
  return others[kind] ?? (kind in outcomes ? (kind as Outcome) : undefined);
}

const labelWidth = Math.max(...Object.keys(outcomes).map((outcome) => outcome.length));

/** The start of every line: the time, and what happened. */
export const lineStart = (at: Date, style: Style, label: string): string =>
  `${styled("dim", timeOfDay(at))}  ${styled(style, label.padEnd(labelWidth))}`;

/** What belongs to the line above. */
export const belowLine = (text: string): string => `${" ".repeat(10)}${onOneLine(text)}`;

/** What an entry says, without what the line says already. */
function textOf({ kind, text, milliseconds }: Entry, row: Row | undefined): string {
  if (kind === "accepted") return text.replace(/ to \S+ \S+/, "");
  if (kind === "not-taken") return text.slice(text.indexOf(": ") + 1);
  if (kind !== "announced") return text;
  const took = milliseconds === undefined ? text : `${Math.round(milliseconds)} ms`;
  return [took, row?.name, row?.why && `(${row.why})`].filter(Boolean).join("  ");
}

/** Outcomes whose reason is shown whole, below the line. */
const withReason: readonly Outcome[] = ["refused", "dead-lettered"];

/**
 * A line about a lead or a request: time, outcome, source, the lead's short name, and what else is known.
 * @param row of the lead, if it is still known
 * @param sourceWidth columns for the source's name
 * @returns the line, which may be cut, and those below it, which may not
 */
export function eventLines(
  entry: Entry,
  outcome: Outcome,
  row: Row | undefined,
  sourceWidth: number,
): [string, ...string[]] {
  const { at, id, source } = entry;
  const [leadId] = leadIdsIn(id);
  const start = lineStart(new Date(at), outcomes[outcome], outcome);
  const line = [start, source.padEnd(sourceWidth), (leadId ? leadRef(leadId) : id.slice(0, 12)).padEnd(12)].join("  ");
  const text = textOf(entry, row);
  return withReason.includes(outcome) ? [line, belowLine(text)] : [`${line}  ${onOneLine(text)}`];
}

/**
 * What to do about a request that was refused or a lead that is a dead letter; undefined for other entries.
 * @param address of the console
 */
export function whatToDo({ kind, status = 0, source, id }: Entry, address: string): string | undefined {
  if (kind === "dead-lettered") return `Read why, mend it or send it again: ${address}/dead-letters`;
  if (kind !== "refused") return undefined;
  if (status === 401) return `It has no valid signature. ${address}/crm/${source} signs what is posted to it.`;
  if (status === 404) return `No source has this path. ${address}/sources has the addresses of all.`;
  if (status === 429) return "The source sends more than its throttling in environments/ allows. Vendors send again.";
  if (status === 0 || status >= 500) return "Vendors send again. What failed: npm run logs";
  return `What came, and what was answered: ${address}/leads/${id}`;
}
