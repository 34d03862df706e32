import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readPlan } from "../../../ops/review/plan.ts";
import { jsonReport, markdownReport, textReport } from "../../../ops/review/report.ts";
import { review } from "../../../ops/review/review.ts";
import type { Finding } from "../../../ops/review/rule.ts";
import { type PlannedChange, planned, planText } from "./plan-fixtures.ts";

const reviewOf = (changes: readonly PlannedChange[], fields: Readonly<Record<string, unknown>> = {}) =>
  review(readPlan(planText(changes, fields)), undefined);
const short = ({ class: attention, kind, address, summary }: Finding) => `${attention} ${kind} ${address} ${summary}`;
const findingsOf = async (changes: readonly PlannedChange[], fields = {}) =>
  (await reviewOf(changes, fields)).findings.map(short);

const unusual = suite("review of unusual plans");

unusual("a plan without resources needs nothing", async () => {
  for (const fields of [{}, { resource_changes: undefined, planned_values: {} }, { resource_changes: null }]) {
    assert.equal((await reviewOf([], fields)).class, "none");
  }
});

unusual("a resource that is moved is named with both addresses, and needs nothing", async () => {
  const moved = {
    address: "aws_sqs_queue.new",
    actions: ["no-op"],
    before: { name: "q" },
    after: { name: "q" },
    previous_address: "aws_sqs_queue.old",
  };
  const result = await reviewOf([moved], { resource_drift: [planned(moved)] });
  assert.equal(result.findings.map(short), ["none noise aws_sqs_queue.new is moved: only its address changes"]);
  assert.equal(
    result.findings.map(({ before, after }) => [before, after]),
    [["aws_sqs_queue.old", "aws_sqs_queue.new"]],
  );
  assert.match(textReport(result), /moved/);
});

unusual("imported and forgotten resources are reported as such", async () => {
  const values = { before: { name: "q" }, after: { name: "q" } };
  assert.equal(await findingsOf([{ actions: ["no-op"], ...values, importing: { id: "q" } }]), [
    "look added aws_sqs_queue.leads imports what exists in AWS",
  ]);
  const [forgotten = ""] = await findingsOf([{ actions: ["forget"], before: { name: "q" } }]);
  assert.match(forgotten, /^look lost aws_sqs_queue\.leads is forgotten by Terraform/);
});

unusual("drift alone is found; it is as serious as the change that somebody made", async () => {
  const drift = (before: unknown, after: unknown, address = "aws_sqs_queue.leads") => ({
    resource_drift: [planned({ address, before, after })],
  });
  assert.equal(await findingsOf([], drift({ delay_seconds: 0 }, { delay_seconds: 9 })), [
    "look drift aws_sqs_queue.leads was changed outside Terraform: somebody changes delay_seconds",
  ]);
  const [protection = ""] = await findingsOf(
    [],
    drift({ deletion_protection_enabled: true }, { deletion_protection_enabled: false }, "aws_dynamodb_table.ledger"),
  );
  assert.match(protection, /^approve drift aws_dynamodb_table\.ledger/);
  const tags = await reviewOf([], drift({ tags: { a: "1" } }, { tags: { a: "2" } }));
  assert.equal([tags.class, tags.findings[0]?.kind], ["none", "drift"]);
  const deleted = await findingsOf([], { resource_drift: [planned({ actions: ["delete"], before: { name: "q" } })] });
  assert.match(deleted[0] ?? "", /^approve drift aws_sqs_queue\.leads/);
});

unusual(
  "what the plan says of itself is found: failed, incomplete, put off, checks, actions of providers",
  async () => {
    const found = await findingsOf([], {
      errored: true,
      deferred_changes: [{ reason: "resource_config_unknown", resource_change: planned({ actions: ["create"] }) }],
      checks: [
        { status: "fail", address: { to_display: "check.health" } },
        { status: "pass", address: { to_display: "check.fine" } },
      ],
      action_invocations: [{ address: "action.aws_lambda_invoke.warm" }],
    });
    assert.equal(found.length, 4);
    assert.match(
      found.join("\n"),
      /plan failed.*resource_config_unknown.*action\.aws_lambda_invoke\.warm.*check\.health/s,
    );
    assert.equal(await findingsOf([], { complete: false }), [
      "look unknown plan is not complete: changes are left for a later plan",
    ]);
  },
);

