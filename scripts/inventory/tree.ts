/** One line that is shown as it is, such as a policy's statement. */
export class Line {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A part of a stack as the inventory shows it. */
export type Tree = string | number | boolean | null | Line | readonly Tree[] | Fields;
export type Fields = { readonly [name: string]: Tree };

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;

/** The hash of a function's code, which is another one after every change of the code. */
const codeHash = /^[A-Za-z0-9+/]{43}=$/;

/** The version that every policy has which does not show another one. */
const policyVersion = "2012-10-17";

/** A value of cdk.tf.json with the JSON in its strings read and each policy statement as a line. */
function treeOf(value: unknown): Tree {
  if (typeof value === "string") return parsed(value);
  if (Array.isArray(value)) return value.map(treeOf);
  return isObject(value) ? fieldsOf(value) : (value as Tree);
}

/** The settings of a block of cdk.tf.json, without CDKTF's metadata. */
export function fieldsOf(block: Json): Fields {
  if (Array.isArray(block.Statement)) return policyOf(block, block.Statement as Json[]);
  const { properties, ...widget } = block;
  if (typeof widget.type === "string" && isObject(properties)) {
    // A dashboard's widget, its title first.
    const { title, ...settings } = properties;
    return { title: treeOf(title), ...fieldsOf(widget), ...fieldsOf(settings) };
  }
  const settings = Object.entries(block).filter(([name]) => name !== "//");
  return Object.fromEntries(settings.map(([name, setting]) => [name, treeOf(setting)]));
}

export const isFields = (tree: Tree): tree is Fields =>
  typeof tree === "object" && tree !== null && !Array.isArray(tree) && !(tree instanceof Line);

export const isList = (tree: Tree): tree is readonly Tree[] => Array.isArray(tree);

/** A list with blocks or lists in it. Any other list is one setting. */
export const isListOfBlocks = (tree: Tree): tree is readonly Tree[] =>
  isList(tree) && tree.some((item) => isFields(item) || isList(item));

/** JSON inside of a string is what counts, also in the form of a view, and of a hash that there is one. Any other string stays as it is. */
function parsed(text: string): Tree {
  if (codeHash.test(text)) return "SHA-256";
  const [, view] = /^\/\* Presto View: (\S+) \*\/$/.exec(text) ?? [];
  if (view !== undefined) return parsed(Buffer.from(view, "base64").toString());
  if (!/^[{[]/.test(text)) return text;
  try {
    return treeOf(JSON.parse(text));
  } catch {
    return text;
  }
}

function policyOf({ Version, Statement: _, ...more }: Json, statements: readonly Json[]): Fields {
  const lines = statements.map(({ Sid, ...statement }, index) => {
    const isRepeated = statements.findIndex((other) => other.Sid === Sid) < index;
    return [Sid === undefined || isRepeated ? `${Sid ?? "statement"} (${index + 1})` : String(Sid), line(statement)];
  });
  const version = Version === policyVersion ? {} : { Version: treeOf(Version) };
  return { ...fieldsOf(more), ...version, ...Object.fromEntries(lines) };
}

function line({ Effect, Principal, Action, Resource, Condition, ...more }: Json): Line {
  const phrase = (word: string, value: unknown) =>
    value === undefined ? [] : [`${word}${[value].flat().map(treeOf).map(inline).join(", ")}`];
  const parts = [
    phrase("", Effect),
    phrase("", Action),
    phrase("on ", Resource),
    phrase("to ", Principal),
    phrase("if ", Condition),
    phrase("with ", Object.keys(more).length > 0 ? more : undefined),
  ];
  return new Line(parts.flat().join(" "));
}

/** A tree in one line; strings stand without quotes where nothing else can be meant. */
export function inline(tree: Tree): string {
  if (tree instanceof Line) return tree.text;
  if (typeof tree === "string") return isPlain(tree) ? tree : JSON.stringify(tree);
  if (typeof tree !== "object" || tree === null) return String(tree);
  if (!isFields(tree)) return `[${tree.map(inline).join(", ")}]`;
  const entries = Object.entries(tree);
  return entries.length === 0 ? "{}" : `{ ${entries.map(([name, value]) => `${name} = ${inline(value)}`).join(", ")} }`;
}

const isPlain = (text: string) =>
  /^[^\s",={[][^\s",=]*$/.test(text) && !/^(true|false|null|undefined|-?[\d.]+(e\d+)?)$/i.test(text);
