import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkEnvironments } from "../../environments/check.ts";
import { type Environment, environmentTuning } from "../../environments/environment.ts";
import { environments } from "../../environments/index.ts";
import { settingDefaults } from "../../environments/schema/environment.ts";
import type { WebhookChannelName } from "../../functions/notify/channels/index.ts";
import { accountDetails } from "../../ops/email/production-access.ts";
import { type Block, parsed, ref } from "../helpers/synth.ts";
import { type SettingPath, settingValues } from "./setting-paths.ts";
import { type Flow, runFlow, shortPause, slackOf } from "./small-flow.ts";
import { type Small, smallStacks } from "./small-stacks.ts";

const { smalls, state } = await smallStacks();

const flows = new Map<Small, Flow>();
const flowOf = (small: Small) => flows.get(small) as Flow;

/**
 * A consumer's knobs take effect in the resources of the consumer, and a format's settings in its door, reader or fetch: their
 * own tests follow them. tests/stacks/sources.test.ts follows a format's settings to the functions, and
 * tests/stacks/channels.test.ts the choice of channels and each channel's settings.
 */
type OtherChannel = Exclude<WebhookChannelName, "slack">;
type Path =
  | Exclude<SettingPath<Environment>, "channels" | `${"consumers" | "sources.*" | OtherChannel}.${string}`>
  | "sources.*.format";

/** A test of a setting, which runs for each of the small environments. */
type Check = (environment: Environment, small: Small) => void;

const queueOf = { enrich: "leads", notify: "notifications" } as const;
type Worker = keyof typeof queueOf;
type KnobOf<P> = P extends `tuning.${Worker}.${infer Own}` ? Own : never;
type Knob = KnobOf<Path>;

const lambda = ({ stack }: Small, name: string) => stack.resource(`aws_lambda_function.${name}`);
const functionNames = ["ingest", "enrich", "notify"] as const;
const lambdaVariables = (small: Small, name: string) =>
  (lambda(small, name).environment as { variables: Block }).variables;
const mapping = ({ stack }: Small, name: Worker) => stack.resource(`aws_lambda_event_source_mapping.${name}`);
const queue = ({ stack }: Small, name: Worker) => stack.resource(`aws_sqs_queue.${queueOf[name]}`);
const deadLetters = ({ stack }: Small, name: Worker) => stack.resource(`aws_sqs_queue.${queueOf[name]}_dlq`);
const redrive = (small: Small, name: Worker) => parsed<{ maxReceiveCount: number }>(queue(small, name).redrive_policy);
const stage = ({ stack }: Small) => stack.resource("aws_apigatewayv2_stage.api").default_route_settings as Block;
const identities = ({ stack }: Small) => stack.all("aws_sesv2_email_identity").map(([, block]) => block.email_identity);
const subscriptions = ({ stack }: Small) =>
  stack.all("aws_sns_topic_subscription").map(([, { protocol, endpoint }]) => `${protocol} ${endpoint}`);
const sendEmail = ({ stack }: Small) =>
  stack.statements("aws_iam_role_policy.notify").find(({ Action }) => Action.includes("ses:SendEmail"));
const textOf = ({ stack }: Small) => JSON.stringify({ ...stack.file, terraform: {}, provider: {} });
const sorted = (values: Iterable<unknown>) => [...values].map(String).toSorted();
const callsOf = (small: Small, operation: string) =>
  flowOf(small).aws.calls.flatMap((call) => (call.operation === operation ? [call.input] : []));
const queueName = (url: unknown) => String(url).split("/").at(-1);

const postsTo = (small: Small, channel: string | undefined) =>
  flowOf(small).aws.posts.filter((post) => post.channel === channel);
const isRoutedTo = (environment: Environment, small: Small, index: number) => {
  const [post] = postsTo(small, slackOf(environment).routes[index]?.channel);
  assert.ok(post, "the route's channel gets its lead");
};

