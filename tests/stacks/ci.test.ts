import { join } from "node:path";
import { App } from "cdktf";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { boundaryArn, ci, ciRoleArn, ciTasks } from "../../environments/ci.ts";
import type { Environment } from "../../environments/environment.ts";
import { deployedNames, environmentNames, environments } from "../../environments/index.ts";
import { state } from "../../environments/state.ts";
import { nobody } from "../../functions/lead/announcement-id.ts";
import { enrichedKey, rawKey, smokeSource, webhookLeadId } from "../../functions/lead/lead-id.ts";
import { workerTuning } from "../../modules/tuning/knobs.ts";
import { permissions, type targets } from "../../stacks/ci/permissions.ts";
import { CiStack } from "../../stacks/ci.ts";
import { type StackName, withoutDeprecations } from "../../stacks/synthesize.ts";
import { archive } from "../helpers/archive-consumer.ts";
import { filled, type Limited, may, maySignIn, policyOf } from "../helpers/iam.ts";
import { ref, SynthesizedStack, synthesizedStack } from "../helpers/synth.ts";
import { tempFolder } from "../helpers/temp-folder.ts";
import { plain, stackOf, unusual } from "../helpers/unusual-environment.ts";

const stack = await synthesizedStack("leadwire-ci");
type Name = (typeof deployedNames)[number];
type Task = (typeof ciTasks)[number];

const document = (address: string) => stack.resource(address).policy;
const readRole = (name: Name, task: Task): Limited => ({
  arn: ciRoleArn(name, environments[name], task),
  policies: [policyOf(document(`aws_iam_role_policy.${name}_${task}`))],
  boundary: policyOf(document(`aws_iam_policy.${name}_ci_boundary`)),
});
const roles = Object.fromEntries(
  deployedNames.map((name) => [name, { plan: readRole(name, "plan"), apply: readRole(name, "apply") }]),
) as Readonly<Record<Name, Readonly<Record<Task, Limited>>>>;
const roleOf = (name: Name, task: Task) => roles[name][task];
const functionsBoundary = (name: Name) => policyOf(document(`aws_iam_policy.${name}_functions_boundary`));
const at = (name: Name) => {
  const { accountId, region } = environments[name];
  return { accountId, region, environmentName: name, prefix: `leadwire-${name}` };
};
const places = deployedNames.map((name) => [name, at(name)] as const);
const tasks = deployedNames.flatMap((name) => ciTasks.map((task) => [name, task] as const));

const trust = suite("ci :: trust");
const issuer = "token.actions.githubusercontent.com";
const githubOf = (name: Name) => `arn:aws:iam::${environments[name].accountId}:oidc-provider/${issuer}`;
/** Whether a job may assume a role, by the claims of its token. */
const signsIn = (name: Name, task: Task, claims: { aud?: string; sub?: string }, provider = githubOf(name)) => {
  const { assume_role_policy } = stack.resource(`aws_iam_role.${name}_${task}`);
  const filledIn = String(assume_role_policy).replace(
    ref(`aws_iam_openid_connect_provider.${name}_github.arn`),
    githubOf(name),
  );
  const context = Object.entries(claims).map(([claim, value]) => [`${issuer}:${claim}`, value] as const);
  return maySignIn(policyOf(filledIn, "trust"), provider, Object.fromEntries(context));
};
const aud = "sts.amazonaws.com";
const subject = (environment: string, repository = ci.repository) => `repo:${repository}:environment:${environment}`;
const own = (name: Name, task: Task) => ({ aud, sub: subject(task === "plan" ? `${name}-plan` : name) });

