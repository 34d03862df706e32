import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { apiSettings } from "../../src/http/api-settings.ts";
import { startStack } from "../../src/index.ts";
import { readStack } from "../../src/stack/stack-file.ts";
import { account, buildStack, httpApi, type Json, ref, region, type TestStack } from "../helpers/build-stack.ts";
import { failureOf } from "../helpers/failure.ts";
import { inTime } from "../helpers/in-time.ts";
import { withStack } from "../helpers/running-stack.ts";
import { tempFolder } from "../helpers/temp-folder.ts";

const answering = "export const handler = async (event) => ({ statusCode: 202, body: event.body ?? '' });";

/** A function behind an API. `change` changes the API's resources. */
const stackWith = (
  source: string,
  change: (resources: ReturnType<typeof httpApi>) => Json = (resources) => resources,
  attributes: Json = {},
): TestStack => ({
  functions: { f: { source, attributes } },
  resource: change(httpApi("f")) as NonNullable<TestStack["resource"]>,
});
const withIntegration = (more: Json) => (resources: ReturnType<typeof httpApi>) => ({
  ...resources,
  aws_apigatewayv2_integration: { api: { ...resources.aws_apigatewayv2_integration.api, ...more } },
});
const withPermission = (more: Json) => (resources: ReturnType<typeof httpApi>) => ({
  ...resources,
  aws_lambda_permission: { api: { ...resources.aws_lambda_permission.api, ...more } },
});
const withStage = (more: Json) => (resources: ReturnType<typeof httpApi>) => ({
  ...resources,
  aws_apigatewayv2_stage: { live: { name: "$default", ...more } },
});

const post = async (url: string, body: string | Buffer<ArrayBuffer> = "{}") => {
  const answer = await fetch(`${url}/website`, { method: "POST", body });
  return [answer.status, await answer.text()] as const;
};

const api = suite("HTTP API");

api("gives up after 30 s, unless the integration says otherwise", () => {
  const urls = { gatewayUrl: "http://127.0.0.1:1", apiUrl: "http://127.0.0.1:2" };
  const read = (more: Json) => apiSettings(readStack(buildStack(stackWith(answering, withIntegration(more))), urls));
  const [{ path, ...route } = {}] = read({})?.routes ?? [];
  assert.equal(
    { ...read({}), routes: [route] },
    {
      id: "local",
      stage: "$default",
      executionArn: `arn:aws:execute-api:${region}:${account}:local`,
      routes: [
        {
          key: "POST /{shop}",
          method: "POST",
          functionName: "test-f",
          timeoutMilliseconds: 30_000,
          rateLimit: 10_000,
          burstLimit: 5000,
        },
      ],
    },
  );
  assert.equal(path?.exec("/website")?.groups?.shop, "website");
  assert.is(read({ timeout_milliseconds: 50 })?.routes[0]?.timeoutMilliseconds, 50);
});

api("an answer that HTTP does not allow is a 500, and the API goes on", () => {
  const source = `export const handler = async (event) => ({ statusCode: 202, headers: { "x-bad": event.body } });`;
  return withStack(stackWith(source), async ({ api: { url } }) => {
    assert.is((await post(url, "two\nlines"))[0], 500);
    assert.is((await post(url, "one line"))[0], 202);
  });
});

api("an integration that takes longer than its timeout is a 503, and the function goes on", () => {
  const answered = join(tempFolder(), "answered");
  const source = `
    import { existsSync } from "node:fs";
    import { setTimeout as wait } from "node:timers/promises";
    export const handler = async () => { while (!existsSync(${JSON.stringify(answered)})) await wait(10); };`;
  return withStack(stackWith(source, withIntegration({ timeout_milliseconds: 50 })), async (aws) => {
    const over = new Promise<string>((resolve) => {
      aws.functions.get("test-f")?.on("invoked", ({ status }) => resolve(status));
    });
    assert.equal(await post(aws.api.url), [503, '{"message":"Service Unavailable"}']);
    writeFileSync(answered, "");
    assert.is(await over, "success");
  });
});

api("a route that is not there is a 404, and a body above 10 MB is a 413", () =>
  withStack(stackWith(answering), async ({ api: { url } }) => {
    const get = await fetch(`${url}/website`);
    assert.equal([get.status, await get.text()], [404, '{"message":"Not Found"}']);
    assert.is((await fetch(`${url}/a/b`, { method: "POST" })).status, 404);
    const sizes = [10 * 1024 * 1024, 10 * 1024 * 1024 + 1];
    const statuses = await Promise.all(sizes.map(async (size) => (await post(url, Buffer.alloc(size, "a")))[0]));
    assert.equal(statuses, [202, 413]);
  }),
);

