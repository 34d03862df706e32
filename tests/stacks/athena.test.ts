import { suite } from "uvu";
import * as assert from "uvu/assert";
import { catalogOf } from "../../analytics/catalog.ts";
import { namedQueries } from "../../analytics/queries.ts";
import { tables } from "../../analytics/tables.ts";
import { views } from "../../analytics/views.ts";
import type { OwnSettings } from "../../environments/environment.ts";
import { policyDocument } from "../../modules/policy.ts";
import { functionsBoundary } from "../../stacks/ci/statements.ts";
import { athena } from "../../stacks/consumers/athena.ts";
import { filled, may, policyOf } from "../helpers/iam.ts";
import { type Block, ref, type SynthesizedStack } from "../helpers/synth.ts";
import { plain, stackOf, unusual } from "../helpers/unusual-environment.ts";
import type { SettingPath } from "../settings/setting-paths.ts";

type Settings = OwnSettings["athena"];
const synthesized = async (environment: typeof plain, settings: Settings): Promise<SynthesizedStack> =>
  stackOf(environment, { consumers: [{ name: "athena", alarms: [], create: await athena.prepare(settings) }] });

const open: Settings = { analysts: ["role/analyst"], personalData: true, gigabytesPerQuery: 2 };
const closed: Settings = {
  analysts: ["role/sso/*Analysts_*", "user/ann"],
  personalData: false,
  gigabytesPerQuery: 40,
};
const stacks = [
  { settings: open, stack: await synthesized(plain, open) },
  { settings: closed, stack: await synthesized({ ...unusual, permissionsBoundary: true }, closed) },
];
const [stack, limited] = stacks.map((one) => one.stack) as [SynthesizedStack, SynthesizedStack];

const tableOf = (of: SynthesizedStack, name: string) => of.settings(`aws_glue_catalog_table.athena_${name}`);
const columnsOf = (of: SynthesizedStack, name: string) =>
  (tableOf(of, name).storage_descriptor as { columns: { name: string; type: string; comment: string }[] }).columns;
const viewOf = (of: SynthesizedStack, name: string) => {
  const [, text = ""] = /^\/\* Presto View: (\S+) \*\/$/.exec(String(tableOf(of, name).view_original_text)) ?? [];
  return JSON.parse(Buffer.from(text, "base64").toString()) as {
    originalSql: string;
    catalog: string;
    schema: string;
    columns: { name: string; type: string }[];
  };
};

