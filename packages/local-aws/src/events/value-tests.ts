import { isPlainObject } from "es-toolkit";
import { UnsupportedStackError } from "../errors.ts";

/** Whether one value of an event fits one value of a pattern. */
export type Test = (value: unknown) => boolean;

type Operator = (operand: unknown, place: string) => Test;

const refuse = (place: string, what: string): never => {
  throw new UnsupportedStackError(place, what);
};

const asText = (operand: unknown, place: string, operator: string): string =>
  typeof operand === "string" ? operand : refuse(place, `${operator} takes a string.`);

const onText =
  (test: (value: string) => boolean): Test =>
  (value) =>
    typeof value === "string" && test(value);

/** A prefix or suffix, which may ignore case. */
const affix =
  (name: "prefix" | "suffix"): Operator =>
  (operand, place) => {
    const fits = (value: string, part: string) => (name === "prefix" ? value.startsWith(part) : value.endsWith(part));
    const ignoring = (operand as { "equals-ignore-case"?: unknown } | null)?.["equals-ignore-case"];
    if (ignoring !== undefined) {
      const part = asText(ignoring, place, `${name} with equals-ignore-case`).toLowerCase();
      return onText((value) => fits(value.toLowerCase(), part));
    }
    const part = asText(operand, place, name);
    return onText((value) => fits(value, part));
  };

/** `*` stands for any characters, `\*` for a star, `\\` for a backslash. */
const wildcard: Operator = (operand, place) => {
  const text = asText(operand, place, "wildcard");
  if (text.includes("**")) refuse(place, "wildcard takes no two stars in a row.");
  const source = text.replace(/\\[\\*]|\*|[\\^$.|?+()[\]{}]/g, (found) => {
    if (found === "*") return "[^]*";
    return found.length === 2 ? `\\${found[1]}` : `\\${found}`;
  });
  const expression = new RegExp(`^${source}$`, "u");
  return onText((value) => expression.test(value));
};

const equalsIgnoreCase: Operator = (operand, place) => {
  const text = asText(operand, place, "equals-ignore-case").toLowerCase();
  return onText((value) => value.toLowerCase() === text);
};

const comparisons: Record<string, (value: number, bound: number) => boolean> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

/** `["=", 5]` or a range such as `[">", 0, "<=", 5]`. */
const numeric: Operator = (operand, place) => {
  const list = Array.isArray(operand) ? operand : refuse(place, "numeric takes a list.");
  if (list.length !== 2 && list.length !== 4) refuse(place, "numeric takes one or two comparisons.");
  const tests = [0, 2].slice(0, list.length / 2).map((index) => {
    const compare = comparisons[String(list[index])] ?? refuse(place, `numeric does not know ${list[index]}.`);
    const bound = list[index + 1];
    return typeof bound === "number"
      ? (value: number) => compare(value, bound)
      : refuse(place, "numeric takes numbers.");
  });
  return (value) => typeof value === "number" && tests.every((test) => test(value));
};

/** Everything but a value, a list of values, or what another operator matches (which takes a list as well). */
const anythingBut: Operator = (operand, place) => {
  const excluded = isPlainObject(operand)
    ? innerTests(operand, place)
    : [operand].flat().map((value) => literal(value, place));
  if (excluded.length === 0) refuse(place, "anything-but takes at least one value.");
  return (value) => !excluded.some((test) => test(value));
};

function innerTests(operand: object, place: string): Test[] {
  const [[name, inner] = ["", undefined], ...more] = Object.entries(operand);
  const operator = ["prefix", "suffix", "wildcard", "equals-ignore-case"].includes(name) ? operators[name] : undefined;
  if (!operator || more.length > 0) refuse(place, `local-aws does not know anything-but with ${name}.`);
  return [inner].flat().map((value) => (operator as Operator)(value, place));
}

const literal: Operator = (operand, place) => {
  if (operand !== null && !["string", "number", "boolean"].includes(typeof operand)) {
    refuse(place, `${JSON.stringify(operand)} is not a string, number, boolean or null.`);
  }
  return (value) => value === operand;
};

const operators: Record<string, Operator> = {
  prefix: affix("prefix"),
  suffix: affix("suffix"),
  wildcard,
  numeric,
  "anything-but": anythingBut,
  "equals-ignore-case": equalsIgnoreCase,
};

/**
 * The test of one entry of a pattern's list: a plain value, or an object with one operator.
 * @throws UnsupportedStackError for an operator that local-aws does not know
 */
export function valueTest(pattern: unknown, place: string): Test {
  if (typeof pattern !== "object" || pattern === null) return literal(pattern, place);
  const [[name, operand] = ["", undefined], ...more] = Object.entries(pattern);
  const operator = operators[name];
  if (!operator || more.length > 0) {
    return refuse(place, `local-aws does not know the operator ${JSON.stringify(pattern)}; it knows ${known}.`);
  }
  return operator(operand, place);
}

const known = [...Object.keys(operators), "exists"].join(", ");
