import type { Construct } from "constructs";
import { mapValues } from "es-toolkit/object";
import { Variable } from "../../functions/runtime/names.ts";
import type { ConfiguredSource } from "../../functions/sources/index.ts";
import { BundledFunction } from "../../modules/bundled-function.ts";
import { HttpEndpoint } from "../../modules/http-endpoint.ts";
import { allow } from "../../modules/policy.ts";
import { parametersOf, type StackSource, sourcesOf } from "./sources.ts";
import { commonVariables, functionSettings, type Pipeline, readSecrets } from "./stage.ts";

/** Accepts leads: the HTTP API and its function. */
export function ingestStage(scope: Construct, pipeline: Pipeline) {
  const { prefix, environment, bundles, bucket, tuning } = pipeline;
  const all = sourcesOf(pipeline);
  const sources = mapValues(all, configuredSource);
  const secrets = Object.values(sources).flatMap(({ secretParameter, otherSecretParameters = {} }) => [
    secretParameter,
    ...Object.values(otherSecretParameters),
  ]);
  const keys = Object.keys(sources).map((source) => `${bucket.arn}/${source}-*`);
  const lambda = new BundledFunction(scope, "ingest", {
    ...functionSettings("ingest", pipeline),
    description: "Verifies requests of sources and stores their leads.",
    bundle: bundles.ingest,
    tuning: tuning.ingest,
    variables: { ...commonVariables(pipeline), [Variable.sources]: JSON.stringify(sources) },
    statements: [allow("StoreRawLeads", ["s3:PutObject"], keys), readSecrets(environment, secrets)],
  });
  const answersGet = Object.values(all).some(({ declaration }) => declaration.answersGet);
  const endpoint = new HttpEndpoint(scope, "api", {
    name: `${prefix}-api`,
    description: "Takes leads from CRMs.",
    route: { methods: answersGet ? ["POST", "GET"] : ["POST"], path: "/{source}" },
    lambda: lambda.lambda,
    throttling: environment.api,
    logRetentionDays: environment.logRetentionDays,
  });
  return { lambda, endpoint, secretParameters: mapValues(sources, ({ secretParameter }) => secretParameter) };
}

/** What ingest has to know of a source: its format and settings, and the parameters with the secrets of its requests. */
function configuredSource(source: StackSource): ConfiguredSource {
  const [proof, ...others] = source.declaration.secrets;
  return {
    ...source.settings,
    secretParameter: source.parameterOf(proof),
    ...(others.length > 0 && { otherSecretParameters: parametersOf(source, others) }),
  };
}