api("a route of any method takes every method, and a named stage is the first part of the path", () => {
  const change = (resources: ReturnType<typeof httpApi>) => ({
    ...withStage({ name: "live" })(resources),
    aws_apigatewayv2_route: { api: { ...resources.aws_apigatewayv2_route.api, route_key: "ANY /{shop}" } },
  });
  return withStack(stackWith(answering, change), async ({ api: { url } }) => {
    for (const method of ["GET", "PUT"]) assert.is((await fetch(`${url}/live/website`, { method })).status, 202);
    for (const path of ["/website", "/other/website"]) assert.is((await fetch(url + path)).status, 404);
  });
});

api("the stage's rate and burst throttle with 429", () => {
  const settings = { throttling_rate_limit: 0.001, throttling_burst_limit: 2 };
  return withStack(stackWith(answering, withStage({ default_route_settings: settings })), async ({ api: { url } }) => {
    const statuses = [];
    for (let request = 0; request < 3; request++) statuses.push((await post(url))[0]);
    assert.equal(statuses, [202, 202, 429]);
  });
});

/** A stack with further routes to the same function, before the one with a variable and behind it. */
const withRoutes = (before: string[], behind: string[], stage: Json = {}) =>
  stackWith("export const handler = async ({ routeKey }) => routeKey;", (resources) => {
    const named = (keys: string[], at: string) =>
      keys.map((route_key, index) => [`${at}_${index}`, { ...resources.aws_apigatewayv2_route.api, route_key }]);
    const { api: shared } = resources.aws_apigatewayv2_route;
    const routes = [...named(before, "a"), ["shared", shared], ...named(behind, "z")];
    return { ...withStage(stage)(resources), aws_apigatewayv2_route: Object.fromEntries(routes) };
  });

api("a route without a variable is preferred, then one with a variable, and a greedy one is the last", () => {
  const stack = withRoutes(["ANY /{rest+}", "ANY /website"], ["POST /website"]);
  return withStack(stack, async ({ api: { url } }) => {
    const answered = async (method: string, path: string) => (await fetch(url + path, { method })).text();
    assert.equal(
      [await answered("POST", "/website"), await answered("GET", "/website"), await answered("POST", "/other")],
      ["POST /website", "ANY /website", "POST /{shop}"].map((key) => JSON.stringify(key)),
    );
    assert.is(await answered("GET", "/a/b"), '"ANY /{rest+}"');
  });
});

api("each route is throttled alone, by settings of its own or else those of the stage", () => {
  const limits = (burst: number) => ({ throttling_rate_limit: 0.001, throttling_burst_limit: burst });
  const settings = {
    default_route_settings: limits(1),
    route_settings: [
      { route_key: "POST /none", ...limits(9) },
      { route_key: "POST /website", ...limits(2) },
    ],
  };
  return withStack(withRoutes([], ["POST /website", "POST /none"], settings), async ({ api: { url } }) => {
    const accepted = async (path: string) => {
      for (let count = 0; count < 5; count++) {
        if ((await fetch(url + path, { method: "POST" })).status === 429) return count;
      }
      return "all";
    };
    assert.equal([await accepted("/website"), await accepted("/other"), await accepted("/more")], [2, 1, 0]);
    assert.is(await accepted("/none"), "all");
  });
});

/** An alarm on requests that got 429, by a metric filter of the stage's access log. */
const countingThrottled =
  (filter: Json = {}) =>
  (resources: ReturnType<typeof httpApi>) => ({
    ...withStage({
      default_route_settings: { throttling_rate_limit: 0.001, throttling_burst_limit: 1 },
      access_log_settings: { destination_arn: ref("aws_cloudwatch_log_group.access.arn"), format: "{}" },
    })(resources),
    aws_cloudwatch_log_group: { access: { name: "access" }, other: { name: "other" } },
    aws_cloudwatch_log_metric_filter: {
      throttled: {
        name: "throttled",
        log_group_name: ref("aws_cloudwatch_log_group.access.name"),
        pattern: '{ $.status = "429" }',
        metric_transformation: { namespace: "shop", name: "Throttled", value: "1" },
        ...filter,
      },
    },
    aws_cloudwatch_metric_alarm: {
      throttled: {
        alarm_name: "throttled",
        namespace: "shop",
        metric_name: "Throttled",
        statistic: "Sum",
        period: 60,
        comparison_operator: "GreaterThanThreshold",
        threshold: 0,
        evaluation_periods: 1,
        treat_missing_data: "notBreaching",
      },
    },
  });

