import { memoize } from "es-toolkit/function";
import { boundedText } from "../lead/text.ts";
import { line } from "./cleanse.ts";

/** A value of the enriched lead: its place there, such as `company.name`, and its path in the payload unless it is derived. */
export interface Placed {
  readonly place: string;
  readonly value: unknown;
  readonly path?: string | undefined;
}

/** Names and indices of a place. There are a few dozen places. */
const partsOf = memoize((place: string): readonly string[] => place.split(/[.[\]]/));

/** The values at their places: `company.name` in an object, `answers[0]` in a list. */
export function draftOf(placed: readonly Placed[]): Record<string, unknown> {
  const draft: Record<string, unknown> = {};
  for (const { place, value } of placed) {
    if (value === undefined) continue;
    const [outer = "", inner] = partsOf(place);
    if (inner === undefined) draft[outer] = value;
    else {
      draft[outer] ??= place.endsWith("]") ? [] : {};
      (draft[outer] as Record<string, unknown>)[inner] = value;
    }
  }
  return draft;
}

/** The paths in the payload by the places of the values that have one. @param leftOut places whose values are not in the lead */
export function pathsOf(placed: readonly Placed[], leftOut: readonly string[]): Record<string, string> {
  const isLeftOut = (place: string) =>
    leftOut.some((left) => place === left || (/^[.[]/.test(place.slice(left.length)) && place.startsWith(left)));
  const paths: Record<string, string> = {};
  for (const { place, value, path } of placed) {
    const shown = value === undefined || isLeftOut(place) ? undefined : shownPath(path);
    if (shown) paths[place] = shown;
  }
  return paths;
}

/** A path is made of names, which can hold anything. */
const shownPath = (path: string | undefined) =>
  path && /^[!-~]{1,300}$/.test(path) ? path : line(boundedText(path), 300);
