import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ApiSettings } from "../../src/http/api-settings.ts";
import { answerOf, type HttpRequest, payload } from "../../src/http/payload.ts";
import { TokenBucket } from "../../src/http/token-bucket.ts";

const route = {
  key: "POST /{source}",
  method: "POST",
  path: /^\/(?<source>[^/]+)$/,
  functionName: "f",
  timeoutMilliseconds: 1,
  rateLimit: 1,
  burstLimit: 1,
};
const executionArn = "arn:aws:execute-api:eu-central-1:111122223333:local";
const api: ApiSettings = { id: "local", stage: "$default", executionArn, routes: [route] };

const request = (change: Partial<HttpRequest> = {}): HttpRequest => ({
  method: "POST",
  url: "/website",
  headers: { host: "127.0.0.1:1", "content-type": "application/json", "user-agent": "test" },
  body: Buffer.from('{"a":"ü"}'),
  receivedAt: new Date("2026-11-05T06:07:08Z"),
  sourceIp: "127.0.0.1",
  ...change,
});
const eventOf = (change: Partial<HttpRequest> = {}) => payload(request(change), route, { source: "website" }, api);

const event = suite("payload format 2.0");

event("text stays text, everything else is base64", () => {
  assert.is(eventOf().body, '{"a":"ü"}');
  assert.is(eventOf().isBase64Encoded, false);
  const binary = eventOf({ headers: { "content-type": "application/octet-stream" } });
  assert.equal([binary.body, binary.isBase64Encoded], [Buffer.from('{"a":"ü"}').toString("base64"), true]);
});

event("a request without a body has none", () => {
  assert.is("body" in eventOf({ body: Buffer.alloc(0) }), false);
});

event("path, route and time are where API Gateway puts them", () => {
  const made = eventOf();
  assert.match(made.requestContext.requestId, /^[0-9a-f-]{36}$/);
  assert.equal(made, {
    version: "2.0",
    routeKey: "POST /{source}",
    rawPath: "/website",
    rawQueryString: "",
    headers: { host: "127.0.0.1:1", "content-type": "application/json", "user-agent": "test" },
    requestContext: {
      accountId: "anonymous",
      apiId: "local",
      domainName: "127.0.0.1:1",
      domainPrefix: "local",
      http: { method: "POST", path: "/website", protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
      requestId: made.requestContext.requestId,
      routeKey: "POST /{source}",
      stage: "$default",
      time: "05/Nov/2026:06:07:08 +0000",
      timeEpoch: 1793858828000,
    },
    pathParameters: { source: "website" },
    body: '{"a":"ü"}',
    isBase64Encoded: false,
  });
});

event("a route without a variable has no path parameters", () => {
  assert.is("pathParameters" in payload(request(), route, {}, api), false);
});

event("repeated query parameters are joined, cookies stand apart", () => {
  const { rawQueryString, queryStringParameters, cookies, headers } = eventOf({
    url: "/website?a=1&b=x%20y&a=2",
    headers: { cookie: "k=v; l=w" },
  });
  assert.is(rawQueryString, "a=1&b=x%20y&a=2");
  assert.equal(queryStringParameters, { a: "1,2", b: "x y" });
  assert.equal(cookies, ["k=v", "l=w"]);
  assert.is(headers.cookie, undefined);
});

event.run();

const ok = (result: unknown) => answerOf({ ok: true, payload: JSON.stringify(result) });
const failed = (errorType: string) =>
  answerOf({ ok: false, status: "error", error: { errorType, errorMessage: "secret" } });

const answer = suite("http answer");

answer("an object with a status code speaks for itself", () => {
  const { status, headers, body } = ok({ statusCode: 202, headers: { "Retry-After": 5 }, body: "{}" });
  assert.equal([status, headers["retry-after"], body.toString()], [202, "5", "{}"]);
  assert.is(ok({ statusCode: 200, body: "aGk=", isBase64Encoded: true }).body.toString(), "hi");
});

answer("anything else is a 200 with its JSON", () => {
  assert.equal([ok({ a: 1 }).status, ok({ a: 1 }).body.toString()], [200, '{"a":1}']);
  assert.is(ok("text").body.toString(), '"text"');
  assert.equal([ok([1]).status, ok([1]).body.toString()], [200, "[1]"]);
});

answer("a function's error, or an answer that cannot be read, is a 500 that tells nothing", () => {
  const unreadable = [
    { statusCode: "soon" },
    { statusCode: 99 },
    { statusCode: 600 },
    { statusCode: 200, body: { a: 1 } },
  ];
  for (const bad of [failed("Error"), ...unreadable.map(ok)]) {
    assert.equal([bad.status, bad.body.toString()], [500, '{"message":"Internal Server Error"}']);
  }
});

answer("a throttled function is a 503", () => {
  assert.is(failed("TooManyRequestsException").status, 503);
});

answer.run();

const bucket = suite("token bucket");

bucket("a burst passes, then one at a time as the rate refills it", () => {
  let now = 0;
  const tokens = new TokenBucket(1, 3, () => now);
  assert.equal(
    [1, 2, 3, 4].map(() => tokens.take()),
    [true, true, true, false],
  );
  assert.is(tokens.secondsToNext, 1);
  now = 1000;
  assert.equal([tokens.take(), tokens.take()], [true, false]);
  now = 60_000;
  assert.equal(
    [1, 2, 3, 4].map(() => tokens.take()),
    [true, true, true, false],
    "the bucket holds no more than the burst",
  );
});

bucket.run();