trust("a job of the role's environment in GitHub signs in", () => {
  for (const [name, task] of tasks) assert.ok(signsIn(name, task, own(name, task)), `${name} ${task}`);
});
trust("nobody else does", () => {
  for (const [name, task] of tasks) {
    const { sub } = own(name, task);
    const others = deployedNames.flatMap((other) => ciTasks.map((one) => own(other, one).sub));
    const strangers: Record<string, { aud?: string; sub?: string }> = {
      ...Object.fromEntries(others.filter((one) => one !== sub).map((one) => [one, { aud, sub: one }])),
      "another repository": { aud, sub: sub.replace(ci.repository, "example/other") },
      "another owner": { aud, sub: sub.replace(ci.repository, "stranger/leadwire") },
      "a repository with a longer name": { aud, sub: sub.replace(ci.repository, `${ci.repository}-fork`) },
      "a pull request": { aud, sub: `repo:${ci.repository}:pull_request` },
      "the main branch without an environment": { aud, sub: `repo:${ci.repository}:ref:refs/heads/main` },
      "an environment with a longer name": { aud, sub: `${sub}-2` },
      "another case": { aud, sub: sub.toUpperCase() },
      "no audience": { sub },
      "another audience": { aud: "https://github.com/example", sub },
      "no subject": { aud },
    };
    for (const [who, claims] of Object.entries(strangers)) {
      assert.not(signsIn(name, task, claims), `${who} signs in to ${name} ${task}`);
    }
    assert.not(signsIn(name, task, own(name, task), githubOf(name).replace(issuer, "gitlab.com")), "another provider");
  }
});
trust("is in GitHub's tokens alone, and without a thumbprint", () => {
  for (const name of deployedNames) {
    assert.equal(stack.settings(`aws_iam_openid_connect_provider.${name}_github`), {
      url: `https://${issuer}`,
      client_id_list: [aud],
      provider: `aws.${name}`,
    });
  }
});
trust.run();

