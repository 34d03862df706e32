import { type Fields, inline, isFields, isList, isListOfBlocks, Line, type Tree } from "./tree.ts";

/** Columns after which settings go on in the next line, and of the longest value that stands beside others. */
const width = { line: 200, value: 160 };

/** A resource, or another block with a name, as lines. */
export const blockLines = (name: string, fields: Fields): string[] => withFields(`${name}:`, fields, "  ");

/** Short settings behind each other, then every long one below. A list or line that is alone begins in the last line. */
function withFields(head: string, fields: Fields, indent: string): string[] {
  const entries = Object.entries(fields);
  const short = entries.filter(([name, tree]) => isShort(name, tree));
  const long = entries.filter((entry) => !short.includes(entry));
  const above = wrapped(
    head,
    short.map(([name, tree]) => `${name} = ${inline(tree)}`),
    `${indent}  `,
  );
  const below = long.flatMap(([name, tree]) => longLines(name, tree, indent));
  const joined = `${above.at(-1)}${short.length > 0 ? "," : ""} ${below[0]?.trim()}`;
  const canJoin = below.length === 1 || (long.length === 1 && isList(long[0]?.[1] ?? ""));
  if (!canJoin || joined.length > width.line) return [...above, ...below];
  return [...above.slice(0, -1), joined, ...below.slice(1)];
}

const isShort = (name: string, tree: Tree): boolean => !hasOwnLines(name, tree) && inline(tree).length <= width.value;

/** Variables and statements have a line each, however short they are. */
function hasOwnLines(name: string, tree: Tree): boolean {
  if (name === "variables" || tree instanceof Line) return true;
  return isFields(tree) && Object.entries(tree).some(([inner, value]) => hasOwnLines(inner, value));
}

function longLines(name: string, tree: Tree, indent: string): string[] {
  if (tree instanceof Line) return [`${indent}${name}: ${tree.text}`];
  // Blocks and lists in a list have a line each; other values stand in one.
  if (isListOfBlocks(tree)) return [`${indent}${name}:`, ...tree.flatMap((item) => itemLines(item, `${indent}  `))];
  if (!isFields(tree)) return [`${indent}${name} = ${inline(tree)}`];
  const entries = Object.entries(tree);
  const [only] = entries;
  if (only && entries.length === 1) return longLines(`${name}.${only[0]}`, only[1], indent);
  if (name.endsWith("variables") || entries.some(([, value]) => value instanceof Line)) {
    return entries.flatMap(([inner, value]) => longLines(`${name.split(".").at(-1)}.${inner}`, value, indent));
  }
  return withFields(`${indent}${name}:`, tree, `${indent}  `);
}

const itemLines = (item: Tree, indent: string) =>
  isFields(item) && inline(item).length > width.line
    ? withFields(`${indent}-`, item, `${indent}  `)
    : [`${indent}- ${inline(item)}`];

/** Settings after a head, as many to a line as fit. */
function wrapped(head: string, settings: readonly string[], indent: string): string[] {
  const lines = [head];
  settings.forEach((setting, index) => {
    const text = index < settings.length - 1 ? `${setting},` : setting;
    const last = lines.at(-1) ?? "";
    if (last.length + text.length < width.line) lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(`${indent}${text}`);
  });
  return lines;
}
