import type { Environment } from "./environment.ts";

export const staging: Environment = {
  accountId: "444455556666",
  region: "us-east-1",
  sources: { crm: { format: "standard-webhooks" }, website: { format: "standard-webhooks" } },
  defaultCountry: "US",
  email: {
    mode: "sandbox",
    sender: "leadwire-staging@example.com",
    recipients: ["sales-staging@example.com", "revops-staging@example.com"],
    websiteUrl: "https://www.example.com",
    messagesPerDay: 50,
  },
  slack: { defaultChannel: "sales", routes: [], patienceSeconds: 10 },
  alarmEmails: ["platform-staging@example.com"],
  pagerDuty: false,
  api: { requestsPerSecond: 100, burst: 500 },
  latencyBudgetSeconds: 60,
  logRetentionDays: 30,
  logLevel: "INFO",
  leadRetentionDays: 90,
  deletionProtection: true,
  permissionsBoundary: true,
  consumers: {
    athena: {
      analysts: ["role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Analysts_*"],
      personalData: false,
      gigabytesPerQuery: 20,
    },
  },
  tuning: {
    ingest: {},
    enrich: { maximumConcurrency: 10 },
    notify: { maximumConcurrency: 2, timeoutSeconds: 30 },
  },
};
