import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { comparePolicies } from "../../../ops/review/policies/compare.ts";
import { overlap } from "../../../ops/review/policies/globs.ts";
import { type AccessRequest, decide } from "../../../packages/local-aws/src/iam/decide.ts";
import { parsePolicy } from "../../../packages/local-aws/src/iam/policy.ts";
import { rolePrincipal, servicePrincipal } from "../../../packages/local-aws/src/iam/principal.ts";

type Json = Record<string, unknown>;

const policies = suite("policies");

const queue = "arn:aws:sqs:eu-central-1:111111111111:leads";
const rule = "arn:aws:events:eu-central-1:111111111111:rule/raw-lead-created";

/** What the rule may do to the queue, with elements changed; undefined takes one away. */
const statement = (changes: Json = {}): Json => ({
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: "sqs:SendMessage",
  Resource: queue,
  Condition: { ArnEquals: { "aws:SourceArn": rule } },
  ...changes,
});
const policy = (...statements: Json[]): Json => ({ Version: "2012-10-17", Statement: statements });
const condition = (operator: string, key: string, value: unknown) =>
  statement({ Condition: { [operator]: { [key]: value } } });
const deny = statement({
  Effect: "Deny",
  Principal: "*",
  Action: "sqs:*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

/** `wider`, `narrower`, both or `same`. */
function verdict(before: unknown, after: unknown): string {
  const { wider, narrower } = comparePolicies(before, after);
  return [...(wider.length ? ["wider"] : []), ...(narrower.length ? ["narrower"] : [])].join(" and ") || "same";
}

/** Asserts the verdict of the change and the opposite one of the change back. */
function isWider(narrow: Json, wide: Json): void {
  assert.is(verdict(policy(narrow), policy(wide)), "wider", `${JSON.stringify(narrow)} → ${JSON.stringify(wide)}`);
  assert.is(verdict(policy(wide), policy(narrow)), "narrower", `${JSON.stringify(wide)} → ${JSON.stringify(narrow)}`);
}

policies("a dropped condition is wider, and says which", () => {
  isWider(statement(), statement({ Condition: undefined }));
  const { wider } = comparePolicies(policy(statement()), policy(statement({ Condition: {} })));
  assert.equal(wider, [
    {
      text: `now allows service events.amazonaws.com sqs:SendMessage on ${queue}`,
      given: `service events.amazonaws.com sqs:SendMessage on ${queue}`,
      nearest: `service events.amazonaws.com sqs:SendMessage on ${queue} if ArnEquals aws:SourceArn = ${rule}`,
      dropped: `ArnEquals aws:SourceArn = ${rule}`,
      opens: undefined,
    },
  ]);
});

policies("a principal opened to anyone is wider in every spelling", () => {
  for (const Principal of ["*", { AWS: "*" }, { AWS: ["*"] }, { AWS: [rule, "*"] }]) {
    isWider(statement(), statement({ Principal }));
    const { wider } = comparePolicies(policy(statement()), policy(statement({ Principal })));
    assert.match(wider[0]?.text ?? "", /anyone/);
    assert.is(wider[0]?.opens, "everyone");
  }
});

policies("spellings of the same policy are the same", () => {
  const lists = statement({
    Action: ["SQS:sendmessage"],
    Resource: [queue],
    Principal: { Service: ["events.amazonaws.com"] },
  });
  const named = statement({ Sid: "other", Condition: { ArnLike: { "AWS:SourceARN": [rule] } } });
  assert.is(verdict(policy(statement()), policy(lists)), "same");
  assert.is(verdict(policy(statement()), policy(named)), "same");
  const [text, value] = ["false", false].map((each) => policy(condition("Bool", "aws:SecureTransport", each)));
  assert.is(verdict(text, value), "same");
  assert.is(verdict(policy(statement()), JSON.stringify(policy(statement()), undefined, 4)), "same");
  assert.is(verdict(policy(statement()), { Statement: statement(), Version: "2012-10-17" }), "same");
  assert.is(verdict(policy(statement({ Principal: "*" })), policy(statement({ Principal: { AWS: ["*"] } }))), "same");
  const account = statement({ Principal: { AWS: "111111111111" } });
  assert.is(
    verdict(policy(account), policy(statement({ Principal: { AWS: "arn:aws:iam::111111111111:root" } }))),
    "same",
  );
  const split = ["sqs:SendMessage", "sqs:ReceiveMessage"].map((Action) => statement({ Action }));
  const joined = statement({ Action: ["sqs:ReceiveMessage", "sqs:SendMessage"] });
  assert.is(verdict(policy(...split), policy(joined)), "same");
  assert.is(verdict(policy(joined), policy(...split)), "same");
});

policies("wildcards that cover more are wider", () => {
  isWider(statement(), statement({ Resource: "*" }));
  isWider(statement(), statement({ Resource: "arn:aws:sqs:*:111111111111:leads" }));
  isWider(statement({ Resource: `${queue}-?` }), statement({ Resource: `${queue}-*` }));
  isWider(statement(), statement({ Action: "sqs:Send*" }));
  isWider(statement({ Action: "sqs:*" }), statement({ Action: "*" }));
  isWider(statement({ Resource: `${queue}/\${aws:username}` }), statement({ Resource: `${queue}/*` }));
  assert.is(verdict(policy(statement()), policy(statement({ Resource: `${queue}2` }))), "wider and narrower");
  assert.is(verdict(policy(statement({ Resource: "a/*/b" })), policy(statement({ Resource: "a/*" }))), "wider");
});

policies("more principals, actions and resources are wider", () => {
  isWider(statement(), statement({ Action: ["sqs:SendMessage", "sqs:PurgeQueue"] }));
  isWider(statement(), statement({ Resource: [queue, `${queue}-dlq`] }));
  isWider(statement(), statement({ Principal: { Service: ["events.amazonaws.com", "sns.amazonaws.com"] } }));
  const role = statement({ Principal: { AWS: "arn:aws:iam::222222222222:role/reader" } });
  isWider(role, statement({ Principal: { AWS: "222222222222" } }));
  assert.is(verdict(policy(role), policy(statement({ Principal: { AWS: "333333333333" } }))), "wider and narrower");
});

policies("an id that ends in twelve digits is no account", () => {
  const of = (name: string) => policy(statement({ Principal: { AWS: name } }));
  for (const name of ["AIDA111111111111", "111111111111x"]) {
    assert.is(verdict(of("111111111111"), of(name)), "wider and narrower", name);
  }
});

policies("patterns overlap if a text can match both", () => {
  for (const [one, other, expected] of [
    ["a", "a", true],
    ["a", "b", false],
    ["a", "", false],
    ["", "*", true],
    ["a*", "ab", true],
    ["a*", "b", false],
    ["*a", "b", false],
    ["*a", "*b", false],
    ["a*", "*b", true],
    ["a?", "ab", true],
    ["a?", "a", false],
    ["a?", "abc", false],
    ["abc", "a*d", false],
    ["a*c", "ab?", true],
    [`a\${x}`, "ab", true],
    [`a\${x}c`, "ab", false],
  ] as const) {
    assert.equal([overlap(one, other), overlap(other, one)], [expected, expected], `${one} ${other}`);
  }
});

policies("seven items are named, and of eight the first six", () => {
  const allowed = (count: number) => {
    const actions = Array.from({ length: count }, (_, index) => `sqs:A${index}`);
    return comparePolicies(undefined, policy(statement({ Action: actions, Condition: {} }))).wider[0]?.text;
  };
  const who = "now allows service events.amazonaws.com";
  assert.is(allowed(7), `${who} sqs:A0, sqs:A1, sqs:A2, sqs:A3, sqs:A4, sqs:A5, sqs:A6 on ${queue}`);
  assert.is(allowed(8), `${who} sqs:A0, sqs:A1, sqs:A2, sqs:A3, sqs:A4, sqs:A5 and 2 more on ${queue}`);
});

policies("only what a statement adds is named", () => {
  const actions = ["sqs:SendMessage", "sqs:PurgeQueue", "sqs:DeleteQueue"];
  const { wider } = comparePolicies(policy(statement()), policy(statement({ Action: actions })));
  assert.equal(
    wider.map(({ text }) => text),
    [
      `now allows service events.amazonaws.com sqs:PurgeQueue, sqs:DeleteQueue on ${queue} if ArnEquals aws:SourceArn = ${rule}`,
    ],
  );
});

policies("NotAction, NotResource and NotPrincipal are all but what they list", () => {
  const but = (element: string, value: unknown) => statement({ [element]: undefined, [`Not${element}`]: value });
  isWider(statement(), but("Action", "sqs:DeleteQueue"));
  isWider(statement(), but("Resource", `${queue}-dlq`));
  isWider(statement(), but("Principal", { Service: "sns.amazonaws.com" }));
  isWider(but("Action", ["sqs:Delete*", "sqs:Purge*"]), but("Action", "sqs:DeleteQueue"));
  isWider(but("Action", "sqs:DeleteQueue"), statement({ Action: "*" }));
  assert.is(verdict(policy(statement()), policy(but("Action", "sqs:Send*"))), "wider and narrower");
  for (const [element, part, excepted] of [
    ["Action", "sqs:Delete*", "sqs:DeleteQueue"],
    ["Resource", `${queue}*`, queue],
    ["Principal", { AWS: "111111111111" }, { AWS: "arn:aws:iam::111111111111:role/a" }],
  ] as const) {
    const change = [policy(statement({ [element]: part })), policy(but(element, excepted))] as const;
    assert.is(verdict(...change), "wider and narrower", element);
  }
  const twoDenied = { ...deny, Action: undefined, NotAction: ["sqs:SendMessage", "sqs:ReceiveMessage"] };
  isWider(statement({ ...twoDenied, NotAction: "sqs:SendMessage" }), twoDenied);
});

policies("a Deny that is removed, narrowed or gets a condition is wider", () => {
  const both = policy(statement(), deny);
  assert.is(verdict(both, policy(statement())), "wider");
  assert.is(verdict(policy(statement()), both), "narrower");
  assert.is(verdict(both, undefined), "wider and narrower");
  isWider(deny, { ...deny, Action: "sqs:SendMessage" });
  isWider(deny, { ...deny, Principal: { AWS: "111111111111" } });
  isWider(deny, { ...deny, Condition: { Bool: { "aws:SecureTransport": "false", "aws:ViaAWSService": "false" } } });
  const { wider } = comparePolicies(both, "");
  assert.equal(
    wider.map(({ text }) => text),
    [`no longer denies anyone sqs:* on ${queue} if Bool aws:SecureTransport = false`],
  );
});

policies("an Allow beside a Deny that covers it permits nothing more", () => {
  const all = { ...deny, Condition: undefined };
  assert.is(verdict(policy(all), policy(all, statement())), "same");
  assert.is(verdict(policy(deny), policy(deny, statement())), "wider");
  assert.is(verdict(policy(all), policy(statement())), "wider");
});

policies("other values of a condition are wider, narrower or both", () => {
  const arns = (values: unknown) => condition("ArnEquals", "aws:SourceArn", values);
  isWider(arns(rule), arns([rule, `${rule}-2`]));
  isWider(arns(rule), arns("arn:aws:events:*:111111111111:rule/*"));
  assert.is(verdict(policy(arns(rule)), policy(arns(`${rule}-2`))), "wider and narrower");
  isWider(condition("StringNotEquals", "aws:x", ["a", "b"]), condition("StringNotEquals", "aws:x", "a"));
  isWider(condition("NumericLessThan", "s3:signatureAge", 10), condition("NumericLessThan", "s3:signatureAge", "20"));
  isWider(condition("NumericGreaterThan", "s3:TlsVersion", 1.2), condition("NumericGreaterThan", "s3:TlsVersion", 1));
  isWider(
    condition("DateLessThan", "aws:CurrentTime", "2026-01-01T00:00:00Z"),
    condition("DateLessThan", "aws:CurrentTime", "2027-01-01T00:00:00Z"),
  );
  isWider(condition("IpAddress", "aws:SourceIp", "10.1.2.0/24"), condition("IpAddress", "aws:SourceIp", "10.1.0.0/16"));
  isWider(
    condition("IpAddress", "aws:SourceIp", "2001:db8::/48"),
    condition("IpAddress", "aws:SourceIp", "2001:db8::/32"),
  );
  isWider(
    condition("NotIpAddress", "aws:SourceIp", "10.1.0.0/16"),
    condition("NotIpAddress", "aws:SourceIp", "10.1.2.3"),
  );
});

policies("looser operators are wider", () => {
  const by = (operator: string, value: unknown = "a*") => condition(operator, "aws:PrincipalTag/x", value);
  isWider(by("StringEquals"), by("StringLike"));
  isWider(by("StringEquals", "a"), by("StringEqualsIgnoreCase", "a"));
  isWider(by("StringEquals", "a"), by("StringEqualsIfExists", "a"));
  isWider(by("StringNotLike", "a*"), by("StringNotEquals", "a*"));
  assert.is(verdict(policy(by("StringEquals", "a")), policy(by("StringLike", "a"))), "same");
  assert.is(verdict(policy(by("StringNotEquals", "a")), policy(by("StringNotEqualsIfExists", "a"))), "same");
  assert.is(
    verdict(policy(by("ForAllValues:StringEquals")), policy(by("ForAnyValue:StringEquals"))),
    "wider and narrower",
  );
  assert.is(verdict(policy(by("StringEquals")), policy(by("StringNotEquals"))), "wider and narrower");
});

policies("more keys are narrower", () => {
  const two = { ArnEquals: { "aws:SourceArn": rule }, StringEquals: { "aws:SourceAccount": "111111111111" } };
  isWider(statement({ Condition: two }), statement());
});

policies("what cannot be read may be wider", () => {
  const odd = [
    "(known after apply)",
    "{",
    policy(statement({ Effect: "allow" })),
    policy(statement({ Actions: "*" })),
    policy(statement({ NotAction: "*" })),
    policy(statement({ Principal: "events.amazonaws.com" })),
    policy(statement({ Resource: { Ref: "x" } })),
    policy(condition("StringMatches", "aws:x", "a")),
    42,
  ];
  for (const document of odd) {
    const { wider, undecided } = comparePolicies(policy(statement()), document);
    assert.match(wider[0]?.text ?? "", /^may permit more; it cannot be compared because /, JSON.stringify(document));
    assert.ok(undecided);
  }
});

policies("a new Version changes what variables mean", () => {
  const withVariable = policy(statement({ Resource: `${queue}\${aws:username}` }));
  assert.match(comparePolicies({ ...withVariable, Version: "2008-10-17" }, withVariable).undecided ?? "", /Version/);
  assert.is(verdict({ ...policy(statement()), Version: "2008-10-17" }, policy(statement())), "same");
});

policies("what opens a door is marked: others than services, and whole services on everything", () => {
  const opens = (...statements: Json[]) =>
    comparePolicies(undefined, policy(...statements)).wider.map((grant) => grant.opens);
  const identity = (Action: unknown, Resource: unknown) => ({ Effect: "Allow", Action, Resource });
  assert.equal(opens(statement()), [undefined]);
  assert.equal(opens(statement({ Principal: { Federated: "arn:aws:iam::1:oidc-provider/x" } })), ["others"]);
  assert.equal(opens(identity("s3:GetObject", "*")), [undefined]);
  assert.equal(opens(identity("s3:*", queue)), [undefined]);
  assert.equal(opens(identity(["s3:GetObject", "iam:*"], "*")), ["others"]);
  assert.equal(opens(identity("*", "*")), ["everyone"]);
  assert.equal(opens(statement({ Principal: undefined, NotPrincipal: { AWS: "111111111111" } })), ["everyone"]);
});

/** Random documents of few words, so that they often have to do with each other. */
const some = <T>(...values: T[]) => fc.subarray(values, { minLength: 1 });
const roles = ["arn:aws:iam::111111111111:role/a", "arn:aws:iam::111111111111:role/b"];
const places = ["arn:aws:s3:::b/x", "arn:aws:s3:::b/y", "arn:aws:s3:::c/x"];
const randomCondition = fc.oneof(
  fc.record({
    operator: fc.constantFrom("Bool", "BoolIfExists"),
    key: fc.constant("aws:secure"),
    values: some("true", "false"),
  }),
  fc.record({
    operator: fc.constantFrom(
      ...[
        "StringEquals",
        "StringLike",
        "StringNotEquals",
        "StringNotLike",
        "StringEqualsIfExists",
        "ArnLike",
        "ArnNotEquals",
      ],
      ...[
        "ForAnyValue:StringLike",
        "ForAllValues:StringEquals",
        "ForAllValues:StringNotLike",
        "ForAnyValue:StringNotEquals",
      ],
      "StringEqualsIgnoreCase",
    ),
    key: fc.constantFrom("aws:tag", "AWS:Tag"),
    values: some("a", "A", "ab", "a*", "?", "*", rule, "arn:aws:events:*:*:*"),
  }),
  fc.record({ operator: fc.constant("Null"), key: fc.constant("aws:tag"), values: some("true", "false") }),
  fc.record({
    operator: fc.constantFrom("NumericLessThan", "NumericGreaterThanEquals", "NumericNotEquals"),
    key: fc.constant("aws:age"),
    values: some("1", "2", "3"),
  }),
);
const element = (name: string, values: readonly string[]) =>
  fc.tuple(fc.boolean(), some(...values)).map(([isExcept, listed]) => ({ [isExcept ? `Not${name}` : name]: listed }));
const randomStatement = fc
  .tuple(
    fc.constantFrom("Allow", "Allow", "Deny"),
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom<unknown>(
          "*",
          { AWS: roles[0] },
          { AWS: roles },
          { Service: "events.amazonaws.com" },
        ),
      },
      { weight: 1, arbitrary: fc.constant<unknown>({ AWS: "*" }) },
    ),
    element("Action", ["s3:Get", "S3:G*", "s3:Put", "s3:?ut", "*"]),
    element("Resource", [...places, "arn:aws:s3:::b/*", "arn:aws:s3:::?/x", "*"]),
    fc.array(randomCondition, { maxLength: 2 }),
  )
  .map(([Effect, Principal, action, resource, conditions]): Json => {
    const Condition: Record<string, Record<string, string[]>> = {};
    for (const { operator, key, values } of conditions) Condition[operator] = { ...Condition[operator], [key]: values };
    return { Effect, Principal, ...action, ...resource, Condition };
  });
