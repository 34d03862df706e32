import type { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import type { Construct } from "constructs";
import { messageDays } from "../environments/environment.ts";
import { reconcile } from "../flow.ts";
import { Variable } from "../functions/runtime/names.ts";
import { BundledFunction } from "../modules/bundled-function.ts";
import { allow } from "../modules/policy.ts";
import { Schedule } from "../modules/schedule.ts";
import { functionTuning } from "../modules/tuning/knobs.ts";
import { commonVariables, functionSettings, type Pipeline, readObjects } from "./stages/stage.ts";

/** The function that counts leads which stopped between stages, and its two schedules. It writes no lead. */
export function reconciliation(scope: Construct, pipeline: Pipeline, ledger: DynamodbTable): BundledFunction {
  const { prefix, environment, bundles, bucket, sources, undelivered } = pipeline;
  const { defaultCountry } = environment;
  const lambda = new BundledFunction(scope, reconcile.name, {
    ...functionSettings(reconcile.name, pipeline),
    description: "Counts leads that stopped between two stages.",
    bundle: bundles.reconcile,
    tuning: functionTuning({ timeoutSeconds: 900 }),
    variables: {
      ...commonVariables(pipeline),
      ...sources.variables,
      ...(defaultCountry && { [Variable.defaultCountry]: defaultCountry }),
      [Variable.ledgerTable]: ledger.name,
      [Variable.messageDays]: String(messageDays(environment)),
    },
    statements: [
      readObjects("ReadLeads", bucket.arn, "*"),
      allow("ListVersions", ["s3:ListBucketVersions"], [bucket.arn]),
      allow("ReadLedger", ["dynamodb:BatchGetItem", "dynamodb:GetItem"], [ledger.arn]),
      {
        ...allow("KeepWatermarks", ["dynamodb:PutItem"], [ledger.arn]),
        condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [`${reconcile.name}#*`] } },
      },
      sources.allowReading(() => []),
    ],
  });
  for (const [compare, { expression, description }] of Object.entries(reconcile.schedules)) {
    const name = `${reconcile.name}-${compare}`;
    const about = { name: `${prefix}-${name}`, description, expression, input: { compare } };
    undelivered.acceptFrom(new Schedule(scope, name, { ...about, lambda: lambda.lambda, undelivered }).rule);
  }
  return lambda;
}
