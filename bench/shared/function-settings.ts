import { type SlackSettings, Variable } from "../../functions/runtime/names.ts";

const slack: SlackSettings = {
  webhookParameters: { sales: "/slack" },
  routes: [],
  defaultChannel: "sales",
  patienceSeconds: 10,
};

/**
 * Environment variables in which every function finds what it needs.
 * @param endpoint of AWS and of Slack
 */
export const functionSettings = (endpoint: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "bench",
  AWS_SECRET_ACCESS_KEY: "bench",
  POWERTOOLS_LOG_LEVEL: "INFO",
  [Variable.environment]: "bench",
  [Variable.bucket]: "leads",
  [Variable.sources]: "{}",
  [Variable.queueUrl]: `${endpoint}/000000000000/notifications`,
  [Variable.deadLetterQueueUrl]: `${endpoint}/000000000000/dlq`,
  [Variable.slack]: JSON.stringify(slack),
  [Variable.ledgerTable]: "ledger",
  [Variable.emailSender]: "a@example.com",
  [Variable.emailRecipients]: '["b@example.com"]',
  [Variable.emailConfigurationSet]: "bench",
});
