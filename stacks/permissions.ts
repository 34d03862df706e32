import { enrichedPrefix } from "../flow.ts";
import type { Statement } from "../modules/policy.ts";

/** What the functions may do with the flow's own resources, one need a statement. */

export const storeRawLeads = (bucketArn: string, sources: readonly string[]): Statement => ({
  sid: "StoreRawLeads",
  actions: ["s3:PutObject"],
  resources: sources.map((source) => `${bucketArn}/${source}-*`),
});

/** Any object, because a file dropped into the bucket's root may have any name. */
export const readRawLeads = (bucketArn: string): Statement => ({
  sid: "ReadRawLeads",
  actions: ["s3:GetObject"],
  resources: [`${bucketArn}/*`],
});

export const storeEnrichedLeads = (bucketArn: string): Statement => ({
  sid: "StoreEnrichedLeads",
  actions: ["s3:PutObject"],
  resources: [`${bucketArn}/${enrichedPrefix}*`],
});

export const readEnrichedLeads = (bucketArn: string): Statement => ({
  sid: "ReadEnrichedLeads",
  actions: ["s3:GetObject"],
  resources: [`${bucketArn}/${enrichedPrefix}*`],
});

/** Lets a notification that nobody took come back after seconds instead of the visibility timeout. */
export const delayNotifications = (queueArn: string): Statement => ({
  sid: "DelayNotifications",
  actions: ["sqs:ChangeMessageVisibility"],
  resources: [queueArn],
});

export const sendToDeadLetters = (queueArn: string): Statement => ({
  sid: "SendToDeadLetters",
  actions: ["sqs:SendMessage"],
  resources: [queueArn],
});

/** SecureStrings under the key that AWS manages need no statement for the key: its own policy lets SSM's callers in. */
export const readSecrets = (parameterArns: readonly string[]): Statement => ({
  sid: "ReadSecrets",
  actions: ["ssm:GetParameter"],
  resources: parameterArns,
});

export const keepLedger = (tableArn: string): Statement => ({
  sid: "KeepLedger",
  actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
  resources: [tableArn],
});
