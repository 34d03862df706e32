import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkEnvironments, InvalidEnvironmentsError } from "../../environments/check.ts";
import type { Environment } from "../../environments/environment.ts";
import { environmentNamed, environments, UnknownEnvironmentError } from "../../environments/index.ts";
import type { RouteCondition } from "../../functions/lead/routing.ts";

const { dev, staging, prod } = environments;

/** The paths of the rules that environments break, without what all have in common. */
function refused(given: Readonly<Record<string, unknown>>): string[] {
  try {
    checkEnvironments(given as Readonly<Record<string, Environment>>);
    return [];
  } catch (error) {
    assert.instance(error, InvalidEnvironmentsError);
    return (error as InvalidEnvironmentsError).violations.map(({ path }) => path.replace("environments.", ""));
  }
}
const refusedInDev = (changes: Readonly<Record<string, unknown>>) => refused({ dev: { ...dev, ...changes } });

const named = suite("environments :: by name");
named("dev, staging and prod are there and valid", () => {
  assert.equal(["dev", "staging", "prod"].map(environmentNamed), [dev, staging, prod]);
  assert.equal(refused(environments), []);
});
named("any other name is an error that lists the names", () => {
  assert.throws(
    () => environmentNamed("production"),
    (error: unknown) => error instanceof UnknownEnvironmentError && /dev, staging, prod/.test(error.message),
  );
});
named("a name that objects have by themselves is unknown too", () => {
  assert.throws(() => environmentNamed("constructor"), /There is no environment "constructor"/);
});
named("each has an account of its own", () => {
  assert.is(new Set([dev.accountId, staging.accountId, prod.accountId]).size, 3);
});
named("only prod sends email in production mode, and pages", () => {
  assert.equal([dev.email.mode, staging.email.mode, prod.email.mode], ["sandbox", "sandbox", "production"]);
  assert.equal([dev.pagerDuty, staging.pagerDuty, prod.pagerDuty], [false, false, true]);
});
named.run();

