import type { Environment } from "./environment.ts";

export const prod: Environment = {
  accountId: "777788889999",
  region: "us-east-1",
  sources: { crm: { format: "standard-webhooks" }, website: { format: "standard-webhooks" } },
  defaultCountry: "US",
  email: {
    mode: "production",
    domain: "leads.example.com",
    sender: "leadwire@leads.example.com",
    recipients: ["sales@example.com", "revops@example.com"],
    websiteUrl: "https://www.example.com",
    messagesPerDay: 500,
  },
  slack: {
    defaultChannel: "sales",
    routes: [{ channel: "enterprise", when: { leastEmployees: 1000 } }],
    patienceSeconds: 10,
  },
  alarmEmails: ["platform@example.com"],
  pagerDuty: true,
  api: { requestsPerSecond: 200, burst: 1000 },
  secretsHighThroughput: true,
  latencyBudgetSeconds: 30,
  logRetentionDays: 90,
  logLevel: "INFO",
  leadRetentionDays: 365,
  deletionProtection: true,
  permissionsBoundary: true,
  tuning: {
    ingest: { memoryMb: 1024, reservedConcurrency: 500 },
    enrich: { maximumConcurrency: 20 },
    notify: { maximumConcurrency: 2, timeoutSeconds: 30 },
  },
};
