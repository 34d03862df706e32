import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { readPlan } from "../../../ops/review/plan.ts";
import { markdownReport, textReport } from "../../../ops/review/report.ts";
import { review } from "../../../ops/review/review.ts";
import { type PlannedChange, planText } from "./plan-fixtures.ts";

const folder = join(import.meta.dirname, "reports");
const plans = join(import.meta.dirname, "plans");
/** Its report has the texts of knobs, which are another module's. */
const withKnobs = "setting-changed.json";

const reviewOf = (name: string) => review(readPlan(readFileSync(join(plans, name), "utf8")), undefined);

/** Types of resources, and what has a meaning of its own by its name. */
const addresses = [
  ...["apigatewayv2_api", "apigatewayv2_integration", "apigatewayv2_route", "apigatewayv2_stage", "athena_named_query"],
  ...["athena_workgroup", "cloudwatch_composite_alarm", "cloudwatch_dashboard", "cloudwatch_event_rule"],
  ...["cloudwatch_event_target", "cloudwatch_log_group", "cloudwatch_log_metric_filter", "cloudwatch_metric_alarm"],
  ...["dynamodb_table", "dynamodb_table.ledger", "glue_catalog_database", "glue_catalog_table"],
  ...["iam_openid_connect_provider", "iam_policy", "iam_role", "iam_role_policy", "iam_role_policy_attachment"],
  ...["kms_key", "lambda_event_source_mapping", "lambda_function", "lambda_function_recursion_config"],
  ...["lambda_permission", "s3_bucket", "s3_bucket.leads_bucket", "s3_bucket_lifecycle_configuration"],
  ...["s3_bucket_notification", "s3_bucket_ownership_controls", "s3_bucket_policy", "s3_bucket_public_access_block"],
  ...["s3_bucket_server_side_encryption_configuration", "s3_bucket_versioning", "sesv2_configuration_set"],
  ...["sesv2_configuration_set_event_destination", "sesv2_email_identity"],
  ...["sesv2_email_identity_mail_from_attributes", "sns_topic", "sns_topic_policy", "sns_topic_subscription"],
  ...["sqs_queue", "sqs_queue.leads", "sqs_queue.leads_dlq", "sqs_queue.notifications", "sqs_queue.events_dlq"],
  ...["sqs_queue_policy", "sqs_queue_redrive_allow_policy", "ssm_parameter", "ssm_service_setting"],
  // Types that the review does not know.
  ...["redshift_cluster", "route_table_association", "odd_attachment", "odd_permission", "odd_policy", "odd_rule"],
  ...["odd_route", "route53_record", "odd_alias", "odd_acl", "odd_listener", "odd_grant"],
].map((name) => `aws_${name.includes(".") ? name : `${name}.one`}`);

/** What the review says when resources are destroyed, replaced, forgotten or created, a line for each finding. */
async function everyType(): Promise<string> {
  const lines = [];
  const ledger = {
    address: "aws_lambda_function.notify",
    actions: ["no-op"],
    before: { environment: [{ variables: { LEAD_RETENTION_DAYS: "365" } }] },
  };
  for (const [index, address] of addresses.entries()) {
    // What is forgotten is the same of every type.
    const forgotten = index === 0 ? [["forget"]] : [];
    for (const actions of [["delete"], ["delete", "create"], ["create"], ...forgotten]) {
      const sides = { before: actions[0] === "create" ? null : {}, after: actions.at(-1) === "create" ? {} : null };
      const change: PlannedChange = { address, actions, ...sides };
      const { findings } = await review(readPlan(planText([change, ledger])), undefined);
      for (const finding of findings) {
        const { class: attention, kind, summary, before, after, why, todo } = finding;
        lines.push(
          [`${address}: ${attention} ${kind} ${summary}`, before, after, why, todo].filter(Boolean).join(" | "),
        );
      }
    }
  }
  return lines.join("\n");
}

/** What the review says, by the name of a file in `reports/`. */
export const reports: Readonly<Record<string, () => Promise<string>>> = {
  ...Object.fromEntries(
    readdirSync(plans)
      .filter((name) => name.endsWith(".json") && name !== withKnobs)
      .map((name) => [`${basename(name, ".json")}.txt`, async () => textReport(await reviewOf(name))]),
  ),
  "queue-renamed-in-flow.markdown.txt": async () => markdownReport(await reviewOf("queue-renamed-in-flow.json")),
  "every-type.txt": everyType,
};

/** The report as it was written last. */
export const written = (name: string): string => readFileSync(join(folder, name), "utf8").trimEnd();

if (import.meta.main) {
  for (const [name, make] of Object.entries(reports)) writeFileSync(join(folder, name), `${await make()}\n`);
}
