import { boolean, lazy, object } from "yup";
import { accountId, region } from "./account.ts";
import { channelsOrDefault, chosenChannels, webhookChannels } from "./channels.ts";
import { email, emailAddress } from "./email.ts";
import { distinct, docs, isCountry, oneOfNumbers, text, throttling, wholeNumber } from "./rules.ts";
import { sources } from "./sources.ts";
import { consumers, tuning } from "./tuning.ts";

/** CloudWatch keeps logs for one of these numbers of days. */
const logRetentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Values of the settings that an environment may leave unset. */
export const settingDefaults = {
  giveUpAfterHours: 72,
  gatherMilliseconds: 150,
  samePersonDays: 90,
  samePerson: "card",
  accountConcurrency: 1000,
} as const;

/** What a person gets who comes again. */
const again = {
  samePersonDays: wholeNumber(0, 365, {
    meaning: `Days for which a person is recognised who comes again, see [People who come again](#people-who-come-again). 0 switches it off. Unset, they are ${settingDefaults.samePersonDays}, or \`leadRetentionDays\` if that is less.`,
    reason: "What is known of a person is not kept for years.",
    link: "docs/tuning.md#people-who-come-again",
  }).optional(),
  samePerson: text<"card" | "line">(
    {
      bound: '"card" or "line"',
      meaning: `A card that says when the person was seen before, or a short line in its place. Unset, it is ${settingDefaults.samePerson}.`,
      link: "docs/tuning.md#people-who-come-again",
    },
    /^(card|line)$/,
  ).optional(),
};

/** How long leads may wait. */
const waits = {
  latencyBudgetSeconds: wholeNumber(1, 86_400, {
    meaning: "Seconds from the accepted request to the notification, see [Latency budget](#latency-budget).",
    reason: "Alarms compare it with the age of the oldest message, which its queue keeps for a day.",
    link: "docs/tuning.md#latency-budget",
  }),
  giveUpAfterHours: wholeNumber(1, 240, {
    meaning: `Hours for which a message is tried again while a service is down, see [Outages](#outages). Unset, they are ${settingDefaults.giveUpAfterHours}.`,
    reason:
      "With the four days of dead letters, ten days are the 14 days after which an announcement is marked as a possible repeat.",
    link: "docs/tuning.md#outages",
  }).optional(),
  gatherMilliseconds: wholeNumber(0, 1000, {
    meaning: `The message of a burst waits until no lead has come for so many milliseconds, or for longer if the burst has lasted longer, see [Small bursts](#small-bursts). Unset, they are ${settingDefaults.gatherMilliseconds}.`,
    reason: "A burst is gathered for a second at most.",
    link: "docs/tuning.md#small-bursts",
  }).optional(),
};

/** What AWS refuses to do. */
const protections = {
  deletionProtection: boolean().required().meta({
    allowed: "true or false",
    meaning:
      "AWS refuses to delete the ledger table, and Terraform to destroy it or the bucket of leads. Where it is false, destroying the stack deletes every lead, see [Teardown](first-deployment.md#teardown).",
  }),
  permissionsBoundary: boolean().optional().meta({
    allowed: "true or false",
    meaning:
      "The roles of the functions have the permissions boundary `leadwire-ENV-functions-boundary`, which the stack leadwire-ci makes and which must exist before. The workflows need it to deploy the environment, see [security.md](security.md#deployment). Unset, it is false.",
  }),
  rolePath: text(
    {
      bound: "a path of at most 512 characters that starts and ends with a slash, such as /leads/",
      meaning:
        "IAM path of the functions' roles. The workflows of leadwire-ci may work with roles of this path only, so deploy leadwire-ci before. Roles that exist are replaced: an administrator applies that plan. Unset, it is `/`.",
      reason: "IAM and Lambda accept no other paths, and those of AWS' own roles are reserved.",
      link: `${docs}/IAM/latest/UserGuide/reference_identifiers.html#identifiers-friendly-names`,
    },
    /^(?=.{1,512}$)(?!\/aws-(service-role|reserved)\/)\/([\w+=,.@-]+\/)*$/,
  ).optional(),
};

