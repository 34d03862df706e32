// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables look like placeholders
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { remedy } from "../../src/iam/denials.ts";
import { servicePrincipal } from "../../src/iam/principal.ts";
import { ACCOUNT_ID, allow, decideCase, deny, QUEUE, REGION, ROLE, worker } from "./iam-fixtures.ts";

const test = suite("decide");
const RULE = `arn:aws:events:${REGION}:${ACCOUNT_ID}:rule/shop-dev-raw-order-created`;
const OBJECT = "arn:aws:s3:::orders/packed/dt=2026-06-01/a.json";
const send = "sqs:SendMessage";
const everyone = { Principal: "*" };
const byRole = { Principal: { AWS: ROLE } };
const byAccount = { Principal: { AWS: `arn:aws:iam::${ACCOUNT_ID}:root` } };

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html */
const EVALUATION: [rule: string, given: Parameters<typeof decideCase>[0], reason: string][] = [
  ["a request is denied by default", {}, "implicitDeny"],
  ["an identity policy alone allows", { identity: allow(send, QUEUE) }, "allowed"],
  ["a resource policy that names the role allows alone", { resourcePolicy: allow(send, QUEUE, byRole) }, "allowed"],
  [
    "a resource policy that names the session allows",
    { resourcePolicy: allow(send, QUEUE, { Principal: { AWS: worker.sessionArn } }) },
    "allowed",
  ],
  ["a resource policy for everyone allows", { resourcePolicy: allow(send, QUEUE, everyone) }, "allowed"],
  [
    "a resource policy for the account only delegates",
    { resourcePolicy: allow(send, QUEUE, byAccount) },
    "implicitDeny",
  ],
  [
    "the account and an identity policy together allow",
    { resourcePolicy: allow(send, QUEUE, byAccount), identity: allow(send, QUEUE) },
    "allowed",
  ],
  [
    "another role in the resource policy does not allow",
    { resourcePolicy: allow(send, QUEUE, { Principal: { AWS: `${ROLE}-other` } }) },
    "implicitDeny",
  ],
  [
    "an explicit deny wins in the identity policy",
    { identity: [allow(send, QUEUE), deny(send, QUEUE)] },
    "explicitDeny",
  ],
  [
    "an explicit deny wins in the resource policy, whoever allows",
    { identity: allow(send, QUEUE), resourcePolicy: deny(send, QUEUE, everyone) },
    "explicitDeny",
  ],
  [
    "a deny for the account reaches its roles",
    { identity: allow(send, QUEUE), resourcePolicy: deny(send, QUEUE, { Principal: { AWS: ACCOUNT_ID } }) },
    "explicitDeny",
  ],
  [
    "a deny whose condition fails denies nothing",
    {
      identity: [allow(send, QUEUE), deny("*", "*", { Condition: { Bool: { "aws:SecureTransport": "false" } } })],
    },
    "allowed",
  ],
  [
    "NotPrincipal spares whom it names",
    { identity: allow(send, QUEUE), resourcePolicy: deny(send, QUEUE, { NotPrincipal: { AWS: ROLE } }) },
    "allowed",
  ],
  [
    "NotPrincipal denies everyone else",
    { identity: allow(send, QUEUE), resourcePolicy: deny(send, QUEUE, { NotPrincipal: { AWS: `${ROLE}-other` } }) },
    "explicitDeny",
  ],
];

for (const [rule, given, reason] of EVALUATION)
  test(`evaluation :: ${rule}`, () => assert.is(decideCase(given).reason, reason));