const catalog = suite("athena :: catalog");
catalog("has a table for each kind of object, with Hive's JSON SerDe and a partition for each day", () => {
  for (const { name, prefix } of tables) {
    const { storage_descriptor, ...table } = tableOf(stack, name);
    const { columns: _, ...storage } = storage_descriptor as Block;
    assert.equal(storage, {
      location: `s3://${ref("aws_s3_bucket.leads_bucket.bucket")}/${prefix}`,
      input_format: "org.apache.hadoop.mapred.TextInputFormat",
      output_format: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
      ser_de_info: { serialization_library: "org.apache.hive.hcatalog.data.JsonSerDe" },
    });
    assert.equal(
      [table.name, table.table_type, table.database_name],
      [name, "EXTERNAL_TABLE", ref("aws_glue_catalog_database.athena.name")],
    );
    assert.equal(table.partition_keys, [{ name: "dt", type: "string" }]);
  }
});
catalog("knows a partition for each day for which leads are kept, and for tomorrow", () => {
  for (const one of [stack, limited]) {
    assert.equal(tableOf(one, "outcomes").parameters, {
      EXTERNAL: "TRUE",
      "projection.enabled": "true",
      "projection.dt.type": "date",
      "projection.dt.format": "yyyy-MM-dd",
      "projection.dt.range": "NOW-99DAYS,NOW+1DAYS",
    });
  }
});
catalog("has every field of a lead as a column in lower case", () => {
  const names = columnsOf(stack, "enriched").map(({ name }) => name);
  assert.equal(
    names,
    tables[0]?.columns.map(({ name }) => name.toLowerCase()),
  );
  const email = columnsOf(stack, "enriched").find(({ name }) => name === "email");
  assert.match(email?.type ?? "", /^struct<address:string,/);
});
catalog("has the views in Trino's form, with the types of both dialects", () => {
  for (const { name, sql, columns } of views) {
    const { originalSql, catalog: of, schema, columns: types } = viewOf(stack, name);
    assert.equal([originalSql, of, schema], [sql, "awsdatacatalog", "leadwire_dev_athena"]);
    const both = columnsOf(stack, name).map((column, index) => [column.name, column.type, types[index]?.type]);
    assert.equal(
      both.map(([column]) => column),
      columns.map((column) => column.name),
    );
    assert.equal(
      both.find(([column]) => column === "received_at"),
      ["received_at", "timestamp", "timestamp(3)"],
    );
    const { table_type, parameters, view_expanded_text, storage_descriptor } = tableOf(stack, name);
    assert.equal(
      [table_type, parameters, view_expanded_text],
      ["VIRTUAL_VIEW", { presto_view: "true", comment: "Presto View" }, "/* Presto View */"],
    );
    const { columns: _, ...storage } = storage_descriptor as Block;
    assert.equal(storage, { ser_de_info: { name: "-", serialization_library: "-" } });
  }
  assert.equal(
    viewOf(stack, "leads").columns.find(({ name }) => name === "score_reasons"),
    { name: "score_reasons", type: "array(varchar)" },
  );
});
catalog("says what tables and columns mean, in comments that Glue accepts, of at most 255 characters", () => {
  for (const { name, meaning, columns } of [...tables, ...views]) {
    const comments = columnsOf(stack, name).map(({ comment }) => comment);
    assert.equal(
      comments,
      columns.map((column) => column.meaning),
    );
    assert.is(tableOf(stack, name).description, meaning);
    for (const comment of comments) assert.ok(comment.length <= 255, comment);
  }
});
catalog("has the named queries in its workgroup", () => {
  for (const { name, meaning, sql } of namedQueries) {
    assert.equal(stack.settings(`aws_athena_named_query.athena_query_${name.replaceAll("-", "_")}`), {
      name,
      description: meaning,
      database: "leadwire_dev_athena",
      workgroup: ref("aws_athena_workgroup.athena.name"),
      query: sql(),
    });
  }
});
catalog("has a workgroup that no query overrides, with encrypted results in a bucket of their own", () => {
  const { configuration, ...workgroup } = stack.settings("aws_athena_workgroup.athena");
  const { bytes_scanned_cutoff_per_query: _, ...rest } = configuration as Block;
  // Past queries do not keep Terraform from destroying it.
  assert.equal(workgroup, { name: "leadwire-dev-athena", force_destroy: true });
  assert.equal(rest, {
    enforce_workgroup_configuration: true,
    engine_version: { selected_engine_version: "Athena engine version 3" },
    result_configuration: {
      output_location: `s3://${ref("aws_s3_bucket.athena_results.bucket")}/`,
      expected_bucket_owner: plain.accountId,
      encryption_configuration: { encryption_option: "SSE_S3" },
    },
  });
  const { rule } = stack.settings("aws_s3_bucket_lifecycle_configuration.athena_results");
  assert.equal(
    (rule as Block[])
      .slice(0, 2)
      .map(({ id, expiration, noncurrent_version_expiration }) => [id, expiration ?? noncurrent_version_expiration]),
    [
      ["expire-objects", [{ days: 7 }]],
      ["expire-noncurrent-versions", [{ noncurrent_days: 1 }]],
    ],
    "results are deleted after a week, and for good a day later",
  );
  for (const one of [stack, limited]) {
    const { bucket, ...protection } = one.settings("aws_s3_bucket.athena_results");
    assert.match(String(bucket), /^leadwire-dev-athena-results-\d{12}$/);
    assert.equal(protection, { force_destroy: true, lifecycle: { prevent_destroy: false } });
  }
});
catalog("tells its workgroup, its database and the analysts' role", () => {
  const outputs = Object.entries(stack.file.output).filter(([name]) => name.startsWith("athena_"));
  assert.equal(
    outputs.map(([name, { value }]) => [name, value]),
    [
      ["athena_analysts_role_arn", ref("aws_iam_role.athena_analysts.arn")],
      ["athena_database", "leadwire_dev_athena"],
      ["athena_workgroup", ref("aws_athena_workgroup.athena.name")],
    ],
  );
  assert.equal(stack.settings("aws_glue_catalog_database.athena"), { name: "leadwire_dev_athena" });
});
catalog("adds no function, queue, rule or alarm, so nothing runs while nobody queries", () => {
  const base = stackOf(plain);
  const added = stack.addresses.filter((address) => !base.addresses.includes(address));
  for (const address of added) assert.match(address, /^aws_(athena|glue|s3_bucket|iam_role)/);
  const changed = base.addresses.filter(
    (address) => JSON.stringify(base.settings(address)) !== JSON.stringify(stack.settings(address)),
  );
  assert.equal(changed, []);
});
catalog.run();

