import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkEnvironments, InvalidEnvironmentsError } from "../../environments/check.ts";
import { emailIdentities } from "../../environments/email-identities.ts";
import { type Environment, environmentTuning, isPlaceholder, samePersonDays } from "../../environments/environment.ts";
import { deployedNames, environments } from "../../environments/index.ts";
import { settingDefaults } from "../../environments/schema/environment.ts";
import { state } from "../../environments/state.ts";
import { stageNames } from "../../flow.ts";
import type { RouteCondition } from "../../functions/lead/routing.ts";
import { sourceFormats } from "../../functions/sources/index.ts";
import type { RuleViolation } from "../../modules/tuning/rule-violation.ts";
import { unusual } from "../helpers/unusual-environment.ts";

const { dev, staging, prod } = environments;

/** The rules that environments break. */
function violationsOf(given: Readonly<Record<string, unknown>>): readonly RuleViolation[] {
  try {
    checkEnvironments(given as Readonly<Record<string, Environment>>);
    return [];
  } catch (error) {
    assert.instance(error, InvalidEnvironmentsError);
    return (error as InvalidEnvironmentsError).violations;
  }
}
/** The paths of the rules that environments break, without what all have in common. */
const refused = (given: Readonly<Record<string, unknown>>) =>
  violationsOf(given)
    .map(({ path }) => path.replace("environments.", ""))
    .sort();
const refusedInDev = (changes: Readonly<Record<string, unknown>>) => refused({ dev: { ...dev, ...changes } });

const named = suite("environments :: by name");
named("dev, staging and prod are there and valid", () => {
  assert.equal(
    ["dev", "staging", "prod"].filter((name) => !Object.hasOwn(environments, name)),
    [],
  );
  assert.equal(refused(environments), []);
});
named("each has an account of its own, and Terraform's state another", () => {
  assert.is(new Set([dev, staging, prod, state].map(({ accountId }) => accountId)).size, 4);
});
named("demo has a source of every format, and an account that does not exist", () => {
  const formats = Object.values(environments.demo.sources).map(({ format }) => format);
  assert.equal(formats.sort(), Object.keys(sourceFormats).sort());
  assert.is(environments.demo.accountId, "000000000000");
  assert.not.ok(deployedNames.some((name: string) => name === "demo"));
});
named("only prod sends email in production mode, and pages", () => {
  assert.equal([dev.email.mode, staging.email.mode, prod.email.mode], ["sandbox", "sandbox", "production"]);
  assert.equal([dev.pagerDuty, staging.pagerDuty, prod.pagerDuty], [false, false, true]);
});
named("only dev lets its ledger be deleted", () => {
  assert.equal(
    [dev, staging, prod].map(({ deletionProtection }) => deletionProtection),
    [false, true, true],
  );
});
named("an environment in which every value is unusual is valid", () => {
  assert.equal(refused({ dev: unusual }), []);
});
named("a name is part of a bucket's, and of no other stack", () => {
  for (const name of ["state", "ci", "Prod", "us_east", "1st", "-a", ""])
    assert.equal(refused({ [name]: dev }), [name]);
  for (const name of ["a", "eu-central-1", "state-2"]) assert.equal(refused({ [name]: dev }), []);
});
named("ids of AWS's documentation are placeholders, and others are not", () => {
  const made = ["111122223333", "123456789012", "444455556666", "777788889999", "000000000000", "999999999999"];
  const likely = ["123123123123", "012345678901", "121212121212", "888899990000"];
  for (const accountId of [...made, ...likely]) assert.ok(isPlaceholder({ accountId }), accountId);
  for (const accountId of ["111122223334", "210987654321", "123123123124", "112233445566"]) {
    assert.not.ok(isPlaceholder({ accountId }), accountId);
  }
  for (const name of deployedNames) assert.ok(isPlaceholder(environments[name]), name);
});
named.run();

const store = suite("environments :: state");
const refusedState = (changes: Readonly<Record<string, unknown>>) => {
  try {
    checkEnvironments({}, { ...state, ...changes } as typeof state);
    return [];
  } catch (error) {
    return (error as InvalidEnvironmentsError).violations.map(({ path }) => path);
  }
};
for (const [setting, bad, good] of [
  ["accountId", ["12345678901", "12345678901a", undefined], ["210987654321"]],
  ["region", ["us-gov-east-1", "cn-northwest-1", "eu-central-3", "aws-global", undefined], ["ca-west-1", "eu-west-1"]],
  [
    "bucket",
    [
      ...[
        "ab",
        "a".repeat(64),
        "State",
        "a_b",
        "a.b",
        "-ab",
        "ab-",
        "xn--ab",
        "sthree-ab",
        "amzn-s3-demo-ab",
        undefined,
      ],
      ...["ab-s3alias", "ab--ol-s3", "ab--x-s3", "ab--table-s3"],
    ],
    ["abc", "a".repeat(63), "1-2", "my-s3"],
  ],
] as const) {
  store(`its ${setting} is one that AWS accepts`, () => {
    for (const value of bad) assert.equal(refusedState({ [setting]: value }), [`state.${setting}`], String(value));
    for (const value of good) assert.equal(refusedState({ [setting]: value }), [], value);
  });
}
store("has no other settings", () => {
  assert.equal(refusedState({ table: "locks" }), ["state"]);
});
store("is checked together with the environments", () => {
  assert.throws(
    () => checkEnvironments({ dev: { ...dev, pagerDuty: 1 as unknown as boolean } }, { ...state, bucket: "B" }),
    /^2 settings break a rule:[\s\S]*state\.bucket is "B"/,
  );
});
store.run();

