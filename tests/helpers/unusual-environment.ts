import { join } from "node:path";
import { App } from "cdktf";
import type { Environment } from "../../environments/environment.ts";
import { state } from "../../environments/state.ts";
import { sourceFormats } from "../../functions/sources/index.ts";
import type { Consumer } from "../../stacks/consumers/consumer.ts";
import { type LeadPipelineProps, LeadPipelineStack } from "../../stacks/pipeline.ts";
import { withoutDeprecations } from "../../stacks/synthesize.ts";
import { SynthesizedStack } from "./synth.ts";
import { tempFolder } from "./temp-folder.ts";

/** A valid environment in which every value differs from every default, and from the other environments' values. */
export const unusual = {
  accountId: "222233334444",
  region: "eu-west-1",
  sources: { forms: { format: "standard-webhooks" } },
  defaultCountry: "DE",
  email: {
    mode: "production",
    domain: "post.example.net",
    sender: "robot@post.example.net",
    recipients: ["one@example.net", "two@example.net", "three@example.net"],
    websiteUrl: "https://example.net",
    messagesPerDay: 77,
  },
  slack: {
    defaultChannel: "everybody",
    routes: [
      { channel: "dach", when: { countries: ["DE", "AT"], leastScore: 40 } },
      { channel: "big", when: { leastEmployees: 500, sources: ["forms"] } },
    ],
    patienceSeconds: 4,
  },
  alarmEmails: ["one-alarm@example.net", "two-alarm@example.net"],
  pagerDuty: true,
  api: { requestsPerSecond: 33, burst: 66 },
  latencyBudgetSeconds: 222,
  logRetentionDays: 120,
  logLevel: "DEBUG",
  leadRetentionDays: 99,
  deletionProtection: true,
  tuning: {
    ingest: { timeoutSeconds: 11, memoryMb: 601, reservedConcurrency: 31 },
    enrich: {
      timeoutSeconds: 12,
      memoryMb: 602,
      reservedConcurrency: 32,
      batchSize: 21,
      batchingWindowSeconds: 2,
      maximumConcurrency: 12,
      maxReceiveCount: 5,
      deliveryDelaySeconds: 3,
      visibilityTimeoutSeconds: 202,
      retentionSeconds: 90_000,
      deadLetterRetentionSeconds: 300_002,
    },
    notify: {
      timeoutSeconds: 33,
      memoryMb: 603,
      reservedConcurrency: 34,
      batchSize: 22,
      batchingWindowSeconds: 4,
      maximumConcurrency: 14,
      maxReceiveCount: 6,
      deliveryDelaySeconds: 5,
      visibilityTimeoutSeconds: 303,
      retentionSeconds: 91_000,
      deadLetterRetentionSeconds: 300_003,
    },
  },
} as const satisfies Environment;

const bundle = { zip: Buffer.from("code"), sha256: "hash of the code" };

/** Synthesizes the stack leadwire-dev from an environment, with functions that have no code. */
export function stackOf(
  environment: Environment,
  consumers: readonly Consumer[] = [],
  formats: LeadPipelineProps["formats"] = sourceFormats,
): SynthesizedStack {
  const outdir = tempFolder();
  const app = new App({ outdir, stackTraces: false });
  new LeadPipelineStack(app, "leadwire-dev", {
    environmentName: "dev",
    environment,
    bundles: { ingest: bundle, enrich: bundle, notify: bundle },
    consumers,
    formats,
    store: state,
  });
  withoutDeprecations(() => app.synth());
  return new SynthesizedStack(join(outdir, "stacks/leadwire-dev"));
}