const shape = suite("environments :: validation");
const bad: readonly [rule: string, changes: Readonly<Record<string, unknown>>, path: string][] = [
  ["an account is 12 digits", { accountId: "11112222333" }, "dev.accountId"],
  ["a region is a region's code", { region: "Virginia" }, "dev.region"],
  ["a source's name is lower case", { sources: { CRM: { format: "standard-webhooks" } } }, "dev.sources"],
  ["no source is named enriched", { sources: { enriched: { format: "standard-webhooks" } } }, "dev.sources"],
  ["no source is named file", { sources: { file: { format: "standard-webhooks" } } }, "dev.sources"],
  ["there is a source", { sources: {} }, "dev.sources"],
  ["a source's format is known", { sources: { crm: { format: "close" } } }, "dev.sources.crm.format"],
  ["a country is two capitals", { defaultCountry: "us" }, "dev.defaultCountry"],
  ["SES is in sandbox or production mode", { email: { ...dev.email, mode: "off" } }, "dev.email.mode"],
  ["a production sender is of the domain", { email: { ...prod.email, sender: "a@example.org" } }, "dev.email"],
  ["an email has recipients", { email: { ...dev.email, recipients: [] } }, "dev.email.recipients"],
  [
    "an email has at most 50 recipients",
    { email: { ...dev.email, recipients: Array.from({ length: 51 }, (_, index) => `a${index}@example.com`) } },
    "dev.email.recipients",
  ],
  [
    "no recipient is there twice",
    { email: { ...dev.email, recipients: ["a@b.io", "a@b.io"] } },
    "dev.email.recipients",
  ],
  ["a sender is a plain address", { email: { ...dev.email, sender: "Leads <a@b.io>" } }, "dev.email.sender"],
  ["a website is a web address", { email: { ...dev.email, websiteUrl: "example.com" } }, "dev.email.websiteUrl"],
  ["a website is set", { email: { ...dev.email, websiteUrl: undefined } }, "dev.email.websiteUrl"],
  ["an email's volume is a whole number", { email: { ...dev.email, messagesPerDay: 0 } }, "dev.email.messagesPerDay"],
  ["sandbox mode has no domain", { email: { ...dev.email, domain: "example.com" } }, "dev.email"],
  ["alarms go to someone", { alarmEmails: [] }, "dev.alarmEmails"],
  ["PagerDuty is on or off", { pagerDuty: "yes" }, "dev.pagerDuty"],
  ["the API takes a request a second", { api: { ...dev.api, requestsPerSecond: 0 } }, "dev.api.requestsPerSecond"],
  ["the API's burst is at most 5000", { api: { ...dev.api, burst: 5001 } }, "dev.api.burst"],
  ["a channel has a plain name", { slack: { ...dev.slack, defaultChannel: "#Sales" } }, "dev.slack.defaultChannel"],
  ["there is a default channel", { slack: { routes: [], patienceSeconds: 10 } }, "dev.slack.defaultChannel"],
  ["Slack is waited for 15 s at most", { slack: { ...dev.slack, patienceSeconds: 16 } }, "dev.slack.patienceSeconds"],
  [
    "notify has time for Slack and an email",
    { tuning: { ...dev.tuning, notify: { timeoutSeconds: 14 } } },
    "dev.tuning.notify.timeoutSeconds",
  ],
  ["a latency budget is set", { latencyBudgetSeconds: undefined }, "dev.latencyBudgetSeconds"],
  ["logs are kept as long as CloudWatch can", { logRetentionDays: 10 }, "dev.logRetentionDays"],
  ["a log level lets metrics through", { logLevel: "WARN" }, "dev.logLevel"],
  ["leads outlive their dead letters", { leadRetentionDays: 4 }, "dev.leadRetentionDays"],
  ["a misspelt key is refused", { latencyBudget: 5 }, "dev"],
  ["a misspelt knob is refused", { tuning: { ...dev.tuning, enrich: { batchsize: 5 } } }, "dev.tuning.enrich"],
  ["a knob is a number", { tuning: { ...dev.tuning, enrich: { batchSize: "5" } } }, "dev.tuning.enrich.batchSize"],
];
for (const [rule, changes, path] of bad) {
  shape(rule, () => {
    assert.equal(refusedInDev(changes), [path]);
  });
}
const routed = (...conditions: RouteCondition[]) => ({
  slack: { ...dev.slack, routes: conditions.map((when, index) => ({ channel: `channel-${index}`, when })) },
});
for (const [rule, conditions, index] of [
  ["has a condition", [{}], 0],
  ["names a country", [{ countries: [] }], 0],
  ["names countries that exist", [{ countries: ["DE", "Germany"] }], 0],
  ["names sources that are configured", [{ sources: ["fax"] }], 0],
  ["is not hidden by one before it", [{ countries: ["DE", "AT"] }, { countries: ["AT"], leastScore: 50 }], 1],
  ["is not hidden by one with a lower bar", [{ leastEmployees: 100 }, { leastEmployees: 1000 }], 1],
] as const) {
  shape(`a route ${rule}`, () => {
    assert.equal(refusedInDev(routed(...conditions)), [`dev.slack.routes[${index}].when`]);
  });
}
shape("routes that leads can get to are taken", () => {
  const routes = routed({ countries: ["DE"] }, { leastScore: 80 }, { leastScore: 50, sources: ["crm"] });
  assert.equal(refusedInDev(routes), []);
});
shape("every environment's broken rules come at once, those of tuning too", () => {
  const broken = { ...dev, logRetentionDays: 2, tuning: { ...dev.tuning, enrich: { batchSize: 20, bachSize: 5 } } };
  assert.equal(refused({ dev: broken, prod: { ...prod, region: "" } }).sort(), [
    "dev.logRetentionDays",
    "dev.tuning.enrich",
    "dev.tuning.enrich.batchSize",
    "prod.region",
  ]);
});
shape.run();