const tuning = suite("environments :: tuning");
tuning("every stage has its tuning, with the environment's knobs and else the defaults", () => {
  const { ingest, enrich, notify } = environmentTuning(dev);
  assert.equal(Object.keys(environmentTuning(dev)), stageNames);
  assert.equal(ingest, { timeoutSeconds: 10, memoryMb: 512 });
  assert.equal([enrich.maximumConcurrency, enrich.timeoutSeconds, enrich.batchSize], [5, 10, 10]);
  assert.equal([notify.maximumConcurrency, notify.timeoutSeconds, notify.visibilityTimeoutSeconds], [2, 30, 180]);
  assert.equal(environmentTuning(unusual), unusual.tuning);
});
const withTuning = (changes: Readonly<Record<string, unknown>>) =>
  refusedInDev({ tuning: { ...dev.tuning, ...changes } });
tuning("of ingest is checked, and its time is that of the HTTP API", () => {
  const path = "dev.tuning.ingest";
  assert.equal(withTuning({ ingest: { timeoutSeconds: 30 } }), []);
  assert.equal(withTuning({ ingest: { timeoutSeconds: 31 } }), [`${path}.timeoutSeconds`]);
  assert.equal(withTuning({ ingest: { memoryMb: 127 } }), [`${path}.memoryMb`]);
  assert.equal(withTuning({ ingest: { reservedConcurrency: 0 } }), [`${path}.reservedConcurrency`]);
});
for (const name of ["enrich", "notify"]) {
  tuning(`of ${name} is checked with its queue and mapping`, () => {
    const path = `dev.tuning.${name}`;
    assert.equal(withTuning({ [name]: { timeoutSeconds: 901, retentionSeconds: 172_800 } }), [
      `${path}.timeoutSeconds`,
    ]);
    assert.equal(withTuning({ [name]: { timeoutSeconds: 30, batchSize: 11 } }), [`${path}.batchSize`]);
    assert.equal(withTuning({ [name]: { timeoutSeconds: 30, visibilityTimeoutSeconds: 179 } }), [
      `${path}.visibilityTimeoutSeconds`,
    ]);
  });
}
tuning("makes leads wait for no longer than the latency budget, in both queues together", () => {
  const waiting = { timeoutSeconds: 30, batchingWindowSeconds: 25 };
  const inBoth = { tuning: { ...dev.tuning, enrich: waiting, notify: waiting } };
  assert.equal(refusedInDev({ ...inBoth, latencyBudgetSeconds: 50 }), []);
  assert.equal(refusedInDev({ ...inBoth, latencyBudgetSeconds: 49 }), ["dev.latencyBudgetSeconds"]);
});
const ofNotify = (notify: object, slack: object = dev.slack) =>
  refusedInDev({ tuning: { ...dev.tuning, notify }, slack });