const table = suite("ci :: permissions");
const pipelines = [
  ...(await Promise.all(environmentNames.map((name) => synthesizedStack(`leadwire-${name}` satisfies StackName)))),
  await synthesizedStack("leadwire-state"),
  stackOf(unusual),
  stackOf(plain, {
    consumers: [{ name: "archive", alarms: archive.alarms, create: await archive.prepare(workerTuning({})) }],
  }),
];
table("know every type of resource of every stack that the workflows deploy", () => {
  const types = pipelines.flatMap(({ file }) => [
    ...Object.keys(file.resource),
    ...Object.keys(file.data ?? {}).map((type) => `data.${type}`),
  ]);
  for (const type of new Set(types)) {
    assert.ok(
      type in permissions,
      `${type} has no entry in stacks/ci/permissions.ts: the workflows could neither plan nor deploy it.`,
    );
  }
});
table("name no type that no stack has", () => {
  const known = pipelines.flatMap(({ file }) => [
    ...Object.keys(file.resource),
    ...Object.keys(file.data ?? {}).map((type) => `data.${type}`),
  ]);
  assert.equal(
    Object.keys(permissions).filter((type) => !known.includes(type)),
    [],
  );
});
/** ARNs of what a stack has, which actions on a target are called on. */
const actual: Readonly<Record<keyof typeof targets, (of: ReturnType<typeof filled>["of"]) => unknown[]>> = {
  everything: () => ["*"],
  buckets: (of) => of("aws_s3_bucket").map(({ values }) => values.arn),
  queues: (of) => of("aws_sqs_queue").map(({ values }) => values.arn),
  topics: (of) => of("aws_sns_topic").flatMap(({ values }) => [values.arn, `${values.arn}:0b1c`]),
  tables: (of) => of("aws_dynamodb_table").map(({ values }) => values.arn),
  rules: (of) => of("aws_cloudwatch_event_rule").map(({ values }) => values.arn),
  alarms: (of) => of("aws_cloudwatch_metric_alarm").map(({ values }) => values.arn),
  dashboards: (of) =>
    of("aws_cloudwatch_dashboard").map(
      ({ values }) => `arn:aws:cloudwatch::${account(of)}:dashboard/${values.dashboard_name}`,
    ),
  logGroups: (of) => of("aws_cloudwatch_log_group").flatMap(({ values }) => [values.arn, `${values.arn}:*`]),
  functions: (of) => of("aws_lambda_function").map(({ values }) => values.arn),
  eventSourceMappings: (of) => [`arn:aws:lambda:us-east-1:${account(of)}:event-source-mapping:14e0db71`],
  mappingsOfFunctions: (of) => ["*", `arn:aws:lambda:us-east-1:${account(of)}:event-source-mapping:14e0db71`],
  apis: () =>
    ["/apis", "/apis/a1b2c3", "/apis/a1b2c3/stages/$default", "/tags/arn%3Aaws%3Aapigateway"].map(
      (path) => `arn:aws:apigateway:us-east-1::${path}`,
    ),
  mail: (of) =>
    ["aws_sesv2_email_identity", "aws_sesv2_configuration_set"].flatMap((type) =>
      of(type).map(({ values }) => values.arn),
    ),
  settings: (of) => of("aws_ssm_parameter").map(({ values }) => values.arn),
  parameterThroughput: (of) => of("aws_ssm_service_setting").map(({ values }) => values.setting_id),
  pagerDuty: () => [],
  roles: (of) => of("aws_iam_role").map(({ values }) => values.arn),
  rolesWithBoundary: (of) => of("aws_iam_role").map(({ values }) => values.arn),
  rolesForLambda: (of) => of("aws_iam_role").map(({ values }) => values.arn),
  catalog: (of) => [
    `arn:aws:glue:us-east-1:${account(of)}:catalog`,
    ...of("aws_glue_catalog_database").flatMap(({ values: { name } }) =>
      [`database/${name}`, `table/${name}/enriched`, `userDefinedFunction/${name}/any`].map(
        (resource) => `arn:aws:glue:us-east-1:${account(of)}:${resource}`,
      ),
    ),
  ],
  workgroups: (of) =>
    of("aws_athena_workgroup").map(({ values }) => `arn:aws:athena:us-east-1:${account(of)}:workgroup/${values.name}`),
  apiGatewayRole: (of) => [
    `arn:aws:iam::${account(of)}:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway`,
  ],
};
const account = (of: ReturnType<typeof filled>["of"]) => String(of("aws_iam_role")[0]?.values.arn).split(":")[4];
for (const [name, place] of places) {
  table(`reach every resource that ${name} has: to read for plan, to change for apply too`, async () => {
    const { of } = filled(await synthesizedStack(`leadwire-${name}`));
    const context = {
      "iam:PermissionsBoundary": boundaryArn(name, place, "functions"),
      "iam:PassedToService": "lambda.amazonaws.com",
      "iam:AWSServiceName": "ops.apigateway.amazonaws.com",
      "lambda:FunctionArn": String(of("aws_lambda_function")[0]?.values.arn),
    };
    let calls = 0;
    for (const [type, byTarget] of Object.entries(permissions)) {
      for (const [target, { read = [], write = [] }] of Object.entries(byTarget)) {
        for (const arn of actual[target as keyof typeof actual](of).map(String)) {
          const check = (task: Task, action: string, expected: boolean) => {
            calls += 1;
            const allowed = may(roleOf(name, task), action, arn, context);
            assert.is(allowed, expected, `${task} of ${name}: ${action} on ${arn}, for ${type}`);
          };
          for (const action of read) for (const task of ciTasks) check(task, action, true);
          for (const action of write) {
            check("apply", action, true);
            check("plan", action, false);
          }
        }
      }
    }
    assert.ok(calls > 1000, "calls were checked");
  });
}
table("of a plan write nothing but the lock of its own state", () => {
  const changes = /^(?!apigateway:GET$)[a-z0-9]+:(?!Get|List|Describe)/;
  for (const name of deployedNames) {
    const writes = stack
      .statements(`aws_iam_role_policy.${name}_plan`)
      .flatMap(({ Action, Resource }) => Action.filter((action) => changes.test(action)).map((one) => [one, Resource]));
    const lock = [`arn:aws:s3:::${state.bucket}/leadwire-${name}/terraform.tfstate.tflock`];
    assert.equal(writes, [
      ["s3:DeleteObject", lock],
      ["s3:PutObject", lock],
    ]);
  }
});
table("of a state are for that of the own environment, which apply alone may write", () => {
  for (const [name, task] of tasks) {
    const role = roleOf(name, task);
    const object = (of: string) => `arn:aws:s3:::${state.bucket}/leadwire-${of}/terraform.tfstate`;
    assert.ok(may(role, "s3:ListBucket", `arn:aws:s3:::${state.bucket}`));
    assert.ok(may(role, "s3:GetObject", object(name)));
    assert.ok(may(role, "s3:PutObject", `${object(name)}.tflock`));
    assert.ok(may(role, "s3:DeleteObject", `${object(name)}.tflock`));
    assert.is(may(role, "s3:PutObject", object(name)), task === "apply");
    assert.not(may(role, "s3:DeleteObject", object(name)));
    for (const other of ["state", "ci", ...deployedNames.filter((one) => one !== name)]) {
      assert.not(may(role, "s3:GetObject", object(other)), `${name} reads the state of ${other}`);
      assert.not(may(role, "s3:PutObject", `${object(other)}.tflock`), `${name} locks the state of ${other}`);
    }
  }
});
table("fit into the sizes that IAM accepts", () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  for (const [type, limit] of [
    ["aws_iam_policy", 6144],
    ["aws_iam_role_policy", 10_240],
  ] as const) {
    for (const [name, { policy }] of stack.all(type)) {
      assert.ok(
        String(policy).replaceAll(/\s/g, "").length <= limit,
        `${type}.${name} has at most ${limit} characters`,
      );
    }
  }
});
table.run();

