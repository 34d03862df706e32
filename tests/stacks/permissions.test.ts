import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { environments } from "../../environments/index.ts";
import { synthesize } from "../../stacks/synthesize.ts";
import { sourceArnsReadBy } from "../helpers/source-secrets.ts";
import { parsed, ref, SynthesizedStack, shippedStacks, synthesizedStack } from "../helpers/synth.ts";
import { tempFolder } from "../helpers/temp-folder.ts";
import { testStacks } from "../helpers/unusual-environment.ts";

const { plain, unusual } = await testStacks();
const state = await synthesizedStack("leadwire-state");
const shipped = await shippedStacks();
/** Rules that have no exception hold for every stack, whatever its environment has. */
const every = [plain, unusual, ...shipped.map(([, stack]) => stack)];
const functions = ["ingest", "enrich", "notify", "reconcile"] as const;

const statementsOfRoles = (stack: SynthesizedStack) =>
  stack.all("aws_iam_role_policy").flatMap(([name]) => stack.statements(`aws_iam_role_policy.${name}`));

/** Sid to actions and resources, of a function's role. */
const granted = (stack: SynthesizedStack, name: string) =>
  Object.fromEntries(
    stack.statements(`aws_iam_role_policy.${name}`).map(({ Sid, Action, Resource }) => [Sid, [Action, Resource]]),
  );
const bucket = (path: string) => `\${aws_s3_bucket.leads_bucket.arn}/${path}`;
const storeRawLeads = { StoreRawLeads: [["s3:PutObject"], [bucket("forms-*"), bucket("smoke-*")]] };
const telemetry = (name: string) => ({
  WriteLog: [["logs:CreateLogStream", "logs:PutLogEvents"], [`\${aws_cloudwatch_log_group.${name}.arn}:*`]],
  WriteTraces: [["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"]],
});
const consume = (queue: string) => ({
  ConsumeQueue: [
    ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"],
    [ref(`aws_sqs_queue.${queue}.arn`)],
  ],
  PostponeMessages: [["sqs:SendMessage"], [ref(`aws_sqs_queue.${queue}.arn`)]],
});
const readObjects = (sid: string, keys: string) => ({
  [sid]: [
    ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"],
    [ref("aws_s3_bucket.leads_bucket.arn"), bucket(keys)],
  ],
});
const writeOutcomes = { WriteOutcomes: [["s3:PutObject"], [bucket("outcomes/*")]] };
const sendToDeadLetters = (queue: string) => ({
  SendToDeadLetters: [["sqs:SendMessage"], [ref(`aws_sqs_queue.${queue}.arn`)]],
});
const readSecrets = (account: string, ...names: string[]) => ({
  ReadSecrets: [
    ["ssm:GetParameters"],
    names.map((name) => `arn:aws:ssm:eu-west-1:${account}:parameter/leadwire/${name}`),
  ],
});

const readSources = (account: string, environment: string, ...secrets: string[]) => ({
  ReadSources: [
    ["ssm:GetParameters"],
    ["forms", "smoke"].flatMap((source) => [
      ref(`aws_ssm_parameter.sources_${source}.arn`),
      ...secrets.map(
        (secret) => `arn:aws:ssm:eu-west-1:${account}:parameter/leadwire/${environment}/sources/${source}/${secret}`,
      ),
    ]),
  ],
});