for (const [maximumConcurrency, minimum] of [
  [2, 17],
  [10, 25],
  [50, 65],
] as const) {
  tuning(`gives ${maximumConcurrency} invocations of notify time for a message each in a burst`, () => {
    assert.equal(ofNotify({ maximumConcurrency, timeoutSeconds: minimum }), []);
    assert.equal(ofNotify({ maximumConcurrency, timeoutSeconds: minimum - 1 }), ["dev.tuning.notify.timeoutSeconds"]);
  });
}
tuning("gives notify no more time for more destinations, which do not wait for each other", () => {
  const routes = [{ channel: "big", when: { leastEmployees: 1000 } }];
  assert.equal(ofNotify({ maximumConcurrency: 10, timeoutSeconds: 25 }, { ...dev.slack, routes }), []);
});
tuning("of enrich needs no time for Slack", () => {
  assert.equal(withTuning({ enrich: { timeoutSeconds: 14 } }), []);
});
tuning("says which concurrency and time of notify do not go together", () => {
  const environments = { dev: { ...dev, tuning: { ...dev.tuning, notify: { timeoutSeconds: 15 } } } };
  assert.throws(
    () => checkEnvironments(environments),
    /timeoutSeconds is 15: it must be 25 or more while maximumConcurrency is 10\./,
  );
});
tuning("gives notify at most as many messages as one of Slack's can hold", () => {
  const notify = { ...dev.tuning.notify, batchingWindowSeconds: 1 };
  assert.equal(ofNotify({ ...notify, batchSize: 50 }), []);
  assert.equal(ofNotify({ ...notify, batchSize: 51 }), ["dev.tuning.notify.batchSize"]);
  assert.equal(withTuning({ enrich: { batchSize: 100, batchingWindowSeconds: 1 } }), []);
});
const day = 86_400;
const keepingLetters = { deadLetterRetentionSeconds: 7 * day };
tuning("leads are kept longer than the dead letters of any stage, which point to them", () => {
  for (const worker of ["enrich", "notify"] as const) {
    const own = { tuning: { ...dev.tuning, [worker]: { ...dev.tuning[worker], ...keepingLetters } } };
    assert.equal(refusedInDev({ ...own, leadRetentionDays: 11 }), []);
    assert.equal(refusedInDev({ ...own, leadRetentionDays: 10 }), ["dev.leadRetentionDays"]);
  }
});
tuning("leads are kept longer than the dead letters of a consumer", () => {
  const own = { consumers: { archive: keepingLetters } };
  assert.equal(refusedInDev({ ...own, leadRetentionDays: 11 }), []);
  assert.equal(refusedInDev({ ...own, leadRetentionDays: 10 }), ["dev.leadRetentionDays"]);
});
tuning("leads are kept longer than they can be postponed and be dead letters then", () => {
  for (const [giveUpAfterHours, days] of [
    [1, 4],
    [24, 5],
    [25, 5],
    [240, 14],
  ] as const) {
    assert.equal(refusedInDev({ giveUpAfterHours, leadRetentionDays: days + 1 }), []);
    const violations = violationsOf({ dev: { ...dev, giveUpAfterHours, leadRetentionDays: days } });
    assert.equal(violations, [
      {
        path: "environments.dev.leadRetentionDays",
        value: days,
        bound: `${days + 1} or more, longer than giveUpAfterHours and the retention of dead letters together`,
        reason: "Messages and dead letters point to a lead's object. Without the object they are worth nothing.",
        link: "docs/tuning.md#retention-of-leads",
      },
    ]);
  }
});
const withQuota = (accountConcurrency: number, tuning: object, consumers = {}) =>
  refusedInDev({ accountConcurrency, tuning: { ...dev.tuning, ...tuning }, consumers });
const quota = ["dev.accountConcurrency"];
tuning("reserves no more than the account has, less the 100 that AWS keeps", () => {
  const reserving = { ingest: { reservedConcurrency: 40 }, enrich: { maximumConcurrency: 5, reservedConcurrency: 7 } };
  assert.equal([withQuota(147, reserving), withQuota(146, reserving)], [[], quota]);
  const consumers = { archive: { reservedConcurrency: 20 } };
  assert.equal([withQuota(167, reserving, consumers), withQuota(166, reserving, consumers)], [[], quota]);
  assert.equal(refusedInDev({ tuning: { ...dev.tuning, ingest: { reservedConcurrency: 901 } } }), quota);
});
tuning("of all workers together fits into the account, with what ingest reserves", () => {
  const busy = (ingest: object) => ({ ingest, enrich: { maximumConcurrency: 150 } });
  assert.equal([withQuota(152, busy({})), withQuota(151, busy({}))], [[], quota]);
  const reserving = busy({ reservedConcurrency: 10 });
  assert.equal([withQuota(162, reserving), withQuota(161, reserving)], [[], quota]);
});
tuning("of dev fits into a new account, which can have 10 invocations at once", () => {
  assert.equal([withQuota(10, {}), withQuota(10, { enrich: { maximumConcurrency: 9 } })], [[], quota]);
});
tuning("of a consumer is checked as a worker's", () => {
  assert.equal(refusedInDev({ consumers: { archive: { batchSize: 11 } } }), ["dev.consumers.archive.batchSize"]);
  assert.equal(refusedInDev({ consumers: { archive: { bachSize: 1 } } }), ["dev.consumers.archive"]);
  assert.equal(refusedInDev({ consumers: { archive: { batchSize: "1" } } }), ["dev.consumers.archive.batchSize"]);
  assert.equal(refusedInDev({ consumers: { Archive: {} } }), ["dev.consumers"]);
  assert.equal(refusedInDev({ consumers: { archive: {} } }), []);
});
const athena = { analysts: ["role/analyst"], personalData: false, gigabytesPerQuery: 20 };
const refusedOfAthena = (changes: object) =>
  refusedInDev({ consumers: { athena: { ...athena, ...changes } } }).map((path) =>
    path.replace("dev.consumers.athena", ""),
  );
