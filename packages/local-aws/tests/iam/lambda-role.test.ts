import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkAssumable, checkQueueMapping, checkTracing } from "../../src/iam/lambda-role.ts";
import { firstDenial } from "../../src/index.ts";
import { buildStack } from "../helpers/build-stack.ts";
import { account, allow, policy, QUEUE, ROLE, worker } from "./iam-fixtures.ts";

const test = suite("lambda role");
const POLLING = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

const trust = (Service: string) =>
  policy({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service } }, "trust");
const caller = (...statements: unknown[]) => ({ principal: worker, policies: statements.map((one) => policy(one)) });

test("a role that trusts Lambda can be assumed", () => {
  assert.is(checkAssumable(ROLE, trust("lambda.amazonaws.com"), account()), undefined);
});

test("a role that trusts another service cannot be assumed, in Lambda's words", () => {
  const problem = checkAssumable(ROLE, trust("events.amazonaws.com"), account());
  assert.is(problem?.message, "The role defined for the function cannot be assumed by Lambda.");
  if (problem?.decision.reason !== "implicitDeny") return assert.unreachable();
  const Principal = { Service: "lambda.amazonaws.com" };
  assert.equal(problem.decision.neededStatement, { Effect: "Allow", Principal, Action: "sts:AssumeRole" });
});

test("a mapping's role needs the queue's three actions", () => {
  assert.equal(checkQueueMapping(QUEUE, caller(allow(POLLING, QUEUE)), account()), []);
});

for (const missing of POLLING) {
  test(`a mapping's role without ${missing} is refused in Lambda's words`, () => {
    const others = POLLING.filter((action) => action !== missing);
    const problems = checkQueueMapping(QUEUE, caller(allow(others, QUEUE)), account());
    assert.equal(
      problems.map(({ message }) => message),
      [`The provided execution role does not have permissions to call ${missing.slice(4)} on SQS`],
    );
  });
}

test("a role that no policy is attached to lacks all three", () => {
  assert.is(checkQueueMapping(QUEUE, caller(), account()).length, 3);
});

test("a traced function's role needs PutTraceSegments", () => {
  assert.equal(checkTracing(caller(allow("xray:PutTraceSegments", "*")), account()), []);
  const [problem] = checkTracing(caller(), account());
  assert.is(problem?.message, "The provided execution role does not have permissions to call PutTraceSegments on XRAY");
});

test("a stack whose traced function may not write traces is refused at the start", () => {
  const worker = { source: "export const handler = () => {};", attributes: { tracing_config: { mode: "Active" } } };
  assert.match(
    firstDenial(buildStack({ functions: { worker } }), []) ?? "",
    /^aws_lambda_function\.worker: The provided execution role does not have permissions to call PutTraceSegments on XRAY/,
  );
});

test.run();