const MATCHING: [rule: string, given: Parameters<typeof decideCase>[0], allowed: boolean][] = [
  ["an action's case does not matter", { identity: allow("SQS:sendmessage", QUEUE) }, true],
  ["* stands for any rest of an action", { identity: allow("sqs:Send*", QUEUE) }, true],
  ["? stands for one character of an action", { identity: allow("sqs:SendMessag?", QUEUE) }, true],
  ["an action matches whole, not in part", { identity: allow("sqs:Send", QUEUE) }, false],
  ["another service's actions do not match", { identity: allow("sns:*", QUEUE) }, false],
  [
    "NotAction allows all but what it lists",
    { identity: { Effect: "Allow", NotAction: "sqs:Delete*", Resource: "*" } },
    true,
  ],
  [
    "NotAction does not allow what it lists",
    { identity: { Effect: "Allow", NotAction: "sqs:*", Resource: "*" } },
    false,
  ],
  ["a resource's case matters", { identity: allow(send, QUEUE.replace("shop", "Shop")) }, false],
  ["* in a resource crosses colons", { identity: allow(send, "arn:aws:sqs:*-orders") }, true],
  ["a resource matches whole, not in part", { identity: allow(send, QUEUE.slice(0, -1)) }, false],
  ["a dot in a resource is a dot", { identity: allow(send, QUEUE.replace("-dev-", ".dev.")) }, false],
  ["NotResource spares what it lists", { identity: { Effect: "Allow", Action: send, NotResource: QUEUE } }, false],
  ["* in a resource crosses slashes", { identity: allow(send, "arn:aws:s3:::orders/*"), resource: OBJECT }, true],
  [
    "an object's statement does not cover the bucket",
    { identity: allow(send, "arn:aws:s3:::orders/*"), resource: "arn:aws:s3:::orders" },
    false,
  ],
  [
    "a policy variable is filled in",
    { identity: allow(send, "arn:aws:sqs:${aws:RequestedRegion}:*:shop-dev-orders") },
    true,
  ],
  ["a variable without a value matches nothing", { identity: allow(send, "arn:aws:sqs:*:*:${aws:username}*") }, false],
  [
    "a variable's default stands in for a missing value",
    { identity: allow(send, "arn:aws:sqs:*:*:${aws:username, 'shop-dev-orders'}") },
    true,
  ],
  [
    "wildcards in a variable's value are plain characters",
    { identity: allow(send, "arn:aws:sqs:*:*:${k:v}"), context: { "k:v": "*" } },
    false,
  ],
  [
    "a variable with several values matches nothing",
    { identity: allow(send, "arn:aws:sqs:*:*:${k:v}"), context: { "k:v": ["shop-dev-orders", "b"] } },
    false,
  ],
  ["${*} is a plain asterisk", { identity: allow(send, "arn:aws:sqs:*:*:shop${*}") }, false],
  [
    "${$} is a plain dollar sign",
    { identity: allow(send, "arn:aws:sqs:*:*:${$}a"), resource: "arn:aws:sqs:eu-west-1:1:$a" },
    true,
  ],
  [
    "before version 2012-10-17 a variable is plain text",
    { identity: allow(send, "arn:aws:sqs:${aws:RequestedRegion}:*:*"), version: "2008-10-17" },
    false,
  ],
];

for (const [rule, given, allowed] of MATCHING)
  test(`matching :: ${rule}`, () => assert.is(decideCase(given).allowed, allowed));

const events = servicePrincipal("events.amazonaws.com");
const fromRule = {
  Principal: { Service: "events.amazonaws.com" },
  Condition: { ArnEquals: { "aws:SourceArn": RULE } },
};

test("a service is allowed by the resource policy only", () => {
  assert.not(decideCase({ principal: events, identity: allow(send, QUEUE) }).allowed);
  const resourcePolicy = allow(send, QUEUE, { Principal: { Service: "events.amazonaws.com" } });
  assert.ok(decideCase({ principal: events, resourcePolicy }).allowed);
  const named = (type: string) => allow(send, QUEUE, { Principal: { [type]: "events.amazonaws.com" } });
  assert.not(decideCase({ principal: events, resourcePolicy: named("AWS") }).allowed, "a service is no AWS principal");
  assert.not(decideCase({ principal: events, resourcePolicy: named("Federated") }).allowed);
  assert.not(decideCase({ principal: servicePrincipal("sns.amazonaws.com"), resourcePolicy }).allowed);
  assert.not(decideCase({ resourcePolicy }).allowed);
});

