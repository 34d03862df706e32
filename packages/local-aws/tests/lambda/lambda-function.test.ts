import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mock } from "node:test";
import { setImmediate } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { unpackedCode } from "../../src/lambda/code.ts";
import { machineConcurrency } from "../../src/lambda/lambda-function.ts";
import { lambdaOf } from "../helpers/lambda.ts";
import { tempFolder } from "../helpers/temp-folder.ts";

const code = (source: string) => ({ "index.mjs": source });

async function invoke(source: string, attributes: Record<string, unknown> = {}, event: unknown = {}) {
  const { lambda, logs } = lambdaOf(code(source), attributes);
  const outcome = await lambda.invoke(event);
  const lines = logs.latest.map(({ line }) => line);
  await lambda.stop();
  await logs.close();
  return { outcome, lines };
}

async function errorOf(source: string, attributes: Record<string, unknown> = {}) {
  const { outcome } = await invoke(source, attributes);
  if (outcome.ok) throw new Error(`expected a failure, got ${outcome.payload}`);
  return outcome.error;
}

async function answerOf(source: string, attributes: Record<string, unknown> = {}, event: unknown = {}) {
  const { outcome } = await invoke(source, attributes, event);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return JSON.parse(outcome.payload);
}

const lambda = suite("lambda function");

lambda("answers with what the handler returns, and undefined becomes null", async () => {
  assert.equal(await answerOf("export const handler = async (event) => ({ got: event.x });", {}, { x: 1 }), { got: 1 });
  assert.is(await answerOf("export const handler = () => undefined;"), null);
});

lambda(
  "a function sees the stack's variables and Lambda's own, and nothing of the machine's, not even ~/.aws",
  async () => {
    process.env.SHOP_TEST_SECRET = "from the shell";
    const environment = { variables: { ORDERS_BUCKET: "b" } };
    const seen = await answerOf("export const handler = () => process.env;", { environment, memory_size: 256 });
    delete process.env.SHOP_TEST_SECRET;
    const { _X_AMZN_TRACE_ID, AWS_LAMBDA_LOG_STREAM_NAME, LAMBDA_TASK_ROOT, ...others } = seen;
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, ...plain } = others;
    assert.equal(plain, {
      ORDERS_BUCKET: "b",
      _HANDLER: "index.handler",
      LAMBDA_RUNTIME_DIR: "/var/runtime",
      LANG: "en_US.UTF-8",
      TZ: ":UTC",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_REGION: "eu-central-1",
      AWS_DEFAULT_REGION: "eu-central-1",
      AWS_LAMBDA_FUNCTION_NAME: "f",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/f",
      AWS_LAMBDA_LOG_FORMAT: "Text",
      AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
    });
    assert.match(_X_AMZN_TRACE_ID, /^Root=1-/);
    assert.match(AWS_LAMBDA_LOG_STREAM_NAME, /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    assert.match(LAMBDA_TASK_ROOT, /\/local-aws-code-\w+\/[0-9a-f]{64}$/);
    assert.match(AWS_ACCESS_KEY_ID, /^ASIA[0-9A-F]{16}$/);
    assert.ok(AWS_SECRET_ACCESS_KEY && AWS_SESSION_TOKEN);
  },
);

lambda("the context tells function, request, logs and the time that is left", async () => {
  const source = "export const handler = (event, c) => ({ ...c, left: c.getRemainingTimeInMillis() });";
  const { awsRequestId, logStreamName, left, ...context } = await answerOf(source, { timeout: 900 });
  assert.equal(context, {
    functionName: "f",
    functionVersion: "$LATEST",
    invokedFunctionArn: "arn:aws:lambda:eu-central-1:111122223333:function:f",
    memoryLimitInMB: "128",
    logGroupName: "/aws/lambda/f",
    callbackWaitsForEmptyEventLoop: true,
  });
  assert.match(awsRequestId, /^[0-9a-f-]{36}$/);
  assert.match(logStreamName, /\[\$LATEST\]/);
  assert.ok(left > 800_000 && left <= 900_000, String(left));
});

lambda("a function is ended at its timeout, with Lambda's message", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const source =
      'export const handler = () => { console.log("begun"); return new Promise(() => setInterval(() => {}, 1000)); };';
    const { lambda: hanging, logs } = lambdaOf(code(source), { timeout: 7 });
    const begun = new Promise<void>((resolve) => {
      logs.on("line", ({ line }) => line.includes("begun") && resolve());
    });
    let isOver = false;
    const ended = hanging.invoke({}).finally(() => {
      isOver = true;
    });
    await begun;
    mock.timers.tick(6999);
    await setImmediate();
    assert.not(isOver);
    mock.timers.tick(1);
    await setImmediate();
    assert.ok(isOver);
    const outcome = await ended;
    if (outcome.ok) throw new Error("It was expected to be ended.");
    assert.match(outcome.error.errorMessage, /Task timed out after 7\.00 seconds$/);
    assert.match(logs.latest.at(-1)?.line ?? "", /"type":"platform.report".*"status":"timeout"/);
    await hanging.stop();
    await logs.close();
  } finally {
    mock.timers.reset();
  }
});