const reads = suite("ci :: reads");
const lead = webhookLeadId("website", "1");
const smoke = webhookLeadId(smokeSource, "1");
/** What holds leads, messages, logs or secrets, and how somebody could read it. */
const contents = (name: Name): Record<string, [action: string, arn: string, context?: Record<string, string>]> => {
  const { accountId, region } = at(name);
  const bucket = `arn:aws:s3:::leadwire-${name}-leads-${accountId}`;
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${accountId}:${resource}`;
  const ledger = arn("dynamodb", `table/leadwire-${name}-ledger`);
  const secret = (path: string) => arn("ssm", `parameter/leadwire/${name}/${path}`);
  const group = arn("logs", `log-group:/aws/lambda/leadwire-${name}-enrich:*`);
  const day = new Date("2026-11-27");
  return {
    "a raw lead": ["s3:GetObject", `${bucket}/${rawKey(lead)}`],
    "an enriched lead": ["s3:GetObject", `${bucket}/${enrichedKey(lead, day)}`],
    "a version of a lead": ["s3:GetObjectVersion", `${bucket}/${rawKey(lead)}`],
    "a dropped file": ["s3:GetObject", `${bucket}/customers.csv`],
    "a file named as if it were a smoke test's": ["s3:GetObject", `${bucket}/smoke-customers.json`],
    "a lead of a source whose name begins so": ["s3:GetObject", `${bucket}/${rawKey(webhookLeadId("smoke-x", "1"))}`],
    "a fetched record": ["s3:GetObject", `${bucket}/fetched/${smoke}.json`],
    messages: ["sqs:ReceiveMessage", arn("sqs", `leadwire-${name}-leads`)],
    "dead letters": ["sqs:ReceiveMessage", arn("sqs", `leadwire-${name}-leads-dlq`)],
    "an announcement": ["dynamodb:GetItem", ledger, { "dynamodb:LeadingKeys": `${lead}#slack#sales` }],
    "a smoke test's announcement elsewhere": [
      "dynamodb:GetItem",
      ledger,
      { "dynamodb:LeadingKeys": `${smoke}#slack#sales` },
    ],
    "an item of no key": ["dynamodb:GetItem", ledger],
    "many announcements": ["dynamodb:BatchGetItem", ledger, { "dynamodb:LeadingKeys": smoke }],
    "the ledger by query": ["dynamodb:Query", ledger],
    "the whole ledger": ["dynamodb:Scan", ledger],
    logs: ["logs:GetLogEvents", group],
    "searched logs": ["logs:FilterLogEvents", group],
    "queried logs": ["logs:StartQuery", group],
    "a webhook's URL": ["ssm:GetParameter", secret("slack/sales/webhook-url")],
    "a source's secret": ["ssm:GetParameter", secret("sources/crm/signing-secret")],
    "secrets by path": ["ssm:GetParametersByPath", secret("sources/crm")],
    "older secrets": ["ssm:GetParameterHistory", secret("sources/crm/signing-secret")],
    "a query's result": ["athena:GetQueryResults", arn("athena", `workgroup/leadwire-${name}-athena`)],
    "leads by a query": ["athena:StartQueryExecution", arn("athena", `workgroup/leadwire-${name}-athena`)],
    "a function's answer": ["lambda:InvokeFunction", arn("lambda", `function:leadwire-${name}-enrich`)],
  };
};
reads("of leads, messages, logs and secrets are denied to both roles", () => {
  for (const [name, task] of tasks) {
    for (const [what, [action, arn, context]] of Object.entries(contents(name))) {
      assert.not(may(roleOf(name, task), action, arn, context), `${task} of ${name} reads ${what}`);
    }
  }
});
reads("stay denied although a bucket's or queue's policy allows them, or the role gets every permission", () => {
  const everything = policyOf('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}');
  const everybody = policyOf(
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}',
    "resource",
  );
  for (const [name, task] of tasks) {
    const others = Object.entries(contents(name)).filter(([, [action]]) => action !== "dynamodb:GetItem");
    for (const [what, [action, arn, context]] of others) {
      const role = { ...roleOf(name, task), policies: [everything], resourcePolicies: [everybody] };
      assert.not(may(role, action, arn, context), `${task} of ${name} reads ${what}`);
    }
  }
});
reads("of the smoke test's lead are allowed to apply alone", () => {
  for (const [name, task] of tasks) {
    const { accountId, region } = at(name);
    const bucket = `arn:aws:s3:::leadwire-${name}-leads-${accountId}`;
    const secret = `arn:aws:ssm:${region}:${accountId}:parameter/leadwire/${name}/sources/smoke/signing-secret`;
    const ledger = `arn:aws:dynamodb:${region}:${accountId}:table/leadwire-${name}-ledger`;
    const role = roleOf(name, task);
    const steps = [
      may(role, "ssm:GetParameter", secret),
      may(role, "s3:GetObject", `${bucket}/${rawKey(smoke)}`),
      may(role, "s3:GetObject", `${bucket}/${enrichedKey(smoke, new Date("2026-11-27"))}`),
      may(role, "dynamodb:GetItem", ledger, { "dynamodb:LeadingKeys": [`${smoke}#${nobody}#0123456789abcdef`] }),
    ];
    assert.equal(new Set(steps), new Set([task === "apply"]), `${task} of ${name}`);
  }
});
reads("of PagerDuty's URL, which Terraform has to know, are allowed where alarms go there", () => {
  for (const [name, task] of tasks) {
    const { accountId, region } = at(name);
    const url = `arn:aws:ssm:${region}:${accountId}:parameter/leadwire/${name}/pagerduty/integration-url`;
    assert.is(may(roleOf(name, task), "ssm:GetParameter", url), environments[name].pagerDuty);
  }
});
reads.run();