unusual("what a plan puts off, runs or checks without saying more is unknown", async () => {
  const found = await findingsOf([], {
    deferred_changes: [{ resource_change: planned({ actions: ["create"] }) }],
    checks: [{ status: "error" }],
    action_invocations: [{}],
  });
  assert.equal(found, [
    "look unknown aws_sqs_queue.leads is put off to a later plan: unknown",
    "look unknown unknown runs an action of a provider",
    "look unknown unknown fails its check",
  ]);
});

unusual("findings that need the same attention have the more serious kind first", async () => {
  const change = (address: string, before: object, after: object) => ({ address, before, after });
  const drift = planned(change("aws_sqs_queue.other", { odd: 1 }, { odd: 2 }));
  const changes = [
    { address: "aws_sqs_queue.imported", actions: ["no-op"], before: {}, after: {}, importing: { id: "q" } },
    change("aws_sqs_queue.one", { odd: 1 }, { odd: 2 }),
    change("aws_lambda_function.one", { handler: "a" }, { handler: "b" }),
    change("aws_lambda_function.two", { timeout: 1 }, { timeout: 2 }),
    change("aws_cloudwatch_log_group.one", { retention_in_days: 2 }, { retention_in_days: 1 }),
    change("aws_s3_bucket_acl.one", { acl: "public-read" }, { acl: "private" }),
    { actions: ["forget"], before: {} },
  ];
  const { findings } = await reviewOf(changes, { resource_drift: [drift] });
  assert.equal(
    findings.map(({ class: attention, kind }) => `${attention} ${kind}`),
    ["lost", "exposed", "silent", "knob", "code", "unknown", "drift", "added"].map((kind) => `look ${kind}`),
  );
});

unusual("an output that names what is replaced is one finding", async () => {
  const names = { before: { name: "leads-of-old" }, after: { name: "leads-of-new" }, replace_paths: [["name"]] };
  const queue = { actions: ["delete", "create"], ...names };
  const output = { actions: ["update"], before: "leads-of-old", after: "leads-of-new" };
  const found = await findingsOf([queue], { output_changes: { queue: output } });
  assert.equal(found.slice(1), ["look unknown output.queue has another value"]);
});

unusual("an action that is not known is unknown, and values that are missing are read as none", async () => {
  assert.equal(await findingsOf([{ actions: ["transmogrify"] }]), [
    "look unknown aws_sqs_queue.leads is changed in a way that this review does not know",
  ]);
  assert.equal((await findingsOf([{ before: null, after: { odd: 1 } }])).length, 1);
  assert.equal((await findingsOf([{ before: { odd: 1 }, after: null }])).length, 1);
  assert.equal((await findingsOf([{ actions: ["delete"] }])).length, 1);
});

unusual("a foreign resource that is destroyed may hold data; one that is created may open something", async () => {
  const [destroyed = ""] = await findingsOf([{ address: "google_sql_database.a", actions: ["delete"], before: {} }]);
  assert.match(destroyed, /^approve lost google_sql_database\.a/);
  const [created = ""] = await findingsOf([{ address: "google_sql_database.a", actions: ["create"], after: {} }]);
  assert.match(created, /^look added/);
  const [deposed = ""] = await findingsOf([{ actions: ["delete"], before: { name: "q" }, deposed: "1a2b" }]);
  assert.match(deposed, /^approve lost .* failed replacement left over/);
});

unusual("what goes with its owner is reported with it, and nothing belongs to a part of the owner", async () => {
  const removed = (address: string, before: Readonly<Record<string, string>>) => ({
    address,
    actions: ["delete"],
    before,
  });
  const topic = removed("aws_sns_topic.alarms", { arn: "arn:aws:sns:::alarms", name: "alarms" });
  const policy = removed("aws_sns_topic_policy.alarms", { arn: "arn:aws:sns:::alarms" });
  const [, owned = ""] = await findingsOf([topic, policy]);
  assert.is(owned, "look lost aws_sns_topic_policy.alarms destroys what belongs to aws_sns_topic.alarms");
  const controls = removed("aws_s3_bucket_ownership_controls.a", { bucket: "leads-bucket", id: "leads-bucket" });
  const reader = {
    address: "aws_lambda_function.a",
    before: { odd: "leads-bucket" },
    after: {},
    after_unknown: { odd: true },
  };
  const found = await findingsOf([controls, reader]);
  assert.ok(found.includes("look unknown aws_lambda_function.a changes odd"), found.join("; "));
});