lambda("a busy loop is ended as well", async () => {
  const error = await errorOf("export const handler = () => { for (;;); };", { timeout: 1 });
  assert.is(error.errorType, "Sandbox.Timedout");
});

const initErrors: Record<string, [Record<string, string>, string, RegExp]> = {
  "no such file": [{ "other.mjs": "" }, "Runtime.ImportModuleError", /Cannot find module 'index'/],
  "a module that is not in the zip": [
    code('import "missing-package";'),
    "Runtime.ImportModuleError",
    /missing-package/,
  ],
  "no such export": [code("export const other = 1;"), "Runtime.HandlerNotFound", /index\.handler is undefined/],
  "a syntax error": [code("export const handler = ;"), "Runtime.UserCodeSyntaxError", /Unexpected token/],
  "an exception while loading": [
    code('throw new RangeError("ORDERS_BUCKET is not set");'),
    "RangeError",
    /ORDERS_BUCKET/,
  ],
  "a callback": [
    code("export const handler = (event, context, callback) => {};"),
    "Runtime.CallbackHandlerDeprecated",
    /Callback/,
  ],
};

lambda("an initialization that fails is Lambda's error, and the next invocation initializes again", async () => {
  for (const [what, [files, errorType, message]] of Object.entries(initErrors)) {
    const { lambda: broken, logs } = lambdaOf(files);
    for (let attempt = 0; attempt < 2; attempt++) {
      const outcome = await broken.invoke({});
      if (outcome.ok) throw new Error(`expected an init error: ${what}`);
      assert.is(outcome.error.errorType, errorType, what);
      assert.match(outcome.error.errorMessage, message);
    }
    await broken.stop();
    await logs.close();
  }
});

lambda("what a handler throws has type, message and trace; the environment stays", async () => {
  const { lambda: throwing, logs } = lambdaOf(
    code('let n = 0; export const handler = () => { if (++n === 1) throw new TypeError("no"); return n; };'),
  );
  const first = await throwing.invoke({});
  if (first.ok) throw new Error("expected a failure");
  assert.is(first.error.errorType, "TypeError");
  assert.is(first.error.errorMessage, "no");
  assert.equal(await throwing.invoke({}), { ok: true, payload: "2" });
  await throwing.stop();
  await logs.close();
});

lambda("a handler that ends its process, or leaves a rejection unhandled, ends the environment", async () => {
  assert.match((await errorOf("export const handler = () => process.exit(3);")).errorMessage, /exit status 3/);
  const unhandled =
    'export const handler = () => { Promise.reject(new Error("left alone")); return new Promise(() => {}); };';
  assert.match((await errorOf(unhandled)).errorMessage, /left alone/);
});

lambda("more memory than the function has ends it", async () => {
  const source = "export const handler = () => Array.from({ length: 200 }, () => new Array(131_072).fill(0.5)).length;";
  assert.is((await errorOf(source, { memory_size: 128, timeout: 60 })).errorType, "Runtime.OutOfMemory");
  assert.is(await answerOf(source, { memory_size: 1024, timeout: 60 }), 200);
});

lambda("an initialization that takes more than 10 s is ended", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { lambda: hanging, logs } = lambdaOf(code("await new Promise(() => {}); export const handler = () => {};"));
    const ended = hanging.invoke({});
    mock.timers.tick(9999);
    assert.is(await Promise.race([ended, Promise.resolve("under way")]), "under way");
    mock.timers.tick(1);
    const outcome = await ended;
    assert.is(!outcome.ok && outcome.error.errorType, "Sandbox.Timedout");
    await hanging.stop();
    await logs.close();
  } finally {
    mock.timers.reset();
  }
});

lambda("the environment that was used last is used first", async () => {
  const { lambda: pooled, logs } = lambdaOf(code("const self = Math.random(); export const handler = () => self;"));
  const used: unknown[] = [];
  const use = async () => used.push((await pooled.invoke({})) as { payload?: string });
  await Promise.all([use(), use()]);
  const [, last] = used;
  await use();
  assert.equal(used[2], last);
  assert.is.not((used[0] as { payload: string }).payload, (last as { payload: string }).payload);
  await pooled.stop();
  await logs.close();
});

