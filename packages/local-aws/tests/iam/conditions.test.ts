// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables look like placeholders
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type RequestContext, standardContext } from "../../src/iam/context.ts";
import { servicePrincipal } from "../../src/iam/principal.ts";
import { allow, decideCase, NOW, ROLE, worker } from "./iam-fixtures.ts";

const test = suite("conditions");

function met(Condition: unknown, context: RequestContext = {}): boolean {
  return decideCase({ identity: allow("*", "*", { Condition }), context }).allowed;
}

const RULE = "arn:aws:events:eu-central-1:111122223333:rule/raw";

const PRESENT: [operator: string, value: unknown, actual: RequestContext[string], met: boolean][] = [
  ["StringEquals", "dev", "dev", true],
  ["StringEquals", "dev", "Dev", false],
  ["StringEquals", "d*", "dev", false],
  ["StringEquals", ["prod", "dev"], "dev", true],
  ["StringNotEquals", "dev", "prod", true],
  ["StringNotEquals", ["prod", "dev"], "prod", false],
  ["StringEqualsIgnoreCase", "DEV", "dev", true],
  ["StringNotEqualsIgnoreCase", "DEV", "dev", false],
  ["StringLike", "packed/*", "packed/a/b.json", true],
  ["StringLike", "packed/?", "packed/ab", false],
  ["StringNotLike", "packed/*", "a.json", true],
  ["StringNotLike", ["packed/*", "a*"], "a.json", false],
  ["ArnEquals", RULE, RULE, true],
  ["ArnEquals", "arn:aws:events:*:*:rule/*", RULE, true],
  ["ArnLike", "arn:aws:events:*:rule/raw", RULE, false],
  ["ArnLike", "arn:aws:events:*", RULE, false],
  ["ArnNotEquals", RULE, `${RULE}-2`, true],
  ["ArnNotLike", "arn:aws:events:*:*:rule/*", RULE, false],
  ["ArnEquals", RULE, "not an ARN", false],
  ["Bool", "true", true, true],
  ["Bool", true, "true", true],
  ["Bool", "false", true, false],
  ["NumericEquals", "10", 10, true],
  ["NumericNotEquals", 10, 11, true],
  ["NumericLessThan", "10", 10, false],
  ["NumericLessThanEquals", "10", 10, true],
  ["NumericGreaterThan", "9.5", 10, true],
  ["NumericGreaterThanEquals", "11", 10, false],
  ["NumericEquals", "10", "ten", false],
  ["DateEquals", "2026-06-01T12:00:00Z", "2026-06-01T12:00:00.000Z", true],
  ["DateLessThan", "2026-06-02", "2026-06-01T12:00:00Z", true],
  ["DateGreaterThan", "1780000000", "2026-06-01T12:00:00Z", true],
  ["DateGreaterThanEquals", "2026-06-02T00:00:00Z", "2026-06-01T12:00:00Z", false],
  ["IpAddress", "203.0.113.0/24", "203.0.113.7", true],
  ["IpAddress", "203.0.113.0/24", "203.0.114.7", false],
  ["IpAddress", "203.0.113.7", "203.0.113.7", true],
  ["IpAddress", "203.0.113.7/32", "203.0.113.7", true],
  ["IpAddress", "2001:db8::/32", "2001:db8::1", true],
  ["IpAddress", "2001:db8::1/128", "2001:db8::1", true],
  ["NotIpAddress", "203.0.113.0/24", "198.51.100.1", true],
  ["Null", "true", "x", false],
  ["Null", "false", "x", true],
  ["StringEqualsIfExists", "dev", "prod", false],
  ["StringEqualsIfExists", "dev", "dev", true],
  ["StringEquals", "a", ["a", "b"], true],
  ["StringNotEquals", "a", ["a", "b"], false],
];

for (const [operator, value, actual, expected] of PRESENT) {
  const name = `${operator} ${JSON.stringify(value)} ${expected ? "meets" : "does not meet"} ${JSON.stringify(actual)}`;
  test(name, () => assert.is(met({ [operator]: { "k:v": value } }, { "k:v": actual }), expected));
}

/** A comparison with what lies below, at and above the bound. */
const ORDERED: [comparison: string, below: boolean, at: boolean, above: boolean][] = [
  ["Equals", false, true, false],
  ["NotEquals", true, false, true],
  ["LessThan", true, false, false],
  ["LessThanEquals", true, true, false],
  ["GreaterThan", false, false, true],
  ["GreaterThanEquals", false, true, true],
];
const BOUNDS: [kind: string, bound: string, below: string, above: string][] = [
  ["Numeric", "10", "9.5", "10.5"],
  ["Date", "2026-06-01T12:00:00Z", "2026-06-01T11:59:59Z", "2026-06-01T12:00:01Z"],
];

test("comparisons of numbers and dates hold below, at and above their bound as their names say", () => {
  for (const [comparison, ...expected] of ORDERED) {
    for (const [kind, bound, below, above] of BOUNDS) {
      const actual = [below, bound, above].map((value) =>
        met({ [kind + comparison]: { "k:v": bound } }, { "k:v": value }),
      );
      assert.equal(actual, expected, kind + comparison);
    }
  }
});