/** The attribute by which a resource names the one that it goes with. */
const owners: Readonly<Record<string, readonly string[]>> = {
  rest_api_id: ["api_gateway_rest_api_policy"],
  api_id: ["authorizer", "integration", "route", "stage"].map((part) => `apigatewayv2_${part}`),
  event_bus_name: ["cloudwatch_event_bus_policy"],
  rule: ["cloudwatch_event_target"],
  resource_arn: ["dynamodb_resource_policy"],
  repository: ["ecr_repository_policy"],
  group: ["iam_group_policy", "iam_group_policy_attachment"],
  role: ["iam_role_policy", "iam_role_policy_attachment", "iam_instance_profile"],
  user: ["iam_user_policy", "iam_user_policy_attachment"],
  key_id: ["kms_key_policy"],
  function_name: [
    ...["alias", "function_event_invoke_config", "function_recursion_config", "function_url", "permission"],
  ].map((part) => `lambda_${part}`),
  event_source_arn: ["lambda_event_source_mapping"],
  account_id: ["s3_account_public_access_block"],
  secret_arn: ["secretsmanager_secret_policy"],
  security_group_id: ["security_group_rule", "vpc_security_group_ingress_rule"],
  configuration_set_name: ["sesv2_configuration_set_event_destination"],
  email_identity: ["sesv2_email_identity_mail_from_attributes"],
  arn: ["sns_topic_policy"],
  topic_arn: ["sns_topic_subscription"],
  queue_url: ["sqs_queue_policy", "sqs_queue_redrive_allow_policy"],
  bucket: ["s3_bucket_policy", "s3_bucket_versioning", "s3_bucket_anything"],
};

for (const [attribute, types] of Object.entries(owners)) {
  unusual(`what goes with the owner that its ${attribute} names is reported with it`, async () => {
    for (const type of types) {
      const owner = { address: "aws_owner.one", actions: ["delete"], before: { name: "arn:its-name" } };
      const part = { address: `aws_${type}.part`, actions: ["delete"], before: { [attribute]: "arn:its-name" } };
      const [, found] = await findingsOf([owner, part]);
      assert.is(found, `look lost aws_${type}.part destroys what belongs to aws_owner.one`);
    }
  });
}

for (const identity of ["name", "bucket", "function_name", "arn", "url", "id"]) {
  unusual(`an owner is known by its ${identity}`, async () => {
    const owner = { address: "aws_owner.one", actions: ["delete"], before: { [identity]: "u" } };
    const part = { address: "aws_sqs_queue_policy.part", actions: ["delete"], before: { queue_url: "u" } };
    assert.match(
      (await findingsOf([owner, part])).join(),
      "aws_sqs_queue_policy.part destroys what belongs to aws_owner.one",
    );
  });
}

const ofNewCode = [
  "last_modified",
  "version",
  "qualified_arn",
  "qualified_invoke_arn",
  "source_code_size",
  "code_sha256",
];
const ofNewResource = [
  ...["id", "arn", "url", "region", "owner", "owner_id", "unique_id", "create_date", "creation_date", "name_prefix"],
  ...["function_arn", "uuid", "state", "state_transition_reason", "last_processing_result", "stream_arn"],
  ...["stream_label", "invoke_arn", "execution_arn", "api_endpoint", "bucket_domain_name"],
  ...["bucket_regional_domain_name", "hosted_zone_id"],
];

unusual("what AWS numbers anew is noise only where it does so", async () => {
  const changed = async (type: string, actions: readonly string[], name: string) => {
    const change = { address: `aws_${type}.a`, actions, before: { [name]: "old", x: 1 }, after: { x: 1 } };
    const found = await findingsOf([{ ...change, after_unknown: { [name]: true } }]);
    return found.filter((text) => !text.includes(" lost ")).map((text) => text.replace(` aws_${type}.a`, ""));
  };
  for (const name of [...ofNewCode, ...ofNewResource]) {
    assert.equal(await changed("odd", ["delete", "create"], name), [`none noise changes ${name}`]);
  }
  for (const name of ofNewCode.slice(0, -1)) {
    assert.equal(await changed("lambda_function", ["update"], name), [`none noise changes ${name}`]);
    assert.equal(await changed("odd", ["update"], name), [`look unknown changes ${name}`]);
  }
  for (const name of ofNewResource)
    assert.equal(await changed("odd", ["update"], name), [`look unknown changes ${name}`]);
});

unusual("what is new, known or inside of something is no noise, whatever its name is", async () => {
  const address = "aws_lambda_function.a";
  const cases = [
    { before: {}, after: {}, after_unknown: { version: true } },
    { before: { version: "1" }, after: { version: "2" } },
    { before: { version: { a: "1" } }, after: { version: {} }, after_unknown: { version: { a: true } } },
  ];
  for (const values of cases)
    assert.match((await findingsOf([{ address, ...values }])).join(), /^look unknown \S+ changes version/);
});

