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

sources("ingest gets settings with their defaults, and the parameter of each secret of the door", () => {
  assert.equal(parsed(variables("ingest").SOURCES), {
    "my-plain": { format: "plain", secretParameter: parameter("plain", "signing-secret") },
    "my-challenged": {
      format: "challenged",
      secretParameter: parameter("challenged", "app-secret"),
      otherSecretParameters: { "verify-token": parameter("challenged", "verify-token") },
    },
    "my-thin": {
      format: "thin",
      apiUrl: "https://api.example",
      secretParameter: parameter("thin", "signing-secret"),
    },
  });
});

sources("ingest may read the secrets of doors, and no token", () => {
  assert.equal(statement("ingest", "ReadSecrets")?.Resource, [
    arn("plain", "signing-secret"),
    arn("challenged", "app-secret"),
    arn("challenged", "verify-token"),
    arn("thin", "signing-secret"),
  ]);
});

sources("enrich gets the sources that it fetches, and may read their tokens alone", () => {
  assert.equal(parsed(variables("enrich").FETCHED_SOURCES), {
    "my-thin": {
      format: "thin",
      settings: { apiUrl: "https://api.example" },
      secretParameters: {
        "api-token": parameter("thin", "api-token"),
        "refresh-token": parameter("thin", "refresh-token"),
      },
    },
  });
  const { Action, Resource } = statement("enrich", "ReadSecrets") ?? {};
  assert.equal([Action, Resource], [["ssm:GetParameter"], [arn("thin", "api-token"), arn("thin", "refresh-token")]]);
});

sources("enrich may store records below fetched/, where no event rule looks", () => {
  const { Action, Resource } = statement("enrich", "StoreFetchedRecords") ?? {};
  assert.equal([Action, Resource], [["s3:PutObject"], [`${ref("aws_s3_bucket.leads_bucket.arn")}/fetched/*`]]);
});

sources("a stack without a source that is fetched gives enrich neither a token nor a place for records", () => {
  assert.is(variables("enrich", plain).FETCHED_SOURCES, undefined);
  for (const sid of ["ReadSecrets", "StoreFetchedRecords"]) assert.is(statement("enrich", sid, plain), undefined);
});

sources("the API takes GET requests only for a source that answers them", () => {
  const routes = (of: typeof stack) => of.all("aws_apigatewayv2_route").map(([, { route_key }]) => route_key);
  assert.equal([routes(plain), routes(stack)], [["POST /{source}"], ["POST /{source}", "GET /{source}"]]);
  const permissions = stack
    .all("aws_lambda_permission")
    .map(([, { source_arn, statement_id }]) => [String(source_arn).split("/*/")[1], statement_id]);
  assert.equal(permissions, [
    ["POST/{source}", "InvokeFromApi"],
    ["GET/{source}", "InvokeFromApiByGET"],
  ]);
  assert.equal(plain.all("aws_lambda_permission").length, 1);
});

sources.run();
