import { S3Client } from "@aws-sdk/client-s3";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { OpsPorts } from "./commands/command.ts";

const at = (region: string | undefined) => (region === undefined ? {} : { region });

/** Clients of AWS, with the credentials of the AWS configuration. */
export const aws: Pick<OpsPorts, "sqs" | "s3" | "ses"> = {
  sqs: (region) => new SQSClient(at(region)),
  s3: (region) => new S3Client(at(region)),
  // SES takes about one of these calls a second, so it throttles often.
  ses: (region) => new SESv2Client({ region, maxAttempts: 10 }),
};
