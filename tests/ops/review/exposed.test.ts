import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readPlan } from "../../../ops/review/plan.ts";
import { review } from "../../../ops/review/review.ts";
import type { Finding } from "../../../ops/review/rule.ts";
import { type PlannedChange, planText } from "./plan-fixtures.ts";

type Json = Record<string, unknown>;

/** Findings that name a resource's exposure, in short: `approve widens the policy: …`. */
async function exposedBy(...changes: readonly PlannedChange[]): Promise<string[]> {
  const { findings } = await review(readPlan(planText(changes)), undefined);
  return findings.filter(({ kind }) => kind === "exposed").map(short);
}

/** All findings, in short, with their kinds. */
async function allOf(...changes: readonly PlannedChange[]): Promise<string[]> {
  const { findings } = await review(readPlan(planText(changes)), undefined);
  return findings.map((finding) => `${finding.kind} ${short(finding)}`);
}

const short = ({ class: attention, summary }: Finding) => `${attention} ${summary}`;
/** A change of some attributes of a resource. */
const update = (address: string, before: Json, after: Json): PlannedChange => ({ address, before, after });

const policyText = (...Statement: Json[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const send = {
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: "sqs:SendMessage",
  Resource: "arn:aws:sqs:::leads",
};
const fromRule = { ...send, Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:events:::rule/a" } } };
const onlyTls = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

const policies = suite("review of policies");

policies("a dropped condition needs a second approval and says what it was", async () => {
  const change = update("aws_sqs_queue_policy.leads", { policy: policyText(fromRule) }, { policy: policyText(send) });
  const { findings, class: highest } = await review(readPlan(planText([change])), undefined);
  assert.equal([highest, findings.length], ["approve", 1]);
  const [finding] = findings;
  assert.is(
    finding?.summary,
    "widens the policy: now allows service events.amazonaws.com sqs:SendMessage on arn:aws:sqs:::leads",
  );
  assert.is(finding?.why, "This condition no longer holds: ArnEquals aws:SourceArn = arn:aws:events:::rule/a.");
  assert.match(finding?.before ?? "", /^service events.*if ArnEquals aws:SourceArn/);
  assert.is(finding?.todo, "Approve it only if this access is meant.");
  const two = { ...fromRule, Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:events:::rule/b" } } };
  const back = update("aws_sqs_queue_policy.leads", { policy: policyText(fromRule) }, { policy: policyText(two) });
  const [wider, narrower] = (await review(readPlan(planText([back])), undefined)).findings;
  assert.is(wider?.why, "This condition no longer holds: ArnEquals aws:SourceArn = arn:aws:events:::rule/a.");
  assert.equal([narrower?.why, narrower?.todo], ["", "Check that nothing needs what is refused now."]);
});

policies("every attribute that holds a policy is compared", async () => {
  const [before, after] = [policyText(fromRule), policyText({ ...fromRule, Principal: "*" })];
  const attributes = [
    ["aws_s3_bucket_policy.a", "policy"],
    ["aws_sns_topic_policy.a", "policy"],
    ["aws_iam_role.a", "assume_role_policy"],
    ["aws_dynamodb_resource_policy.a", "policy"],
    ["aws_kms_key.a", "policy"],
    ["aws_opensearch_domain.a", "access_policies"],
    ["aws_glue_resource_policy.a", "policy"],
    ["aws_ses_thing.a", "rules_of_access"],
  ] as const;
  for (const [address, name] of attributes) {
    const found = await allOf(update(address, { [name]: before }, { [name]: after }));
    assert.is(found.length, 1, address);
    assert.match(found[0] ?? "", /^exposed approve widens the .*: now allows anyone sqs:SendMessage/);
  }
});

policies("policies that are only written differently are noise", async () => {
  const written = [
    JSON.stringify(JSON.parse(policyText(fromRule, onlyTls)), undefined, 2),
    policyText(onlyTls, fromRule),
    policyText({ Sid: "named", ...fromRule, Action: ["SQS:SendMessage"] }, onlyTls),
  ];
  for (const after of written) {
    const found = await allOf(
      update("aws_sqs_queue_policy.a", { policy: policyText(fromRule, onlyTls) }, { policy: after }),
    );
    assert.is(found.length, 1);
    assert.match(found[0] ?? "", /^noise none /);
  }
});

policies("a policy that is known only after apply, or sensitive, may be wider", async () => {
  const unknown = {
    ...update("aws_iam_role_policy.a", { policy: policyText(send) }, {}),
    after_unknown: { policy: true },
  };
  assert.match((await allOf(unknown))[0] ?? "", /^exposed approve may widen the policy.*known after apply/);
  const marks = { before_sensitive: { policy: true }, after_sensitive: { policy: true } };
  const hidden = {
    ...update("aws_iam_role_policy.a", { policy: policyText(send) }, { policy: policyText(fromRule) }),
    ...marks,
  };
  assert.match((await allOf(hidden))[0] ?? "", /^exposed approve may widen the policy.*sensitive/);
});

policies("a new policy that is known only after apply is created, and nothing before it is compared", async () => {
  const created = {
    address: "aws_sqs_queue_policy.a",
    actions: ["create"],
    after: {},
    after_unknown: { policy: true, queue_url: true },
  };
  assert.equal(await exposedBy(created), ["look creates the policy, whose text is known after apply"]);
});

policies("what AWS fills in for a resource without a policy of its own is not reported twice", async () => {
  const queue = {
    address: "aws_sqs_queue.a",
    actions: ["create"],
    after: {},
    after_unknown: { policy: true, id: true },
  };
  assert.equal(await exposedBy(queue), []);
  const replaced = { ...queue, actions: ["delete", "create"], before: { policy: policyText(send) } };
  assert.match((await exposedBy(replaced)).join(), /^approve may widen/);
  const own = { address: "aws_sqs_queue_policy.a", actions: ["no-op"], before: {}, after: {} };
  assert.equal(await exposedBy(replaced, own), []);
});

policies("inline policies of a role are compared together", async () => {
  const s3 = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::leads/*" };
  const sqs = { Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" };
  const inline = (...documents: string[]) => ({
    inline_policy: documents.map((policy, index) => ({ name: `p${index}`, policy })),
  });
  const both = inline(policyText(s3), policyText(sqs));
  assert.equal(await exposedBy(update("aws_iam_role.a", both, inline(policyText(sqs, s3)))), []);
  const found = await exposedBy(update("aws_iam_role.a", inline(policyText(s3)), both));
  assert.equal(found, ["approve widens the inline policy: now allows sqs:SendMessage on every resource"]);
});

policies("a removed policy takes its Denies with it, unless its resource goes too", async () => {
  const bucket = { address: "aws_s3_bucket.leads", actions: ["delete"], before: { id: "leads", bucket: "leads" } };
  const removed = {
    address: "aws_s3_bucket_policy.leads",
    actions: ["delete"],
    before: { bucket: "leads", id: "leads", policy: policyText(onlyTls) },
  };
  const wider =
    "approve widens the policy: no longer denies anyone s3:* on every resource if Bool aws:SecureTransport = false";
  assert.equal(await exposedBy(removed), [wider]);
  assert.equal(await exposedBy(removed, bucket), []);
  const queue = { ...removed, address: "aws_sqs_queue_policy.a", before: { queue_url: "u", policy: policyText(send) } };
  assert.equal(await exposedBy(queue), [
    "look narrows the policy: no longer allows service events.amazonaws.com sqs:SendMessage on arn:aws:sqs:::leads",
  ]);
});

policies(
  "a policy added to a resource that exists is wider; with a new resource only what opens it matters",
  async () => {
    const create = (after: Json, unknown: Json = {}) => ({
      address: "aws_iam_role_policy.a",
      actions: ["create"],
      after,
      after_unknown: unknown,
    });
    const get = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
    const all = { ...get, Action: "s3:*" };
    assert.equal(await exposedBy(create({ role: "worker", policy: policyText(get) })), [
      "approve widens the policy: now allows s3:GetObject on every resource",
    ]);
    assert.equal(await exposedBy(create({ policy: policyText(get) }, { role: true })), []);
    assert.equal(await exposedBy(create({ policy: policyText(all) }, { role: true })), [
      "look opens the policy: now allows s3:* on every resource",
    ]);
    assert.equal(await exposedBy(create({ policy: policyText({ ...all, Action: "*" }) }, { role: true })), [
      "approve opens the policy: now allows every action on every resource",
    ]);
    const role = { address: "aws_iam_role.a", actions: ["create"], after: { name: "worker" } };
    assert.equal(await exposedBy(role, create({ role: "worker", policy: policyText(get) })), []);
  },
);

policies("a permission of a function is a statement", async () => {
  const permission = {
    action: "lambda:InvokeFunction",
    function_name: "f",
    principal: "events.amazonaws.com",
    source_arn: "arn:aws:events:::rule/a",
  };
  const changed = (change: Json) =>
    exposedBy({
      address: "aws_lambda_permission.a",
      actions: ["delete", "create"],
      before: permission,
      after: { ...permission, ...change },
    });
  assert.match(
    (await changed({ source_arn: null })).join(),
    /^approve widens the permission: now allows service events/,
  );
  assert.match((await changed({ principal: "*" })).join(), /^approve widens the permission: now allows anyone/);
  assert.match((await changed({ source_account: "111111111111" })).join(), /^look narrows the permission/);
});

policies.run();

const settings = suite("review of exposed settings");

settings("loosened settings need a second approval, tightened ones are looked at", async () => {
  const cases: (readonly [address: string, closed: Json, open: Json])[] = [
    ["aws_s3_bucket_public_access_block.a", { block_public_acls: true }, { block_public_acls: false }],
    ["aws_s3_bucket_public_access_block.a", { restrict_public_buckets: true }, { restrict_public_buckets: null }],
    ["aws_sqs_queue.a", { kms_master_key_id: "alias/own" }, { kms_master_key_id: null }],
    ["aws_sqs_queue.a", { sqs_managed_sse_enabled: true }, { sqs_managed_sse_enabled: false }],
    ["aws_sns_topic.a", { kms_master_key_id: "alias/own" }, { kms_master_key_id: "" }],
    ["aws_sns_topic.a", { kms_master_key_id: "alias/own" }, { kms_master_key_id: "alias/aws/sns" }],
    ["aws_dynamodb_table.a", { server_side_encryption: [{ enabled: true }] }, { server_side_encryption: [] }],
    ["aws_s3_bucket_acl.a", { acl: "private" }, { acl: "public-read" }],
    [
      "aws_s3_bucket_ownership_controls.a",
      { rule: [{ object_ownership: "BucketOwnerEnforced" }] },
      { rule: [{ object_ownership: "ObjectWriter" }] },
    ],
    [
      "aws_apigatewayv2_domain_name.a",
      { domain_name_configuration: [{ security_policy: "TLS_1_2" }] },
      { domain_name_configuration: [{ security_policy: "TLS_1_0" }] },
    ],
    [
      "aws_cloudfront_distribution.a",
      { viewer_certificate: [{ minimum_protocol_version: "TLSv1.2_2021" }] },
      { viewer_certificate: [{ minimum_protocol_version: "TLSv1" }] },
    ],
    [
      "aws_lb_listener.a",
      { ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
      { ssl_policy: "ELBSecurityPolicy-2016-08" },
    ],
    ["aws_apigatewayv2_route.a", { authorization_type: "JWT" }, { authorization_type: "NONE" }],
    ["aws_apigatewayv2_route.a", { authorizer_id: "x" }, { authorizer_id: null }],
    [
      "aws_lb_listener.a",
      { ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
      { ssl_policy: "ELBSecurityPolicy-TLS13-1-0-2021-06" },
    ],
    [
      "aws_sesv2_configuration_set.a",
      { delivery_options: [{ tls_policy: "REQUIRE" }] },
      { delivery_options: [{ tls_policy: "OPTIONAL" }] },
    ],
    ["aws_lambda_function_url.a", { authorization_type: "AWS_IAM" }, { authorization_type: "NONE" }],
    [
      "aws_apigatewayv2_api.a",
      { cors_configuration: [{ allow_origins: ["https://a"] }] },
      { cors_configuration: [{ allow_origins: ["https://a", "*"] }] },
    ],
    ["aws_iam_role.a", { permissions_boundary: "arn:aws:iam::1:policy/b" }, { permissions_boundary: null }],
    [
      "aws_iam_role.a",
      { managed_policy_arns: ["a"] },
      { managed_policy_arns: ["a", "arn:aws:iam::aws:policy/AdministratorAccess"] },
    ],
    [
      "aws_iam_openid_connect_provider.a",
      { client_id_list: ["sts.amazonaws.com"] },
      { client_id_list: ["sts.amazonaws.com", "other"] },
    ],
    [
      "aws_security_group.a",
      { ingress: [{ cidr_blocks: ["10.0.0.0/8"], from_port: 1 }] },
      {
        ingress: [
          { cidr_blocks: ["0.0.0.0/0"], from_port: 22 },
          { cidr_blocks: ["10.0.0.0/8"], from_port: 1 },
        ],
      },
    ],
    [
      "aws_sqs_queue_redrive_allow_policy.a",
      { redrive_allow_policy: '{"redrivePermission":"byQueue","sourceQueueArns":["a"]}' },
      { redrive_allow_policy: '{"redrivePermission":"byQueue","sourceQueueArns":["a","b"]}' },
    ],
    [
      "aws_sqs_queue_redrive_allow_policy.a",
      { redrive_allow_policy: '{"redrivePermission":"denyAll"}' },
      { redrive_allow_policy: '{"redrivePermission":"byQueue"}' },
    ],
    [
      "aws_sqs_queue.a",
      { redrive_allow_policy: '{"redrivePermission":"byQueue","sourceQueueArns":["a"]}' },
      { redrive_allow_policy: null },
    ],
    ["aws_db_instance.a", { publicly_accessible: false }, { publicly_accessible: true }],
    ["aws_s3_bucket_acl.a", { acl: "private" }, { acl: "authenticated-read" }],
    ["aws_ssm_parameter.a", { type: "SecureString" }, { type: "String" }],
    [
      "aws_eks_cluster.a",
      { vpc_config: [{ public_access_cidrs: ["a"] }] },
      { vpc_config: [{ public_access_cidrs: ["a", "b"] }] },
    ],
    ...[
      ...["block_public_policy", "ignore_public_acls", "storage_encrypted", "encrypted", "enable_key_rotation"],
      ...["transit_encryption_enabled", "at_rest_encryption_enabled", "enforce_https", "api_key_required"],
      ...["iam_database_authentication_enabled"],
    ].map((name) => ["aws_one.a", { [name]: true }, { [name]: false }] as const),
    ...[
      ...["associate_public_ip_address", "map_public_ip_on_launch", "endpoint_public_access"],
      ...["allow_external_principals"],
    ].map((name) => ["aws_one.a", { [name]: false }, { [name]: true }] as const),
    ...["kms_key_id", "kms_key_arn", "kms_key", "kms_master_key_arn", "authorization", "auth_type"].map(
      (name) => ["aws_one.a", { [name]: "own" }, { [name]: null }] as const,
    ),
    ...["authorization", "auth_type"].map((name) => ["aws_one.a", { [name]: "IAM" }, { [name]: "NONE" }] as const),
    ...["encryption_type", "sse_algorithm"].map(
      (name) => ["aws_one.a", { [name]: "KMS" }, { [name]: "AES256" }] as const,
    ),
    ...["min_tls_version", "minimum_tls_version", "min_protocol_version", "tls_security_policy", "tls_version"].map(
      (name) => ["aws_one.a", { [name]: "TLSv1.2" }, { [name]: "TLSv1.1" }] as const,
    ),
    ["aws_one.a", { mutual_tls_authentication: [{ truststore_uri: "a" }] }, {}],
    ...[
      ...["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "thumbprint_list", "audience", "managed_policy_arns"],
    ].map((name) => ["aws_one.a", { [name]: ["a"] }, { [name]: ["a", "b"] }] as const),
    ...[
      ...["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "source_security_group_id", "referenced_security_group_id"],
      ...["policy_arn"],
    ].map((name) => ["aws_one.a", {}, { [name]: "a" }] as const),
    ...["roles", "users", "groups"].map(
      (name) => ["aws_iam_policy_attachment.a", { [name]: ["a"] }, { [name]: ["a", "b"] }] as const,
    ),
    ["aws_iam_group_membership.a", { users: ["a"] }, { users: ["a", "b"] }],
    ["aws_iam_user_group_membership.a", { groups: ["a"] }, { groups: ["a", "b"] }],
  ];
  for (const [address, closed, open] of cases) {
    const [loosened, tightened] = [
      await allOf(update(address, closed, open)),
      await allOf(update(address, open, closed)),
    ];
    assert.is(loosened.length, 1, `${address}: ${loosened.join()}`);
    assert.match(loosened[0] ?? "", /^exposed approve loosens /);
    assert.is(tightened.length, 1, `${address}: ${tightened.join()}`);
    assert.match(tightened[0] ?? "", /^exposed look tightens /);
  }
});

settings("another key is looked at, another permissions boundary is approved", async () => {
  const [found] = await allOf(update("aws_sqs_queue.a", { kms_master_key_id: "a" }, { kms_master_key_id: "b" }));
  assert.is(found, "exposed look changes encryption with an own key: kms_master_key_id");
  const boundary = await exposedBy(
    update("aws_iam_role.a", { permissions_boundary: "a" }, { permissions_boundary: "b" }),
  );
  assert.equal(boundary, ["approve changes the permissions boundary: permissions_boundary"]);
});

settings("another role of a function needs a second approval", async () => {
  const role = (name: string) => ({ role: `arn:aws:iam::111111111111:role/${name}` });
  const found = await allOf(update("aws_lambda_function.a", role("worker"), role("admin")));
  assert.equal(found, ["exposed approve changes the role that it works with: role"]);
  for (const name of ["role_arn", "iam_instance_profile"]) {
    const others = await allOf(update("aws_one.a", { [name]: "worker" }, { [name]: "admin" }));
    assert.equal(others, [`exposed approve changes the role that it works with: ${name}`]);
  }
  assert.equal(await allOf(update("aws_one.a", { role: "worker" }, { role: "admin" })), ["unknown look changes role"]);
});

settings("an own key in place of SQS's key is tighter only", async () => {
  const [before, after] = [
    { sqs_managed_sse_enabled: true, kms_master_key_id: null },
    { sqs_managed_sse_enabled: false, kms_master_key_id: "k" },
  ];
  const found = await exposedBy(update("aws_sqs_queue.a", before, after));
  assert.not(
    found.some((text) => text.startsWith("approve")),
    found.join(),
  );
});

settings("a bucket's default encryption that goes from KMS to S3's own is looser", async () => {
  const rule = (...given: Json[]) => ({ bucket: "leads", rule: [{ apply_server_side_encryption_by_default: given }] });
  const kms = rule({ sse_algorithm: "aws:kms", kms_master_key_id: "k" });
  const found = await exposedBy(
    update(
      "aws_s3_bucket_server_side_encryption_configuration.a",
      kms,
      rule({ sse_algorithm: "AES256", kms_master_key_id: "" }),
    ),
  );
  assert.is(found.length, 2);
  assert.ok(found.every((text) => text.startsWith("approve loosens encryption")));
});

settings("a removed protection is looser, unless its resource goes too", async () => {
  const removed = {
    address: "aws_s3_bucket_public_access_block.a",
    actions: ["delete"],
    before: { bucket: "leads", block_public_acls: true },
  };
  assert.equal(await exposedBy(removed), ["approve loosens the block of public access: block_public_acls"]);
  const whole = { ...removed, before: { ...removed.before, block_public_policy: true } };
  assert.equal(await exposedBy(whole), [
    "approve loosens the block of public access: block_public_acls, block_public_policy",
  ]);
  const bucket = { address: "aws_s3_bucket.leads", actions: ["delete"], before: { id: "leads" } };
  assert.equal(await exposedBy(removed, bucket), []);
});

settings("a policy or an attachment that moves to another role gives it to that role", async () => {
  const replaced = (address: string, before: Json) => ({
    address,
    actions: ["delete", "create"],
    before,
    after: { ...before, role: "other" },
  });
  const get = policyText({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" });
  assert.ok(
    (await exposedBy(replaced("aws_iam_role_policy.a", { role: "worker", policy: get }))).includes(
      "approve widens the policy: now allows s3:GetObject on every resource",
    ),
  );
  assert.ok(
    (await exposedBy(replaced("aws_iam_role_policy_attachment.a", { role: "worker", policy_arn: "arn:p" }))).includes(
      "approve loosens the attached policies: policy_arn",
    ),
  );
});

settings("a receiver in another account is looked at, also where nothing is taken away", async () => {
  const inAccount = (account: string) => `arn:aws:sqs:us-east-1:${account}:leads`;
  const own = {
    address: "aws_sqs_queue.own",
    actions: ["no-op"],
    before: { arn: inAccount("111111111111") },
    after: { arn: inAccount("111111111111") },
  };
  const other = "look names a resource of account 222222222222";
  const receivers = [
    ["aws_cloudwatch_event_target.a", "arn"],
    ["aws_sns_topic_subscription.a", "endpoint"],
    ["aws_cloudwatch_log_subscription_filter.a", "destination_arn"],
  ] as const;
  for (const [address, name] of receivers) {
    const to = (account: string) =>
      exposedBy(own, { address, actions: ["create"], after: { [name]: inAccount(account) } });
    assert.equal(await to("222222222222"), [other], address);
    assert.equal(await to("111111111111"), [], address);
  }
  const alarm = (...accounts: string[]) => ({ alarm_actions: accounts.map(inAccount) });
  const added = update("aws_cloudwatch_metric_alarm.a", alarm("111111111111"), alarm("111111111111", "222222222222"));
  assert.equal(await exposedBy(own, added), [other]);
  assert.equal(await exposedBy(update("aws_cloudwatch_metric_alarm.a", alarm("222222222222"), {})), []);
  const read = { address: "data.aws_one.a", actions: ["read"], after: { arn: inAccount("222222222222") } };
  const output = { actions: ["create"], before: null, after: inAccount("222222222222") };
  const { findings } = await review(readPlan(planText([read], { output_changes: { queue: output } })), undefined);
  assert.equal(findings.map(short), ["none creates output"]);
});

settings("a new subscription of an address outside AWS is looked at, and the address is not shown", async () => {
  const subscription = { protocol: "email", endpoint: "someone@example.com" };
  const create = { address: "aws_sns_topic_subscription.a", actions: ["create"], after: subscription };
  const { findings } = await review(readPlan(planText([create])), undefined);
  assert.is(findings[0] && short(findings[0]), "look subscribes an address outside AWS by email");
  assert.not.match(JSON.stringify(findings), /someone/);
});

settings("what is new and open to everyone needs a second approval, and a new route is looked at", async () => {
  const create = (address: string, after: Json, after_unknown: Json = {}) =>
    exposedBy({ address, actions: ["create"], after, after_unknown });
  assert.equal(await create("aws_apigatewayv2_route.a", { api_id: "x", authorization_type: "NONE" }), [
    "look opens access by callers: authorization_type",
  ]);
  const open = ["look opens access by callers: authorization_type"];
  assert.equal(await create("aws_apigatewayv2_route.a", { api_id: "x" }), open);
  assert.equal(await create("aws_apigatewayv2_route.a", { authorization_type: "JWT" }, { api_id: true }), []);
  assert.equal(await create("aws_lambda_function_url.a", { authorization_type: "NONE" }, { function_name: true }), [
    "approve opens access by callers: authorization_type",
  ]);
  assert.equal(await create("aws_lambda_function_url.a", { function_name: "f", authorization_type: "NONE" }), [
    "approve opens access by callers: authorization_type",
  ]);
  const attached = { role: "worker", policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" };
  assert.equal(await create("aws_iam_role_policy_attachment.a", attached), [
    "approve opens the attached policies: policy_arn",
  ]);
  assert.equal(await create("aws_iam_role_policy_attachment.a", { ...attached, policy_arn: "arn:p" }), [
    "approve loosens the attached policies: policy_arn",
  ]);
  const credential = ["approve opens access by a permanent credential: user"];
  assert.equal(await create("aws_iam_access_key.a", { user: "robot" }), credential);
  assert.equal(await create("aws_iam_user_login_profile.a", { user: "robot" }), credential);
  for (const [name, value] of [
    ["cidr_ipv6", "::/0"],
    ["cidr_ipv4", "0.0.0.0/0"],
    ["allow_origins", ["*"]],
    ["allow_origins", ["https://*"]],
    ["allow_origins", ["http://*"]],
    ["managed_policy_arns", ["arn:aws:iam::aws:policy/PowerUserAccess"]],
    ["managed_policy_arns", ["arn:aws:iam::aws:policy/IAMFullAccess"]],
    ["acl", "public-read"],
    ["publicly_accessible", true],
  ] as const) {
    const found = await create("aws_one.a", { [name]: value });
    assert.equal(
      found.map((text) => text.replace(/the .*: /, "")),
      [`approve opens ${name.replace("publicly", "public access: publicly")}`],
    );
  }
  assert.equal(await create("aws_one.a", { cidr_ipv4: "10.0.0.0/8", acl: "private", publicly_accessible: false }), []);
  const outgoing = { type: "egress", security_group_id: "sg", cidr_blocks: ["0.0.0.0/0"] };
  assert.equal(await create("aws_security_group_rule.a", outgoing), []);
  assert.equal(await create("aws_security_group_rule.a", { ...outgoing, type: "ingress" }), [
    "approve opens the addresses that may connect: cidr_blocks",
  ]);
  assert.equal(await create("aws_sqs_queue.a", { sqs_managed_sse_enabled: true, kms_master_key_id: null }), []);
});

settings.run();