const escalation = suite("ci :: escalation");
/** Ways to more than a role has, each with the ARN that it is tried on. */
const escalations = (name: Name): [action: string, arn: string, context?: Record<string, string>][] => {
  const { accountId } = at(name);
  const iam = (resource: string) => `arn:aws:iam::${accountId}:${resource}`;
  const limited = { "iam:PermissionsBoundary": boundaryArn(name, at(name), "functions") };
  const own = ciTasks.map((task) => ciRoleArn(name, at(name), task));
  const policies = (["functions", "ci"] as const).map((of) => boundaryArn(name, at(name), of));
  const each = (arns: string[], actions: string, context: Record<string, string> = {}) =>
    arns.flatMap((arn) =>
      actions.split(" ").map((one): [string, string, Record<string, string>] => [`iam:${one}`, arn, context]),
    );
  const roleChanges =
    "UpdateAssumeRolePolicy PutRolePolicy AttachRolePolicy PutRolePermissionsBoundary DeleteRolePermissionsBoundary DeleteRole DeleteRolePolicy CreateRole PassRole UpdateRole";
  return [
    ...each(own, roleChanges, { ...limited, "iam:PassedToService": "lambda.amazonaws.com" }),
    ...each(policies, "CreatePolicy CreatePolicyVersion SetDefaultPolicyVersion DeletePolicyVersion DeletePolicy"),
    ...each(
      [iam(`oidc-provider/${issuer}`)],
      "AddClientIDToOpenIDConnectProvider CreateOpenIDConnectProvider DeleteOpenIDConnectProvider UpdateOpenIDConnectProviderThumbprint",
    ),
    ...each(
      [iam(`user/leadwire-${name}-me`), iam("user/root")],
      "CreateUser CreateAccessKey CreateLoginProfile PutUserPolicy AttachUserPolicy AddUserToGroup",
      limited,
    ),
    ...each([iam(`role/leadwire-${name}-new`)], "AttachRolePolicy DeleteRolePermissionsBoundary", limited),
    ...each([iam("role/OrganizationAccountAccessRole")], roleChanges, {
      ...limited,
      "iam:PassedToService": "lambda.amazonaws.com",
    }),
    ["sts:AssumeRole", iam("role/OrganizationAccountAccessRole")],
    ["sts:AssumeRole", iam(`role/leadwire-${name}-enrich`)],
    ["organizations:LeaveOrganization", "*"],
    ["kms:Decrypt", "*"],
    ["cloudtrail:StopLogging", "*"],
    ["ec2:RunInstances", "*"],
    ["cloudformation:CreateStack", "*"],
  ];
};
escalation("is denied to both roles, although somebody gave them every permission", () => {
  const everything = policyOf('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}');
  for (const [name, task] of tasks) {
    const role = roleOf(name, task);
    for (const [action, arn, context] of escalations(name)) {
      assert.not(may(role, action, arn, context), `${task} of ${name}: ${action} on ${arn}`);
      const allPowerful = { ...role, policies: [everything] };
      assert.not(may(allPowerful, action, arn, context), `${task} of ${name} with everything: ${action} on ${arn}`);
    }
  }
});
escalation("by a role without the functions' boundary, or with another one, is denied", () => {
  for (const [name, place] of places) {
    const role = `arn:aws:iam::${place.accountId}:role/leadwire-${name}-new`;
    for (const action of ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"]) {
      const does = (boundary?: string) =>
        may(roleOf(name, "apply"), action, role, boundary ? { "iam:PermissionsBoundary": boundary } : {});
      assert.ok(does(boundaryArn(name, place, "functions")), action);
      assert.not(does(), action);
      assert.not(does("arn:aws:iam::aws:policy/AdministratorAccess"), action);
      assert.not(does(boundaryArn(name, place, "ci")), action);
    }
  }
});
escalation("by a role that is passed to another service, or of another name, is denied", () => {
  for (const [name, { accountId }] of places) {
    const passes = (role: string, service: string) =>
      may(roleOf(name, "apply"), "iam:PassRole", `arn:aws:iam::${accountId}:role/${role}`, {
        "iam:PassedToService": service,
      });
    assert.ok(passes(`leadwire-${name}-enrich`, "lambda.amazonaws.com"));
    assert.not(passes(`leadwire-${name}-enrich`, "ec2.amazonaws.com"));
    assert.not(passes("administrator", "lambda.amazonaws.com"));
  }
});
escalation("by a role of another path than the functions' roles have is denied", () => {
  const rolePath = "/leads/europe/";
  const { dev } = environments;
  const pathed = { ...dev, permissionsBoundary: true, rolePath };
  const policies = [policyOf(ciStack({ dev: pathed }).resource("aws_iam_role_policy.dev_apply").policy)];
  const boundary = policyOf(ciStack({ dev: pathed }).resource("aws_iam_policy.dev_ci_boundary").policy);
  const apply = { arn: ciRoleArn("dev", dev, "apply"), policies, boundary };
  const context = {
    "iam:PermissionsBoundary": boundaryArn("dev", dev, "functions"),
    "iam:PassedToService": "lambda.amazonaws.com",
  };
  const does = (action: string, path: string) =>
    may(apply, action, `arn:aws:iam::${dev.accountId}:role${path}leadwire-dev-enrich`, context);
  const arns = filled(stackOf(pathed))
    .of("aws_iam_role")
    .map(({ values }) => String(values.arn));
  assert.ok(arns.includes(`arn:aws:iam::${dev.accountId}:role${rolePath}leadwire-dev-enrich`));
  for (const action of ["iam:GetRole", "iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRole", "iam:PassRole"]) {
    assert.equal([does(action, rolePath), does(action, "/"), does(action, "/leads/")], [true, false, false], action);
  }
});
escalation("by a mapping of another function is denied", () => {
  for (const [name, { accountId }] of places) {
    const maps = (of: string) =>
      may(roleOf(name, "apply"), "lambda:CreateEventSourceMapping", "*", {
        "lambda:FunctionArn": `arn:aws:lambda:us-east-1:${accountId}:function:${of}`,
      });
    assert.equal([maps(`leadwire-${name}-enrich`), maps("payroll")], [true, false]);
  }
});
escalation("into another environment or account is denied", () => {
  for (const [name] of places) {
    for (const other of deployedNames.filter((one) => one !== name)) {
      const { accountId, region } = at(other);
      const role = roleOf(name, "apply");
      assert.not(
        may(
          role,
          "lambda:UpdateFunctionCode",
          `arn:aws:lambda:${region}:${accountId}:function:leadwire-${other}-enrich`,
        ),
      );
      assert.not(may(role, "sqs:DeleteQueue", `arn:aws:sqs:${region}:${accountId}:leadwire-${other}-leads`));
      assert.not(may(role, "s3:PutBucketPolicy", `arn:aws:s3:::leadwire-${other}-leads-${accountId}`));
    }
  }
});
escalation.run();

