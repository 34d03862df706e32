import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { channelOf } from "../lead/routing.ts";
import { createDeadLetterSender } from "../runtime/dead-letters.ts";
import { createLeadStore } from "../runtime/lead-store.ts";
import { type SlackSettings, Variable } from "../runtime/names.ts";
import { once } from "../runtime/once.ts";
import { limits } from "../runtime/request-limits.ts";
import { createSecretReader } from "../runtime/secrets.ts";
import { jsonSetting, MissingSettingError, setting } from "../runtime/settings.ts";
import { createTelemetry } from "../runtime/telemetry.ts";
import { announcer } from "./announce.ts";
import { makeHandler } from "./handler.ts";
import { dynamoLedger } from "./ledger.ts";
import { patientWhenThrottled, sendEmail } from "./mailbox.ts";
import { dynamoPace } from "./pace.ts";
import { preparer } from "./prepare.ts";
import { ownQueue } from "./queue.ts";
import { resilient } from "./slack-channel.ts";
import { postToSlack } from "./slack-webhook.ts";
import { reachable } from "./suppression.ts";
import { notifyBudget } from "./time-budget.ts";

const now = () => Date.now();
const sleepUntil = async (time: number) => {
  if (time > now()) await sleep(time - now());
};
/** An email that may have gone out is not sent again behind our back. */
const ses = new SESv2Client({ maxAttempts: 1, requestHandler: limits(1000, 1000 * notifyBudget.email) });
/** A service that stays silent must not take the invocation's whole time. */
const patient = { requestHandler: limits(1000, 2000) };
const sqs = new SQSClient(patient);
const dynamo = new DynamoDBClient(patient);
/** Pacing is a courtesy: leads do not wait while the SDK tries again for seconds. */
const hasty = new DynamoDBClient({ maxAttempts: 1, requestHandler: dynamo.config.requestHandler });
const mailbox = {
  sender: setting(Variable.emailSender),
  recipients: jsonSetting<string[]>(Variable.emailRecipients),
  configurationSet: setting(Variable.emailConfigurationSet),
};
const throttled = patientWhenThrottled();
const secret = createSecretReader(new SSMClient({ maxAttempts: 2, requestHandler: limits(1000, 1000) }));
const slack = jsonSetting<SlackSettings>(Variable.slack);
/** Each channel has a circuit breaker of its own: one whose webhook is gone must not silence the others. */
const channels = new Map(
  Object.entries(slack.webhookParameters).map(([channel, parameter]) => [
    channel,
    resilient((message, signal) => postToSlack(() => secret(parameter), message, signal)),
  ]),
);
const ledger = dynamoLedger(dynamo, setting(Variable.ledgerTable), () => new Date());
const pace = dynamoPace(hasty, setting(Variable.ledgerTable), now);
const instruments = createTelemetry("notify");
const requireReachable = reachable(ses, mailbox.recipients, instruments.log);

export const handler = makeHandler({
  prepare: preparer({
    store: createLeadStore(new S3Client(patient), setting(Variable.bucket)),
    loadShape: once(() => import("../lead/enriched-lead.ts")),
    ledger,
    channelOf: (lead) => channelOf(lead, slack),
    sendToDeadLetters: createDeadLetterSender(sqs, setting(Variable.deadLetterQueueUrl)),
    ...instruments,
  }),
  announce: announcer({
    ledger,
    pace,
    postToSlack: (channel, message) => {
      const post = channels.get(channel);
      if (!post) throw new MissingSettingError(Variable.slack, `names no webhook for the channel ${channel}`);
      return post(message);
    },
    sendEmail: async (email) => {
      await requireReachable();
      const inTime = AbortSignal.timeout(notifyBudget.email * 1000);
      return throttled(() => sendEmail(ses, mailbox, email, inTime));
    },
    slackPatience: slack.patienceSeconds * 1000,
    ...instruments,
    now,
    sleepUntil,
  }),
  queue: ownQueue(sqs, setting(Variable.queueUrl)),
  pace,
  ...instruments,
  now,
  sleepUntil,
});
