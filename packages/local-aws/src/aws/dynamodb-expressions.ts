import { cloneDeepWith, mapValues } from "es-toolkit";

type Values = Readonly<Record<string, object>>;

/** What an expression refers to. Parsing removes what it uses from the lists of what is unused. */
interface Context {
  readonly attrNames?: Readonly<Record<string, string>>;
  readonly attrVals?: Values;
  readonly unusedAttrNames: Record<string, unknown>;
  readonly unusedAttrVals: Record<string, unknown>;
  readonly isKeyCondition?: boolean;
}

/** One of dynalite's parsers. */
export interface Parser {
  /** @throws Error for an expression that DynamoDB refuses */
  parse(expression: string, options: { readonly context: Context }): object;
}

/** An expression with these is checked with its values; that of all others depends on the types of the values only. */
const checksValues = /\b(between|attribute_type)\b/i;

interface Parsed {
  readonly tree: object;
  /** The values that stand in the tree. */
  readonly values: Values;
  readonly usedNames: readonly string[];
  readonly usedValues: readonly string[];
}

/**
 * Makes dynalite's parser parse each expression once. It tries every alternative anew: parentheses in parentheses take 5 ms
 * of the process at every write, and DynamoDB takes no such time.
 */
export function rememberExpressions(parser: Parser): void {
  const parse = parser.parse.bind(parser);
  const known = new Map<string, Parsed>();
  const parsedAnew = (expression: string, context: Context): Parsed => {
    const { attrNames = {}, attrVals = {} } = context;
    const unused = { unusedAttrNames: { ...attrNames }, unusedAttrVals: { ...attrVals } };
    const tree = parse(expression, { context: { ...context, ...unused } });
    return {
      tree,
      values: attrVals,
      usedNames: Object.keys(attrNames).filter((name) => !(name in unused.unusedAttrNames)),
      usedValues: Object.keys(attrVals).filter((name) => !(name in unused.unusedAttrVals)),
    };
  };
  parser.parse = (expression, options) => {
    const { attrNames = {}, attrVals = {}, unusedAttrNames, unusedAttrVals, isKeyCondition } = options.context;
    if (checksValues.test(expression)) return parse(expression, options);
    const key = JSON.stringify([expression, attrNames, mapValues(attrVals, Object.keys), isKeyCondition]);
    const parsed = known.get(key) ?? parsedAnew(expression, options.context);
    known.set(key, parsed);
    for (const name of parsed.usedNames) delete unusedAttrNames[name];
    for (const name of parsed.usedValues) delete unusedAttrVals[name];
    const replaced = new Map(Object.entries(parsed.values).map(([name, value]) => [value, attrVals[name]]));
    return cloneDeepWith(parsed.tree, (part) => replaced.get(part));
  };
}
