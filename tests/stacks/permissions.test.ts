import { omit } from "es-toolkit/object";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type EnvironmentName, environmentNames, environments } from "../../environments/index.ts";
import { secretsReadBy, sourceSecrets } from "../helpers/source-secrets.ts";
import { parsed, ref, type SynthesizedStack, synthesizedStack } from "../helpers/synth.ts";

const dev = await synthesizedStack("leadwire-dev");
const prod = await synthesizedStack("leadwire-prod");
const state = await synthesizedStack("leadwire-state");
const functions = ["ingest", "enrich", "notify"] as const;

/** Sid to actions and resources, of a function's role. */
const granted = (stack: SynthesizedStack, name: string) =>
  Object.fromEntries(
    stack.statements(`aws_iam_role_policy.${name}`).map(({ Sid, Action, Resource }) => [Sid, [Action, Resource]]),
  );
const bucket = (path: string) => `\${aws_s3_bucket.leads_bucket.arn}/${path}`;
const storeRawLeads = (name: EnvironmentName) => ({
  StoreRawLeads: [["s3:PutObject"], Object.keys(sourceSecrets(name)).map((source) => bucket(`${source}-*`))],
});
const telemetry = (name: string) => ({
  WriteLog: [["logs:CreateLogStream", "logs:PutLogEvents"], [`\${aws_cloudwatch_log_group.${name}.arn}:*`]],
  WriteTraces: [["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"]],
});
const consume = (queue: string) => ({
  ConsumeQueue: [
    ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    [ref(`aws_sqs_queue.${queue}.arn`)],
  ],
});
const sendToDeadLetters = (queue: string) => ({
  SendToDeadLetters: [["sqs:SendMessage"], [ref(`aws_sqs_queue.${queue}.arn`)]],
});
const readSecrets = (...names: string[]) => ({
  ReadSecrets: [["ssm:GetParameter"], names.map((name) => `arn:aws:ssm:us-east-1:111122223333:parameter${name}`)],
});

