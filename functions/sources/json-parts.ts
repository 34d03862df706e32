/**
 * The value of a JSON object's member as it is written; undefined when it has none, or is no object. As with JSON.parse, the
 * last one of several members with one name counts.
 * @param json valid JSON
 */
export const memberOf = (json: string, name: string): string | undefined =>
  json.trimStart().startsWith("{")
    ? partsOf(json)
        .findLast((part) => part.name === name)
        ?.json.trim()
    : undefined;

/** The items of a JSON array as they are written; none of anything else. @param json valid JSON */
export const itemsOf = (json = ""): string[] =>
  json.trimStart().startsWith("[") ? partsOf(json).flatMap((part) => part.json.trim() || []) : [];

/** A JSON object without its members of a name, byte for byte but for them. @param json valid JSON of an object */
export const withoutMember = (json: string, name: string): string =>
  `{${partsOf(json)
    .filter((part) => part.name !== name)
    .map(({ text }) => text)
    .join()}}`;

/** A part of a JSON array or object: an item, or a member with its name. */
interface Part {
  readonly name?: string;
  /** The value as it is written, with the white space around it. */
  readonly json: string;
  /** All of the part as it is written: a member with its name. */
  readonly text: string;
}

/** The parts that a JSON array or object holds directly, in their order. @param json valid JSON */
function partsOf(json: string): Part[] {
  const parts: Part[] = [];
  let depth = 0;
  let start = 0;
  let from = 0;
  let name: string | undefined;
  for (let at = 0; at < json.length; at += 1) {
    const c = json[at];
    if (c === '"') at = endOfString(json, at);
    else if (c === "{" || c === "[") {
      depth += 1;
      if (depth === 1) start = from = at + 1;
    } else if (c === ":" && depth === 1) {
      name = JSON.parse(json.slice(from, at));
      from = at + 1;
    } else if (c === "}" || c === "]" || c === ",") {
      if (depth === 1) {
        parts.push({ json: json.slice(from, at), text: json.slice(start, at), ...(name !== undefined && { name }) });
        start = from = at + 1;
        name = undefined;
      }
      if (c !== ",") depth -= 1;
    }
  }
  return parts;
}

/** The place of the quote that ends a string. @param start the place of the quote that begins it */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return at;
}