/**
 * The shape of an environment: types, ranges and meanings of its settings. The type, the checks and the tables of
 * docs/tuning.md come from it, and the declarations of channels give their types. Ranges of tuning are in modules/tuning; rules between settings are in environments/check.ts.
 * @param channels the environment's channels, which have settings
 */
export const shapeOf = (channels: readonly string[]) =>
  object({
    accountId,
    region,
    sources,
    defaultCountry: text(
      {
        bound: "an ISO 3166-1 alpha-2 code, such as US",
        meaning: "Country of phone numbers without a country code. Leave it unset when there is no good guess.",
        link: "https://www.iso.org/iso-3166-country-codes.html",
      },
      isCountry,
    ).optional(),
    email,
    channels: chosenChannels,
    ...(webhookChannels(channels) as object),
    alarmEmails: distinct(emailAddress, 10, {
      bound: "1 to 10 different addresses",
      meaning: "Addresses that get alarms. Each gets two emails from AWS to confirm, one for each topic.",
      reason: "An alarm that reaches nobody is no alarm. For more people use a mailing list.",
      link: `${docs}/sns/latest/dg/sns-email-notifications.html`,
    }),
    alarmAfterHoursWithoutLeads: wholeNumber(1, 168, {
      meaning: "An alarm rings when no new lead has come for so many hours. Unset, there is no such alarm.",
      reason: "CloudWatch looks back for a week at most.",
      link: `${docs}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`,
    }).optional(),
    pagerDuty: boolean().required().meta({
      allowed: "true or false",
      meaning:
        "Alarms of the severity `page` also go to PagerDuty. The SSM parameter `/leadwire/ENV/pagerduty/integration-url` must exist before a plan.",
    }),
    api: throttling().required(),
    secretsHighThroughput: boolean().optional().meta({
      allowed: "true or false",
      meaning:
        "Switches on SSM's high throughput, for everything in the account and Region: 1,000 GetParameters a second in place of 40. AWS then bills $0.05 for 10,000 calls. One environment of an account and Region sets it; without that environment it goes. See [Many functions that start together](#many-functions-that-start-together). Unset, it is false.",
    }),
    ...waits,
    logRetentionDays: oneOfNumbers(logRetentions, {
      meaning: "Days for which logs are kept.",
      reason: "CloudWatch Logs has no other retentions.",
      link: `${docs}/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html`,
    }),
    logLevel: text<"DEBUG" | "INFO">(
      {
        bound: "DEBUG or INFO",
        meaning: "Least severe level that functions log.",
        reason:
          "Metrics are lines without a level, which Lambda treats as INFO. Above INFO it would drop them, and alarms would not fire.",
        link: `${docs}/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html`,
      },
      /^(DEBUG|INFO)$/,
    ),
    leadRetentionDays: wholeNumber(1, 3650, {
      meaning: "Days after which a lead is deleted, see [Retention of leads](#retention-of-leads).",
      reason: "S3 counts whole days, and a typing mistake must not keep personal data for decades.",
      link: "docs/tuning.md#retention-of-leads",
    }),
    ...again,
    ...protections,
    accountConcurrency: wholeNumber(10, 1_000_000, {
      meaning: `Lambda's quota of concurrent executions in the account and Region, see [Concurrency](#concurrency). Unset, it is ${settingDefaults.accountConcurrency}.`,
      reason: "New accounts can have as few as 10.",
      link: `${docs}/lambda/latest/dg/gettingstarted-limits.html`,
    }).optional(),
    tuning,
    consumers,
  }).noUnknown();

/** The shape of an environment with the channels that it chose. */
export const environmentSchema = lazy((environment: { channels?: unknown } | undefined) =>
  shapeOf(channelsOrDefault(environment?.channels)),
);
