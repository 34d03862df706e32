import type { Construct } from "constructs";
import { mapValues, pickBy } from "es-toolkit/object";
import { Variable } from "../../functions/runtime/names.ts";
import type { SourceDeclaration } from "../../functions/sources/declaration.ts";
import { type ConfiguredSource, sourceFormats } from "../../functions/sources/index.ts";
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
    const { settings, secrets }: SourceDeclaration = sourceFormats[source.format];
    const secretParameter = parameterName(environmentName, "sources", name, secrets[0]);
    return { ...withDefaults(settings, source), secretParameter };
  });

/** Fills in the defaults of the settings that a source leaves out. */
export function withDefaults<Settings extends object>(
  rules: SourceDeclaration["settings"],
  settings: Settings,
): Settings {
  const defaults = pickBy(
    mapValues(rules, (rule) => rule.default),
    (value) => value !== undefined,
  );
  return { ...defaults, ...settings };
}

const storeRawLeads = (bucketArn: string, sources: readonly string[]): Statement => ({
  sid: "StoreRawLeads",
  actions: ["s3:PutObject"],
  resources: sources.map((source) => `${bucketArn}/${source}-*`),
});