unusual("the reason of a removal is told", async () => {
  const { findings } = await reviewOf([
    { actions: ["delete"], before: {}, action_reason: "delete_because_no_resource_config" },
  ]);
  assert.is(findings[0]?.why, "It is no longer in the configuration.");
});

unusual("lists of objects are compared by names, and an order that changes is a change", async () => {
  const one = (id: string, port: number) => ({ id, port });
  const before = { parts: [one("a", 1), one("b", 2)] };
  const { findings } = await reviewOf([{ before, after: { parts: [one("b", 2), one("a", 3)] } }]);
  assert.match(findings[0]?.summary ?? "", /parts/);
  assert.equal(await findingsOf([{ before, after: { parts: [one("b", 2), one("a", 1)] } }]), [
    "look unknown aws_sqs_queue.leads changes parts.(order)",
  ]);
});

for (const key of ["id", "name", "sid", "Sid"]) {
  unusual(`elements of a list are known by their ${key}`, async () => {
    const part = (name: string, port: number) => ({ ...(key !== "id" && { id: "" }), [key]: name, port });
    const values = { before: { parts: [part("a", 1), part("b", 2)] }, after: { parts: [part("b", 2), part("a", 3)] } };
    assert.equal(await findingsOf([values]), [
      "look unknown aws_sqs_queue.leads changes parts.(order) and 1 more values in it",
    ]);
  });
}

unusual("what follows a replaced resource names it by eight characters or more, and then the new one", async () => {
  const follow = async (old: string, now: string, after: unknown) => {
    const replaced = { address: "aws_one.a", actions: ["delete", "create"], replace_paths: [["name"]] };
    const queue = { ...replaced, before: { name: old }, after: { name: now } };
    const found = await findingsOf([queue, { before: { odd: `x-${old}` }, after: { odd: after } }]);
    return found.some((text) => text.includes("aws_sqs_queue.leads follows aws_one.a"));
  };
  assert.is(await follow("eight-ch", "new-name", "x-new-name"), true);
  assert.is(await follow("seven-c", "new-name", "x-new-name"), false);
  assert.is(await follow("eight-ch", "new-name", "x-other"), false);
});

unusual("an empty element that comes or goes is a change", async () => {
  const [one, two] = [{ parts: [{ id: "a" }] }, { parts: [{ id: "a" }, {}] }];
  for (const [before, after] of [
    [one, two],
    [two, one],
  ]) {
    assert.equal(await findingsOf([{ before, after }]), ["look unknown aws_sqs_queue.leads changes parts[1]"]);
  }
});

unusual("the order of a bucket's rules is noise", async () => {
  const rules = [
    { id: "a", prefix: "x" },
    { id: "b", prefix: "y" },
  ];
  const values = { before: { rule: rules }, after: { rule: rules.toReversed() } };
  const address = "aws_s3_bucket_lifecycle_configuration.a";
  assert.equal(await findingsOf([{ address, ...values }]), [`none noise ${address} changes rule`]);
  assert.equal(await findingsOf([values]), ["look unknown aws_sqs_queue.leads changes rule.(order)"]);
});

unusual("formatting of JSON and the order of sets are noise, and the order of other lists is not", async () => {
  const text = { redrive_policy: '{"maxReceiveCount":3,"deadLetterTargetArn":"arn"}' };
  const spaced = { redrive_policy: '{\n  "deadLetterTargetArn": "arn",\n  "maxReceiveCount": 3\n}' };
  assert.equal(await findingsOf([{ before: text, after: spaced }]), [
    "none noise aws_sqs_queue.leads changes form of redrive_policy",
  ]);
  const pattern = { before: { event_pattern: '{"source":"a","x":["b","c"]}' }, after: {} };
  const written = { ...pattern, after: { event_pattern: '{"x":["c","b"],"source":["a"]}' } };
  assert.equal(await findingsOf([written]), ["none noise aws_sqs_queue.leads changes form of event_pattern"]);
  const address = "aws_cloudwatch_metric_alarm.a";
  const ordered = (name: string) => ({ address, before: { [name]: ["a", "b"] }, after: { [name]: ["b", "a"] } });
  assert.equal(await findingsOf([ordered("alarm_actions")]), [`none noise ${address} changes form of alarm_actions`]);
  assert.equal(await findingsOf([ordered("steps")]), [`look unknown ${address} changes steps`]);
});