const boundaries = suite("ci :: boundaries");
boundaries(
  "of functions allow all that the functions are given, and a function that gets more needs a line there",
  async () => {
    const name = "dev";
    const withArchive = stackOf(
      { ...environments.dev, permissionsBoundary: true },
      { consumers: [{ name: "archive", alarms: archive.alarms, create: await archive.prepare(workerTuning({})) }] },
    );
    const own = await Promise.all(
      deployedNames.map(async (one) => [one, await synthesizedStack(`leadwire-${one}`)] as const),
    );
    let granted = 0;
    for (const [environment, synthesized] of [...own, [name, withArchive] as const]) {
      const boundary = functionsBoundary(environment);
      for (const { address, values } of filled(synthesized).of("aws_iam_role_policy")) {
        for (const { actions, resources } of policyOf(values.policy).statements) {
          for (const action of actions.items) {
            for (const resource of resources?.items ?? []) {
              granted += 1;
              const { arn } = roleOf(environment, "apply");
              assert.ok(
                may({ arn, policies: [boundary] }, action, resource),
                `${environment}, ${address}: ${action} on ${resource}`,
              );
            }
          }
        }
      }
    }
    assert.ok(granted > 100, "grants were checked");
  },
);
boundaries("of functions let nobody change permissions, code, queues or other environments", () => {
  for (const [name, { accountId, region }] of places) {
    const limited = { arn: roleOf(name, "apply").arn, policies: [functionsBoundary(name)] };
    for (const [action, arn] of [
      ...escalations(name),
      ["lambda:UpdateFunctionCode", `arn:aws:lambda:${region}:${accountId}:function:leadwire-${name}-enrich`],
      ["sqs:SetQueueAttributes", `arn:aws:sqs:${region}:${accountId}:leadwire-${name}-leads`],
      ["s3:PutBucketPolicy", `arn:aws:s3:::leadwire-${name}-leads-${accountId}`],
      ["s3:DeleteObject", `arn:aws:s3:::leadwire-${name}-leads-${accountId}/a.json`],
      ["s3:GetObject", `arn:aws:s3:::${state.bucket}/leadwire-${name}/terraform.tfstate`],
      ["s3:GetObject", "arn:aws:s3:::payroll/a.json"],
      ["dynamodb:Scan", `arn:aws:dynamodb:${region}:${accountId}:table/leadwire-${name}-ledger`],
    ] as const) {
      assert.not(may(limited, action, arn), `${name}: ${action} on ${arn}`);
    }
  }
});
boundaries(
  "limit every function's role of every environment that is deployed, and both roles of its workflows",
  async () => {
    for (const name of deployedNames) {
      for (const [role, { permissions_boundary }] of (await synthesizedStack(`leadwire-${name}`)).all("aws_iam_role")) {
        assert.is(permissions_boundary, boundaryArn(name, environments[name], "functions"), role);
      }
      for (const kind of ["functions", "ci"] as const) {
        const policy = stack.settings(`aws_iam_policy.${name}_${kind}_boundary`).name;
        assert.match(boundaryArn(name, environments[name], kind), `:policy/${policy}`);
      }
      for (const task of ciTasks) {
        const { permissions_boundary } = stack.settings(`aws_iam_role.${name}_${task}`);
        assert.is(permissions_boundary, ref(`aws_iam_policy.${name}_ci_boundary.arn`));
      }
    }
  },
);
boundaries.run();

