import type { ContextReader } from "./context.ts";
import { OPERATORS, type Operator } from "./operators.ts";
import { expand, type Variables } from "./patterns.ts";
import { entriesOf, PolicyError } from "./policy-json.ts";

export interface Condition {
  /** As written, for example `ForAnyValue:StringLike`. */
  readonly name: string;
  readonly operator: Operator;
  readonly test: "value" | "presence";
  readonly quantifier: "ForAllValues" | "ForAnyValue" | undefined;
  readonly ifExists: boolean;
  readonly key: string;
  readonly values: readonly string[];
}

export function parseConditions(block: unknown, place: string): readonly Condition[] {
  if (block === undefined) return [];
  return entriesOf(block, place).flatMap(([name, keys]) => {
    const operator = parseOperator(name, `${place}.${name}`);
    return entriesOf(keys, `${place}.${name}`).map(([key, value]) => {
      const values = parseValues(value, operator.operator, `${place}.${name}.${key}`);
      return { ...operator, name, key, values };
    });
  });
}

function parseOperator(name: string, place: string): Omit<Condition, "name" | "key" | "values"> {
  const [, quantifier, base = "", ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/.exec(name) ?? [];
  const operator = OPERATORS.get(base);
  if (!operator) throw new PolicyError(place, `the condition operator ${name} is not supported`);
  if (base === "Null" && (quantifier || ifExists)) throw new PolicyError(place, "Null takes no prefix and no IfExists");
  if (quantifier && ifExists) throw new PolicyError(place, `IfExists is not defined together with ${quantifier}`);
  return {
    operator,
    test: base === "Null" ? "presence" : "value",
    quantifier: quantifier === "ForAllValues" || quantifier === "ForAnyValue" ? quantifier : undefined,
    ifExists: ifExists !== undefined,
  };
}

function parseValues(value: unknown, { check }: Operator, place: string): readonly string[] {
  const values = Array.isArray(value) ? value : [value];
  if (values.length === 0) throw new PolicyError(place, "the list of values is empty");
  return values.map((item) => {
    if (!["string", "number", "boolean"].includes(typeof item)) {
      throw new PolicyError(place, "a value must be text, a number or a boolean");
    }
    const text = String(item);
    const problem = text.includes("${") ? undefined : check?.(text);
    if (problem) throw new PolicyError(place, `"${text}" ${problem}`);
    return text;
  });
}

/** The first condition that the request does not meet. Conditions are a logical AND, a condition's values an OR. */
export function unmetCondition(
  conditions: readonly Condition[],
  read: ContextReader,
  variables: Variables,
): Condition | undefined {
  return conditions.find((condition) => !isMet(condition, read, variables));
}

/**
 * What a missing key means, and which way several values combine:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
function isMet(condition: Condition, read: ContextReader, variables: Variables): boolean {
  const { operator, quantifier, ifExists, values } = condition;
  const actual = read(condition.key);
  if (condition.test === "presence") {
    return values.some((value) => (value.toLowerCase() === "true") === (actual === undefined));
  }
  const passes = (item: string) => {
    const hit = values.some((value) => {
      const expected = expand(value, variables);
      return expected !== undefined && operator.compare(item, expected);
    });
    return hit !== operator.negated;
  };
  // A set operator takes an empty text for no value at all.
  const items = actual?.filter((item) => item !== "") ?? [];
  if (quantifier === "ForAllValues") return items.every(passes);
  if (quantifier === "ForAnyValue") return items.some(passes);
  if (actual === undefined) return ifExists || operator.negated;
  return operator.negated ? actual.every(passes) : actual.some(passes);
}