const roles = suite("stacks :: roles");
roles("ingest may store leads of its sources and read their secrets", () => {
  assert.equal(granted(dev, "ingest"), {
    ...telemetry("ingest"),
    ...storeRawLeads("dev"),
    ...readSecrets(...secretsReadBy("ingest", "dev")),
  });
});
/** What enrich may do only where records of a source are fetched. */
const forFetching = ["StoreFetchedRecords", "ReadSecrets"];
roles(
  "enrich may read leads, store enriched ones, send dead letters, and fetch records of sources that need it",
  () => {
    const tokens = secretsReadBy("enrich", "dev");
    assert.equal(granted(dev, "enrich"), {
      ...telemetry("enrich"),
      ...consume("leads"),
      ReadRawLeads: [["s3:GetObject"], [bucket("*")]],
      StoreEnrichedLeads: [["s3:PutObject"], [bucket("enriched/*")]],
      ...sendToDeadLetters("leads_dlq"),
      ...(tokens.length > 0 && {
        StoreFetchedRecords: [["s3:PutObject"], [bucket("fetched/*")]],
        ...readSecrets(...tokens),
      }),
    });
  },
);
roles("notify may read enriched leads, the webhook's URL and the ledger, and send email", () => {
  assert.equal(granted(dev, "notify"), {
    ...telemetry("notify"),
    ...consume("notifications"),
    ReadEnrichedLeads: [["s3:GetObject"], [bucket("enriched/*")]],
    DelayNotifications: [["sqs:ChangeMessageVisibility"], [ref("aws_sqs_queue.notifications.arn")]],
    ...sendToDeadLetters("notifications_dlq"),
    ...readSecrets("/leadwire/dev/slack/sales/webhook-url"),
    KeepLedger: [
      ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      [ref("aws_dynamodb_table.ledger.arn")],
    ],
    SeeSuppression: [["ses:GetSuppressedDestination"], ["*"]],
    SendEmail: [
      ["ses:SendEmail"],
      [
        ref("aws_sesv2_email_identity.email_leadwire_dev_example_com.arn"),
        ref("aws_sesv2_email_identity.email_sales_dev_example_com.arn"),
        ref("aws_sesv2_configuration_set.email.arn"),
      ],
    ],
  });
});
roles("in prod are the same, for its own secrets", () => {
  assert.equal(omit(granted(prod, "enrich"), forFetching), omit(granted(dev, "enrich"), forFetching));
  const secrets = (...names: string[]) => names.map((name) => `arn:aws:ssm:us-east-1:777788889999:parameter${name}`);
  const withSecrets = (name: "ingest" | "notify", ...parameters: string[]) => ({
    ...granted(dev, name),
    ReadSecrets: [["ssm:GetParameter"], secrets(...parameters)],
    ...(name === "notify" && { SendEmail: granted(prod, name).SendEmail }),
  });
  assert.equal(granted(prod, "ingest"), {
    ...withSecrets("ingest", ...secretsReadBy("ingest", "prod")),
    ...storeRawLeads("prod"),
  });
  assert.equal(
    granted(prod, "notify"),
    withSecrets("notify", "/leadwire/prod/slack/sales/webhook-url", "/leadwire/prod/slack/enterprise/webhook-url"),
  );
});
roles("allow each need once, on conditions for email alone", () => {
  for (const stack of [dev, prod]) {
    for (const statement of functions.flatMap((name) => stack.statements(`aws_iam_role_policy.${name}`))) {
      assert.equal([statement.Effect, statement.Principal], ["Allow", undefined]);
      assert.is("Condition" in statement, statement.Sid === "SendEmail");
    }
  }
});
roles("are named and attached as their functions", () => {
  for (const name of functions) {
    assert.is(dev.settings(`aws_iam_role.${name}`).name, `leadwire-dev-${name}`);
    const { policy: _, ...attached } = dev.settings(`aws_iam_role_policy.${name}`);
    assert.equal(attached, { name: `leadwire-dev-${name}`, role: ref(`aws_iam_role.${name}.name`) });
  }
});
roles("prod sends by its domain and its configuration set", () => {
  assert.equal(granted(prod, "notify").SendEmail, [
    ["ses:SendEmail"],
    [ref("aws_sesv2_email_identity.email.arn"), ref("aws_sesv2_configuration_set.email.arn")],
  ]);
});
roles("email goes out from the environment's sender only", () => {
  const conditions = [dev, prod].map(
    (stack) => stack.statements("aws_iam_role_policy.notify").find(({ Sid }) => Sid === "SendEmail")?.Condition,
  );
  assert.equal(conditions, [
    { StringEquals: { "ses:FromAddress": "leadwire-dev@example.com" } },
    { StringEquals: { "ses:FromAddress": "leadwire@leads.example.com" } },
  ]);
});
/** Actions that know no resources. */
const withoutResources = ["WriteTraces", "SeeSuppression"];
roles("no action has a wildcard, and no resource is * where an action knows resources", () => {
  for (const stack of [dev, prod]) {
    for (const { Sid, Action, Resource } of functions.flatMap((name) =>
      stack.statements(`aws_iam_role_policy.${name}`),
    )) {
      assert.not.match(Action.join(), /\*/);
      if (!withoutResources.includes(Sid)) assert.not.ok(Resource.includes("*"), `${Sid} names its resources`);
    }
  }
});
roles("each is for Lambda alone", () => {
  for (const name of functions) {
    const { Statement } = parsed<{ Statement: unknown }>(dev.resource(`aws_iam_role.${name}`).assume_role_policy);
    assert.equal(Statement, [
      { Sid: "Assume", Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: ["sts:AssumeRole"] },
    ]);
  }
});
roles.run();