const randomPolicy = fc
  .array(randomStatement, { minLength: 1, maxLength: 3 })
  .map((statements) => policy(...statements));
const randomRequest = fc.record({
  principal: fc.constantFrom(
    ...roles.map((role) => rolePrincipal(role, "s")),
    servicePrincipal("events.amazonaws.com"),
  ),
  action: fc.constantFrom("s3:Get", "s3:Put"),
  resource: fc.constantFrom(...places),
  context: fc.record(
    {
      "aws:secure": fc.boolean(),
      "aws:tag": fc.oneof(fc.constantFrom("a", "A", "ab", "b", rule), fc.subarray(["a", "ab", "b"])),
      "aws:age": fc.constantFrom(0, 1, 2, 3, 4),
    },
    { requiredKeys: [] },
  ),
});
type Request = Pick<AccessRequest, "principal" | "action" | "resource" | "context">;

function allows(document: Json, request: Request): boolean {
  const resourcePolicies = [parsePolicy(document, { name: "p", kind: "resource" })];
  return decide({ ...request, identityPolicies: [], resourcePolicies }).allowed;
}

policies("whatever the emulator's IAM allows after and not before is called wider", () => {
  const property = fc.property(
    randomPolicy,
    fc.oneof(randomPolicy, randomPolicy),
    fc.array(randomRequest, { minLength: 30, maxLength: 30 }),
    (before, after, requests) => {
      const { wider, narrower } = comparePolicies(before, after);
      for (const request of requests) {
        const [then, now] = [allows(before, request), allows(after, request)];
        assert.not(now && !then && wider.length === 0, JSON.stringify({ before, after, request }));
        assert.not(then && !now && narrower.length === 0, JSON.stringify({ before, after, request }));
      }
    },
  );
  fc.assert(property, { numRuns: 200, seed: 20_261_127 });
});

