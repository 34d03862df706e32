import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Environment } from "../../environments/environment.ts";
import { type SourceFormats, sourceFormats } from "../../functions/sources/index.ts";
import { parsed, ref } from "../helpers/synth.ts";
import { stackOf, unusual } from "../helpers/unusual-environment.ts";

const own = sourceFormats["standard-webhooks"];
const apiUrl = {
  type: "string",
  bound: "a URL",
  reason: "R.",
  check: () => true,
  default: "https://api.example",
} as const;
const formats: SourceFormats = {
  plain: own,
  challenged: { ...own, secrets: ["app-secret", "verify-token"], answersGet: true },
  thin: {
    ...own,
    settings: { apiUrl },
    fetch: {
      concurrency: 1,
      secrets: ["api-token", "refresh-token"],
      load: () => Promise.reject(new Error("not in a stack")),
    },
  },
};
const stackWith = (...names: string[]) => {
  const sources = Object.fromEntries(names.map((name) => [`my-${name}`, { format: name }]));
  const environment = { ...unusual, sources, slack: { ...unusual.slack, routes: [] } } as unknown as Environment;
  return stackOf(environment, { formats: { ...sourceFormats, ...formats } });
};
const plain = stackWith("plain");
const stack = stackWith("plain", "challenged", "thin");
const variables = (name: string, of = stack) =>
  (of.settings(`aws_lambda_function.${name}`).environment as { variables: Record<string, string> }).variables;
const parameter = (source: string, secret: string) => `/leadwire/dev/sources/my-${source}/${secret}`;
const arn = (...of: Parameters<typeof parameter>) => `arn:aws:ssm:eu-west-1:222233334444:parameter${parameter(...of)}`;
const statement = (name: string, sid: string, of = stack) =>
  of.statements(`aws_iam_role_policy.${name}`).find(({ Sid }) => Sid === sid);

const sources = suite("stacks :: sources");

sources("settings are in a parameter each, with their defaults, and a plan shows them", () => {
  const parameters = stack.all("aws_ssm_parameter").map(([name]) => {
    const { description: _, ...settings } = stack.settings(`aws_ssm_parameter.${name}`);
    return settings;
  });
  const common = { fields: {}, crmHosts: [], testLeads: "announce", title: own.title };
  assert.equal(parameters, [
    ...["challenged", "plain", "thin"].map((source) => ({
      name: parameter(source, "settings"),
      type: "String",
      insecure_value: JSON.stringify(source === "thin" ? { ...common, apiUrl: "https://api.example" } : common),
    })),
    {
      name: "/leadwire/dev/sources/smoke/settings",
      type: "String",
      insecure_value: JSON.stringify({ ...common, title: "Smoke test" }),
    },
  ]);
});

sources("have a route of their own if they have throttling, and the others share one", () => {
  const throttling = { requestsPerSecond: 3, burst: 5 };
  const { forms } = unusual.sources;
  const throttled = stackOf({ ...unusual, sources: { forms, shop: { ...forms, throttling } } });
  assert.equal(
    throttled.all("aws_apigatewayv2_route").map(([, { route_key }]) => route_key),
    ["POST /{source}", "POST /shop"],
  );
  const { route_settings, default_route_settings } = throttled.settings("aws_apigatewayv2_stage.api");
  assert.equal(route_settings, [{ route_key: "POST /shop", throttling_rate_limit: 3, throttling_burst_limit: 5 }]);
  assert.equal(default_route_settings, { throttling_rate_limit: 33, throttling_burst_limit: 66 });
  assert.not.match(JSON.stringify(throttled.all("aws_ssm_parameter")), "throttling");
  assert.equal(stack.settings("aws_apigatewayv2_stage.api").route_settings, []);
});
sources("ingest and enrich know the format of each source, and where its parameters are", () => {
  for (const name of ["ingest", "enrich"]) {
    const { SOURCES, SOURCE_PARAMETERS } = variables(name);
    assert.equal(parsed(SOURCES), {
      "my-plain": "plain",
      "my-challenged": "challenged",
      "my-thin": "thin",
      smoke: "standard-webhooks",
    });
    assert.is(SOURCE_PARAMETERS, "/leadwire/dev/sources");
  }
});

const smokeSettings = ref("aws_ssm_parameter.sources_smoke.arn");
const smokeSecret = "/leadwire/dev/sources/smoke/signing-secret";
const settings = (name: string) => ref(`aws_ssm_parameter.sources_my_${name}.arn`);
sources("ingest may read settings and the secrets of doors, and no token", () => {
  assert.equal(statement("ingest", "ReadSources")?.Resource, [
    settings("plain"),
    arn("plain", "signing-secret"),
    settings("challenged"),
    arn("challenged", "app-secret"),
    arn("challenged", "verify-token"),
    settings("thin"),
    arn("thin", "signing-secret"),
    smokeSettings,
    `arn:aws:ssm:eu-west-1:222233334444:parameter${smokeSecret}`,
  ]);
});

sources("enrich may read settings and tokens, and no secret of a door", () => {
  const { Action, Resource } = statement("enrich", "ReadSources") ?? {};
  assert.equal(Action, ["ssm:GetParameters"]);
  assert.equal(Resource, [
    settings("plain"),
    settings("challenged"),
    settings("thin"),
    arn("thin", "api-token"),
    arn("thin", "refresh-token"),
    smokeSettings,
  ]);
});

sources("the output names all secrets of a source, first that which proves its requests", () => {
  assert.equal(stack.file.output.source_secret_parameters?.value, {
    "my-plain": [parameter("plain", "signing-secret")],
    "my-challenged": [parameter("challenged", "app-secret"), parameter("challenged", "verify-token")],
    "my-thin": ["signing-secret", "api-token", "refresh-token"].map((name) => parameter("thin", name)),
    smoke: [smokeSecret],
  });
});

sources("enrich may store records below fetched/, where no event rule looks", () => {
  const { Action, Resource } = statement("enrich", "StoreFetchedRecords") ?? {};
  assert.equal([Action, Resource], [["s3:PutObject"], [`${ref("aws_s3_bucket.leads_bucket.arn")}/fetched/*`]]);
});

sources("a stack without a source that is fetched gives enrich no place for records", () => {
  assert.is(statement("enrich", "StoreFetchedRecords", plain), undefined);
});

sources("the API takes GET requests only for a source that answers them", () => {
  const routes = (of: typeof stack) => of.all("aws_apigatewayv2_route").map(([, { route_key }]) => route_key);
  assert.equal([routes(plain), routes(stack)], [["POST /{source}"], ["POST /{source}", "GET /{source}"]]);
  const ofApi = (of: typeof stack) =>
    of.all("aws_lambda_permission").filter(([, { principal }]) => principal === "apigateway.amazonaws.com");
  const permissions = ofApi(stack).map(([, { source_arn, statement_id }]) => [
    String(source_arn).split("/*/")[1],
    statement_id,
  ]);
  assert.equal(permissions, [
    ["POST/{source}", "InvokeFromApi"],
    ["GET/{source}", "InvokeFromApiByGET"],
  ]);
  assert.is(ofApi(plain).length, 1);
});

sources.run();
