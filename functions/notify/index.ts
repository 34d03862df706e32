import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { deadLetters } from "../shared/dead-letters.ts";
import { leadStore } from "../shared/lead-store.ts";
import { Variable } from "../shared/names.ts";
import { secretReader } from "../shared/secrets.ts";
import { jsonSetting, setting } from "../shared/settings.ts";
import { telemetry } from "../shared/telemetry.ts";
import { announcer } from "./announce.ts";
import { sendEmail } from "./email.ts";
import { makeHandler } from "./handler.ts";
import { dynamoLedger } from "./ledger.ts";
import { slackWebhook } from "./slack-webhook.ts";

const ses = new SESv2Client({});
const mailbox = {
  sender: setting(Variable.emailSender),
  recipients: jsonSetting<string[]>(Variable.emailRecipients),
  configurationSet: process.env[Variable.emailConfigurationSet],
};
const secret = secretReader(new SSMClient({}));
const webhookParameter = setting(Variable.slackWebhookParameter);
const instruments = telemetry("notify");
const now = () => new Date();

export const handler = makeHandler({
  store: leadStore(new S3Client({}), setting(Variable.bucket)),
  announce: announcer({
    ledger: dynamoLedger(new DynamoDBClient({}), setting(Variable.ledgerTable), now),
    postToSlack: slackWebhook(() => secret(webhookParameter)),
    sendEmail: (email) => sendEmail(ses, mailbox, email),
    ...instruments,
    now,
  }),
  sendToDeadLetters: deadLetters(new SQSClient({}), setting(Variable.deadLetterQueueUrl)),
  ...instruments,
  now,
});