policies("a condition is called wider whenever the emulator's IAM takes more requests", () => {
  const one = randomCondition.map(({ operator, key, values }) =>
    policy(statement({ Condition: { [operator]: { [key]: values } } })),
  );
  const request = randomRequest.map(({ context }) => ({
    principal: servicePrincipal("events.amazonaws.com"),
    action: "sqs:SendMessage",
    resource: queue,
    context,
  }));
  const property = fc.property(
    one,
    one,
    fc.array(request, { minLength: 30, maxLength: 30 }),
    (before, after, requests) => {
      const { wider } = comparePolicies(before, after);
      const more = requests.find((each) => allows(after, each) && !allows(before, each));
      assert.not(more && wider.length === 0, JSON.stringify({ before, after, more }));
    },
  );
  fc.assert(property, { numRuns: 1000, seed: 20_261_131 });
});

policies("a changed statement is called wider whenever the emulator's IAM allows more", () => {
  const changed = fc
    .tuple(randomStatement, randomStatement, fc.subarray(["Principal", "Action", "Resource", "Condition"]))
    .map(([one, other, elements]) => {
      const isTaken = (name: string) => elements.some((taken) => name === taken || name === `Not${taken}`);
      const kept = Object.entries(one).filter(([name]) => !isTaken(name));
      return [one, Object.fromEntries([...kept, ...Object.entries(other).filter(([name]) => isTaken(name))])] as const;
    });
  const property = fc.property(
    changed,
    fc.array(randomRequest, { minLength: 20, maxLength: 20 }),
    ([one, other], requests) => {
      const [before, after] = [policy(one), policy(other)];
      const { wider, narrower } = comparePolicies(before, after);
      for (const request of requests) {
        const [then, now] = [allows(before, request), allows(after, request)];
        assert.not(now && !then && wider.length === 0, JSON.stringify({ before, after, request }));
        assert.not(then && !now && narrower.length === 0, JSON.stringify({ before, after, request }));
      }
    },
  );
  fc.assert(property, { numRuns: 500, seed: 20_261_128 });
});

policies("order, ids and another Allow never make a policy narrower", () => {
  const property = fc.property(randomPolicy, randomStatement, (document, extra) => {
    const statements = document.Statement as Json[];
    const reordered = policy(...statements.map((one, index) => ({ Sid: `s${index}`, ...one })).reverse());
    assert.is(verdict(document, reordered), "same");
    assert.equal(comparePolicies(document, policy({ ...extra, Effect: "Allow" }, ...statements)).narrower, []);
    assert.equal(comparePolicies(document, policy({ ...extra, Effect: "Deny" }, ...statements)).wider, []);
  });
  fc.assert(property, { numRuns: 200, seed: 20_261_129 });
});

policies("the change back is the opposite", () => {
  const property = fc.property(randomPolicy, randomPolicy, (one, other) => {
    const [there, back] = [comparePolicies(one, other), comparePolicies(other, one)];
    assert.equal([there.wider.length, there.narrower.length], [back.narrower.length, back.wider.length]);
  });
  fc.assert(property, { numRuns: 200, seed: 20_261_130 });
});

policies.run();
