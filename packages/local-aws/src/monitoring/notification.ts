import { randomUUID } from "node:crypto";
import type { Subscription } from "./subscriptions.ts";

/** What is published to a topic. */
export interface Publication {
  readonly subject: string;
  readonly message: string;
  /** What email subscriptions get in place of the message. */
  readonly email?: string;
}

/**
 * What SNS posts to an HTTP endpoint, but for the signature: only SNS has the key.
 * https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html
 */
export function notification({ arn, topicArn }: Subscription, { subject, message }: Publication, region: string) {
  const messageId = randomUUID();
  const sns = `https://sns.${region}.amazonaws.com`;
  return {
    headers: {
      "content-type": "text/plain; charset=UTF-8",
      "user-agent": "Amazon Simple Notification Service Agent",
      "x-amz-sns-message-type": "Notification",
      "x-amz-sns-message-id": messageId,
      "x-amz-sns-topic-arn": topicArn,
      "x-amz-sns-subscription-arn": arn,
    },
    body: JSON.stringify({
      Type: "Notification",
      MessageId: messageId,
      TopicArn: topicArn,
      Subject: subject,
      Message: message,
      Timestamp: new Date().toISOString(),
      SignatureVersion: "1",
      Signature: Buffer.from("not signed by SNS").toString("base64"),
      SigningCertURL: `${sns}/SimpleNotificationService-local.pem`,
      UnsubscribeURL: `${sns}/?Action=Unsubscribe&SubscriptionArn=${arn}`,
    }),
  };
}
