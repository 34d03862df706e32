import { AthenaNamedQuery } from "@cdktf/provider-aws/lib/athena-named-query/index.js";
import { AthenaWorkgroup } from "@cdktf/provider-aws/lib/athena-workgroup/index.js";
import { GlueCatalogDatabase } from "@cdktf/provider-aws/lib/glue-catalog-database/index.js";
import { GlueCatalogTable } from "@cdktf/provider-aws/lib/glue-catalog-table/index.js";
import type { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import type { Construct } from "constructs";
import { catalogOf } from "../../analytics/catalog.ts";
import { type Column, typeIn } from "../../analytics/columns.ts";
import { namedQueries } from "../../analytics/queries.ts";
import { partition, type Table } from "../../analytics/tables.ts";
import type { View } from "../../analytics/views.ts";
import type { OwnSettings } from "../../environments/environment.ts";
import { allow } from "../../modules/policy.ts";
import { PrivateBucket } from "../../modules/private-bucket.ts";
import type { Pipeline } from "../stages/stage.ts";
import type { Consumer } from "./consumer.ts";
import { readerRole } from "./role.ts";

/** Queries with SQL: a catalog of enriched leads and outcomes, a workgroup, named queries and a role for analysts. Nothing runs. */
export const athena: Consumer<OwnSettings["athena"]> = {
  alarms: [],
  prepare:
    ({ analysts, personalData, gigabytesPerQuery }) =>
    (scope, pipeline) => {
      const { prefix, environment, bucket } = pipeline;
      const database = prefix.replaceAll("-", "_");
      const { name: databaseName } = new GlueCatalogDatabase(scope, "database", { name: database });
      const { tables, views } = catalogOf(personalData);
      const all = [
        ...tables.map((table) => jsonTable(table, bucket.bucket, environment.leadRetentionDays)),
        ...views.map((view) => trinoView(view, database)),
      ];
      for (const table of all) new GlueCatalogTable(scope, table.name, { ...table, databaseName });
      const results = resultBucket(scope, pipeline);
      const { name: workgroup } = new AthenaWorkgroup(scope, "workgroup", {
        name: prefix,
        // Past queries would keep Terraform from destroying it.
        forceDestroy: true,
        configuration: {
          enforceWorkgroupConfiguration: true,
          bytesScannedCutoffPerQuery: gigabytesPerQuery * 1e9,
          engineVersion: { selectedEngineVersion: "Athena engine version 3" },
          resultConfiguration: {
            outputLocation: `s3://${results.bucket}/`,
            expectedBucketOwner: environment.accountId,
            encryptionConfiguration: { encryptionOption: "SSE_S3" },
          },
        },
      });
      for (const { name, meaning: description, sql } of namedQueries) {
        new AthenaNamedQuery(scope, `query-${name}`, { name, description, workgroup, database, query: sql() });
      }
      const role = analystsRole(scope, pipeline, analysts, results.arn);
      return { outputs: { workgroup, database, analysts_role_arn: role.arn } };
    },
};

/** Results hold what leads say, and each query can be run again, so they are deleted after days. */
const resultBucket = (scope: Construct, { prefix, environment }: Pipeline) =>
  new PrivateBucket(scope, "results", {
    name: `${prefix}-results-${environment.accountId}`,
    expirationDays: 7,
    noncurrentDays: 1,
    deletionProtection: false,
  }).bucket;

const glueColumns = (columns: readonly Column[]) =>
  columns.map(({ name, type, meaning }) => ({
    name: name.toLowerCase(),
    type: typeIn("glue", type),
    comment: meaning,
  }));

/**
 * A table over objects with one JSON object a line. Athena works out the partitions itself: one a day, below `dt=YYYY-MM-DD/`.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 */
const jsonTable = ({ name, meaning, prefix, columns }: Table, bucket: string, days: number) => ({
  name,
  description: meaning,
  tableType: "EXTERNAL_TABLE",
  parameters: {
    EXTERNAL: "TRUE",
    "projection.enabled": "true",
    [`projection.${partition}.type`]: "date",
    [`projection.${partition}.format`]: "yyyy-MM-dd",
    [`projection.${partition}.range`]: `NOW-${days}DAYS,NOW+1DAYS`,
  },
  partitionKeys: [{ name: partition, type: "string" }],
  storageDescriptor: {
    location: `s3://${bucket}/${prefix}`,
    columns: glueColumns(columns),
    inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    serDeInfo: { serializationLibrary: "org.apache.hive.hcatalog.data.JsonSerDe" },
  },
});

/**
 * A view in the form in which Trino, which Athena is made of, keeps one in a catalog.
 * https://github.com/trinodb/trino/blob/476/plugin/trino-hive/src/main/java/io/trino/plugin/hive/ViewReaderUtil.java
 */
function trinoView({ name, meaning, sql, columns }: View, schema: string) {
  const types = columns.map((column) => ({ name: column.name, type: typeIn("trino", column.type) }));
  const definition = JSON.stringify({ originalSql: sql, catalog: "awsdatacatalog", schema, columns: types });
  return {
    name,
    description: meaning,
    tableType: "VIRTUAL_VIEW",
    parameters: { presto_view: "true", comment: "Presto View" },
    viewOriginalText: `/* Presto View: ${Buffer.from(definition).toString("base64")} */`,
    viewExpandedText: "/* Presto View */",
    // Athena wants some SerDe, and uses none for a view.
    storageDescriptor: { columns: glueColumns(columns), serDeInfo: { name: "-", serializationLibrary: "-" } },
  };
}

const actions = (service: string, names: string) => names.split(" ").map((name) => `${service}:${name}`);
/** Actions of queries, on the workgroup, and of the console and drivers, on the account's catalog. */
export const queryActions = actions(
  "athena",
  "BatchGetNamedQuery BatchGetQueryExecution GetDataCatalog GetDatabase GetNamedQuery GetQueryExecution GetQueryResults GetQueryResultsStream GetTableMetadata GetWorkGroup ListDatabases ListNamedQueries ListQueryExecutions ListTableMetadata StartQueryExecution StopQueryExecution",
);
export const tableActions = actions("glue", "GetDatabase GetDatabases GetTable GetTables");
/** https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html */
const resultActions = actions(
  "s3",
  "AbortMultipartUpload GetObject ListBucket ListBucketMultipartUploads ListMultipartUploadParts PutObject",
);

/**
 * The role that analysts assume, to run queries in the workgroup over the tables of the catalog. They read objects by Athena
 * only, so a field that no table names stays unknown to them. Analysts who do not exist are no error: they stand in a condition.
 * https://docs.aws.amazon.com/athena/latest/ug/security-iam-athena-calledvia.html
 */
function analystsRole(scope: Construct, pipeline: Pipeline, analysts: readonly string[], results: string): IamRole {
  const { prefix, bucket, environment } = pipeline;
  const { accountId, region } = environment;
  const account = `arn:aws:iam::${accountId}`;
  const principals = { ArnLike: { "aws:PrincipalArn": analysts.map((analyst) => `${account}:${analyst}`) } };
  const arns = (service: string, ...parts: string[]) =>
    parts.map((part) => `arn:aws:${service}:${region}:${accountId}:${part}`);
  const database = prefix.replaceAll("-", "_");
  // Athena asks for the default database too: https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html
  const tables = arns("glue", "catalog", "database/default", `database/${database}`, `table/${database}/*`);
  const viaAthena = { "ForAnyValue:StringEquals": { "aws:CalledVia": ["athena.amazonaws.com"] } };
  const prefixes = catalogOf(true).tables.map((table) => `${table.prefix}*`);
  const inPrefixes = { ...viaAthena, StringLike: { "s3:prefix": prefixes } };
  const keys = prefixes.map((keys) => `${bucket.arn}/${keys}`);
  const statements = [
    // These actions know no resources.
    allow("FindWorkgroups", ["athena:ListDataCatalogs", "athena:ListWorkGroups"], ["*"]),
    allow("RunQueries", queryActions, arns("athena", `workgroup/${prefix}`, "datacatalog/AwsDataCatalog")),
    allow("SeeTables", tableActions, tables),
    allow("FindBuckets", ["s3:GetBucketLocation"], [bucket.arn, results]),
    { ...allow("ListLeads", ["s3:ListBucket"], [bucket.arn]), condition: inPrefixes },
    { ...allow("QueryLeads", ["s3:GetObject"], keys), condition: viaAthena },
    allow("KeepResults", resultActions, [results, `${results}/*`]),
  ];
  const trust = { principal: { AWS: `${account}:root` }, condition: principals };
  return readerRole(scope, pipeline, "analysts", { trust, statements });
}
