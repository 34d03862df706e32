import { isPlainObject } from "es-toolkit";
import { UnsupportedStackError } from "../errors.ts";
import { type Test, valueTest } from "./value-tests.ts";

/** Whether an event fits. */
export type EventPattern = (event: unknown) => boolean;

type Fields = Readonly<Record<string, unknown>>;

/** EventBridge takes patterns of at most this many characters. */
const maximumLength = 4096;

/**
 * Makes a test of an event pattern.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 * @throws UnsupportedStackError naming rule, field and operator of what local-aws does not know
 */
export function eventPattern(json: string, rule: string): EventPattern {
  if (json.length > maximumLength) {
    throw new UnsupportedStackError(
      rule,
      `the event pattern has ${json.length} characters; at most ${maximumLength} are allowed.`,
    );
  }
  let pattern: unknown;
  try {
    pattern = JSON.parse(json);
  } catch {
    throw new UnsupportedStackError(rule, "the event pattern is not JSON.");
  }
  if (!isPlainObject(pattern) || Object.keys(pattern).length === 0) {
    throw new UnsupportedStackError(rule, "the event pattern must be an object with at least one field.");
  }
  return fieldsTest(pattern, rule);
}

function fieldsTest(pattern: Fields, place: string): EventPattern {
  const tests = Object.entries(pattern).map(([name, inner]): EventPattern => {
    const at = `${place} ${name}`;
    if (name === "$or" && Array.isArray(inner) && inner.length > 1 && inner.every(isPlainObject)) {
      const alternatives = inner.map((alternative, index) => fieldsTest(alternative, `${at}[${index}]`));
      return (event) => alternatives.some((alternative) => alternative(event));
    }
    if (Array.isArray(inner)) return leafTest(name, inner, at);
    if (!isPlainObject(inner)) throw new UnsupportedStackError(at, "a pattern's value must be a list or an object.");
    const test = fieldsTest(inner, at);
    return (event) => test(isPlainObject(event) ? event[name] : undefined);
  });
  return (event) => tests.every((test) => test(event));
}

function leafTest(name: string, alternatives: readonly unknown[], place: string): EventPattern {
  if (alternatives.length === 0) throw new UnsupportedStackError(place, "the list of values is empty.");
  const existence = alternatives.filter((value) => isPlainObject(value) && "exists" in value);
  if (existence.some((value) => typeof (value as Fields).exists !== "boolean")) {
    throw new UnsupportedStackError(place, "exists must be true or false.");
  }
  const wanted = new Set(existence.map((value) => (value as Fields).exists));
  const tests: Test[] = alternatives
    .filter((value) => !existence.includes(value))
    .map((value) => valueTest(value, place));
  return (event) => {
    const value = isPlainObject(event) ? event[name] : undefined;
    if (value === undefined) return wanted.has(false);
    // Only a leaf exists: a field that holds further fields does not.
    if (isPlainObject(value)) return wanted.has(false);
    return wanted.has(true) || [value].flat().some((item) => tests.some((test) => test(item)));
  };
}