const roleIn = (of: SynthesizedStack) => {
  const values = (address: string) =>
    filled(of)
      .of(address.split(".")[0] ?? "")
      .find((one) => one.address === address)?.values;
  return {
    arn: String(values("aws_iam_role.athena_analysts")?.arn),
    policies: [policyOf(values("aws_iam_role_policy.athena_analysts_policy")?.policy)],
  };
};

const effects = suite("athena :: settings take effect");
const checks: Readonly<Record<SettingPath<Settings>, (settings: Settings, of: SynthesizedStack) => void>> = {
  analysts({ analysts }, of) {
    const [, , , , account] = roleIn(of).arn.split(":");
    const { Statement } = JSON.parse(String(of.settings("aws_iam_role.athena_analysts").assume_role_policy));
    assert.equal(Statement, [
      {
        Sid: "Assume",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: ["sts:AssumeRole"],
        Condition: { ArnLike: { "aws:PrincipalArn": analysts.map((one) => `arn:aws:iam::${account}:${one}`) } },
      },
    ]);
  },
  personalData({ personalData }, of) {
    const names = ["enriched", "outcomes", "leads", "leads_without_personal_data", "lead_outcomes"];
    const all = JSON.stringify(names.map((name) => [columnsOf(of, name), name.includes("lead") && viewOf(of, name)]));
    for (const field of ["address:string", "e164", '"otheremails"', '"jobtitle"', '"email_address"', '"message"'])
      assert.is(all.includes(field), personalData, field);
    assert.match(all, "freemail:boolean,disposable:boolean>");
    assert.match(all, "email_free_mail");
  },
  gigabytesPerQuery({ gigabytesPerQuery }, of) {
    const { configuration } = of.settings("aws_athena_workgroup.athena");
    assert.is((configuration as Block).bytes_scanned_cutoff_per_query, gigabytesPerQuery * 1e9);
  },
};
for (const [path, check] of Object.entries(checks)) {
  effects(path, () => {
    for (const { settings, stack: of } of stacks) check(settings, of);
  });
}
effects("permissionsBoundary and rolePath are those of the functions' roles", () => {
  const { permissions_boundary, path } = limited.settings("aws_iam_role.athena_analysts");
  assert.equal(
    [permissions_boundary, path],
    ["arn:aws:iam::222233334444:policy/leadwire-dev-functions-boundary", "/platform/"],
  );
});
effects("the views without personal data are the same, whichever name they have", () => {
  assert.equal(viewOf(limited, "leads"), viewOf(limited, "leads_without_personal_data"));
  assert.equal(viewOf(limited, "leads"), viewOf(stack, "leads_without_personal_data"));
  assert.is(catalogOf(true).views, views);
});
effects.run();