tuning("of a consumer without a worker is its own settings, each in its range", () => {
  for (const gigabytesPerQuery of [1, 10_000]) assert.equal(refusedOfAthena({ gigabytesPerQuery }), []);
  for (const gigabytesPerQuery of [0, 10_001, 1.5, "1", undefined])
    assert.equal(refusedOfAthena({ gigabytesPerQuery }), [".gigabytesPerQuery"], String(gigabytesPerQuery));
  assert.equal(refusedOfAthena({ personalData: undefined }), [".personalData"]);
  assert.equal(refusedOfAthena({ batchSize: 1 }), [""]);
  assert.equal(refusedInDev({ consumers: { athena: {} } }).length, 3);
});
tuning("of athena names analysts by their paths in the account, and never everybody", () => {
  const paths = ["role/analyst", "role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Analysts_*", "user/a.b@c+d"];
  const long = (length: number) => `role/${"a".repeat(length)}`;
  assert.equal(refusedOfAthena({ analysts: [...paths, long(512)] }), []);
  assert.equal(refusedOfAthena({ analysts: Array.from({ length: 20 }, (_, index) => `role/a${index}`) }), []);
  for (const path of ["role/*", "*", "role/", "root", "arn:aws:iam::111122223333:role/a", "role/**/*-*", long(513)])
    assert.equal(refusedOfAthena({ analysts: [path] }), [".analysts[0]"], path);
  for (const list of [[], ["role/a", "role/a"], Array.from({ length: 21 }, (_, index) => `role/a${index}`)])
    assert.equal(refusedOfAthena({ analysts: list }), [".analysts"]);
});
tuning("of redshift names database users with their clusters, and never everybody", () => {
  const refused = (databaseUsers: unknown) =>
    refusedInDev({ consumers: { redshift: { databaseUsers } } }).map((path) =>
      path.replace("dev.consumers.redshift", ""),
    );
  const long = (cluster: number, user: number) => `${"a".repeat(cluster)}/${"b".repeat(user)}`;
  assert.equal(refused(["warehouse/loader", "serverless-111122223333-abc/IAMR:a.b@c-d", long(127, 127)]), []);
  const bad = ["*", "warehouse/*", "*/loader", "warehouse", "warehouse/", "/loader", "a:b/loader"];
  for (const user of [...bad, long(128, 1), long(1, 128)]) assert.equal(refused([user]), [".databaseUsers[0]"], user);
  for (const list of [[], ["a/b", "a/b"], Array.from({ length: 21 }, (_, index) => `a/b${index}`), undefined])
    assert.equal(refused(list), [".databaseUsers"]);
});
tuning("of a consumer without a worker takes no concurrency and keeps no dead letters", () => {
  assert.equal(refusedInDev({ accountConcurrency: 10, leadRetentionDays: 8, consumers: { athena } }), []);
});
tuning.run();

const shape = suite("environments :: validation");
const emailOf = (changes: object) => ({ email: { ...dev.email, ...changes } });
const prodEmail = (changes: object) => ({ email: { ...prod.email, ...changes } });
const slackOf = (changes: object) => ({ slack: { ...dev.slack, ...changes } });
const apiOf = (changes: object) => ({ api: { ...dev.api, ...changes } });
const addresses = (count: number) => Array.from({ length: count }, (_, index) => `a${index}@example.com`);
const sourceNamed = (name: string) => ({ sources: { [name]: { format: "standard-webhooks" } } });
const webAddress = (length: number) => `https://example.com/${"a".repeat(length - 20)}`;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const logRetentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** https://docs.aws.amazon.com/general/latest/gr/ses.html */
const regions = [
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "ca-west-1", "sa-east-1"],
  ...["eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-west-1", "eu-west-2", "eu-west-3"],
  ...["af-south-1", "il-central-1", "me-central-1", "me-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"],
  ...["ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-5"],
];
const withoutSes = [
  ...["ap-east-1", "ap-east-2", "ap-southeast-4", "ap-southeast-6", "ap-southeast-7", "eu-south-2", "mx-central-1"],
];

