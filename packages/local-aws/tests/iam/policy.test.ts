// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables look like placeholders
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type PolicyKind, parsePolicy } from "../../src/iam/policy.ts";
import { PolicyError } from "../../src/iam/policy-json.ts";
import { allow, policy, QUEUE } from "./iam-fixtures.ts";

const test = suite("policy");

function refusal(document: unknown, kind: PolicyKind = "identity"): PolicyError {
  try {
    parsePolicy(document, { name: "role", kind });
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
  throw new Error("the document was accepted");
}

function statementRefusal(statement: unknown, kind: PolicyKind = "identity"): PolicyError {
  return refusal({ Version: "2012-10-17", Statement: [statement] }, kind);
}

test("a document may be JSON text or an object, its Statement one or a list", () => {
  const statement = allow("sqs:SendMessage", QUEUE, { Sid: "Send" });
  const document = { Version: "2012-10-17", Statement: statement };
  const parsed = [document, { ...document, Statement: [statement] }, JSON.stringify(document)].map((given) =>
    parsePolicy(given, { name: "role", kind: "identity" }),
  );
  assert.equal(parsed[0], parsed[1]);
  assert.equal(parsed[0], parsed[2]);
  assert.is(parsed[0]?.statements[0]?.sid, "Send");
});

test("single values and lists mean the same", () => {
  assert.equal(policy(allow("sqs:SendMessage", QUEUE)), policy(allow(["sqs:SendMessage"], [QUEUE])));
});

test("text that is not JSON is refused with the policy's name", () => {
  assert.match(refusal("{").message, /^role: not JSON/);
  assert.is(refusal("{").code, "MalformedPolicyDocument");
});

const MALFORMED: [rule: string, statement: unknown, place: string, kind?: PolicyKind][] = [
  ["an Effect other than Allow or Deny", { ...allow("s3:*", "*"), Effect: "allow" }, "role.Statement[0].Effect"],
  ["a misspelled element", allow("s3:*", "*", { Conditions: {} }), "role.Statement[0]"],
  ["a statement without an action", { Effect: "Allow", Resource: "*" }, "role.Statement[0]"],
  ["Action beside NotAction", allow("s3:*", "*", { NotAction: "s3:*" }), "role.Statement[0]"],
  ["an action without a vendor", allow("SendMessage", "*"), "role.Statement[0].Action"],
  ["an empty list of actions", allow([], "*"), "role.Statement[0].Action"],
  ["an action that is no text", allow(["s3:GetObject", 1], "*"), "role.Statement[0].Action[1]"],
  ["a resource that is no ARN", allow("s3:*", "orders"), "role.Statement[0].Resource"],
  [
    "a condition's value that is no text",
    allow("s3:*", "*", { Condition: { StringEquals: { "aws:PrincipalTag/team": { a: 1 } } } }),
    "role.Statement[0].Condition.StringEquals.aws:PrincipalTag/team",
  ],
  ["an unresolved reference", allow("s3:*", "${aws_sqs_queue.orders.arn}"), "role.Statement[0].Resource"],
  ["an identity policy without Resource", { Effect: "Allow", Action: "s3:*" }, "role.Statement[0]"],
  ["a Principal in an identity policy", allow("s3:*", "*", { Principal: "*" }), "role.Statement[0].Principal"],
  ["a resource policy without Principal", allow("sqs:*", QUEUE), "role.Statement[0]", "resource"],
  [
    "a Resource in a trust policy",
    allow("sts:AssumeRole", "*", { Principal: "*" }),
    "role.Statement[0].Resource",
    "trust",
  ],
  [
    "a wildcard within a principal",
    allow("sqs:*", QUEUE, { Principal: { AWS: "arn:aws:iam::111122223333:role/*" } }),
    "role.Statement[0].Principal.AWS",
    "resource",
  ],
  [
    "a question mark within a principal",
    allow("sqs:*", QUEUE, { Principal: { AWS: "arn:aws:iam::111122223333:role/?" } }),
    "role.Statement[0].Principal.AWS",
    "resource",
  ],
  [
    "an unknown type of principal",
    allow("sqs:*", QUEUE, { Principal: { Servce: "a" } }),
    "role.Statement[0].Principal",
    "resource",
  ],
  ["a SID with a dash", allow("s3:*", "*", { Sid: "read-orders" }), "role"],
];

for (const [rule, statement, place, kind] of MALFORMED) {
  test(`malformed :: ${rule} is refused at its place`, () => {
    assert.is(statementRefusal(statement, kind).place, place);
  });
}

test("malformed :: a SID that two statements share is refused", () => {
  const statement = allow("s3:*", "*", { Sid: "Read" });
  assert.match(refusal({ Version: "2012-10-17", Statement: [statement, statement] }).message, /must be unique: Read/);
});

test("malformed :: an unknown version or element of the document is refused", () => {
  assert.is(refusal({ Version: "2026-01-01", Statement: [] }).place, "role.Version");
  assert.match(refusal({ Version: "2012-10-17", Statment: [] }).message, /unknown element Statment/);
  assert.match(refusal({ Version: "2012-10-17", Statement: [] }).message, /no statement/);
});

const CONDITIONS: [rule: string, block: unknown, place: string][] = [
  ["an unknown operator", { StringEqual: { "aws:username": "a" } }, "StringEqual"],
  ["BinaryEquals, which no stack uses", { BinaryEquals: { key: "QQ==" } }, "BinaryEquals"],
  ["Null with IfExists", { NullIfExists: { "aws:SourceArn": "true" } }, "NullIfExists"],
  ["ForAnyValue with IfExists", { "ForAnyValue:StringLikeIfExists": { k: "a" } }, "ForAnyValue:StringLikeIfExists"],
  ["a Bool that is neither true nor false", { Bool: { "aws:SecureTransport": "no" } }, "Bool.aws:SecureTransport"],
  ["a number that is none", { NumericLessThan: { "s3:max-keys": "ten" } }, "NumericLessThan.s3:max-keys"],
  ["a date that is none", { DateLessThan: { "aws:CurrentTime": "soon" } }, "DateLessThan.aws:CurrentTime"],
  ["an address range that is none", { IpAddress: { "aws:SourceIp": "10.0.0.0/33" } }, "IpAddress.aws:SourceIp"],
  ["an empty list of values", { StringEquals: { "aws:username": [] } }, "StringEquals.aws:username"],
];

for (const [rule, block, place] of CONDITIONS) {
  test(`condition :: ${rule} is refused when the policy is read`, () => {
    const error = statementRefusal(allow("s3:*", "*", { Condition: block }));
    assert.is(error.place, `role.Statement[0].Condition.${place}`);
  });
}

test.run();