const MISSING: [operator: string, value: string, met: boolean][] = [
  ["StringEquals", "a", false],
  ["StringLike", "*", false],
  ["ArnLike", "arn:aws:sqs:*:*:*", false],
  ["Bool", "false", false],
  ["NumericLessThan", "1", false],
  ["DateLessThan", "2030-01-01", false],
  ["IpAddress", "0.0.0.0/0", false],
  ["StringNotEquals", "a", true],
  ["StringNotLike", "a", true],
  ["StringNotEqualsIgnoreCase", "a", true],
  ["ArnNotEquals", "arn:aws:sqs:*:*:*", true],
  ["ArnNotLike", "arn:aws:sqs:*:*:*", true],
  ["NumericNotEquals", "1", true],
  ["DateNotEquals", "2030-01-01", true],
  ["NotIpAddress", "0.0.0.0/0", true],
  ["StringEqualsIfExists", "a", true],
  ["BoolIfExists", "false", true],
  ["StringNotEqualsIfExists", "a", true],
  ["Null", "true", true],
  ["Null", "false", false],
  ["ForAllValues:StringEquals", "a", true],
  ["ForAllValues:StringNotEquals", "a", true],
  ["ForAnyValue:StringEquals", "a", false],
  ["ForAnyValue:StringNotEquals", "a", false],
];

for (const [operator, value, expected] of MISSING) {
  test(`missing key :: ${operator} is ${expected}`, () => assert.is(met({ [operator]: { "k:v": value } }), expected));
}

const SETS: [operator: string, values: string[], actual: string[], met: boolean][] = [
  ["ForAllValues:StringEquals", ["a", "b"], ["a", "b"], true],
  ["ForAllValues:StringEquals", ["a", "b"], ["a", "c"], false],
  ["ForAllValues:StringEquals", ["a"], [], true],
  ["ForAllValues:StringEquals", ["a"], [""], true],
  ["ForAllValues:StringLike", ["*@example.com"], ["x@example.com", "y@example.org"], false],
  ["ForAllValues:StringNotEquals", ["a"], ["b", "c"], true],
  ["ForAllValues:StringNotEquals", ["a"], ["a", "c"], false],
  ["ForAnyValue:StringEquals", ["a", "b"], ["c", "b"], true],
  ["ForAnyValue:StringEquals", ["a", "b"], ["c", "d"], false],
  ["ForAnyValue:StringNotEquals", ["a"], ["a", "b"], true],
  ["ForAnyValue:StringNotEquals", ["a"], ["a"], false],
];

for (const [operator, values, actual, expected] of SETS) {
  test(`${operator} of ${values} is ${expected} for [${actual.map((item) => `"${item}"`)}]`, () =>
    assert.is(met({ [operator]: { "k:v": values } }, { "k:v": actual }), expected));
}

test("all operators and all keys must be met", () => {
  const both = { StringEquals: { "k:a": "1", "k:b": "2" }, Bool: { "aws:SecureTransport": "true" } };
  assert.ok(met(both, { "k:a": "1", "k:b": "2" }));
  assert.not(met(both, { "k:a": "1" }));
  assert.not(met(both, { "k:a": "1", "k:b": "2", "aws:SecureTransport": false }));
});

test("a key's case does not matter", () => {
  assert.ok(met({ ArnEquals: { "AWS:principalarn": ROLE } }));
});

test("a value may hold a policy variable", () => {
  assert.ok(met({ StringEquals: { "k:v": "${aws:PrincipalAccount}" } }, { "k:v": "111122223333" }));
  assert.not(met({ StringEquals: { "k:v": "${aws:username}" } }, { "k:v": "${aws:username}" }));
});

test("a request says who makes it, on whose behalf, where and when", () => {
  const origin = { accountId: "111122223333", region: "eu-central-1", now: NOW };
  const common = {
    "aws:SecureTransport": true,
    "aws:RequestedRegion": "eu-central-1",
    "aws:ResourceAccount": "111122223333",
    "aws:CurrentTime": "2026-06-01T12:00:00.000Z",
    "aws:EpochTime": 1_780_315_200,
    "aws:ViaAWSService": false,
  };
  assert.equal(standardContext({ ...origin, principal: worker, functionArn: "arn:f" }), {
    ...common,
    "aws:PrincipalIsAWSService": false,
    "aws:PrincipalType": "AssumedRole",
    "aws:PrincipalArn": ROLE,
    "aws:PrincipalAccount": "111122223333",
    "lambda:SourceFunctionArn": "arn:f",
  });
  assert.equal(standardContext({ ...origin, principal: servicePrincipal("a.amazonaws.com"), sourceArn: RULE }), {
    ...common,
    "aws:PrincipalIsAWSService": true,
    "aws:PrincipalServiceName": "a.amazonaws.com",
    "aws:SourceAccount": "111122223333",
    "aws:SourceOwner": "111122223333",
    "aws:SourceArn": RULE,
  });
});

test("a request is by TLS and at the current time", () => {
  assert.ok(met({ Bool: { "aws:SecureTransport": "true" }, DateEquals: { "aws:CurrentTime": NOW.toISOString() } }));
});

test.run();
