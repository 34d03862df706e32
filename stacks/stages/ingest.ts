import type { Construct } from "constructs";
import { BundledFunction } from "../../modules/bundled-function.ts";
import { HttpEndpoint } from "../../modules/http-endpoint.ts";
import { allow } from "../../modules/policy.ts";
import { commonVariables, functionSettings, type Pipeline } from "./stage.ts";

/** Accepts leads: the HTTP API and its function. */
export function ingestStage(scope: Construct, pipeline: Pipeline) {
  const { prefix, environment, bundles, bucket, sources, tuning } = pipeline;
  const keys = Object.keys(sources.byName).map((source) => `${bucket.arn}/${source}-*`);
  const lambda = new BundledFunction(scope, "ingest", {
    ...functionSettings("ingest", pipeline),
    description: "Verifies requests of sources and stores their leads.",
    bundle: bundles.ingest,
    tuning: tuning.ingest,
    variables: { ...commonVariables(pipeline), ...sources.variables },
    statements: [allow("StoreRawLeads", ["s3:PutObject"], keys), sources.allowReading(({ secrets }) => secrets)],
  });
  const answersGet = Object.values(sources.byName).some(({ declaration }) => declaration.answersGet);
  const methods = answersGet ? (["POST", "GET"] as const) : (["POST"] as const);
  const ownRoutes = Object.entries(environment.sources).flatMap(([name, { throttling }]) =>
    throttling ? [{ name, methods, path: `/${name}` as const, throttling }] : [],
  );
  const endpoint = new HttpEndpoint(scope, "api", {
    name: `${prefix}-api`,
    description: "Takes leads from CRMs.",
    routes: [{ methods, path: "/{source}" }, ...ownRoutes],
    lambda: lambda.lambda,
    throttling: environment.api,
    logRetentionDays: environment.logRetentionDays,
  });
  return { lambda, endpoint };
}