const checks: Readonly<Record<Path, Check>> = {
  accountId({ accountId }, small) {
    const [provider] = small.stack.file.provider.aws;
    assert.equal(provider?.allowed_account_ids, [accountId]);
    assert.equal([...new Set(textOf(small).match(/\b\d{12}\b/g))], [accountId]);
    assert.match(flowOf(small).names.bucket, accountId);
    const names = JSON.stringify(state.statements("aws_s3_bucket_policy.state").map(({ Principal }) => Principal));
    assert.match(names, `arn:aws:iam::${accountId}:root`);
  },
  region({ region }, small) {
    const [provider] = small.stack.file.provider.aws;
    assert.is(provider?.region, region);
    const regions = textOf(small).match(/\b[a-z]{2}-(?:north|south|east|west|central)(?:east|west)?-\d\b/g);
    assert.equal([...new Set(regions)], [region]);
  },
  "sources.*.format"({ sources }, small) {
    const { statuses, aws, names } = flowOf(small);
    const stored = [...aws.objects.keys()].filter((key) => !/\/(enriched|outcomes)\//.test(key));
    assert.equal(statuses, {
      ...Object.fromEntries(Object.keys(sources).map((source) => [source, 202])),
      unknown: 404,
    });
    assert.equal(
      sorted(stored.map((key) => key.replace(/-[0-9a-f]{32}\.json$/, ""))),
      sorted(Object.keys(sources).map((source) => `${names.bucket}/${source}`)),
    );
    const [statement] = small.stack
      .statements("aws_iam_role_policy.ingest")
      .filter(({ Sid }) => Sid === "StoreRawLeads");
    const bucket = ref("aws_s3_bucket.leads_bucket.arn");
    assert.equal(
      sorted(statement?.Resource ?? []),
      sorted([...Object.keys(sources), "smoke"].map((source) => `${bucket}/${source}-*`)),
    );
  },
  defaultCountry({ defaultCountry }, small) {
    assert.is(flowOf(small).phone, { FR: "+33123456789", AU: "+61293744000" }[defaultCountry ?? ""]);
  },
  "email.mode"({ email }, small) {
    const isProduction = email.mode === "production";
    assert.is(
      identities(small).some((identity) => String(identity).includes("@")),
      !isProduction,
    );
    assert.is("dkim_records" in small.stack.file.output, isProduction);
  },
  "email.domain"({ email, region }, { stack, ...small }) {
    if (email.mode === "sandbox") return;
    const { domain } = email;
    assert.equal(identities({ ...small, stack }), [domain]);
    assert.is(stack.resource("aws_sesv2_email_identity_mail_from_attributes.email").mail_from_domain, `mail.${domain}`);
    const { dkim_records, mail_from_records } = stack.file.output;
    const tokens = "aws_sesv2_email_identity.email.dkim_signing_attributes[0].tokens";
    const record = `{ name = "\${token}._domainkey.${domain}", type = "CNAME", value = "\${token}.dkim.amazonses.com" }`;
    assert.is(dkim_records?.value, `\${[for token in ${tokens} : ${record}]}`);
    assert.equal(mail_from_records?.value, [
      { name: `mail.${domain}`, type: "MX", value: `10 feedback-smtp.${region}.amazonses.com` },
      { name: `mail.${domain}`, type: "TXT", value: "v=spf1 include:amazonses.com ~all" },
    ]);
  },
  "email.sender"({ email }, small) {
    assert.equal(sendEmail(small)?.Condition, { StringEquals: { "ses:FromAddress": email.sender } });
    if (email.mode === "sandbox") assert.ok(identities(small).includes(email.sender));
    assert.is(flowOf(small).aws.emails[0]?.FromEmailAddress, email.sender);
  },
  "email.recipients"({ email }, small) {
    assert.equal(flowOf(small).aws.emails[0]?.Destination, { ToAddresses: email.recipients });
    if (email.mode !== "sandbox") return;
    const addresses = new Set([email.sender, ...email.recipients]);
    assert.equal(sorted(identities(small)), sorted(addresses));
    assert.is(sendEmail(small)?.Resource.length, addresses.size + 1);
  },
  "email.websiteUrl"(environment) {
    assert.is(accountDetails(environment).WebsiteURL, environment.email.websiteUrl);
  },
  "email.messagesPerDay"(environment) {
    assert.match(accountDetails(environment).UseCaseDescription ?? "", `${environment.email.messagesPerDay} messages`);
  },
  "slack.defaultChannel"(environment, small) {
    const slack = slackOf(environment);
    assert.ok(postsTo(small, slack.defaultChannel).length > 0);
    const isChannel = (channel: string) =>
      [slack.defaultChannel, ...slack.routes.map((route) => route.channel)].includes(channel);
    assert.equal(
      flowOf(small).aws.posts.filter(({ channel }) => !isChannel(channel)),
      [],
    );
  },
  "slack.routes.channel"(environment, small) {
    const slack = slackOf(environment);
    const expected = [slack.defaultChannel, ...slack.routes.map(({ channel }) => channel)];
    const webhook = (channel: string) => [channel, `/leadwire/${small.name}/slack/${channel}/webhook-url`] as const;
    assert.equal(small.stack.file.output.slack_webhook_parameters?.value, Object.fromEntries(expected.map(webhook)));
    assert.equal(sorted(new Set(flowOf(small).aws.posts.map(({ channel }) => channel))), sorted(expected));
  },
  "slack.routes.when.countries": (environment, small) => isRoutedTo(environment, small, 0),
  "slack.routes.when.sources": (environment, small) => isRoutedTo(environment, small, 1),
  "slack.routes.when.leastScore": (environment, small) => isRoutedTo(environment, small, 2),
  "slack.routes.when.leastEmployees": (environment, small) => isRoutedTo(environment, small, 3),
  "slack.patienceSeconds"(environment, small) {
    const slack = slackOf(environment);
    const { aws } = flowOf(small);
    const [refused, repeated] = postsTo(small, slack.defaultChannel);
    assert.ok(refused && repeated, "a pause within the patience is waited out, and the lead posted again");
    assert.ok(repeated.at - refused.at >= shortPause * 1000 - 50);
    assert.is(postsTo(small, slack.routes[1]?.channel).length, 1, "a longer pause is not waited out");
    assert.is(aws.emails.length, 1, "the lead goes out by email instead");
  },
  alarmEmails({ alarmEmails, pagerDuty }, small) {
    assert.equal(
      sorted(subscriptions(small).filter((one) => one.startsWith("email "))),
      // Of both topics: the alarms that page somebody, and those that can wait.
      sorted([...alarmEmails, ...alarmEmails].map((address) => `email ${address}`)),
    );
    assert.is(subscriptions(small).length, 2 * alarmEmails.length + (pagerDuty ? 1 : 0));
  },
  pagerDuty({ pagerDuty }, small) {
    const { name, stack } = small;
    const parameter = stack.file.data?.aws_ssm_parameter?.alarms_pagerduty_url?.name;
    const subscription = stack.all("aws_sns_topic_subscription").find(([, { protocol }]) => protocol === "https")?.[1];
    assert.is(parameter, pagerDuty ? `/leadwire/${name}/pagerduty/integration-url` : undefined);
    assert.equal(
      subscription && [subscription.endpoint, subscription.endpoint_auto_confirms],
      pagerDuty ? [ref("data.aws_ssm_parameter.alarms_pagerduty_url.value"), true] : undefined,
    );
  },
  "api.requestsPerSecond": ({ api }, small) => assert.is(stage(small).throttling_rate_limit, api.requestsPerSecond),
  "api.burst": ({ api }, small) => assert.is(stage(small).throttling_burst_limit, api.burst),
  latencyBudgetSeconds({ latencyBudgetSeconds }, { stack }) {
    const ages = stack
      .all("aws_cloudwatch_metric_alarm")
      .filter(([, { metric_name }]) => metric_name === "ApproximateAgeOfOldestMessage");
    assert.equal(
      ages.map(([name, { threshold }]) => [name, threshold]),
      [
        ["leads_age", latencyBudgetSeconds],
        ["notifications_age", latencyBudgetSeconds],
      ],
    );
  },
  alarmAfterHoursWithoutLeads({ alarmAfterHoursWithoutLeads }, { stack }) {
    const { period, evaluation_periods } = stack.settings("aws_cloudwatch_metric_alarm.no_leads");
    assert.is(Number(period) * Number(evaluation_periods), Number(alarmAfterHoursWithoutLeads) * 3600);
  },
  giveUpAfterHours({ giveUpAfterHours }, small) {
    const told = functionNames.map((name) => lambdaVariables(small, name).GIVE_UP_AFTER_HOURS);
    assert.equal(told, [undefined, String(giveUpAfterHours), String(giveUpAfterHours)]);
  },
  gatherMilliseconds({ gatherMilliseconds }, small) {
    const told = functionNames.map((name) => lambdaVariables(small, name).GATHER_MILLISECONDS);
    assert.equal(told, [undefined, undefined, String(gatherMilliseconds)]);
  },
  samePersonDays({ samePersonDays }, small) {
    const told = functionNames.map((name) => lambdaVariables(small, name).SAME_PERSON_DAYS);
    assert.equal(told, [undefined, undefined, String(samePersonDays)]);
  },
  samePerson({ samePerson }, small) {
    const told = functionNames.map((name) => lambdaVariables(small, name).SAME_PERSON);
    assert.equal(told, [undefined, undefined, samePerson]);
  },
  logRetentionDays({ logRetentionDays }, { stack }) {
    const days = stack
      .all("aws_cloudwatch_log_group")
      .map(([name, { retention_in_days }]) => [name, retention_in_days]);
    assert.equal(
      days,
      ["api", "enrich", "ingest", "notify", "reconcile"].map((name) => [name, logRetentionDays]),
    );
  },
  logLevel({ logLevel }, { stack }) {
    for (const [, block] of stack.all("aws_lambda_function")) {
      assert.is((block.logging_config as Block).application_log_level, logLevel);
    }
  },
  leadRetentionDays({ leadRetentionDays }, { stack }) {
    const rules = stack.resource("aws_s3_bucket_lifecycle_configuration.leads_bucket").rule as Block[];
    const days = rules.flatMap(({ expiration }) => [expiration].flat() as ({ days?: number } | undefined)[]);
    assert.equal(
      days.flatMap((expiration) => expiration?.days ?? []),
      [leadRetentionDays],
    );
  },
  deletionProtection({ deletionProtection }, { stack }) {
    assert.is(stack.resource("aws_dynamodb_table.ledger").deletion_protection_enabled, deletionProtection);
    assert.is(stack.resource("aws_s3_bucket.leads_bucket").force_destroy, !deletionProtection);
  },
  secretsHighThroughput({ secretsHighThroughput, region, accountId }, { stack }) {
    const id = `arn:aws:ssm:${region}:${accountId}:servicesetting/ssm/parameter-store/high-throughput-enabled`;
    const settings = stack.all("aws_ssm_service_setting").map(([, block]) => [block.setting_id, block.setting_value]);
    assert.equal(settings, secretsHighThroughput ? [[id, "true"]] : []);
  },
  permissionsBoundary({ permissionsBoundary, accountId }, { stack, name }) {
    const boundary = `arn:aws:iam::${accountId}:policy/leadwire-${name}-functions-boundary`;
    const boundaries = stack.all("aws_iam_role").map(([, role]) => role.permissions_boundary);
    assert.equal([...new Set(boundaries)], [permissionsBoundary ? boundary : undefined]);
  },
  rolePath({ rolePath }, { stack }) {
    assert.equal([...new Set(stack.all("aws_iam_role").map(([, role]) => role.path))], [rolePath]);
  },
  accountConcurrency(environment, { name }) {
    const reserving = (reservedConcurrency: number) => {
      const { tuning } = environment;
      checkEnvironments({ [name]: { ...environment, tuning: { ...tuning, ingest: { reservedConcurrency } } } });
    };
    const { accountConcurrency = 0, tuning } = environment;
    const free =
      accountConcurrency - 100 - Number(tuning.enrich.reservedConcurrency) - Number(tuning.notify.reservedConcurrency);
    reserving(free);
    assert.throws(() => reserving(free + 1), `accountConcurrency is ${accountConcurrency}`);
  },
  "tuning.ingest.timeoutSeconds": ({ tuning }, small) =>
    assert.is(lambda(small, "ingest").timeout, tuning.ingest.timeoutSeconds),
  "tuning.ingest.memoryMb": ({ tuning }, small) =>
    assert.is(lambda(small, "ingest").memory_size, tuning.ingest.memoryMb),
  "tuning.ingest.reservedConcurrency": ({ tuning }, small) =>
    assert.is(lambda(small, "ingest").reserved_concurrent_executions, tuning.ingest.reservedConcurrency),
  ...workerChecks("enrich"),
  ...workerChecks("notify"),
};

/** The checks of a worker's tuning. */
function workerChecks<Name extends Worker>(name: Name) {
  const values: Readonly<Record<Knob, (small: Small) => unknown>> = {
    timeoutSeconds: (small) => lambda(small, name).timeout,
    memoryMb: (small) => lambda(small, name).memory_size,
    reservedConcurrency: (small) => lambda(small, name).reserved_concurrent_executions,
    batchSize: (small) => mapping(small, name).batch_size,
    batchingWindowSeconds: (small) => mapping(small, name).maximum_batching_window_in_seconds,
    maximumConcurrency: (small) => (mapping(small, name).scaling_config as Block).maximum_concurrency,
    maxReceiveCount: (small) => redrive(small, name).maxReceiveCount,
    deliveryDelaySeconds: (small) => queue(small, name).delay_seconds,
    visibilityTimeoutSeconds: (small) => queue(small, name).visibility_timeout_seconds,
    retentionSeconds: (small) => queue(small, name).message_retention_seconds,
    deadLetterRetentionSeconds: (small) => deadLetters(small, name).message_retention_seconds,
  };
  const entries = (Object.keys(values) as Knob[]).map((knob): [string, Check] => [
    `tuning.${name}.${knob}`,
    ({ tuning }, small) => assert.is(values[knob](small), tuning[name][knob]),
  ]);
  return Object.fromEntries(entries) as Record<`tuning.${Name}.${Knob}`, Check>;
}

const effects = suite("settings :: take effect");
effects.before(async () => {
  // One after the other: real functions with real time limits share the machine with other suites.
  for (const small of smalls) flows.set(small, await runFlow(small));
});
effects.after(async () => {
  await Promise.all([...flows.values()].map(({ aws }) => aws.stop()));
});
for (const [path, check] of Object.entries(checks)) {
  effects(path, () => {
    for (const small of smalls) check(small.environment, small);
  });
}
effects("rejected leads go to the dead letter queue of their worker's queue", () => {
  for (const small of smalls) {
    const sent = callsOf(small, "SendMessage").map(({ QueueUrl }) => queueName(QueueUrl));
    const prefix = `leadwire-${small.name}`;
    assert.equal(sorted(new Set(sent)), [`${prefix}-leads-dlq`, `${prefix}-notifications-dlq`]);
  }
});
effects("notify takes more from its own queue", () => {
  for (const small of smalls) {
    const taken = callsOf(small, "ReceiveMessage").map(({ QueueUrl }) => queueName(QueueUrl));
    assert.equal([...new Set(taken)], [`leadwire-${small.name}-notifications`]);
  }
});
effects("notify keeps announcements in the environment's ledger", async () => {
  for (const small of smalls) {
    const { aws, names } = flowOf(small);
    const sent = (await aws.items(names.ledger)).filter(({ state }) => state?.S === "sent");
    const leads = new Set(sent.map(({ id }) => id?.S?.split("#")[0]));
    assert.is(leads.size, 1 + slackOf(small.environment).routes.length);
  }
});
effects("emails go out under the environment's configuration set", () => {
  for (const small of smalls) {
    assert.is(flowOf(small).aws.emails[0]?.ConfigurationSetName, `leadwire-${small.name}`);
    const set = small.stack.resource("aws_sesv2_configuration_set.email").configuration_set_name;
    assert.is(set, `leadwire-${small.name}`);
  }
});
effects("log lines and metrics carry the names of the environment and of the function", () => {
  for (const small of smalls) {
    for (const [name, printed] of Object.entries(flowOf(small).output)) {
      const lines = printed
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line): { environment?: string; service?: string } => JSON.parse(line));
      const carried = lines.map(({ environment, service }) => `${environment} ${service}`);
      assert.equal([...new Set(carried)], [`${small.name} ${name}`]);
    }
  }
});
effects("events that cannot be delivered are kept as long as enrich's dead letters", () => {
  for (const { stack, environment } of smalls) {
    const { message_retention_seconds } = stack.resource("aws_sqs_queue.events_dlq");
    assert.is(message_retention_seconds, environment.tuning.enrich.deadLetterRetentionSeconds);
  }
});
effects.run();