api("an answer that a metric filter of the API's access log is about counts, and no other one does", () =>
  withStack(stackWith(answering, countingThrottled()), async ({ api: { url }, monitoring }) => {
    const found = (state: string) =>
      inTime<void>(state, (resolve) => {
        monitoring.on("transition", ({ to }) => to === state && resolve());
      });
    assert.is((await post(url))[0], 202);
    await monitoring.tick(new Date());
    assert.is(monitoring.states.get("throttled"), "OK");
    const throttled = found("ALARM");
    assert.is((await post(url))[0], 429);
    await throttled;
  }),
);

api("a metric filter that does something else is an error at the start", async () => {
  for (const filter of [
    { pattern: "{ $.status = 4* }" },
    { log_group_name: "other" },
    { metric_transformation: { namespace: "shop", name: "Throttled", value: "$.latency" } },
    { metric_transformation: { namespace: "shop", name: "Throttled", value: "1", dimensions: { key: "$.routeKey" } } },
  ]) {
    const stackDir = buildStack(stackWith(answering, countingThrottled(filter)));
    const failure = await failureOf(startStack({ stackDir }));
    assert.match(failure.message, "aws_cloudwatch_log_metric_filter.throttled: local-aws simulates filters such as");
  }
});

api("a function's error is a 500 that tells nothing, and a throttled function is a 503", async () => {
  await withStack(stackWith('export const handler = () => { throw new Error("secret"); };'), async (aws) => {
    assert.equal(await post(aws.api.url), [500, '{"message":"Internal Server Error"}']);
  });
  const none = { reserved_concurrent_executions: 0 };
  await withStack(stackWith(answering, undefined, none), async (aws) => {
    assert.equal(await post(aws.api.url), [503, '{"message":"Service Unavailable"}']);
  });
});

const permissions: Record<string, [more: Json, status: number]> = {
  "the API's own account": [{ source_account: account }, 202],
  "the function by its ARN": [{ function_name: ref("aws_lambda_function.f.arn") }, 202],
  "another account": [{ source_account: "999999999999" }, 500],
  "another API": [{ source_arn: `arn:aws:execute-api:${region}:${account}:other/*/*/*` }, 500],
  "another service": [{ principal: "events.amazonaws.com" }, 500],
  "another action": [{ action: "lambda:GetFunction" }, 500],
};

api("a Lambda permission holds for its principal, action, source ARN and source account", async () => {
  for (const [what, [more, status]] of Object.entries(permissions)) {
    await withStack(stackWith(answering, withPermission(more)), async (aws) => {
      assert.is((await post(aws.api.url))[0], status, what);
      assert.is(aws.denials.lines().length, status === 202 ? 0 : 1, what);
    });
  }
});

api("a stack without an API answers 404", () =>
  withStack({}, async (aws) => {
    assert.equal(await post(aws.api.url), [404, '{"message":"Not Found"}']);
  }),
);

const refused: Record<string, [(resources: ReturnType<typeof httpApi>) => Json, RegExp]> = {
  "a second API": [
    (resources) => ({ ...resources, aws_apigatewayv2_api: { api: { name: "a" }, other: { name: "b" } } }),
    /takes one HTTP API with a stage/,
  ],
  "an authorizer": [
    (resources) => ({
      ...resources,
      aws_apigatewayv2_route: { api: { ...resources.aws_apigatewayv2_route.api, authorization_type: "JWT" } },
    }),
    /does not simulate authorizers/,
  ],
  "a route for signed requests": [
    (resources) => ({
      ...resources,
      aws_apigatewayv2_route: { api: { ...resources.aws_apigatewayv2_route.api, authorization_type: "AWS_IAM" } },
    }),
    /does not simulate authorizers/,
  ],
  "payload format 1.0": [withIntegration({ payload_format_version: "1.0" }), /payload_format_version must be "2\.0"/],
};

for (const [what, [change, message]] of Object.entries(refused)) {
  api(`${what} is an error at the start`, async () => {
    const { message: told } = await failureOf(startStack({ stackDir: buildStack(stackWith(answering, change)) }));
    assert.match(told, message);
  });
}

api.run();
