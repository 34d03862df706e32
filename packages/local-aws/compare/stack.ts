import { buildStack, ref } from "../tests/helpers/build-stack.ts";

/** The name and value of the stack's one SSM parameter. */
export const parameter = { name: "/compared/secret", value: "made-up-secret" };

/** Writes a stack of the resources that both sides have: a bucket, queues, a table, email identities. @returns its folder */
export const comparedStack = (): string =>
  buildStack({
    resource: {
      aws_s3_bucket: { files: { bucket: "compared-files" } },
      aws_sqs_queue: {
        dead: { name: "compared-dead" },
        jobs: {
          name: "compared-jobs",
          redrive_policy: JSON.stringify({ deadLetterTargetArn: ref("aws_sqs_queue.dead.arn"), maxReceiveCount: 3 }),
        },
      },
      aws_dynamodb_table: { items: { name: "compared-items", hash_key: "id", attribute: [{ name: "id", type: "S" }] } },
      aws_sesv2_email_identity: {
        sender: { email_identity: "shop@example.com" },
        reader: { email_identity: "reader@example.com" },
      },
    },
  });