const names = suite("settings :: small environments");
names("every setting has a value that is no default and of no other environment", () => {
  const values = smalls.map(({ environment }) => settingValues(environment));
  const defaults = environmentTuning({ ...environments.dev, tuning: { ingest: {}, enrich: {}, notify: {} } });
  const used = [...Object.values(environments), { ...settingDefaults, tuning: defaults }].map((environment) =>
    settingValues(environment),
  );
  const others = (path: string, own: readonly [string, string][]) =>
    [...used, ...values.filter((list) => list !== own)].flat().filter(([other]) => other === path);
  const paths = [...new Set(values.flat().map(([path]) => path))];
  assert.equal(paths.toSorted(), Object.keys(checks).toSorted());
  const shared = values.flatMap((own) =>
    own.filter(([path, value]) => others(path, own).some(([, other]) => other === value)).map(([path]) => path),
  );
  // These have so few values that every one of them is in use.
  assert.equal([...new Set(shared)].toSorted(), [
    "deletionProtection",
    "email.mode",
    "logLevel",
    "pagerDuty",
    "permissionsBoundary",
    "samePerson",
    "secretsHighThroughput",
    "sources.*.format",
  ]);
});
names("a value of each kind is there for settings that have few", () => {
  assert.equal(sorted(smalls.map(({ environment }) => environment.samePerson)), ["card", "line"]);
  for (const setting of ["deletionProtection", "pagerDuty", "permissionsBoundary", "secretsHighThroughput"] as const) {
    assert.equal(sorted(smalls.map(({ environment }) => environment[setting])), ["false", "true"]);
  }
  assert.equal(sorted(smalls.map(({ environment }) => environment.email.mode)), ["production", "sandbox"]);
});
names.run();