/** A rule of the shape: values that it refuses, the path that it then names, and values that it accepts. */
type Changes = Readonly<Record<string, unknown>>;
type ShapeRule = readonly [rule: string, path: string, bad: readonly Changes[], good: readonly Changes[]];
const rules: readonly ShapeRule[] = [
  [
    "an account is 12 digits",
    "accountId",
    ["11112222333", "1111222233334", "11112222333a", undefined].map((accountId) => ({ accountId })),
    [{ accountId: "000000000000" }],
  ],
  [
    "a Region is commercial and has SES",
    "region",
    ["Virginia", "us-east", "us-east-1a", "us-esat-1", "us-gov-west-1", "cn-north-1", "", undefined, ...withoutSes].map(
      (region) => ({ region }),
    ),
    regions.map((region) => ({ region })),
  ],
  [
    "a source has a plain name that is not reserved",
    "sources",
    ["CRM", "enriched", "fetched", "outcomes", "erasures", "file", "smoke", "1crm", "c", "c".repeat(32), "a_b"].map(
      sourceNamed,
    ),
    ["cr", "c".repeat(31), "crm-2", "files", "enriched-leads"].map(sourceNamed),
  ],
  ["there is a source", "sources", [{ sources: {} }, { sources: undefined }], []],
  ["a source has a known format", "sources.crm.format", [{ sources: { crm: { format: "fax" } } }], []],
  ["a source has a format", "sources.crm.format", [{ sources: { crm: {} } }], []],
  [
    "a source has no setting that its format does not have",
    "sources.crm",
    [{ sources: { crm: { format: "standard-webhooks", color: "red" } } }],
    [],
  ],
  [
    "a country is two capitals, of one that exists",
    "defaultCountry",
    ["us", "USA", "U1", "", "UK", "XX"].map((defaultCountry) => ({ defaultCountry })),
    [{ defaultCountry: "DE" }, { defaultCountry: undefined }],
  ],
  ["SES is in sandbox or production mode", "email.mode", [emailOf({ mode: "off" }), emailOf({ mode: undefined })], []],
  [
    "a production sender is of the domain itself",
    "email",
    ["a@example.org", "a@evil-leads.example.com", "a@sub.leads.example.com", "a@leads.example.com.evil.org"].map(
      (sender) => prodEmail({ sender }),
    ),
    [prodEmail({ sender: "other@leads.example.com" })],
  ],
  [
    "an email has 1 to 50 recipients, each once",
    "email.recipients",
    [[], addresses(51), ["a@b.io", "a@b.io"], undefined].map((recipients) => emailOf({ recipients })),
    [addresses(1), addresses(50)].map((recipients) => emailOf({ recipients })),
  ],
  ["a recipient is a plain address", "email.recipients[0]", [emailOf({ recipients: ["Sales <a@b.io>"] })], []],
  [
    "a sender is a plain address",
    "email.sender",
    [
      ...[
        "Leads <a@b.io>",
        "a@B.io",
        "a@b",
        "@b.io",
        "a b@c.io",
        "a..b@c.io",
        ".a@c.io",
        "a@-b.io",
        "a@b..io",
        undefined,
      ],
      `${"a".repeat(65)}@b.io`,
      `a@${"b".repeat(64)}.io`,
      `a@${"b.".repeat(126)}io`,
    ].map((sender) => emailOf({ sender })),
    ["a.b+c-d_e@sub.b.io", "A@b.io", `${"a".repeat(64)}@${"b".repeat(63)}.io`].map((sender) => emailOf({ sender })),
  ],
  [
    "a website is a web address",
    "email.websiteUrl",
    ["example.com", "ftp://example.com", "https://localhost", "https://a b.com", webAddress(1001), undefined].map(
      (websiteUrl) => emailOf({ websiteUrl }),
    ),
    ["http://example.com", webAddress(1000)].map((websiteUrl) => emailOf({ websiteUrl })),
  ],
  [
    "an email's volume is 1 to 1,000,000 messages",
    "email.messagesPerDay",
    [0, 1_000_001, 1.5, undefined].map((messagesPerDay) => emailOf({ messagesPerDay })),
    [1, 1_000_000].map((messagesPerDay) => emailOf({ messagesPerDay })),
  ],
  ["sandbox mode has no domain", "email", [emailOf({ domain: "example.com" })], []],
  [
    "alarms go to 1 to 10 addresses, each once",
    "alarmEmails",
    [[], addresses(11), ["a@b.io", "a@b.io"], undefined].map((alarmEmails) => ({ alarmEmails })),
    [addresses(1), addresses(10)].map((alarmEmails) => ({ alarmEmails })),
  ],
  ["an alarm's address is a plain one", "alarmEmails[1]", [{ alarmEmails: ["a@b.io", "b"] }], []],
  ["PagerDuty is on or off", "pagerDuty", [{ pagerDuty: "yes" }, { pagerDuty: undefined }], [{ pagerDuty: true }]],
  [
    "the ledger is protected or not",
    "deletionProtection",
    [{ deletionProtection: 1 }, { deletionProtection: undefined }],
    [{ deletionProtection: true }],
  ],
  [
    "a path of roles is one that IAM and Lambda accept, and holds no wildcard",
    "rolePath",
    [
      "",
      "leads/",
      "/leads",
      "//",
      "/a//b/",
      "/leads*/",
      "/leads?/",
      "/le ads/",
      "/aws-service-role/",
      "/aws-reserved/sso/",
      `/${"a".repeat(511)}/`,
    ].map((rolePath) => ({ rolePath })),
    ["/", "/leads/", "/a/b=c,d.e+f@g_h-i/", `/${"a".repeat(510)}/`, undefined].map((rolePath) => ({ rolePath })),
  ],
  [
    "the API's rate is 1 to 10,000 a second",
    "api.requestsPerSecond",
    [0, 10_001, 0.5, undefined].map((requestsPerSecond) => apiOf({ requestsPerSecond })),
    [1, 10_000].map((requestsPerSecond) => apiOf({ requestsPerSecond })),
  ],
  [
    "the API's burst is 1 to 5,000",
    "api.burst",
    [0, 5001, 0.5, undefined].map((burst) => apiOf({ burst })),
    [1, 5000].map((burst) => apiOf({ burst })),
  ],
  ["the API has no other setting", "api", [apiOf({ rate: 1 })], []],
  [
    "a channel has a plain name",
    "slack.defaultChannel",
    ["#Sales", "Sales", "1sales", "", "a".repeat(32), undefined].map((defaultChannel) => slackOf({ defaultChannel })),
    ["s", "a".repeat(31), "sales-2"].map((defaultChannel) => slackOf({ defaultChannel })),
  ],
  ["routes are a list", "slack.routes", [slackOf({ routes: undefined })], []],
  ["Slack has no other setting", "slack", [slackOf({ patience: 1 })], []],
  [
    "Slack is waited for 0 to 15 s",
    "slack.patienceSeconds",
    [-1, 16, 0.5, undefined].map((patienceSeconds) => slackOf({ patienceSeconds })),
    [0, 15].map((patienceSeconds) => slackOf({ patienceSeconds })),
  ],
  [
    "a person is recognised for 0 to 365 days, and for no longer than leads are kept",
    "samePersonDays",
    [-1, 366, 0.5, 31].map((samePersonDays) => ({
      samePersonDays,
      leadRetentionDays: samePersonDays === 31 ? 30 : 366,
    })),
    [0, 30].map((samePersonDays) => ({ samePersonDays, leadRetentionDays: 30 })),
  ],
  ["a person who comes again gets a card or a line", "samePerson", [{ samePerson: "none" }], [{ samePerson: "line" }]],
  [
    "a latency budget is 1 s to a day",
    "latencyBudgetSeconds",
    [0, 86_401, 1.5, undefined].map((latencyBudgetSeconds) => ({ latencyBudgetSeconds })),
    [1, 86_400].map((latencyBudgetSeconds) => ({ latencyBudgetSeconds })),
  ],
  [
    "logs are kept as long as CloudWatch can",
    "logRetentionDays",
    [
      ...logRetentions.flatMap((days) => [days - 1, days + 1]).filter((days) => !logRetentions.includes(days)),
      undefined,
    ].map((logRetentionDays) => ({ logRetentionDays })),
    logRetentions.map((logRetentionDays) => ({ logRetentionDays })),
  ],
  [
    "a log level lets metrics through",
    "logLevel",
    ["WARN", "ERROR", "TRACE", "info", undefined].map((logLevel) => ({ logLevel })),
    ["DEBUG", "INFO"].map((logLevel) => ({ logLevel })),
  ],
  [
    "an alarm waits for leads for an hour to a week, or there is none",
    "alarmAfterHoursWithoutLeads",
    [0, 169, 1.5].map((alarmAfterHoursWithoutLeads) => ({ alarmAfterHoursWithoutLeads })),
    [1, 168, undefined].map((alarmAfterHoursWithoutLeads) => ({ alarmAfterHoursWithoutLeads })),
  ],
  [
    "messages are postponed for an hour to ten days, or for the default",
    "giveUpAfterHours",
    [0, 241, 1.5].map((giveUpAfterHours) => ({ giveUpAfterHours })),
    [1, 240, undefined].map((giveUpAfterHours) => ({ giveUpAfterHours })),
  ],
  [
    "a burst is gathered for 0 to 1,000 ms, or for the default",
    "gatherMilliseconds",
    [-1, 1001, 0.5].map((gatherMilliseconds) => ({ gatherMilliseconds })),
    [0, 1000, undefined].map((gatherMilliseconds) => ({ gatherMilliseconds })),
  ],
  [
    "leads are kept for 8 days, more than outages and dead letters last, to ten years",
    "leadRetentionDays",
    [7, 3651, 8.5, undefined].map((leadRetentionDays) => ({ leadRetentionDays })),
    [8, 3650].map((leadRetentionDays) => ({ leadRetentionDays })),
  ],
  ["a misspelt knob is refused", "tuning.enrich", [{ tuning: { ...dev.tuning, enrich: { batchsize: 5 } } }], []],
  [
    "a misspelt knob of ingest is refused",
    "tuning.ingest",
    [{ tuning: { ...dev.tuning, ingest: { batchSize: 5 } } }],
    [],
  ],
  ["a stage that does not exist has no tuning", "tuning", [{ tuning: { ...dev.tuning, fax: {} } }], []],
  ["every stage has tuning", "tuning.notify", [{ tuning: { ...dev.tuning, notify: undefined } }], []],
  ["a knob is a number", "tuning.enrich.batchSize", [{ tuning: { ...dev.tuning, enrich: { batchSize: "5" } } }], []],
];
for (const [rule, path, bad, good] of rules) {
  shape(rule, () => {
    for (const changes of bad) assert.equal(refusedInDev(changes), [`dev.${path}`], JSON.stringify(changes));
    for (const changes of good) assert.equal(refusedInDev(changes), [], JSON.stringify(changes));
  });
}
shape("every violation names a page of the web, or a section of ours that is there", () => {
  const bad = rules.flatMap(([, , [first = {}]]) => violationsOf({ dev: { ...dev, ...first } }));
  const own = new Set(bad.map(({ link }) => link).filter((link) => !link.startsWith("https://")));
  for (const link of own) {
    const [path = "", section = ""] = link.split("#");
    const text = readFileSync(join(import.meta.dirname, "../..", path), "utf8");
    const sections = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
      title.toLowerCase().replace(/\W+/g, "-"),
    );
    assert.ok(section === "" || sections.includes(section), link);
  }
  assert.ok(own.has("docs/tuning.md#channels"));
});
shape("a domain of emails is one in lower case", () => {
  const long = (length: number) => `${"a.".repeat(125)}${"b".repeat(length - 250)}`;
  const bad = ["Leads.Example.com", "example", "a_b.com", "leads.example.com.", `${"a".repeat(64)}.com`, long(254)];
  for (const domain of [...bad, undefined]) {
    assert.ok(refusedInDev(prodEmail({ domain })).includes("dev.email.domain"), domain);
  }
  for (const domain of [`${"a".repeat(63)}.com`, long(253)]) {
    assert.equal(refusedInDev(prodEmail({ domain, sender: `a@${domain}` })), [], domain);
  }
});
shape("a misspelt setting is refused, and named", () => {
  const [violation, ...more] = violationsOf({ dev: { ...dev, latencyBudget: 5 } });
  assert.equal([violation?.path, violation?.value, more], ["environments.dev", { unknown: "latencyBudget" }, []]);
  assert.is(violation?.bound, "without keys that have no meaning");
});
shape("a violation says where, what, the bound, why, and on which page", () => {
  assert.equal(violationsOf({ dev: { ...dev, ...apiOf({ burst: 5001 }) } }), [
    {
      path: "environments.dev.api.burst",
      value: 5001,
      bound: "a whole number from 1 to 5000",
      reason: "An account's default limit for HTTP APIs is a burst of 5,000 requests.",
      link: "https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html",
    },
  ]);
});
shape("what is missing or of another type is said in the same words", () => {
  const [missing] = violationsOf({ dev: { ...dev, logRetentionDays: undefined } });
  assert.equal([missing?.bound, missing?.link], ["set", "environments/schema/environment.ts"]);
  const [mistyped] = violationsOf({ dev: { ...dev, pagerDuty: "yes" } });
  assert.equal([mistyped?.value, mistyped?.bound], ["yes", "of type boolean"]);
});
shape("every environment's violations come at once, those of tuning too", () => {
  const broken = { ...dev, logRetentionDays: 2, tuning: { ...dev.tuning, enrich: { batchSize: 20, bachSize: 5 } } };
  assert.equal(refused({ dev: broken, prod: { ...prod, region: "" } }), [
    "dev.logRetentionDays",
    "dev.tuning.enrich",
    "dev.tuning.enrich.batchSize",
    "prod.region",
  ]);
});
shape("a source's format and its settings are checked by the compiler", () => {
  const typed: Environment["sources"][] = [
    { crm: { format: "standard-webhooks" } },
    // @ts-expect-error there is no such format
    { crm: { format: "fax" } },
    // @ts-expect-error the format is missing
    { crm: {} },
    // @ts-expect-error the format has no such setting
    { crm: { format: "standard-webhooks", color: "red" } },
  ];
  assert.equal(
    typed.map((sources) => refusedInDev({ sources }).length),
    [0, 1, 1, 1],
  );
});
shape("the channels and the first one's routes are checked by the compiler", () => {
  const { slack, ...others } = dev;
  const typed: Environment[] = [
    { ...others, slack: { defaultChannel: "sales", routes: [], patienceSeconds: 10 } },
    { ...others, channels: ["slack", "email"], slack: { defaultChannel: "sales", routes: [], patienceSeconds: 10 } },
    // @ts-expect-error there is no such channel
    { ...others, channels: ["fax", "email"], slack },
    // @ts-expect-error email is not the last one
    { ...others, channels: ["slack"], slack },
    // @ts-expect-error the first channel has no settings
    others,
    // @ts-expect-error the first channel has no patience
    { ...others, slack: { defaultChannel: "sales", routes: [] } },
    // @ts-expect-error the first channel of a list has no routes
    { ...others, channels: ["slack", "email"], slack: { patienceSeconds: 10 } },
    // @ts-expect-error the first channel has no routes
    { ...others, slack: { patienceSeconds: 10 } },
  ];
  assert.equal(
    typed.map((environment) => refused({ dev: environment }).length),
    [0, 0, 1, 1, 1, 1, 2, 2],
  );
});
shape.run();

