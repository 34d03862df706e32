import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as afterOtherEvents } from "node:timers/promises";
import { chunk } from "es-toolkit/array";
import type { Days } from "./queries.ts";
import { partition } from "./tables.ts";

/** Objects that are read before they are written together, some MB. */
const objectsAtOnce = 1000;
const newline = Buffer.from("\n");

/** The objects in the folder of a day, in the order in which they are joined. */
const objectsIn = (day: string) =>
  readdirSync(day)
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(day, name));

/**
 * Joins the objects of each day to one file, `TO/dt=DAY/objects.json`. DuckDB reads large files many times as fast as small
 * ones, and keeps 2 to 12 KB of memory for each file until a query ends.
 * @returns the files; none for a day without objects
 * @throws the signal's reason when it is aborted
 */
export async function joinObjects(
  from: string,
  to: string,
  days: Days,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const files: string[] = [];
  const isIn = (name: string) => name >= `${partition}=${days.from}` && name <= `${partition}=${days.to}`;
  for (const day of existsSync(from) ? readdirSync(from).filter(isIn).sort() : []) {
    const objects = objectsIn(join(from, day));
    if (objects.length === 0) continue;
    mkdirSync(join(to, day), { recursive: true });
    const file = join(to, day, "objects.json");
    files.push(file);
    for (const some of chunk(objects, objectsAtOnce)) {
      appendFileSync(file, Buffer.concat(some.flatMap((object) => [readFileSync(object), newline])));
      await afterOtherEvents();
      signal.throwIfAborted();
    }
  }
  return files;
}

/** A line of an object. */
export interface Place {
  readonly object: string;
  readonly line: number;
}

/**
 * Finds a line of a joined file in the objects of its day. DuckDB leaves out empty lines when it counts, and is one line off where
 * a line is no JSON.
 * @param line as DuckDB counts, or undefined for the first line that is no JSON
 */
export function placeInObjects(day: string, line: number | undefined): Place | undefined {
  let counted = 0;
  for (const object of objectsIn(day)) {
    for (const [index, text] of readFileSync(object, "latin1").split("\n").entries()) {
      if (text.trim() === "") continue;
      counted += 1;
      if (line === undefined ? !isJson(text) : counted === line) return { object, line: index + 1 };
    }
  }
  return undefined;
}

/** True if a line is JSON in valid UTF-8. @param latin1 the line, read as Latin-1, which loses no byte */
function isJson(latin1: string): boolean {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(latin1, "latin1")));
    return true;
  } catch {
    return false;
  }
}