lambda("the duration in a report leaves out the initialization, which the billed duration holds", async () => {
  const { lines } = await invoke("await new Promise((r) => setTimeout(r, 200)); export const handler = () => {};");
  const { durationMs, initDurationMs, billedDurationMs } = JSON.parse(lines.at(-1) ?? "").record.metrics;
  // A timer can end a fraction of a millisecond early.
  assert.ok(initDurationMs >= 199);
  assert.ok(Math.abs(durationMs + initDurationMs - billedDurationMs) <= 1.01);
});

lambda(
  "one invocation at a time in an environment, warm ones again, and no more than the machine has room for",
  async () => {
    const source = `
    let busy = 0; const self = Math.random();
    export const handler = async () => { if (busy++) throw new Error("two at once"); await new Promise((r) => setTimeout(r, 20)); busy--; return self; };`;
    const { lambda: pooled, logs } = lambdaOf(code(source));
    const starts: boolean[] = [];
    pooled.on("invoked", ({ coldStart }) => starts.push(coldStart));
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => pooled.invoke({})));
    assert.ok(outcomes.every(({ ok }) => ok));
    const environments = new Set(outcomes.map((outcome) => (outcome.ok ? outcome.payload : "")));
    assert.ok(environments.size <= machineConcurrency, String(environments.size));
    assert.is(starts.filter(Boolean).length, environments.size);
    await pooled.stop();
    await logs.close();
  },
);

lambda("above its reserved concurrency a function is throttled", async () => {
  const { lambda: reserved, logs } = lambdaOf(
    code("export const handler = () => new Promise((r) => setTimeout(r, 50));"),
    {
      reserved_concurrent_executions: 1,
    },
  );
  const [first, second] = await Promise.all([reserved.invoke({}), reserved.invoke({})]);
  assert.is(first?.ok, true);
  assert.is(second && !second.ok && second.error.errorType, "TooManyRequestsException");
  await reserved.stop();
  await logs.close();
});

lambda("prints become log lines with the request's id, console calls as JSON objects", async () => {
  const source =
    'export const handler = () => { console.warn("careful", 1); process.stdout.write("{\\"raw\\":true}\\n"); };';
  const { lines } = await invoke(source, { logging_config: { log_format: "JSON" } });
  const { level, message, requestId } = JSON.parse(lines[0] ?? "");
  assert.equal([level, message], ["WARN", "careful 1"]);
  assert.match(requestId, /^[0-9a-f-]{36}$/);
  assert.is(lines[1], '{"raw":true}');
  assert.match(lines[2] ?? "", /"platform.report"/);
});

lambda("reaches nothing but this machine", async () => {
  const source = `
    import { connect } from "node:net";
    export const handler = () => new Promise((resolve) => connect(443, "sqs.eu-central-1.amazonaws.com").on("error", (e) => resolve(e.code + " " + e.message)));`;
  assert.match(await answerOf(source), /^NotLoopback sqs\.eu-central-1\.amazonaws\.com is not this machine/);
  const fetching = 'export const handler = () => fetch("http://example.com").catch((e) => e.cause.code);';
  assert.is(await answerOf(fetching), "NotLoopback");
});

lambda("has Lambda's defaults, and a reserved concurrency of 0 lets nothing through", async () => {
  const { lambda: plain } = lambdaOf(code(""));
  const { timeoutSeconds, memoryMb, reservedConcurrency, recursionAllowed, traced } = plain.settings;
  assert.equal(
    [timeoutSeconds, memoryMb, reservedConcurrency, recursionAllowed, traced],
    [3, 128, undefined, false, false],
  );
  const { errorType } = await errorOf("export const handler = () => {};", { reserved_concurrent_executions: 0 });
  assert.is(errorType, "TooManyRequestsException");
});

lambda("variables above 4 KB, and a runtime that local-aws does not have, are refused", () => {
  const made = (bytes: number) =>
    lambdaOf(code(""), { environment: { variables: { BIG: "x".repeat(bytes - "BIG".length) } } });
  made(4096);
  assert.throws(() => made(4097), /exceeded the 4KB limit: they take 4097 bytes/);
  assert.throws(
    () => lambdaOf(code(""), { runtime: "nodejs20.x" }),
    /aws_lambda_function\.f: local-aws only has nodejs24\.x/,
  );
});

lambda("a zip above 50 MB, one that cannot be read, and one with a file outside of its folder are refused", () => {
  const zip = join(tempFolder(), "large.zip");
  writeFileSync(zip, "");
  truncateSync(zip, 50 * 1024 * 1024 + 1);
  assert.throws(() => unpackedCode(zip, "f"), /^f: Request must be smaller/);
  truncateSync(zip, 50 * 1024 * 1024);
  assert.throws(() => unpackedCode(zip, "f"), /cannot be unpacked/);
  assert.throws(() => lambdaOf({ "../outside.mjs": "" }), /holds \.\.\/outside\.mjs, outside of its folder/);
});

lambda.run();