test("a queue policy that names the rule's ARN lets that rule in, and no other", () => {
  const resourcePolicy = allow(send, QUEUE, fromRule);
  assert.ok(decideCase({ principal: events, resourcePolicy, sourceArn: RULE }).allowed);
  assert.not(decideCase({ principal: events, resourcePolicy, sourceArn: `${RULE}-2` }).allowed);
  assert.not(decideCase({ principal: events, resourcePolicy }).allowed);
});

test("a trust policy lets Lambda assume the role", () => {
  const assume = { principal: servicePrincipal("lambda.amazonaws.com"), action: "sts:AssumeRole", resource: ROLE };
  const trust = (Service: string) => ({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service } });
  assert.ok(decideCase({ ...assume, trust: trust("lambda.amazonaws.com") }).allowed);
  assert.not(decideCase({ ...assume, trust: trust("ec2.amazonaws.com") }).allowed);
  assert.not(decideCase({ ...assume, action: "sts:TagSession", trust: trust("lambda.amazonaws.com") }).allowed);
});

test("the statement that decided is named", () => {
  const decision = decideCase({ identity: [allow("s3:*", "*"), deny(send, QUEUE, { Sid: "NoSending" })] });
  assert.is(decision.reason, "explicitDeny");
  if (decision.reason !== "explicitDeny") return;
  assert.is(decision.statement.statement.sid, "NoSending");
  assert.is(decision.statement.index, 1);
});

test("a role that lacks a statement is told which", () => {
  const decision = decideCase({});
  if (decision.reason !== "implicitDeny") return assert.unreachable();
  assert.equal(decision.neededStatement, { Effect: "Allow", Action: send, Resource: QUEUE });
});

test("a service that lacks a statement is told which, with its source", () => {
  const decision = decideCase({ principal: events, sourceArn: RULE });
  if (decision.reason !== "implicitDeny") return assert.unreachable();
  assert.equal(decision.neededStatement, allow(send, QUEUE, fromRule));
});

test("an Allow that only its condition held back is named", () => {
  const Condition = { StringEquals: { "aws:PrincipalAccount": "444455556666" } };
  const decision = decideCase({ identity: allow(send, QUEUE, { Sid: "OtherAccount", Condition }) });
  if (decision.reason !== "implicitDeny") return assert.unreachable();
  assert.is(decision.unmet?.statement.statement.sid, "OtherAccount");
  assert.is(decision.unmet?.condition.key, "aws:PrincipalAccount");
});

test("a role may do what both its policies and its boundary allow, and the boundary is named otherwise", () => {
  const identity = allow(send, QUEUE);
  assert.is(decideCase({ identity, boundary: allow("sqs:*", "*") }).reason, "allowed");
  assert.is(decideCase({ boundary: allow("sqs:*", "*") }).reason, "implicitDeny");
  const limited = decideCase({ identity, boundary: allow("sqs:ReceiveMessage", "*") });
  assert.is(limited.reason, "implicitDeny");
  assert.is(limited.reason === "implicitDeny" && limited.boundary?.name, "identity-policy");
  assert.match(
    limited.allowed ? "" : remedy(limited),
    /^The permissions boundary identity-policy does not allow it\. Needed: /,
  );
});

test("what a boundary denies is denied, although the policies allow it", () => {
  const boundary = [allow("*", "*"), deny(send, QUEUE)];
  assert.is(decideCase({ identity: allow(send, QUEUE), boundary }).reason, "explicitDeny");
  assert.is(decideCase({ resourcePolicy: allow(send, QUEUE, byRole), boundary }).reason, "explicitDeny");
});

test.run();