const resourcePolicies = suite("stacks :: resource policies");
const rule = (name: string) => ref(`aws_cloudwatch_event_rule.${name}.arn`);
const senders: readonly [queue: string, rules: string[]][] = [
  ["leads", [rule("raw_lead_created")]],
  ["notifications", [rule("enriched_lead_created")]],
  ["events_dlq", [rule("raw_lead_created"), rule("enriched_lead_created")]],
  ["leads_dlq", []],
  ["notifications_dlq", []],
];
for (const [queue, rules] of senders) {
  resourcePolicies(`${queue} takes messages of ${rules.length === 0 ? "no rule" : "its rules alone"}`, () => {
    assert.is(dev.settings(`aws_sqs_queue_policy.${queue}`).queue_url, ref(`aws_sqs_queue.${queue}.url`));
    const allowed = dev.statements(`aws_sqs_queue_policy.${queue}`).filter(({ Effect }) => Effect === "Allow");
    assert.equal(
      allowed.map(({ Principal, Action, Resource, Condition }) => ({ Principal, Action, Resource, Condition })),
      rules.length === 0
        ? []
        : [
            {
              Principal: { Service: "events.amazonaws.com" },
              Action: ["sqs:SendMessage"],
              Resource: [ref(`aws_sqs_queue.${queue}.arn`)],
              Condition: { ArnEquals: { "aws:SourceArn": rules } },
            },
          ],
    );
  });
}
resourcePolicies("buckets, queues and the topic refuse every action without TLS, objects included", () => {
  const refused = (stack: SynthesizedStack) =>
    stack.addresses
      .filter((address) => /^aws_(s3_bucket|sqs_queue|sns_topic)_policy\./.test(address))
      .map((address) => {
        const deny = stack.statements(address).find(({ Effect }) => Effect === "Deny");
        assert.equal([deny?.Principal, deny?.Condition], ["*", { Bool: { "aws:SecureTransport": "false" } }], address);
        return [deny?.Action, deny?.Resource];
      });
  const ofQueue = (name: string) => [["sqs:*"], [ref(`aws_sqs_queue.${name}.arn`)]];
  const ofBucket = (name: string) => [
    ["s3:*"],
    [ref(`aws_s3_bucket.${name}.arn`), `${ref(`aws_s3_bucket.${name}.arn`)}/*`],
  ];
  assert.equal(refused(dev), [
    ofBucket("leads_bucket"),
    [["sns:Publish"], [ref("aws_sns_topic.alarms.arn")]],
    ...["events_dlq", "leads", "leads_dlq", "notifications", "notifications_dlq"].map(ofQueue),
  ]);
  assert.equal(refused(state), [ofBucket("state")]);
});
resourcePolicies("alarms are published by CloudWatch for this account and by nobody else", () => {
  for (const [stack, account] of [
    [dev, "111122223333"],
    [prod, "777788889999"],
  ] as const) {
    const [allow] = stack.statements("aws_sns_topic_policy.alarms");
    assert.equal(
      [allow?.Principal, allow?.Condition],
      [{ Service: "cloudwatch.amazonaws.com" }, { StringEquals: { "aws:SourceAccount": account } }],
    );
  }
});
resourcePolicies("only the HTTP API's route invokes ingest", () => {
  assert.equal(dev.settings("aws_lambda_permission.api"), {
    statement_id: "InvokeFromApi",
    action: "lambda:InvokeFunction",
    function_name: ref("aws_lambda_function.ingest.function_name"),
    principal: "apigateway.amazonaws.com",
    source_arn: `\${aws_apigatewayv2_api.api.execution_arn}/*/POST/{source}`,
  });
});
resourcePolicies("an account uses the state of its own stack alone", () => {
  const [, ...allowed] = state.statements("aws_s3_bucket_policy.state");
  const bucketArn = ref("aws_s3_bucket.state.arn");
  const expected = environmentNames.flatMap((name) => {
    const sid = `Leadwire${name[0]?.toUpperCase()}${name.slice(1)}`;
    const own = `${bucketArn}/leadwire-${name}/terraform.tfstate`;
    const allow = (what: string, actions: string[], ...resources: string[]) => ({
      Sid: `${sid}${what}`,
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${environments[name].accountId}:root` },
      Action: actions,
      Resource: resources,
    });
    return [
      allow("ListsStates", ["s3:ListBucket"], bucketArn),
      allow("UsesItsState", ["s3:GetObject", "s3:PutObject"], own, `${own}.tflock`),
      allow("Unlocks", ["s3:DeleteObject"], `${own}.tflock`),
    ];
  });
  assert.equal(allowed, expected);
});
resourcePolicies.run();
