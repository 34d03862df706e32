import { mapValues, omitBy } from "es-toolkit/object";
import { isPlainObject } from "es-toolkit/predicate";
import type { Block, TerraformFile } from "./stack.ts";

/** Name of the construct at the top of the stack that a resource is in. A consumer has one of its own name. */
const constructOf = (block: Block) => (block["//"] as Metadata | undefined)?.metadata?.path?.split("/")[1] ?? "";
interface Metadata {
  readonly metadata?: { readonly path?: string };
}

/** Names of the consumers, out of some, that a stack has. */
export function consumersIn({ resource = {} }: TerraformFile, names: readonly string[]): string[] {
  const constructs = new Set(Object.values(resource).flatMap((named) => Object.values(named).map(constructOf)));
  return names.filter((name) => constructs.has(name));
}

/** A stack as it would be without some consumers: without their resources, their outputs, and what mentions them in a list. */
export function withoutConsumers(file: TerraformFile, names: readonly string[]): TerraformFile {
  const isGone = (block: Block) => names.includes(constructOf(block));
  const resource = mapValues(file.resource ?? {}, (named) => omitBy(named, isGone));
  const gone = Object.entries(file.resource ?? {}).flatMap(([type, named]) =>
    Object.keys(named).flatMap((name) => (resource[type]?.[name] ? [] : `${type}.${name}`)),
  );
  const pattern = new RegExp(`\\b(${gone.join("|")})\\b`);
  const mentions = (value: unknown) => pattern.test(JSON.stringify(value));
  const rest = (value: unknown): unknown => {
    if (isPlainObject(value)) return mapValues(value, rest);
    if (Array.isArray(value)) {
      // A block's own lists come first. A list in a list, such as a line of the dashboard, goes as a whole.
      return value.map((item) => (isPlainObject(item) ? rest(item) : item)).filter((item) => !mentions(item));
    }
    const isJson = typeof value === "string" && /^[{[]/.test(value) && mentions(value);
    return isJson ? JSON.stringify(rest(JSON.parse(value))) : value;
  };
  const output = omitBy(file.output ?? {}, ({ value }) => mentions(value));
  return gone.length === 0 ? file : ({ ...file, resource: rest(resource), output } as TerraformFile);
}
