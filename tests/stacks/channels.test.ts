import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkEnvironments, InvalidEnvironmentsError } from "../../environments/check.ts";
import type { Environment } from "../../environments/environment.ts";
import type { ChannelDeclaration } from "../../functions/notify/channels/declaration.ts";
import { channels } from "../../functions/notify/channels/index.ts";
import { slackDeclaration } from "../../functions/notify/channels/slack/declaration.ts";
import { accountDetails } from "../../ops/email/production-access.ts";
import { parsed } from "../helpers/synth.ts";
import { stackOf, unusual } from "../helpers/unusual-environment.ts";

/** Another channel of webhooks, with a setting of its own that has a default. */
const acme = {
  ...slackDeclaration,
  name: "acme",
  title: "Acme",
  budgetSeconds: 4,
  failureMetric: "AcmeFailures",
  webhooks: {
    settings: { mention: { type: "boolean", bound: "true or false", reason: "R.", check: () => true, default: true } },
  },
  alarms: [
    {
      ...slackDeclaration.alarms[0],
      name: "acme-failures",
      metric: "AcmeFailures",
      meaning: "Neither EARLIER nor Acme took leads, so they went out NEXT.",
    },
  ],
} as const satisfies ChannelDeclaration;

/** Acme is in the list of channels during these suites only, because suites of other files run in the same process. */
const addAcme = () => void Object.assign(channels, { acme: { declaration: acme, open: channels.slack.open } });
const removeAcme = () => void Reflect.deleteProperty(channels, "acme");

const { slack, ...others } = unusual;
const { patienceSeconds, ...routing } = slack;
const given = (changes: object) => ({ ...others, ...changes }) as unknown as Environment;
/** Slack, then Acme, then email. */
const second = given({ channels: ["slack", "acme", "email"], slack, acme: { patienceSeconds: 6, mention: false } });
/** Acme, then email. */
const first = given({ channels: ["acme", "email"], acme: { ...routing, patienceSeconds: 6 } });

function broken(environment: Environment): string[] {
  try {
    checkEnvironments({ it: environment });
    return [];
  } catch (error) {
    assert.instance(error, InvalidEnvironmentsError);
    return (error as InvalidEnvironmentsError).violations.map(({ path }) => path.replace(/^environments\.(it\.)?/, ""));
  }
}
const variablesOf = (environment: Environment) =>
  (stackOf(environment).resource("aws_lambda_function.notify").environment as { variables: Record<string, string> })
    .variables;
const webhooks = (channel: string) =>
  Object.fromEntries(["everybody", "dach", "big"].map((one) => [one, `/leadwire/dev/${channel}/${one}/webhook-url`]));

const chosen = suite("channels :: of an environment");
chosen.before(addAcme);
chosen.after(removeAcme);
chosen("are webhooks, each once, and then email", () => {
  assert.equal(broken(second), []);
  assert.equal(broken(first), []);
  for (const list of [
    ["email"],
    ["slack"],
    ["slack", "acme"],
    ["slack", "slack", "email"],
    ["email", "slack"],
    ["slack", "fax", "email"],
  ]) {
    assert.equal(broken(given({ channels: list, slack })), ["channels"], list.join(" "));
  }
});
chosen("have settings, which other channels have not", () => {
  assert.equal(broken(given({ channels: ["slack", "acme", "email"], slack })), ["acme"]);
  assert.equal(broken(given({ channels: ["slack", "email"], slack, acme: { patienceSeconds: 6 } })), ["it"]);
  assert.equal(broken(given({ slack, acme: { patienceSeconds: 6 } })), ["it"]);
});
chosen("have routes if they are the first, and otherwise none", () => {
  const unrouted = given({ channels: ["acme", "email"], acme: { patienceSeconds: 6 } });
  assert.equal(broken(unrouted).sort(), ["acme.defaultChannel", "acme.routes"]);
  const twice = { slack, acme: { ...routing, patienceSeconds: 6 } };
  assert.equal(broken(given({ channels: ["slack", "acme", "email"], ...twice })), ["acme"]);
  const unreachable = { ...routing, routes: [{ channel: "hot", when: {} }], patienceSeconds: 6 };
  assert.equal(broken(given({ channels: ["acme", "email"], acme: unreachable })), ["acme.routes[0].when"]);
});
chosen("have the settings that their declaration names", () => {
  const withAcme = (settings: object) => given({ channels: ["slack", "acme", "email"], slack, acme: settings });
  assert.equal(broken(withAcme({ patienceSeconds: 6, mention: 1 })), ["acme.mention"]);
  assert.equal(broken(withAcme({ patienceSeconds: 6, color: "red" })), ["acme"]);
  assert.equal(broken(withAcme({ patienceSeconds: 16 })), ["acme.patienceSeconds"]);
  assert.equal(broken(withAcme({})), ["acme.patienceSeconds"]);
});
chosen("leave notify enough time for all of them", () => {
  const withTimeout = (environment: Environment, timeoutSeconds: number) =>
    broken({
      ...environment,
      tuning: { ...environment.tuning, notify: { ...environment.tuning.notify, timeoutSeconds } },
    }).filter((path) => path.endsWith("timeoutSeconds"));
  assert.equal([withTimeout(second, 33).length, withTimeout(second, 32).length], [0, 1], "5 + 4 + 6 + 2 + 3 + 13");
  assert.equal([withTimeout(first, 28).length, withTimeout(first, 27).length], [0, 1], "4 + 6 + 2 + 3 + 13");
});
chosen.run();

