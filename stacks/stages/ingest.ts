import type { Construct } from "constructs";
import { type SourceSettings, Variable } from "../../functions/runtime/names.ts";
import { BundledFunction } from "../../modules/bundled-function.ts";
import { HttpEndpoint } from "../../modules/http-endpoint.ts";
import type { Statement } from "../../modules/policy.ts";
import { commonVariables, functionSettings, type Pipeline, parameterName, readSecrets } from "./stage.ts";

/** Accepts leads: the HTTP API and its function. */
export function ingestStage(scope: Construct, pipeline: Pipeline) {
  const { prefix, environment, bundles, bucket, tuning } = pipeline;
  const sources = sourcesOf(pipeline);
  const secrets = Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, source.secretParameter]));
  const lambda = new BundledFunction(scope, "ingest", {
    ...functionSettings("ingest", pipeline),
    description: "Verifies requests of sources and stores their leads.",
    bundle: bundles.ingest,
    tuning: tuning.ingest,
    variables: { ...commonVariables(pipeline), [Variable.sources]: JSON.stringify(sources) },
    statements: [storeRawLeads(bucket.arn, Object.keys(sources)), readSecrets(environment, Object.values(secrets))],
  });
  const endpoint = new HttpEndpoint(scope, "api", {
    name: `${prefix}-api`,
    description: "Takes leads from CRMs.",
    route: { method: "POST", path: "/{source}" },
    lambda: lambda.lambda,
    throttling: environment.api,
    logRetentionDays: environment.logRetentionDays,
  });
  return { lambda, endpoint, secretParameters: secrets };
}

/** What ingest has to know of each source: its format, and the name of the parameter with its signing secret. */
const sourcesOf = ({ environmentName, environment }: Pipeline): Readonly<Record<string, SourceSettings>> =>
  Object.fromEntries(
    Object.entries(environment.sources).map(([name, { format }]) => [
      name,
      { format, secretParameter: parameterName(environmentName, "sources", name, "signing-secret") },
    ]),
  );

const storeRawLeads = (bucketArn: string, sources: readonly string[]): Statement => ({
  sid: "StoreRawLeads",
  actions: ["s3:PutObject"],
  resources: sources.map((source) => `${bucketArn}/${source}-*`),
});
