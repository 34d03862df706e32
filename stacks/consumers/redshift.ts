import { tables } from "../../analytics/tables.ts";
import type { OwnSettings } from "../../environments/environment.ts";
import { allow } from "../../modules/policy.ts";
import type { Consumer } from "./consumer.ts";
import { readerRole } from "./role.ts";

/**
 * The role with which Redshift copies enriched leads and outcomes into its own tables, by docs/redshift.sql. Nothing runs.
 * https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-redshift-service-database-users.html
 */
export const redshift: Consumer<OwnSettings["redshift"]> = {
  alarms: [],
  prepare:
    ({ databaseUsers }) =>
    (scope, pipeline) => {
      const { accountId, region } = pipeline.environment;
      const users = databaseUsers.map((user) => `arn:aws:redshift:${region}:${accountId}:dbuser:${user}`);
      const { arn } = pipeline.bucket;
      const prefixes = tables.map(({ prefix }) => `${prefix}*`);
      const list = allow("ListLeads", ["s3:ListBucket"], [arn]);
      const keys = prefixes.map((prefix) => `${arn}/${prefix}`);
      const role = readerRole(scope, pipeline, "copy", {
        trust: {
          principal: { Service: ["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"] },
          condition: { StringEquals: { "sts:ExternalId": users } },
        },
        statements: [
          { ...list, condition: { StringLike: { "s3:prefix": prefixes } } },
          allow("CopyLeads", ["s3:GetObject"], keys),
        ],
      });
      return { outputs: { copy_role_arn: role.arn } };
    },
};
