import { uniq } from "es-toolkit/array";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Block, parsed, type SynthesizedStack, synthesizedStack } from "../helpers/synth.ts";

const stacks = {
  dev: await synthesizedStack("leadwire-dev"),
  staging: await synthesizedStack("leadwire-staging"),
  prod: await synthesizedStack("leadwire-prod"),
};

/** A value of each environment's stack. */
const each = (read: (stack: SynthesizedStack) => unknown) => Object.values(stacks).map(read);
const variables = (stack: SynthesizedStack, name: string) =>
  (stack.settings(`aws_lambda_function.${name}`).environment as { variables: Block }).variables;
const concurrency = (worker: string) => (stack: SynthesizedStack) =>
  (stack.settings(`aws_lambda_event_source_mapping.${worker}`).scaling_config as Block).maximum_concurrency;

const differences = suite("stacks :: dev, staging and prod");
differences("have more concurrency for enrich, and the least for notify, which Slack limits", () => {
  assert.equal(each(concurrency("enrich")), [5, 10, 20]);
  assert.equal(each(concurrency("notify")), [2, 2, 2]);
});
differences("have more memory for ingest in prod only", () => {
  assert.equal(
    each((stack) => stack.settings("aws_lambda_function.ingest").memory_size),
    [512, 512, 1024],
  );
});
differences("accept more requests the nearer to prod", () => {
  const throttling = (rate: number, burst: number) => ({ throttling_rate_limit: rate, throttling_burst_limit: burst });
  assert.equal(
    each((stack) => stack.settings("aws_apigatewayv2_stage.api").default_route_settings),
    [throttling(50, 250), throttling(100, 500), throttling(200, 1000)],
  );
});
differences("alarm on messages that are older than a minute, in prod than half a minute", () => {
  assert.equal(
    each((stack) => stack.settings("aws_cloudwatch_metric_alarm.leads_age").threshold),
    [60, 60, 30],
  );
});
differences("keep logs for two weeks, a month and three months, of the same level", () => {
  assert.equal(
    each((stack) => uniq(stack.all("aws_cloudwatch_log_group").map(([, block]) => block.retention_in_days))),
    [[14], [30], [90]],
  );
  const levels = each((stack) =>
    stack.all("aws_lambda_function").map(([, block]) => (block.logging_config as Block).application_log_level),
  );
  assert.equal(new Set(levels.flat()), new Set(["INFO"]));
});
differences("read national phone numbers as American", () => {
  assert.equal(
    each((stack) => variables(stack, "enrich").DEFAULT_COUNTRY),
    ["US", "US", "US"],
  );
});
differences("announce to the sales channel, in prod large companies to another", () => {
  const slack = each((stack) => {
    const { defaultChannel, routes, patienceSeconds } = parsed(variables(stack, "notify").SLACK);
    return { defaultChannel, routes, patienceSeconds };
  });
  const common = { defaultChannel: "sales", routes: [], patienceSeconds: 10 };
  const enterprise = { channel: "enterprise", when: { leastEmployees: 1000 } };
  assert.equal(slack, [common, common, { ...common, routes: [enterprise] }]);
});
differences("send email from and to addresses of their own", () => {
  assert.equal(
    each((stack) => [variables(stack, "notify").EMAIL_SENDER, parsed(variables(stack, "notify").EMAIL_RECIPIENTS)]),
    [
      ["leadwire-dev@example.com", ["sales-dev@example.com"]],
      ["leadwire-staging@example.com", ["sales-staging@example.com", "revops-staging@example.com"]],
      ["leadwire@leads.example.com", ["sales@example.com", "revops@example.com"]],
    ],
  );
});
differences("alarm addresses of their own", () => {
  const addresses = (stack: SynthesizedStack) =>
    stack
      .all("aws_sns_topic_subscription")
      .filter(([, { protocol }]) => protocol === "email")
      .map(([, { endpoint }]) => endpoint);
  assert.equal(each(addresses), [
    // Each address is subscribed to both topics.
    ["platform-dev@example.com", "platform-dev@example.com"],
    ["platform-staging@example.com", "platform-staging@example.com"],
    ["platform@example.com", "platform@example.com"],
  ]);
});
differences("take leads from every source of prod, and dev and staging may try others first", () => {
  const sources = (stack: SynthesizedStack) => Object.keys(parsed(variables(stack, "ingest").SOURCES));
  assert.equal(
    each((stack) => sources(stacks.prod).filter((source) => !sources(stack).includes(source))),
    [[], [], []],
  );
});
differences.run();