unusual.run();

const reports = suite("review as a report");

/** Whether a report shows an attribute's value. */
async function isShown(name: string, value: string): Promise<boolean> {
  const { findings } = await reviewOf([{ before: { [name]: "a" }, after: { [name]: value } }]);
  return JSON.stringify(findings).includes(value);
}

reports("a value is hidden where its attribute's name says that it is a secret, unless it only names one", async () => {
  const names = [
    ...["master_password", "db_passwd", "ClientSecret", "token", "PRIVATE_KEY", "privateKey", "api_key", "apikey"],
    ...["slack_webhook", "credentials"],
  ];
  for (const name of names) assert.is(await isShown(name, "hunter2"), false, name);
  for (const name of ["name", "pass", "key_id"]) assert.is(await isShown(name, "hunter2"), true, name);
  for (const value of ["/leadwire/prod/slack", "arn:aws:ssm:x", "true", "false", "4711"])
    assert.is(await isShown("token", value), true, value);
  assert.is(await isShown("token", "47x1"), false);
});

reports("a text that is a secret is hidden wherever it stands, and the rest of it is shown", async () => {
  const secrets = [
    ...["https://x.example/webhook/abc", "http://hooks.slack.com/abc", "https://e.example/hook/abc"],
    ...["https://events.pagerduty.com/integration/abc", "whsec_abc+/=", "xoxb-1-abc", "AKIAABCDEFGHIJKLMNOP"],
    ...["ASIAABCDEFGHIJKLMNOP", "ghp_abcdefghijklmnop", "github_pat_abcdefghijklmnop", "pat-eu1-abcdefghijklmnop"],
    ...["sk_live_abcdefghijklmnop", "rk_test_abcdefghijklmnop"],
  ];
  for (const secret of secrets) {
    assert.is(await isShown("text", secret), false, secret);
    const { findings } = await reviewOf([{ before: { text: "a" }, after: { text: `before ${secret} after` } }]);
    assert.is(findings[0]?.after, "before (sensitive) after", secret);
  }
  for (const [text, expected] of [
    ["postgres://user:hunter2@db.example/x", "postgres://user:(sensitive)@db.example/x"],
    ["https://x.example/?a=b&token=abc&c=d", "https://x.example/?a=b&token=(sensitive)&c=d"],
    ...["key", "secret", "sig", "signature", "password", "code"].map(
      (name) => [`https://x.example/?${name}=abc`, `https://x.example/?${name}=(sensitive)`] as const,
    ),
    ["-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY----- after", "(sensitive) after"],
    ["-----BEGIN PRIVATE KEY-----\nabc", "(sensitive)"],
    ["https://x.example/about", "https://x.example/about"],
  ] as const) {
    const { findings } = await reviewOf([{ before: { text: "a" }, after: { text } }]);
    assert.is(findings[0]?.after, expected);
  }
});

reports("values up to 160 characters are whole; of longer ones the place where they differ is shown", async () => {
  const shownOf = async (before: unknown, after: unknown) => {
    const { findings } = await reviewOf([{ before: { text: before }, after: { text: after } }]);
    return [findings[0]?.before, findings[0]?.after];
  };
  const [x, y] = ["x".repeat(160), "y".repeat(160)];
  assert.equal(await shownOf(x, y), [x, y]);
  assert.equal(await shownOf("a", `${x}x`), ["a", `${"x".repeat(159)}…`]);
  assert.equal(await shownOf(null, `${x}x`), [null, `${"x".repeat(159)}…`]);
  const [left, right] = [`${x}1${y}`, `${x}2${y}`];
  const around = (digit: number) => `…${"x".repeat(40)}${digit}${"y".repeat(117)}…`;
  assert.equal(await shownOf(left, right), [around(1), around(2)]);
  assert.equal(await shownOf([`${x}1`], [`${x}2`]), [`…${"x".repeat(40)}1"]`, `…${"x".repeat(40)}2"]`]);
});

