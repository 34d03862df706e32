import { BlockList, isIP } from "node:net";
import { sortBy, uniq } from "es-toolkit";
import { arnCovers, covers } from "./globs.ts";
import { entriesOf, textsOf, UnreadablePolicyError } from "./json.ts";

/** One operator and one key of a statement's `Condition`. */
export interface Condition {
  /** The operator without set prefix, negation and IfExists, in lower case, for example `stringequals`. */
  readonly base: string;
  readonly isNegated: boolean;
  /** `forallvalues`, `foranyvalue` or nothing. */
  readonly quantifier: string;
  /** Whether a request without the key passes. */
  readonly passesWithoutKey: boolean;
  /** In lower case, because keys are not case-sensitive. */
  readonly key: string;
  readonly values: readonly string[];
  /** In words, for example `ArnEquals aws:SourceArn = arn:…`. */
  readonly text: string;
}

const operators =
  /^(string(not)?(equals(ignorecase)?|like)|arn(not)?(equals|like)|(numeric|date)((not)?equals|(less|greater)than(equals)?)|(not)?ipaddress|bool|null|binaryequals)$/;

/**
 * Reads a `Condition` element. All of its conditions must hold, so their order means nothing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function readConditions(element: unknown): readonly Condition[] {
  if (element === undefined) return [];
  const conditions = entriesOf(element).flatMap(([operator, keys]) => {
    const [, quantifier = "", written = "", ifExists] =
      /^(?:(for(?:all|any)values?):)?(.*?)(ifexists)?$/.exec(operator.toLowerCase()) ?? [];
    if (!operators.test(written)) throw new UnreadablePolicyError(`the operator ${operator} is not known`);
    const isNegated = written.includes("not");
    return entriesOf(keys).map(([key, value]): Condition => {
      const values = sortBy(uniq(textsOf(value)), [String]);
      return {
        base: written.replace("not", ""),
        isNegated,
        quantifier,
        passesWithoutKey: ifExists !== undefined || (isNegated && quantifier === ""),
        key: key.toLowerCase(),
        values,
        text: `${operator} ${key} = ${values.join(" or ")}`,
      };
    });
  });
  return sortBy(conditions, ["text"]);
}

/** Whether every request that meets all of `narrow` meets all of `wide`. It is false when that cannot be told. */
export const impliesAll = (narrow: readonly Condition[], wide: readonly Condition[]) =>
  unmet(narrow, wide).length === 0;

/** Those of `wide` that a request which meets all of `narrow` may not meet. */
export const unmet = (narrow: readonly Condition[], wide: readonly Condition[]) =>
  wide.filter((one) => !narrow.some((other) => implies(other, one)));

function implies(narrow: Condition, wide: Condition): boolean {
  if (narrow.key !== wide.key || narrow.quantifier !== wide.quantifier || narrow.isNegated !== wide.isNegated) {
    return false;
  }
  if (narrow.passesWithoutKey && !wide.passesWithoutKey) return false;
  // What a negated operator lists is what it keeps out, so the longer list is the narrower one.
  const [listed, by] = narrow.isNegated ? [wide, narrow] : [narrow, wide];
  return listed.values.every((value) => by.values.some((other) => valueCovers(by.base, other, listed.base, value)));
}

/** Whether every text that passes `narrowBase narrow` passes `wideBase wide`. */
function valueCovers(wideBase: string, wide: string, narrowBase: string, narrow: string): boolean {
  const isPlain = narrowBase === "stringequals" || !/[*?]/.test(narrow);
  const isText = /^(string|arn)/.test(narrowBase) && narrowBase !== "stringequalsignorecase";
  if (wideBase === "stringequals") return isText && isPlain && wide === narrow;
  if (wideBase === "stringlike") return isText && covers(wide, narrow);
  if (/^arn/.test(wideBase)) return isText && (isPlain || /^arn/.test(narrowBase)) && arnCovers(wide, narrow);
  if (wideBase === "stringequalsignorecase") {
    return /^(string|arn)/.test(narrowBase) && isPlain && wide.toLowerCase() === narrow.toLowerCase();
  }
  if (wideBase !== narrowBase) return false;
  if (/^(bool|null)$/.test(wideBase)) return wide.toLowerCase() === narrow.toLowerCase();
  if (wideBase === "ipaddress") return rangeCovers(wide, narrow);
  const [more, less] = [wide, narrow].map((text) => (/^[\d.]+$/.test(text) ? Number(text) : Date.parse(text)));
  if (/lessthan/.test(wideBase) && more !== undefined && less !== undefined) return less <= more;
  if (/greaterthan/.test(wideBase) && more !== undefined && less !== undefined) return less >= more;
  return wide === narrow;
}

function rangeCovers(wide: string, narrow: string): boolean {
  const [[wideAddress, wideBits], [address, bits]] = [range(wide), range(narrow)];
  const kind = isIP(address) === 6 ? "ipv6" : "ipv4";
  if (isIP(wideAddress) !== isIP(address) || isIP(address) === 0 || !(wideBits <= bits)) return wide === narrow;
  const list = new BlockList();
  list.addSubnet(wideAddress, wideBits, kind);
  return list.check(address, kind);
}

function range(text: string): [address: string, bits: number] {
  const [address = "", bits] = text.split("/");
  return [address, Number(bits ?? (isIP(address) === 6 ? 128 : 32))];
}
