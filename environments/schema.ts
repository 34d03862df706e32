import { array, boolean, lazy, number, object, string } from "yup";

const docs = "https://docs.aws.amazon.com";

/** A yup test that carries what a BrokenRule needs. */
function rule<T>(bound: string, reason: string, link: string, holds: (value: T) => boolean) {
  return {
    name: bound,
    params: { bound, reason, link },
    test: (value: T | undefined) => value === undefined || holds(value),
  };
}

const whole = (least: number, most: number, reason: string, link: string) =>
  number()
    .required()
    .test(
      rule(
        `a whole number from ${least} to ${most}`,
        reason,
        link,
        (value) => Number.isInteger(value) && value >= least && value <= most,
      ),
    );

const matching = (pattern: RegExp, bound: string, reason: string, link: string) =>
  string()
    .required()
    .test(rule(bound, reason, link, (value) => pattern.test(value)));

const accountId = matching(
  /^\d{12}$/,
  "12 digits",
  "The provider works in this account only.",
  `${docs}/accounts/latest/reference/manage-acct-identifiers.html`,
);
const region = matching(
  /^[a-z]{2}(-[a-z]+)+-\d$/,
  "the code of an AWS Region, such as us-east-1",
  "Everything of the environment is in this Region.",
  `${docs}/global-infrastructure/latest/regions/aws-regions.html`,
);

const emailAddress = matching(
  /^[\w.+-]+@([a-z0-9-]+\.)+[a-z]{2,}$/,
  "a plain email address, its domain in lower case",
  "SES compares it with the verified identity and with the policy's condition as it is written.",
  `${docs}/ses/latest/dg/creating-identities.html`,
);
const distinctAddresses = (most: number, reason: string, link: string) =>
  array()
    .of(emailAddress)
    .required()
    .test(
      rule<string[]>(
        `1 to ${most} different addresses`,
        reason,
        link,
        (addresses) =>
          addresses.length >= 1 && addresses.length <= most && new Set(addresses).size === addresses.length,
      ),
    );
const recipients = distinctAddresses(50, "SES takes 50 recipients in a message.", `${docs}/ses/latest/dg/quotas.html`);

const sandboxEmail = object({ mode: string().required(), sender: emailAddress, recipients }).noUnknown();
const productionEmail = object({
  mode: string().required(),
  domain: matching(
    /^([a-z0-9-]+\.)+[a-z]{2,}$/,
    "a domain in lower case",
    "SES signs for it, and its DNS gets the records of the stack's outputs.",
    `${docs}/ses/latest/dg/creating-identities.html`,
  ),
  sender: emailAddress,
  recipients,
})
  .noUnknown()
  .test(
    rule<{ domain: string; sender: string }>(
      "an email whose sender is an address of its domain",
      "SES sends for verified identities only, and this domain is the one that the stack verifies.",
      `${docs}/ses/latest/dg/creating-identities.html`,
      ({ domain, sender }) => String(sender).endsWith(`@${domain}`),
    ),
  );
const unknownEmail = object({
  mode: string()
    .required()
    .test(
      rule(
        '"sandbox" or "production"',
        "These are the two states of an account in SES.",
        `${docs}/ses/latest/dg/request-production-access.html`,
        () => false,
      ),
    ),
});
const emailOfMode: Readonly<Record<string, typeof sandboxEmail | typeof productionEmail>> = {
  sandbox: sandboxEmail,
  production: productionEmail,
};
const email = lazy((value: { mode?: string } | undefined) => emailOfMode[value?.mode ?? ""] ?? unknownEmail);

const sourceNames = rule<object>(
  'sources whose names match ^[a-z][a-z0-9-]{1,30}$ and are neither "enriched" nor "file"',
  "A source's name starts its leads' keys; enriched/ holds the enriched leads, and file- starts ids of dropped files.",
  "docs/tuning.md#sources",
  (sources) =>
    Object.keys(sources).length > 0 &&
    Object.keys(sources).every((name) => /^[a-z][a-z0-9-]{1,30}$/.test(name) && !["enriched", "file"].includes(name)),
);
const source = object({
  format: string()
    .required()
    .test(
      rule(
        '"standard-webhooks"',
        "It is the one format whose signatures ingest can check.",
        "docs/tuning.md#sources",
        (format) => format === "standard-webhooks",
      ),
    ),
}).noUnknown();
const sources = lazy((value: object | undefined) =>
  object(Object.fromEntries(Object.keys(value ?? {}).map((name) => [name, source])))
    .required()
    .test(sourceNames),
);

const functionFields = { timeoutSeconds: number(), memoryMb: number(), reservedConcurrency: number() };
const functionKnobs = object(functionFields).required();
const workerKnobs = object({
  ...functionFields,
  batchSize: number(),
  batchingWindowSeconds: number(),
  maximumConcurrency: number(),
  maxReceiveCount: number(),
  deliveryDelaySeconds: number(),
  visibilityTimeoutSeconds: number(),
  retentionSeconds: number(),
  deadLetterRetentionSeconds: number(),
}).required();

/** Tuning whose knobs have the right types, so that its rules can be checked. */
export const readableTuning = object({ ingest: functionKnobs, enrich: workerKnobs, notify: workerKnobs }).required();

/** CloudWatch keeps logs for one of these numbers of days. */
const logRetentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** The shape of an Environment: everything that is not about tuning, whose rules the module for tuning knows. */
export const environmentSchema = object({
  accountId,
  region,
  sources,
  defaultCountry: matching(
    /^[A-Z]{2}$/,
    "an ISO 3166-1 alpha-2 code, such as US",
    "Phone numbers without a country code are read as numbers of this country.",
    "https://www.iso.org/iso-3166-country-codes.html",
  ).optional(),
  email,
  alarmEmails: distinctAddresses(
    10,
    "An alarm that reaches nobody is none; use a mailing list for more.",
    `${docs}/sns/latest/dg/sns-email-notifications.html`,
  ),
  pagerDuty: boolean().required(),
  api: object({
    requestsPerSecond: whole(
      1,
      10_000,
      "An account's default limit for HTTP APIs is 10,000 requests a second.",
      `${docs}/apigateway/latest/developerguide/limits.html`,
    ),
    burst: whole(
      1,
      5000,
      "An account's default limit for HTTP APIs is a burst of 5,000 requests.",
      `${docs}/apigateway/latest/developerguide/limits.html`,
    ),
  })
    .noUnknown()
    .required(),
  latencyBudgetSeconds: whole(
    1,
    86_400,
    "Alarms compare it with the age of the oldest message, which its queue keeps for a day.",
    "docs/tuning.md#latency-budget",
  ),
  logRetentionDays: number()
    .required()
    .test(
      rule<number>(
        `one of ${logRetentions.join(", ")}`,
        "CloudWatch Logs has no other retentions.",
        `${docs}/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html`,
        (days) => logRetentions.includes(days),
      ),
    ),
  logLevel: matching(
    /^(DEBUG|INFO|WARN|ERROR)$/,
    "DEBUG, INFO, WARN or ERROR",
    "These are Lambda's levels that the functions' logger has too.",
    `${docs}/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html`,
  ),
  leadRetentionDays: whole(
    5,
    3650,
    "A lead in a dead letter queue, which keeps it up to 4 days, is replayed from its object.",
    "docs/tuning.md#retention-of-leads",
  ),
  deletionProtection: boolean().required(),
  tuning: object({
    ingest: functionKnobs.noUnknown(),
    enrich: workerKnobs.noUnknown(),
    notify: workerKnobs.noUnknown(),
  })
    .noUnknown()
    .required(),
}).noUnknown();
