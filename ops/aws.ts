import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { createClient } from "../functions/runtime/clients.ts";
import type { Clients } from "./commands/command.ts";

/** A service that does not answer must not hold up the operator. A receive waits for messages for a second. */
const limits = { milliseconds: 10_000 };

/**
 * Clients of AWS.
 * @param settings of the SDK's clients, which count before the given Region. @default those of the AWS configuration
 */
export function createClients(settings?: object): Clients {
  const at = (region: string | undefined) => ({ ...limits, ...(region !== undefined && { region }), ...settings });
  return {
    sqs: (region) => createClient(SQSClient, at(region)),
    s3: (region) => createClient(S3Client, at(region)),
    ssm: (region) => createClient(SSMClient, at(region)),
    dynamo: (region) => createClient(DynamoDBClient, at(region)),
    // SES takes about one of these calls a second, so it throttles often.
    ses: (region) => createClient(SESv2Client, { ...at(region), maxAttempts: 10 }),
  };
}
