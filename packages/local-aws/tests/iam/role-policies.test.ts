import { suite } from "uvu";
import * as assert from "uvu/assert";
import { startStack } from "../../src/index.ts";
import { buildStack, type Json, policy, ref } from "../helpers/build-stack.ts";
import { failureOf } from "../helpers/failure.ts";

const assume = policy({
  Effect: "Allow",
  Principal: { Service: "lambda.amazonaws.com" },
  Action: "sts:AssumeRole",
});
const role = (more: Json = {}) => ({
  aws_iam_role: { worker: { name: "worker", assume_role_policy: assume, ...more } },
});
const managed = "arn:aws:iam::aws:policy/AdministratorAccess";
const attachment = { role: ref("aws_iam_role.worker.name"), policy_arn: managed };

/** Each gives a role permissions, or takes some away, in a way that local-aws does not read. */
const ways: Record<string, [resource: Json, address: string]> = {
  "an attached managed policy": [
    { ...role(), aws_iam_role_policy_attachment: { worker: attachment } },
    "aws_iam_role_policy_attachment.worker",
  ],
  "a managed policy attached to several": [
    { ...role(), aws_iam_policy_attachment: { all: { name: "all", policy_arn: managed } } },
    "aws_iam_policy_attachment.all",
  ],
  "an exclusive list of inline policies": [
    { ...role(), aws_iam_role_policies_exclusive: { worker: { role_name: "worker", policy_names: [] } } },
    "aws_iam_role_policies_exclusive.worker",
  ],
  "an exclusive list of attachments": [
    { ...role(), aws_iam_role_policy_attachments_exclusive: { worker: { role_name: "worker", policy_arns: [] } } },
    "aws_iam_role_policy_attachments_exclusive.worker",
  ],
  "an inline policy in the role": [role({ inline_policy: [{ name: "x", policy: "{}" }] }), "aws_iam_role.worker"],
  "managed policies in the role": [role({ managed_policy_arns: [managed] }), "aws_iam_role.worker"],
  "a boundary that nobody gave": [role({ permissions_boundary: managed }), "aws_iam_role.worker"],
};

const policies = suite("role policies");

policies(
  "attachments, managed policies and boundaries that nobody gave are an error at the start, and not overlooked",
  async () => {
    for (const [what, [resource, address]] of Object.entries(ways)) {
      const stackDir = buildStack({ resource: resource as Record<string, Record<string, Json>> });
      const { message } = await failureOf(startStack({ stackDir }));
      assert.is(message.split(":")[0], address, what);
    }
  },
);

policies("a role with aws_iam_role_policy alone starts", async () => {
  const aws = await startStack({ stackDir: buildStack({ resource: role() }) });
  await aws.stop();
});

policies.run();
