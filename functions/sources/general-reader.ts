import { choose } from "./reader/choice.ts";
import { type ReadingRules, Walk } from "./reader/walk.ts";
import type { Reader } from "./reading.ts";

/**
 * Returns a reader of leads of any shape. It opens wrappers, lists of questions and answers, objects and lists that hold one
 * value, and texts of JSON, and takes what the names say. Where two different values have the same right to a field, it takes
 * neither and adds a warning. A vendor, partner or the like is the lead only if nobody else can be reached.
 * @param rules what the names of a source's payloads do not say
 */
export function readerWith(rules: ReadingRules): Reader {
  return (lead, { fields }) => {
    const mapped = new Map(fields && Object.entries(fields).map(([target, name]) => [name, target]));
    const walk = new Walk(lead, rules, mapped);
    const isReached = walk.leaves.some(({ field }) => field === "email" || field === "phone");
    return choose(isReached || !walk.leftTraders ? walk : new Walk(lead, rules, mapped, true));
  };
}

/** Reads leads of any source by the names of their fields. */
export const readLead: Reader = readerWith({});

/** Rules that leave names alone. @param place what stands before each name, with its dot @param names with spaces between them */
export const ignored = (place: string, names: string): Readonly<Record<string, "ignored">> =>
  Object.fromEntries(names.split(" ").map((name) => [`${place}${name}`, "ignored"]));