const stack = suite("channels :: in the stack");
stack.before(addAcme);
stack.after(removeAcme);
stack("notify knows the order if the environment chose it, and otherwise not", () => {
  assert.equal(parsed(variablesOf(second).CHANNELS), ["slack", "acme", "email"]);
  assert.equal(parsed(variablesOf(first).CHANNELS), ["acme", "email"]);
  assert.is(variablesOf(unusual).CHANNELS, undefined);
});
stack("each channel has its settings and the webhooks of the first one's destinations", () => {
  const { SLACK, ACME } = variablesOf(second);
  assert.equal(parsed(SLACK), { ...slack, webhookParameters: webhooks("slack") });
  assert.equal(parsed(ACME), { patienceSeconds: 6, mention: false, webhookParameters: webhooks("acme") });
  const alone = variablesOf(first);
  const settings = { ...routing, patienceSeconds: 6, mention: true };
  assert.equal(parsed(alone.ACME), { ...settings, webhookParameters: webhooks("acme") });
  assert.is(alone.SLACK, undefined);
});
stack("notify may read each channel's webhooks, and an output for each channel names them", () => {
  for (const [environment, names] of [
    [second, ["slack", "acme"]],
    [first, ["acme"]],
    [unusual, ["slack"]],
  ] as const) {
    const synthesized = stackOf(environment);
    const [{ Resource = [] } = {}] = synthesized
      .statements("aws_iam_role_policy.notify")
      .filter(({ Sid }) => Sid === "ReadSecrets");
    const parameters = names.flatMap((name) => Object.values(webhooks(name)));
    assert.equal(
      Resource,
      parameters.map((parameter) => `arn:aws:ssm:eu-west-1:222233334444:parameter${parameter}`),
    );
    const outputs = Object.entries(synthesized.file.output).filter(([name]) => name.endsWith("_webhook_parameters"));
    assert.equal(
      Object.fromEntries(outputs.map(([name, { value }]) => [name, value])),
      Object.fromEntries(names.map((name) => [`${name}_webhook_parameters`, webhooks(name)])),
    );
  }
});
stack("texts name the environment's channels in their order", () => {
  const textsOf = (environment: Environment) => {
    const synthesized = stackOf(environment);
    const ofAlarm = (name: string) =>
      synthesized.resource(`aws_cloudwatch_metric_alarm.${name}`).alarm_description as string;
    return { function: synthesized.resource("aws_lambda_function.notify").description, ofAlarm };
  };
  const three = textsOf(second);
  assert.is(three.function, "Announces enriched leads to the sales team, in Slack or else in Acme or else by email.");
  assert.match(three.ofAlarm("notifications_dlq_depth"), "were announced neither in Slack nor in Acme nor by email.");
  assert.match(three.ofAlarm("slack_failures"), "Slack did not take leads, so they went out in Acme or by email.");
  assert.match(three.ofAlarm("acme_failures"), "Neither Slack nor Acme took leads, so they went out by email.");
  assert.match(three.ofAlarm("email_failures"), "Neither Slack nor Acme nor email took leads.");
  const two = textsOf(first);
  assert.is(two.function, "Announces enriched leads to the sales team, in Acme or else by email.");
  assert.match(two.ofAlarm("email_failures"), "Neither Acme nor email took leads.");
  const description = accountDetails(second).UseCaseDescription ?? "";
  assert.match(
    description,
    "It does so in Slack or Acme, and by email only while Slack or Acme does not take messages.",
  );
});
stack("alarms and dashboard are of the environment's channels", () => {
  const alarmsOf = (environment: Environment) =>
    stackOf(environment)
      .all("aws_cloudwatch_metric_alarm")
      .flatMap(([, { alarm_name }]) => /(slack|acme)-failures$/.exec(String(alarm_name))?.[0] ?? []);
  assert.equal(alarmsOf(second).sort(), ["acme-failures", "slack-failures"]);
  assert.equal([alarmsOf(first), alarmsOf(unusual)], [["acme-failures"], ["slack-failures"]]);
  const labels = (environment: Environment) => {
    const { dashboard_body } = stackOf(environment).resource("aws_cloudwatch_dashboard.dashboard");
    return [...String(dashboard_body).matchAll(/"label":"(notified by \w+|\w+ failed|\w+ p50)"/g)].map(
      ([, label]) => label,
    );
  };
  assert.equal(labels(first), ["notified by acme", "notified by email", "Acme failed", "acme p50", "email p50"]);
  assert.equal(labels(second), [
    ...["notified by slack", "notified by acme", "notified by email", "Slack failed", "Acme failed"],
    ...["slack p50", "acme p50", "email p50"],
  ]);
});
stack.run();
