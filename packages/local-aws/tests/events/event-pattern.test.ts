import { suite } from "uvu";
import * as assert from "uvu/assert";
import { eventPattern } from "../../src/events/event-pattern.ts";

const matches = (pattern: unknown, event: unknown) => eventPattern(JSON.stringify(pattern), "rule")(event);
const key = (test: unknown, value: unknown) => matches({ key: [test] }, { key: value });

const pattern = suite("event pattern");

pattern("every named field must fit, and fields that are not named do not matter", () => {
  assert.ok(matches({ source: ["aws.s3"] }, { source: "aws.s3", more: 1 }));
  assert.not(matches({ source: ["aws.s3"], detail: { reason: ["PutObject"] } }, { source: "aws.s3", detail: {} }));
});

pattern("any value of the pattern's list and any item of the event's list will do", () => {
  assert.ok(matches({ a: ["x", "y"] }, { a: "y" }));
  assert.ok(matches({ a: ["x"] }, { a: ["w", "x"] }));
  assert.not(matches({ a: ["x"] }, { a: ["w"] }));
});

pattern("values fit by type: 1 is not the string 1, and null is a value", () => {
  assert.not(matches({ a: [1] }, { a: "1" }));
  assert.ok(matches({ a: [null] }, { a: null }));
});

pattern("prefix and suffix, with equals-ignore-case if wanted", () => {
  assert.ok(key({ prefix: "packed/" }, "packed/dt=2026-01-01/a.json"));
  assert.not(key({ prefix: "packed/" }, "Packed/a.json"));
  assert.ok(key({ suffix: { "equals-ignore-case": ".JSON" } }, "a.json"));
});

pattern("the stack's root keys: anything but a key with a slash", () => {
  const root = { "anything-but": { wildcard: "*/*" } };
  assert.ok(key(root, "website-1.json"));
  assert.ok(key(root, "a order with spaces ü.json"));
  assert.not(key(root, "packed/a.json"));
  assert.not(key(root, "/a.json"));
  assert.not(key(root, "a/"));
});

pattern("anything-but takes a value, a list, and prefix, suffix or wildcard with a value or a list", () => {
  assert.not(key({ "anything-but": "a" }, "a"));
  assert.not(key({ "anything-but": [1, 2] }, 2));
  assert.ok(key({ "anything-but": { prefix: ["a", "b"] } }, "c"));
  assert.not(key({ "anything-but": { suffix: [".tmp", ".part"] } }, "x.part"));
  assert.not(key({ "anything-but": { "equals-ignore-case": "ADMIN" } }, "admin"));
});

pattern("anything-but does not match a field that is absent", () => {
  assert.not(matches({ a: [{ "anything-but": "x" }] }, {}));
});

pattern("wildcard: a star is any characters, an escaped star is a star, and other characters are themselves", () => {
  assert.ok(key({ wildcard: "dt=*/*.json" }, "dt=2026-01-01/a.json"));
  assert.not(key({ wildcard: "a.json" }, "abjson"));
  assert.ok(key({ wildcard: "a\\*b" }, "a*b"));
  assert.not(key({ wildcard: "a\\*b" }, "axb"));
  assert.ok(key({ wildcard: "*" }, "line\nbreak"));
});

pattern("exists asks for a leaf", () => {
  assert.ok(matches({ a: [{ exists: true }] }, { a: null }));
  assert.not(matches({ a: [{ exists: true }] }, { a: { b: 1 } }));
  assert.ok(matches({ a: { b: [{ exists: false }] } }, {}));
  assert.not(matches({ a: [{ exists: false }] }, { a: 1 }));
  assert.ok(matches({ a: [{ exists: false }, "x"] }, { a: "x" }));
});

pattern("numeric compares numbers only, with one bound or two", () => {
  assert.ok(key({ numeric: [">", 0, "<=", 5] }, 5));
  assert.not(key({ numeric: [">", 0, "<=", 5] }, 0));
  assert.not(key({ numeric: ["=", 5] }, "5"));
});

pattern("equals-ignore-case and $or", () => {
  assert.ok(key({ "equals-ignore-case": "PUTobject" }, "PutObject"));
  const either = { $or: [{ a: ["x"] }, { b: { c: [{ exists: true }] } }] };
  assert.ok(matches(either, { a: "x" }));
  assert.ok(matches(either, { b: { c: 1 } }));
  assert.not(matches(either, { a: "y" }));
});

pattern("an operator that local-aws does not know is an error that names rule, field and operator", () => {
  assert.throws(
    () => eventPattern('{"detail":{"ip":[{"cidr":"10.0.0.0/8"}]}}', "aws_cloudwatch_event_rule.raw"),
    /aws_cloudwatch_event_rule\.raw detail ip: .*cidr/,
  );
  for (const bad of [
    "[]",
    "{}",
    "nonsense",
    '{"a":"x"}',
    '{"a":[]}',
    '{"a":[{"numeric":[">"]}]}',
    '{"a":[{"numeric":[">",1,"<"]}]}',
    '{"a":[{"wildcard":"**"}]}',
    '{"a":[{"prefix":"a","suffix":"b"}]}',
    '{"a":[{"anything-but":[]}]}',
    '{"a":[{"anything-but":{"numeric":["<",1]}}]}',
    '{"a":[{"anything-but":{"prefix":"a","suffix":"b"}}]}',
  ]) {
    assert.throws(() => eventPattern(bad, "rule"), /^rule/, bad);
  }
  const long = (length: number) => () => eventPattern(JSON.stringify({ a: ["x".repeat(length - 10)] }), "rule");
  long(4096)();
  assert.throws(long(4097), /has 4097 characters; at most 4096/);
});

pattern.run();