reports("a sensitive value is in no report: in replace paths, lists, outputs, JSON, drift", async () => {
  const secret = "hunter2-secret";
  const values = { list: ["a", secret], text: JSON.stringify({ inner: secret }), name: { deep: secret } };
  const marks = { list: [false, true], text: true, name: { deep: true } };
  const change = {
    actions: ["delete", "create"],
    before: values,
    after: { list: ["a", `${secret}3`], text: "{}", name: { deep: "x" } },
    before_sensitive: marks,
    after_sensitive: marks,
    replace_paths: [
      ["name", "deep"],
      ["name", "deep", secret],
      ["list", { [secret]: secret }],
    ],
  };
  const output = { actions: ["update"], before: secret, after: "new", before_sensitive: true, after_sensitive: true };
  const result = await reviewOf([change], { output_changes: { token: output }, resource_drift: [planned(change)] });
  for (const text of [textReport(result), jsonReport(result), markdownReport(result)])
    assert.not.match(text, /hunter2/);
});

reports("the text counts one resource as one, and many of a type as each of them", async () => {
  const removed = (name: string) => ({ address: `aws_sqs_queue.${name}`, actions: ["delete"], before: { name } });
  const [one = ""] = textReport(await reviewOf([removed("a")])).split("\n");
  assert.match(one, /: 1 resource \(1 to delete\)\.$/);
  const [many = "", finding = ""] = textReport(await reviewOf(["a", 'b["x.y"]', "c", "d"].map(removed))).split("\n");
  assert.match(many, /: 4 resources \(4 to delete\)\.$/);
  assert.match(finding, /^approve lost +each of 4 sqs_queue destroys the queue/);
});

reports("the text names what is added without AWS' prefix, in lines that a terminal shows whole", async () => {
  const created = textReport(
    await reviewOf(
      Array.from({ length: 9 }, (_, index) => ({ address: `aws_sqs_queue.q${index}`, actions: ["create"], after: {} })),
    ),
  );
  assert.match(created, /^Added: 9 sqs_queue\.$/m);
  const named = readFileSync("tests/ops/review/plans/new-environment.json", "utf8");
  const report = textReport(await review(readPlan(named), undefined)).split("\n");
  const start = report.findIndex((line) => line.startsWith("Added: "));
  const list = report.slice(start, -1);
  assert.ok(list.length > 2 && list.every((line) => line.length <= 120));
  assert.not.match(list.join(" "), /aws_/);
  assert.ok(list.slice(0, -1).every((line) => line.endsWith(",")));
});

reports("JSON has the findings' keys and no others", async () => {
  const {
    class: highest,
    findings,
    counts,
  } = JSON.parse(jsonReport(await reviewOf([{ before: { a: 1 }, after: { a: 2 } }])));
  assert.equal(Object.keys(findings[0]).toSorted(), [
    "address",
    "after",
    "before",
    "class",
    "kind",
    "summary",
    "todo",
    "why",
  ]);
  assert.equal([highest, counts], ["look", { update: 1 }]);
});

reports("Markdown holds no markup, mention, link or cell of the plan's", async () => {
  const hostile = "@octocat #12 | `x` <img src=x> [a](https://evil.example) **bold** <!-- --> \n| new | row |";
  const markdown = markdownReport(
    await reviewOf([
      { address: `aws_sqs_queue.a["@octocat|\`"]`, before: { [hostile]: hostile }, after: { [hostile]: "b" } },
    ]),
  );
  const rows = markdown.split("\n").filter((line) => line.startsWith("|"));
  assert.is(rows.length, 3);
  assert.is(rows[2]?.split("|").length, 7);
  assert.not.match(markdown, /@octocat|(?<!&)#12|<img|\[a\]|<!--|`x`/);
});

reports(
  "Markdown fits a comment, and still names all that is destroyed and every finding that needs approval first",
  async () => {
    const long = "x".repeat(500);
    const updates = Array.from({ length: 1500 }, (_, i) => ({
      address: `aws_sqs_queue.q${i}`,
      before: { [`a${i}`]: long },
      after: { [`a${i}`]: `${long}y` },
    }));
    const deletes = Array.from({ length: 400 }, (_, i) => ({
      address: `aws_sqs_queue.gone${i}`,
      actions: ["delete"],
      before: { name: `gone${i}` },
    }));
    const markdown = markdownReport(await reviewOf([...updates, ...deletes]));
    assert.ok(Buffer.byteLength(markdown) <= 65_536);
    for (const { address } of deletes) assert.ok(markdown.includes(address), address);
    assert.match(markdown, /Findings are missing here/);
    const thousands = Array.from({ length: 5000 }, (_, i) => ({
      address: `module.${long.slice(300)}.aws_sqs_queue.gone${i}`,
      actions: ["delete"],
      before: {},
    }));
    const huge = markdownReport(await reviewOf(thousands));
    assert.ok(Buffer.byteLength(huge) <= 65_536);
    assert.match(huge, /5000/);
  },
);

reports.run();
