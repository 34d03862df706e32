import type { Construct } from "constructs";
import { mapValues, pickBy } from "es-toolkit/object";
import { Variable } from "../../functions/runtime/names.ts";
import type { SettingRule } from "../../functions/sources/declaration.ts";
import { type ConfiguredSource, type SourceSettings, sourceFormats } from "../../functions/sources/index.ts";
import { BundledFunction } from "../../modules/bundled-function.ts";
import { HttpEndpoint } from "../../modules/http-endpoint.ts";
import type { Statement } from "../../modules/policy.ts";
import { commonVariables, functionSettings, type Pipeline, parameterName, readSecrets } from "./stage.ts";

/** Accepts leads: the HTTP API and its function. */
export function ingestStage(scope: Construct, pipeline: Pipeline) {
  const { prefix, environment, bundles, bucket, tuning } = pipeline;
  const sources = sourcesOf(pipeline);
  const secrets = mapValues(sources, ({ secretParameter }) => secretParameter);
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

/** What ingest has to know of each source: its format and settings, and the parameter with the secret of its requests. */
const sourcesOf = ({ environmentName, environment }: Pipeline): Readonly<Record<string, ConfiguredSource>> =>
  mapValues(environment.sources, (source, name) => {
    const [secret] = sourceFormats[source.format].secrets;
    return { ...withDefaults(source), secretParameter: parameterName(environmentName, "sources", name, secret) };
  });

/** Fills in the defaults of the settings that an environment leaves out. */
function withDefaults(source: SourceSettings): SourceSettings {
  const settings: Readonly<Record<string, SettingRule>> = sourceFormats[source.format].settings;
  const defaults = pickBy(
    mapValues(settings, (setting) => setting.default),
    (value) => value !== undefined,
  );
  return { ...defaults, ...source };
}

const storeRawLeads = (bucketArn: string, sources: readonly string[]): Statement => ({
  sid: "StoreRawLeads",
  actions: ["s3:PutObject"],
  resources: sources.map((source) => `${bucketArn}/${source}-*`),
});
