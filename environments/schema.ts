import { array, boolean, lazy, number, object, string } from "yup";
import { distinctAddresses, email } from "./email-schema.ts";
import { docs, matching, rule, whole } from "./rules.ts";

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

const channel = matching(
  /^[a-z][a-z0-9-]{0,30}$/,
  "a name that matches ^[a-z][a-z0-9-]{0,30}$",
  "It stands in the name of the SSM parameter that holds the channel's webhook.",
  "docs/tuning.md#slack",
);
const slack = object({
  defaultChannel: channel,
  routes: array()
    .of(
      object({
        channel,
        when: object({
          countries: array().of(string().required()),
          sources: array().of(string().required()),
          leastScore: whole(1, 100, "A score is 0 to 100, and 0 is every lead's.", "docs/tuning.md#slack").optional(),
          leastEmployees: whole(
            1,
            10_000_000,
            "Every company has 0 people or more.",
            "docs/tuning.md#slack",
          ).optional(),
        })
          .noUnknown()
          .required(),
      }).noUnknown(),
    )
    .required(),
  patienceSeconds: whole(
    0,
    15,
    "notify has to find time for an email after it, within its timeout.",
    "docs/tuning.md#slack",
  ),
})
  .noUnknown()
  .required();

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
  slack,
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
    /^(DEBUG|INFO)$/,
    "DEBUG or INFO",
    "Metrics are lines without a level, which Lambda counts as INFO and leaves out above it: alarms would stay silent.",
    `${docs}/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html`,
  ),
  leadRetentionDays: whole(
    1,
    3650,
    "S3 counts whole days, and a slip of the keyboard should not keep personal data for decades.",
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
