import { UnsupportedStackError } from "../errors.ts";
import { computed, type Place } from "./computed.ts";
import { fill, type Path } from "./expression.ts";
import type { Json, TerraformFile } from "./terraform-file.ts";

/** A resource or a data source that a reference names. */
interface Block {
  /** `aws_sqs_queue.orders` or `data.aws_region.current`. */
  readonly address: string;
  /** `aws_sqs_queue` or `data.aws_region`. */
  readonly type: string;
  readonly content: Json;
}

/** Fills the references of one stack. `from` is the address of the attribute that holds what is being filled. */
export class References {
  readonly #file: TerraformFile;
  readonly #place: Place;
  readonly #variables: Json;
  /** Attributes that are being worked out, to notice those that refer to themselves. */
  readonly #underway = new Set<string>();

  constructor(file: TerraformFile, place: Place, variables: Json) {
    this.#file = file;
    this.#place = place;
    this.#variables = variables;
  }

  /** The value with all references in it filled, however deep they are. */
  fill(value: unknown, from: string): unknown {
    if (typeof value === "string") return this.#fillText(value, from);
    if (Array.isArray(value)) return value.map((item, index) => this.fill(item, `${from}[${index}]`));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.fill(item, `${from}.${key}`)]));
  }

  /** All attributes of a resource: those that the stack sets, and those that AWS would work out. */
  attributes(type: string, address: string, content: Json): Json {
    const block: Block = { address, type, content };
    const { "//": _path, lifecycle: _lifecycle, depends_on: _order, provider: _provider, ...set } = content;
    return {
      ...computed[type]?.((name) => this.#attribute(block, name, address), this.#place),
      ...(this.fill(set, address) as Json),
    };
  }

  #fillText(text: string, from: string): unknown {
    try {
      return fill(text, (path) => this.#lookUp(path, from));
    } catch (error) {
      if (error instanceof SyntaxError) throw new UnsupportedStackError(from, `${error.message}.`);
      throw error;
    }
  }

  #lookUp(path: Path, from: string): unknown {
    const [first, ...rest] = path;
    if (first === "var") return descend(this.#variable(String(rest[0]), from), rest.slice(1), from);
    if (first === "local") return descend(this.fill(this.#file.locals?.[String(rest[0])], from), rest.slice(1), from);
    const data = first === "data";
    const [type, name, attribute, ...deeper] = (data ? rest : path).map(String);
    const content = (data ? this.#file.data : this.#file.resource)?.[type ?? ""]?.[name ?? ""];
    const prefix = data ? "data." : "";
    const address = `${prefix}${type}.${name}`;
    if (content === undefined || attribute === undefined) {
      throw new UnsupportedStackError(from, `it refers to ${address}, which the stack does not hold.`);
    }
    return descend(this.#attribute({ address, type: `${prefix}${type}`, content }, attribute, from), deeper, from);
  }

  #variable(name: string, from: string): unknown {
    const value = this.#variables[name] ?? this.#file.variable?.[name]?.default;
    if (value !== undefined) return value;
    throw new UnsupportedStackError(from, `variable ${name} has no default, and local-aws has no value for it.`);
  }

  #attribute({ address, type, content }: Block, name: string, from: string): unknown {
    const attribute = `${address}.${name}`;
    if (this.#underway.has(attribute)) throw new UnsupportedStackError(from, `${attribute} refers to itself.`);
    this.#underway.add(attribute);
    try {
      if (content[name] !== undefined) return this.fill(content[name], attribute);
      const given = (other: string) => this.#attribute({ address, type, content }, other, attribute);
      const value = computed[type]?.(given, this.#place)[name];
      if (value === undefined) throw new UnsupportedStackError(from, `local-aws does not know ${attribute}.`);
      return value;
    } finally {
      this.#underway.delete(attribute);
    }
  }
}

function descend(value: unknown, path: Path, from: string): unknown {
  return path.reduce<unknown>((inner, key) => {
    const next = typeof inner === "object" && inner !== null ? (inner as Json)[key] : undefined;
    if (next === undefined)
      throw new UnsupportedStackError(from, `there is no ${path.join(".")} in what it refers to.`);
    return next;
  }, value);
}
