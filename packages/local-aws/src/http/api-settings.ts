import { sortBy } from "es-toolkit";
import { UnsupportedStackError } from "../errors.ts";
import { blocksField, field, numberField, textField } from "../stack/fields.ts";
import type { Resource, Stack } from "../stack/stack-file.ts";

/** A route of the HTTP API, with the function that it invokes. */
export interface Route {
  /** `POST /{source}`, as events carry it. */
  readonly key: string;
  readonly method: string;
  readonly path: RegExp;
  readonly functionName: string;
  readonly timeoutMilliseconds: number;
  /** Requests a second, and how many may come at once. */
  readonly rateLimit: number;
  readonly burstLimit: number;
}

export interface ApiSettings {
  readonly id: string;
  readonly stage: string;
  /** `arn:aws:execute-api:REGION:ACCOUNT:ID`; a request's own ARN adds stage, method and route. */
  readonly executionArn: string;
  /** In the order in which a request is tried on them. */
  readonly routes: readonly Route[];
}

/** The account's own limits, where a stage sets none. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const accountLimits = { rate: 10_000, burst: 5_000 };

/** `/a/{name}/{rest+}` as an expression with named groups. */
function pathExpression(path: string): RegExp {
  const source = path.replace(/\{(\w+)(\+?)\}|[.*?^$()[\]|\\]/g, (found, name?: string, greedy?: string) => {
    if (name === undefined) return `\\${found}`;
    return greedy === "+" ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`;
  });
  return new RegExp(`^${source}$`, "u");
}

function readRoute(route: Resource, stage: Resource, integrations: readonly Resource[]): Route {
  const key = textField(route, "route_key");
  const [method = "", path] = key.split(" ");
  if (path === undefined)
    throw new UnsupportedStackError(route.address, `local-aws does not simulate the route ${key}.`);
  if (route.values.authorization_type !== undefined && route.values.authorization_type !== "NONE") {
    throw new UnsupportedStackError(route.address, "local-aws does not simulate authorizers.");
  }
  const integration = integrations.find(({ values }) => route.values.target === `integrations/${values.id}`);
  if (!integration) throw new UnsupportedStackError(route.address, `there is no integration ${route.values.target}.`);
  if (field(integration, "payload_format_version") !== "2.0") {
    throw new UnsupportedStackError(integration.address, 'payload_format_version must be "2.0".');
  }
  const own = blocksField(stage, "route_settings").find(({ route_key }) => route_key === key);
  const limits = { ...stage, values: own ?? blocksField(stage, "default_route_settings")[0] ?? {} };
  return {
    key,
    method,
    path: pathExpression(path),
    functionName: /function:([\w-]+)/.exec(textField(integration, "integration_uri"))?.[1] ?? "",
    timeoutMilliseconds: numberField(integration, "timeout_milliseconds", 30_000),
    rateLimit: numberField(limits, "throttling_rate_limit", accountLimits.rate),
    burstLimit: numberField(limits, "throttling_burst_limit", accountLimits.burst),
  };
}

/**
 * Reads the stack's HTTP API; undefined when it has none.
 * @throws UnsupportedStackError when there are several, there is no stage, or one does what local-aws does not simulate
 */
export function apiSettings(stack: Stack): ApiSettings | undefined {
  const [api, another] = stack.of("aws_apigatewayv2_api");
  if (!api) return undefined;
  const [stage] = stack.of("aws_apigatewayv2_stage");
  if (!stage || another)
    throw new UnsupportedStackError("aws_apigatewayv2_api", "local-aws takes one HTTP API with a stage.");
  const integrations = stack.of("aws_apigatewayv2_integration");
  return {
    id: textField(api, "id"),
    stage: textField(stage, "name"),
    executionArn: textField(api, "execution_arn"),
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation
    routes: sortBy(
      stack.of("aws_apigatewayv2_route").map((route) => readRoute(route, stage, integrations)),
      [({ key }) => key.includes("+}"), ({ key }) => key.includes("{"), ({ method }) => method === "ANY"],
    ),
  };
}