const named = suite("ci :: roles");
named("have the names that workflows assume them by, and each its own policy", () => {
  for (const [name, task] of tasks) {
    const provider = `aws.${name}`;
    const role = `aws_iam_role.${name}_${task}`;
    const { assume_role_policy: _, ...settings } = stack.settings(role);
    const environment = task === "plan" ? `${name}-plan` : name;
    assert.equal(settings, {
      provider,
      name: `leadwire-${name}-${task}`,
      description: `GitHub's environment ${environment} of example/leadwire.`,
      permissions_boundary: ref(`aws_iam_policy.${name}_ci_boundary.arn`),
    });
    const { policy: __, ...attached } = stack.settings(`aws_iam_role_policy.${name}_${task}`);
    assert.equal(attached, { provider, name: ref(`${role}.name`), role: ref(`${role}.name`) });
  }
});
named("are an output, by environment and task", () => {
  const arns = (name: Name) =>
    Object.fromEntries(ciTasks.map((task) => [task, ref(`aws_iam_role.${name}_${task}.arn`)]));
  assert.equal(stack.file.output, {
    roles: { value: Object.fromEntries(deployedNames.map((name) => [name, arns(name)])) },
  });
});
named.run();

const accounts = suite("ci :: accounts");
function ciStack(chosen: Readonly<Record<string, Environment>>, repository = ci.repository): SynthesizedStack {
  const outdir = tempFolder();
  const app = new App({ outdir, stackTraces: false });
  new CiStack(app, "leadwire-ci", { ci: { ...ci, repository }, store: state, environments: chosen });
  withoutDeprecations(() => app.synth());
  return new SynthesizedStack(join(outdir, "stacks/leadwire-ci"));
}
accounts("each have a provider that assumes the administrator's role there, and works in no other", () => {
  const settings = ({ accountId, region }: Pick<Environment, "accountId" | "region">, environment: string) => ({
    region,
    allowed_account_ids: [accountId],
    default_tags: [{ tags: { project: "leadwire", environment, "managed-by": "terraform" } }],
  });
  assert.equal(stack.file.provider.aws, [
    settings(state, "ci"),
    ...deployedNames.map((name) => ({
      ...settings(environments[name], name),
      alias: name,
      assume_role: [{ role_arn: `arn:aws:iam::${environments[name].accountId}:role/${ci.administratorRole}` }],
    })),
  ]);
  for (const [type, named] of Object.entries(stack.file.resource)) {
    for (const [name, { provider }] of Object.entries(named)) {
      assert.is(provider, `aws.${name.split("_")[0]}`, `${type}.${name}`);
    }
  }
});
accounts("that hold the state need no role, and those that two environments share have one identity provider", () => {
  const { dev } = environments;
  const shared = ciStack({ one: { ...dev, accountId: state.accountId }, two: dev, three: dev });
  assert.equal(
    shared.file.provider.aws.map(({ alias }) => alias),
    [undefined, "two", "three"],
  );
  assert.equal(
    shared.all("aws_iam_openid_connect_provider").map(([name, { provider }]) => [name, provider]),
    [
      ["one_github", undefined],
      ["two_github", "aws.two"],
    ],
  );
  assert.is(shared.settings("aws_iam_role.one_plan").provider, undefined);
  assert.match(shared.settings("aws_iam_role.three_plan").assume_role_policy as string, "two_github.arn");
});
accounts("trust a repository whose subjects are immutable by its ids too", () => {
  const immutable = ciStack({ dev: environments.dev }, "example@12/leadwire@345");
  const policy = immutable.settings("aws_iam_role.dev_plan").assume_role_policy;
  assert.match(String(policy), '"repo:example@12/leadwire@345:environment:dev-plan"');
});
accounts("refuse a repository that no token can name", () => {
  for (const repository of [
    "leadwire",
    "example/*",
    "example/leadwire:ref",
    "https://github.com/example/leadwire",
    "",
  ]) {
    assert.throws(
      () => ciStack({ dev: environments.dev }, repository),
      /names the repository ".*": it must be ORG\/REPO/,
    );
  }
});
accounts.run();