const analysts = suite("athena :: analysts");
const role = roleIn(stack);
const leads = "arn:aws:s3:::leadwire-dev-leads-333344445555";
const results = "arn:aws:s3:::leadwire-dev-athena-results-333344445555";
const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:333344445555:${resource}`;
const workgroup = arn("athena", "workgroup/leadwire-dev-athena");
const viaAthena = { "aws:CalledVia": ["athena.amazonaws.com"] };
type Call = readonly [actions: string, arn: string, context?: Readonly<Record<string, string | string[]>>];
/** What Athena, its console and its drivers ask for: https://docs.aws.amazon.com/athena/latest/ug/security-iam-athena.html */
const needed: readonly Call[] = [
  ["athena:ListDataCatalogs athena:ListWorkGroups", "*"],
  [
    "athena:GetDataCatalog athena:GetDatabase athena:GetTableMetadata athena:ListDatabases athena:ListTableMetadata",
    arn("athena", "datacatalog/AwsDataCatalog"),
  ],
  [
    "athena:BatchGetNamedQuery athena:BatchGetQueryExecution athena:GetNamedQuery athena:GetQueryExecution athena:GetQueryResults athena:GetQueryResultsStream athena:GetWorkGroup athena:ListNamedQueries athena:ListQueryExecutions athena:StartQueryExecution athena:StopQueryExecution",
    workgroup,
  ],
  ["glue:GetDatabase glue:GetDatabases glue:GetTable glue:GetTables", arn("glue", "catalog")],
  ["glue:GetDatabase", arn("glue", "database/default")],
  ["glue:GetDatabase glue:GetTable glue:GetTables", arn("glue", "database/leadwire_dev_athena")],
  ["glue:GetTable glue:GetTables", arn("glue", "table/leadwire_dev_athena/enriched")],
  ["s3:GetBucketLocation", leads],
  ["s3:GetBucketLocation s3:ListBucket s3:ListBucketMultipartUploads", results],
  ["s3:ListBucket", leads, { ...viaAthena, "s3:prefix": "enriched/dt=2026-11-27/" }],
  ["s3:ListBucket", leads, { ...viaAthena, "s3:prefix": "outcomes/" }],
  ["s3:GetObject", `${leads}/enriched/dt=2026-11-27/crm-1.json`, viaAthena],
  ["s3:GetObject", `${leads}/outcomes/dt=2026-11-27/1.json`, viaAthena],
  ["s3:AbortMultipartUpload s3:GetObject s3:ListMultipartUploadParts s3:PutObject", `${results}/0b1c2d3e-result.csv`],
];
const calls = needed.flatMap(([actions, on, context]) =>
  actions.split(" ").map((action) => [action, on, context] as const),
);

analysts("may do what a query, the console and drivers ask for, and have no action that none of them asks for", () => {
  for (const [action, on, context] of calls) assert.ok(may(role, action, on, context), `${action} on ${on}`);
  for (const { Sid, Action, Resource } of stack.statements("aws_iam_role_policy.athena_analysts_policy")) {
    for (const action of Action)
      assert.ok(
        calls.some(([used]) => used === action),
        `${Sid}: ${action} is used`,
      );
    assert.not.match(Action.join(), /\*/);
    assert.is(Resource.includes("*"), Sid === "FindWorkgroups", Sid);
  }
});
analysts("may do the same within the boundary of the roles that workflows create", () => {
  const { accountId, region } = plain;
  const place = { accountId, region, environmentName: "dev", prefix: "leadwire-dev" };
  const boundary = policyOf(policyDocument(functionsBoundary(place)));
  for (const [action, on, context] of calls) assert.ok(may({ ...role, boundary }, action, on, context), action);
});
analysts("may not read leads but by Athena, and never raw leads, fetched records or versions", () => {
  const day = `${leads}/enriched/dt=2026-11-27`;
  const refused: readonly Call[] = [
    ["s3:GetObject", `${day}/crm-1.json`],
    ["s3:GetObject", `${day}/crm-1.json`, { "aws:CalledVia": ["cloudformation.amazonaws.com"] }],
    ["s3:GetObjectVersion", `${day}/crm-1.json`, viaAthena],
    ["s3:GetObject", `${leads}/crm-1.json`, viaAthena],
    ["s3:GetObject", `${leads}/fetched/crm-1.json`, viaAthena],
    ["s3:ListBucket", leads, viaAthena],
    ["s3:ListBucket", leads, { ...viaAthena, "s3:prefix": "fetched/" }],
    ["s3:ListBucket", leads, { "s3:prefix": "enriched/" }],
  ];
  for (const [action, on, context] of refused) assert.not(may(role, action, on, context), `${action} on ${on}`);
});
analysts("may not write leads or the catalog, nor use another workgroup, database or function", () => {
  const refused: readonly Call[] = [
    ["s3:PutObject", `${leads}/enriched/dt=2026-11-27/crm-1.json`, viaAthena],
    ["s3:DeleteObject", `${results}/0b1c2d3e-result.csv`],
    ["glue:CreateTable", arn("glue", "table/leadwire_dev_athena/mine"), viaAthena],
    ["glue:UpdateTable", arn("glue", "table/leadwire_dev_athena/enriched"), viaAthena],
    ["glue:GetTable", arn("glue", "table/default/enriched"), viaAthena],
    ["glue:GetTable", arn("glue", "table/leadwire_prod_athena/enriched"), viaAthena],
    ["athena:StartQueryExecution", arn("athena", "workgroup/primary")],
    ["athena:StartQueryExecution", arn("athena", "workgroup/leadwire-prod-athena")],
    ["athena:UpdateWorkGroup", workgroup],
    ["athena:CreateNamedQuery", workgroup],
    ["lambda:InvokeFunction", arn("lambda", "function:leadwire-dev-enrich"), viaAthena],
  ];
  for (const [action, on, context] of refused) assert.not(may(role, action, on, context), `${action} on ${on}`);
});
analysts.run();
