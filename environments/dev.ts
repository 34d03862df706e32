import type { Environment } from "./environment.ts";

export const dev: Environment = {
  accountId: "111122223333",
  region: "us-east-1",
  sources: {
    crm: { format: "standard-webhooks", title: "CRM", crmHosts: ["crm.example.com"] },
    website: { format: "standard-webhooks", title: "Website", crmHosts: ["crm.example.com"] },
  },
  defaultCountry: "US",
  email: {
    mode: "sandbox",
    sender: "leadwire-dev@example.com",
    recipients: ["sales-dev@example.com"],
    websiteUrl: "https://www.example.com",
    messagesPerDay: 50,
  },
  slack: { defaultChannel: "sales", routes: [], patienceSeconds: 10 },
  alarmEmails: ["platform-dev@example.com"],
  pagerDuty: false,
  api: { requestsPerSecond: 50, burst: 250 },
  latencyBudgetSeconds: 60,
  logRetentionDays: 14,
  logLevel: "INFO",
  leadRetentionDays: 30,
  deletionProtection: false,
  permissionsBoundary: true,
  tuning: {
    ingest: {},
    enrich: { maximumConcurrency: 5 },
    notify: { maximumConcurrency: 2, timeoutSeconds: 30 },
  },
};