const roles = suite("stacks :: roles");
roles("ingest may store leads of its sources and read their settings and secrets", () => {
  assert.equal(granted(plain, "ingest"), {
    ...telemetry("ingest"),
    ...storeRawLeads,
    ...readSources("333344445555", "plain", "signing-secret"),
  });
});
roles("enrich may read leads and the settings of sources, store enriched ones and send dead letters", () => {
  assert.equal(granted(plain, "enrich"), {
    ...telemetry("enrich"),
    ...consume("leads"),
    ...readObjects("ReadRawLeads", "*"),
    StoreEnrichedLeads: [["s3:PutObject"], [bucket("enriched/*")]],
    ...sendToDeadLetters("leads_dlq"),
    ...writeOutcomes,
    ...readSources("333344445555", "plain"),
  });
});
roles("notify may read enriched leads, the webhook's URL and the ledger, and send email", () => {
  assert.equal(granted(plain, "notify"), {
    ...telemetry("notify"),
    ...consume("notifications"),
    ...readObjects("ReadEnrichedLeads", "enriched/*"),
    ...sendToDeadLetters("notifications_dlq"),
    ...writeOutcomes,
    ...readSecrets("333344445555", "plain/slack/everybody/webhook-url"),
    KeepLedger: [
      ["dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:GetItem", "dynamodb:UpdateItem"],
      [ref("aws_dynamodb_table.ledger.arn")],
    ],
    SeeSuppression: [["ses:GetSuppressedDestination"], ["*"]],
    SendEmail: [
      ["ses:SendEmail"],
      [
        ref("aws_sesv2_email_identity.email_robot_example_net.arn"),
        ref("aws_sesv2_email_identity.email_one_example_net.arn"),
        ref("aws_sesv2_configuration_set.email.arn"),
      ],
    ],
  });
});
roles(
  "reconcile may list and read leads, the settings of sources and the ledger, and write its watermarks alone",
  () => {
    assert.equal(granted(plain, "reconcile"), {
      ...telemetry("reconcile"),
      ...readObjects("ReadLeads", "*"),
      ListVersions: [["s3:ListBucketVersions"], [ref("aws_s3_bucket.leads_bucket.arn")]],
      ReadLedger: [["dynamodb:BatchGetItem", "dynamodb:GetItem"], [ref("aws_dynamodb_table.ledger.arn")]],
      KeepWatermarks: [["dynamodb:PutItem"], [ref("aws_dynamodb_table.ledger.arn")]],
      ...readSources("333344445555", "plain"),
    });
    const { Condition } =
      plain.statements("aws_iam_role_policy.reconcile").find(({ Sid }) => Sid === "KeepWatermarks") ?? {};
    assert.equal(Condition, { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["reconcile#*"] } });
  },
);
roles("of another environment are the same, for its own secrets and its own sender", () => {
  assert.equal(granted(unusual, "enrich"), granted(plain, "enrich"));
  assert.equal(granted(unusual, "reconcile"), granted(plain, "reconcile"));
  assert.equal(granted(unusual, "ingest"), {
    ...granted(plain, "ingest"),
    ...readSources("222233334444", "unusual", "signing-secret"),
  });
  const webhooks = ["everybody", "dach", "big"].map((channel) => `unusual/slack/${channel}/webhook-url`);
  assert.equal(granted(unusual, "notify"), {
    ...granted(plain, "notify"),
    ...readSecrets("222233334444", ...webhooks),
    SendEmail: [
      ["ses:SendEmail"],
      [ref("aws_sesv2_email_identity.email.arn"), ref("aws_sesv2_configuration_set.email.arn")],
    ],
  });
});
roles("of every shipped environment read all settings and secrets of its sources, and no others", () => {
  for (const [name, stack] of shipped) {
    for (const reader of ["ingest", "enrich"] as const) {
      const [statement] = stack.statements(`aws_iam_role_policy.${reader}`).filter(({ Sid }) => Sid === "ReadSources");
      assert.equal(statement?.Resource, sourceArnsReadBy(reader, name));
    }
  }
});
/** Needs on conditions. tests/stacks/athena.test.ts says more of those of analysts. */
const conditional = ["SendEmail", "KeepWatermarks", "ListLeads", "QueryLeads"];
roles("allow each need once, on conditions for email, the watermarks and analysts alone", () => {
  for (const statement of every.flatMap(statementsOfRoles)) {
    assert.equal([statement.Effect, statement.Principal], ["Allow", undefined]);
    assert.is("Condition" in statement, conditional.includes(statement.Sid));
  }
});
roles("are named and attached as their functions", () => {
  for (const name of functions) {
    assert.is(plain.settings(`aws_iam_role.${name}`).name, `leadwire-plain-${name}`);
    const { policy: _, ...attached } = plain.settings(`aws_iam_role_policy.${name}`);
    assert.equal(attached, { name: `leadwire-plain-${name}`, role: ref(`aws_iam_role.${name}.name`) });
  }
});
roles("email goes out from the environment's sender only", () => {
  const conditions = [plain, unusual].map(
    (stack) => stack.statements("aws_iam_role_policy.notify").find(({ Sid }) => Sid === "SendEmail")?.Condition,
  );
  assert.equal(conditions, [
    { StringEquals: { "ses:FromAddress": "robot@example.net" } },
    { StringEquals: { "ses:FromAddress": "robot@post.example.net" } },
  ]);
});
/** Actions that know no resources. */
const withoutResources = ["WriteTraces", "SeeSuppression", "FindWorkgroups"];
roles("no action has a wildcard, and no resource is * where an action knows resources", () => {
  for (const { Sid, Action, Resource } of every.flatMap(statementsOfRoles)) {
    assert.not.match(Action.join(), /\*/);
    if (!withoutResources.includes(Sid)) assert.not.ok(Resource.includes("*"), `${Sid} names its resources`);
  }
});
roles("each is for Lambda alone, but that of analysts", () => {
  for (const [name, { assume_role_policy }] of every.flatMap((stack) => stack.all("aws_iam_role"))) {
    if (name === "athena_analysts") continue;
    assert.equal(parsed(assume_role_policy).Statement, [
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
  ["events_dlq", ["raw_lead_created", "enriched_lead_created", "reconcile_announced", "reconcile_enriched"].map(rule)],
  ["leads_dlq", []],
  ["notifications_dlq", []],
];
for (const [queue, rules] of senders) {
  resourcePolicies(`${queue} takes messages of ${rules.length === 0 ? "no rule" : "its rules alone"}`, () => {
    assert.is(plain.settings(`aws_sqs_queue_policy.${queue}`).queue_url, ref(`aws_sqs_queue.${queue}.url`));
    const allowed = plain.statements(`aws_sqs_queue_policy.${queue}`).filter(({ Effect }) => Effect === "Allow");
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
  assert.equal(refused(plain), [
    ofBucket("leads_bucket"),
    ...["alarms", "notices"].map((topic) => [["sns:Publish"], [ref(`aws_sns_topic.${topic}.arn`)]]),
    ...["events_dlq", "leads", "leads_dlq", "notifications", "notifications_dlq"].map(ofQueue),
  ]);
  assert.equal(refused(state), [ofBucket("state")]);
  for (const stack of every) {
    const owners = ["aws_s3_bucket", "aws_sqs_queue", "aws_sns_topic"].map((type) => stack.all(type).length);
    assert.is(
      refused(stack).length,
      owners.reduce((sum, count) => sum + count),
    );
  }
});
resourcePolicies("alarms are published by CloudWatch for this account and by nobody else", () => {
  for (const [stack, account] of [
    [plain, "333344445555"],
    [unusual, "222233334444"],
  ] as const) {
    for (const topic of ["alarms", "notices"]) {
      const [allow] = stack.statements(`aws_sns_topic_policy.${topic}`);
      assert.equal(
        [allow?.Principal, allow?.Condition],
        [{ Service: "cloudwatch.amazonaws.com" }, { StringEquals: { "aws:SourceAccount": account } }],
      );
    }
  }
});
resourcePolicies("only the HTTP API's route invokes ingest", () => {
  assert.equal(plain.settings("aws_lambda_permission.api"), {
    statement_id: "InvokeFromApi",
    action: "lambda:InvokeFunction",
    function_name: ref("aws_lambda_function.ingest.function_name"),
    principal: "apigateway.amazonaws.com",
    source_arn: `\${aws_apigatewayv2_api.api.execution_arn}/*/POST/{source}`,
  });
});
resourcePolicies("nobody uses the states until an environment is enabled", () => {
  assert.is(state.statements("aws_s3_bucket_policy.state").length, 1);
});
resourcePolicies("an enabled environment's account uses the state of its own stack alone", async () => {
  const { staging, prod } = environments;
  const own = { staging: { ...staging, accountId: "210987654321" }, prod: { ...prod, accountId: "987650123456" } };
  const folder = tempFolder();
  await synthesize(folder, { stacks: ["leadwire-state"], environments: { ...environments, ...own } });
  const [, ...allowed] = new SynthesizedStack(join(folder, "stacks/leadwire-state")).statements(
    "aws_s3_bucket_policy.state",
  );
  const bucketArn = ref("aws_s3_bucket.state.arn");
  const expected = (["staging", "prod"] as const).flatMap((name) => {
    const sid = `Leadwire${name[0]?.toUpperCase()}${name.slice(1)}`;
    const file = `${bucketArn}/leadwire-${name}/terraform.tfstate`;
    const allow = (what: string, actions: string[], ...resources: string[]) => ({
      Sid: `${sid}${what}`,
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${own[name].accountId}:root` },
      Action: actions,
      Resource: resources,
    });
    return [
      allow("ListsStates", ["s3:ListBucket"], bucketArn),
      allow("UsesItsState", ["s3:GetObject", "s3:PutObject"], file, `${file}.tflock`),
      allow("Unlocks", ["s3:DeleteObject"], `${file}.tflock`),
    ];
  });
  assert.equal(allowed, expected);
});
resourcePolicies.run();
