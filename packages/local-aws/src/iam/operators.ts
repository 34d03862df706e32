import { BlockList, isIP } from "node:net";
import { matchesArn, matchesPattern, type Pattern, plain } from "./patterns.ts";

export interface Operator {
  readonly compare: (actual: string, expected: Pattern) => boolean;
  readonly negated: boolean;
  /** What is wrong with a value in the policy, if anything. */
  readonly check?: (value: string) => string | undefined;
}

type Check = NonNullable<Operator["check"]>;

function pair(
  name: string,
  negatedName: string,
  compare: Operator["compare"],
  check?: Check,
): Record<string, Operator> {
  const checked = check ? { check } : {};
  return { [name]: { compare, negated: false, ...checked }, [negatedName]: { compare, negated: true, ...checked } };
}

const sameText: Operator["compare"] = (actual, expected) => actual === plain(expected);
const sameTextIgnoringCase: Operator["compare"] = (actual, expected) =>
  actual.toLowerCase() === plain(expected).toLowerCase();

const isBoolean: Check = (value) => (/^(true|false)$/i.test(value) ? undefined : "is neither true nor false");
const isNumber: Check = (value) => (Number.isNaN(toNumber(value)) ? "is not a number" : undefined);
const isDate: Check = (value) =>
  Number.isNaN(toTime(value)) ? "is neither ISO 8601 nor seconds since 1970" : undefined;
const isRange: Check = (value) => (addressRange(value) ? undefined : "is neither an IP address nor a CIDR range");

function toNumber(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}

function toTime(text: string): number {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  return /^\d{4}-\d{2}(-\d{2}|$)/.test(text) ? Date.parse(text) : Number.NaN;
}

function addressRange(text: string): BlockList | undefined {
  const [address = "", bits] = text.split("/");
  const version = isIP(address);
  const width = version === 6 ? 128 : 32;
  if (!version || (bits !== undefined && !(/^\d+$/.test(bits) && Number(bits) <= width))) return undefined;
  const range = new BlockList();
  range.addSubnet(address, bits === undefined ? width : Number(bits), version === 6 ? "ipv6" : "ipv4");
  return range;
}

function inRange(actual: string, expected: Pattern): boolean {
  const version = isIP(actual);
  return version !== 0 && (addressRange(plain(expected))?.check(actual, version === 6 ? "ipv6" : "ipv4") ?? false);
}

function ordered(kind: "Numeric" | "Date", read: (text: string) => number, check: Check): Record<string, Operator> {
  const by = (test: (actual: number, expected: number) => boolean): Operator["compare"] => {
    return (actual, expected) => test(read(actual), read(plain(expected)));
  };
  return {
    ...pair(
      `${kind}Equals`,
      `${kind}NotEquals`,
      by((a, b) => a === b),
      check,
    ),
    [`${kind}LessThan`]: { compare: by((a, b) => a < b), negated: false, check },
    [`${kind}LessThanEquals`]: { compare: by((a, b) => a <= b), negated: false, check },
    [`${kind}GreaterThan`]: { compare: by((a, b) => a > b), negated: false, check },
    [`${kind}GreaterThanEquals`]: { compare: by((a, b) => a >= b), negated: false, check },
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    ...pair("StringEquals", "StringNotEquals", sameText),
    ...pair("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", sameTextIgnoringCase),
    ...pair("StringLike", "StringNotLike", (actual, expected) => matchesPattern(expected, actual)),
    // AWS defines ArnEquals and ArnLike to behave alike.
    ...pair("ArnEquals", "ArnNotEquals", (actual, expected) => matchesArn(expected, actual)),
    ...pair("ArnLike", "ArnNotLike", (actual, expected) => matchesArn(expected, actual)),
    ...pair("IpAddress", "NotIpAddress", inRange, isRange),
    ...ordered("Numeric", toNumber, isNumber),
    ...ordered("Date", toTime, isDate),
    Bool: { compare: sameTextIgnoringCase, negated: false, check: isBoolean },
    Null: { compare: sameTextIgnoringCase, negated: false, check: isBoolean },
  }),
);
