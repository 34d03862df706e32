import { hash } from "node:crypto";
import { join } from "node:path";
import { App } from "cdktf";
import { mapValues, omit } from "es-toolkit/object";
import type { Environment } from "../../environments/environment.ts";
import { state } from "../../environments/state.ts";
import { reconcile, stages } from "../../flow.ts";
import { sourceFormats } from "../../functions/sources/index.ts";
import { type LeadPipelineProps, LeadPipelineStack } from "../../stacks/pipeline.ts";
import { withoutDeprecations } from "../../stacks/synthesize.ts";
import { madeOnce } from "./made-once.ts";
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
  alarmAfterHoursWithoutLeads: 66,
  pagerDuty: true,
  api: { requestsPerSecond: 33, burst: 66 },
  secretsHighThroughput: true,
  latencyBudgetSeconds: 222,
  giveUpAfterHours: 58,
  gatherMilliseconds: 444,
  samePersonDays: 44,
  samePerson: "line",
  logRetentionDays: 120,
  logLevel: "DEBUG",
  leadRetentionDays: 99,
  deletionProtection: true,
  rolePath: "/platform/",
  accountConcurrency: 253,
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
      timeoutSeconds: 61,
      memoryMb: 603,
      reservedConcurrency: 34,
      batchSize: 22,
      batchingWindowSeconds: 4,
      maximumConcurrency: 14,
      maxReceiveCount: 6,
      deliveryDelaySeconds: 5,
      visibilityTimeoutSeconds: 371,
      retentionSeconds: 91_000,
      deadLetterRetentionSeconds: 300_003,
    },
  },
} as const satisfies Environment;

/** The same with SES's sandbox, without what an environment may leave out, and with the default tuning. */
export const plain: Environment = {
  ...omit(unusual, ["alarmAfterHoursWithoutLeads"]),
  accountId: "333344445555",
  email: {
    mode: "sandbox",
    sender: "robot@example.net",
    recipients: ["one@example.net"],
    websiteUrl: "https://example.net",
    messagesPerDay: 78,
  },
  slack: { defaultChannel: "everybody", routes: [], patienceSeconds: 4 },
  alarmEmails: ["one-alarm@example.net"],
  pagerDuty: false,
  secretsHighThroughput: false,
  deletionProtection: false,
  tuning: { ingest: {}, enrich: {}, notify: { timeoutSeconds: 30 } },
};

const bundles = mapValues({ ...stages, [reconcile.name]: reconcile }, (_, name) => {
  const zip = Buffer.from(`code of ${name}`);
  return { zip, sha256: hash("sha256", zip, "base64") };
});

type StackOptions = Partial<Pick<LeadPipelineProps, "consumers" | "formats">>;

/** Writes stacks of environments by their names, with functions that have no code. */
function writeStacks(
  outdir: string,
  environments: Readonly<Record<string, Environment>>,
  { consumers = [], formats = sourceFormats }: StackOptions = {},
): void {
  const app = new App({ outdir, stackTraces: false });
  for (const [environmentName, environment] of Object.entries(environments)) {
    const props = { environmentName, environment, bundles, consumers, formats, store: state };
    new LeadPipelineStack(app, `leadwire-${environmentName}`, props);
  }
  withoutDeprecations(() => app.synth());
}

/** Synthesizes the stack leadwire-dev from an environment. */
export function stackOf(environment: Environment, options: StackOptions = {}): SynthesizedStack {
  const outdir = tempFolder();
  writeStacks(outdir, { dev: environment }, options);
  return new SynthesizedStack(join(outdir, "stacks/leadwire-dev"));
}

/**
 * The stacks leadwire-plain and leadwire-unusual, for tests of what the stacks make of an environment: no change of a shipped
 * environment changes them. All tests of a run share one synthesis.
 */
export async function testStacks(): Promise<{ readonly plain: SynthesizedStack; readonly unusual: SynthesizedStack }> {
  const folder = await madeOnce("test-stacks", async (outdir) => writeStacks(outdir, { plain, unusual }));
  const stack = (name: string) => new SynthesizedStack(join(folder, `stacks/leadwire-${name}`));
  return { plain: stack("plain"), unusual: stack("unusual") };
}