const routes = suite("environments :: routes");
const routed = (...conditions: RouteCondition[]) =>
  refusedInDev({
    slack: { ...dev.slack, routes: conditions.map((when, index) => ({ channel: `channel-${index}`, when })) },
  });
const unreachable = (index: number) => [`dev.slack.routes[${index}].when`];
for (const [rule, conditions, index] of [
  ["has a condition", [{}], 0],
  ["names a country", [{ countries: [] }], 0],
  ["names a source", [{ sources: [] }], 0],
  ["names countries that exist", [{ countries: ["DE", "Germany"] }], 0],
  ["names countries in capitals", [{ countries: ["de"] }], 0],
  ["names sources that are configured", [{ sources: ["fax"] }], 0],
  ["is not hidden by one before it with the same condition", [{ countries: ["DE"] }, { countries: ["DE"] }], 1],
  ["is not hidden by one with more countries", [{ countries: ["DE", "AT"] }, { countries: ["AT"], leastScore: 50 }], 1],
  ["is not hidden by one with more sources", [{ sources: ["crm", "website"] }, { sources: ["crm"] }], 1],
  ["is not hidden by one with a lower score", [{ leastScore: 50 }, { leastScore: 80 }], 1],
  ["is not hidden by one with a lower number of employees", [{ leastEmployees: 100 }, { leastEmployees: 1000 }], 1],
  [
    "is not hidden by any before it",
    [{ leastScore: 90 }, { sources: ["crm"] }, { sources: ["crm"], leastScore: 5 }],
    2,
  ],
] as const) {
  routes(`a route ${rule}`, () => {
    assert.equal(routed(...conditions), unreachable(index));
  });
}
routes("routes that leads can reach are accepted", () => {
  for (const conditions of [
    [{ countries: ["DE"] }, { leastScore: 80 }, { leastScore: 50, sources: ["crm"] }],
    [{ sources: ["crm"] }, { sources: ["website"] }],
    [{ sources: ["crm"] }, { leastScore: 5 }, { leastEmployees: 5 }],
    [{ countries: ["DE"], leastScore: 50 }, { countries: ["DE"] }],
    [{ leastScore: 80 }, { leastScore: 50 }],
    [{ leastEmployees: 1000 }, { leastEmployees: 100 }],
    [{ sources: ["crm"], countries: ["DE"] }, { sources: ["crm"] }, { countries: ["DE"] }],
    [{ countries: ["DE"] }, { countries: ["DE", "AT"] }],
    [{ leastScore: 1 }, { leastEmployees: 1 }, { sources: ["crm"] }],
  ]) {
    assert.equal(routed(...conditions), [], JSON.stringify(conditions));
  }
});
routes("a score is 1 to 100 and a number of employees 1 to 10,000,000", () => {
  const bounds = (condition: string, ...values: number[]) =>
    values.map((value) => routed({ [condition]: value }).length);
  assert.equal(bounds("leastScore", 0, 1, 100, 101, 1.5), [1, 0, 0, 1, 1]);
  assert.equal(bounds("leastEmployees", 0, 1, 10_000_000, 10_000_001, 1.5), [1, 0, 0, 1, 1]);
});
routes("a route has a channel with a plain name and conditions that exist", () => {
  const withRoute = (route: object) => refusedInDev(slackOf({ routes: [route] }));
  assert.equal(withRoute({ channel: "Big", when: { leastScore: 5 } }), ["dev.slack.routes[0].channel"]);
  assert.equal(withRoute({ channel: "big", when: { score: 5 } }), ["dev.slack.routes[0].when"]);
  assert.equal(withRoute({ channel: "big" }), ["dev.slack.routes[0].when"]);
  assert.equal(withRoute({ channel: "big", when: { leastScore: 5 }, color: "red" }), ["dev.slack.routes[0]"]);
});
routes.run();

const identities = suite("environments :: email identities");
identities("in the sandbox are every address, each once", () => {
  const email = { ...dev.email, sender: "b@example.com", recipients: ["a@example.com", "b@example.com"] };
  assert.equal(emailIdentities(email), ["b@example.com", "a@example.com"]);
});
identities("in production are the domain", () => {
  assert.equal(emailIdentities(prod.email), ["leads.example.com"]);
});
identities.run();

const defaults = suite("environments :: defaults");
defaults("are those of the documentation, and a person is known for no longer than their lead", () => {
  assert.equal(settingDefaults, {
    giveUpAfterHours: 72,
    gatherMilliseconds: 150,
    samePersonDays: 90,
    samePerson: "card",
    accountConcurrency: 1000,
  });
  const days = (leadRetentionDays: number, own?: number) =>
    samePersonDays({ ...dev, leadRetentionDays, ...(own !== undefined && { samePersonDays: own }) });
  assert.equal([days(89), days(90), days(91), days(91, 0)], [89, 90, 90, 0]);
});
defaults.run();
