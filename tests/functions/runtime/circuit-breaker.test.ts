import { SSMClient, type SSMClient as Ssm } from "@aws-sdk/client-ssm";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { withCircuitBreaker } from "../../../functions/runtime/circuit-breaker.ts";
import { failureOf as kindOf } from "../../../functions/runtime/failures.ts";
import { createSecretReader } from "../../../functions/runtime/secrets.ts";
import { failureOf } from "../../helpers/failure.ts";
import { awsError } from "../../helpers/fakes.ts";

const down = () => awsError("InternalServerError", 500);
const start = Date.parse("2026-03-01T12:00:00.000Z");
const { now: machineTime } = Date;

/** A client with a circuit breaker, whose calls are answered by what is set, at a time that is set. */
function setUp() {
  const clock = { now: start };
  Date.now = () => clock.now;
  const service = { calls: 0, answer: async (_: string): Promise<unknown> => "answer" };
  const client = withCircuitBreaker("S3", {
    send(command: string): Promise<unknown> {
      service.calls += 1;
      return service.answer(command);
    },
  });
  const fail = async (error: Error, times: number) => {
    service.answer = () => Promise.reject(error);
    for (let count = 0; count < times; count += 1) await failureOf(client.send("a"));
    service.answer = async () => "answer";
  };
  return { clock, service, client, fail };
}

const circuit = suite("circuit breaker");
circuit.after.each(() => {
  Date.now = machineTime;
});

circuit("hands on calls with their options, answers and errors", async () => {
  const calls: unknown[] = [];
  const error = new TypeError("a fault");
  const client = withCircuitBreaker("S3", {
    async send(...call: unknown[]): Promise<unknown> {
      if (calls.push(call) > 1) throw error;
      return "answer";
    },
  });
  assert.is(await client.send("command", { abortSignal: 1 }), "answer");
  assert.is(await failureOf(client.send("command")), error);
  assert.equal(calls, [["command", { abortSignal: 1 }], ["command"]]);
});

circuit("opens after three failures in a row, for ten seconds, and then makes a call", async () => {
  const { clock, service, client, fail } = setUp();
  await fail(down(), 2);
  assert.is(await client.send("a"), "answer", "a success ends the row");
  await fail(down(), 3);
  const refused = await failureOf(client.send("a"));
  assert.equal([refused.name, kindOf(refused), service.calls], ["CircuitOpenError", "unavailable", 6]);
  assert.match(refused.message, "S3 failed call after call, the last one with InternalServerError");
  clock.now += 9_999;
  assert.is((await failureOf(client.send("a"))).name, "CircuitOpenError");
  clock.now += 1;
  assert.equal([await client.send("a"), await client.send("b"), service.calls], ["answer", "answer", 8]);
});

circuit("stays open for another ten seconds when that call fails too", async () => {
  const { clock, service, client, fail } = setUp();
  await fail(down(), 3);
  clock.now += 10_000;
  await fail(down(), 1);
  clock.now += 9_999;
  assert.is((await failureOf(client.send("a"))).name, "CircuitOpenError");
  assert.is(service.calls, 4);
  clock.now += 1;
  assert.is(await client.send("a"), "answer");
});

for (const works of [true, false]) {
  circuit(`lets the other calls wait for the result of one, which ${works ? "works" : "fails"}`, async () => {
    const { clock, service, client, fail } = setUp();
    await fail(down(), 3);
    clock.now += 10_000;
    const probe = Promise.withResolvers<unknown>();
    service.answer = (command) => (command === "probe" ? probe.promise : Promise.resolve("answer"));
    const calls = ["probe", "a", "b"].map((command) => client.send(command));
    assert.is(service.calls, 4);
    if (works) probe.resolve("answer");
    else probe.reject(down());
    const answers = await Promise.allSettled(calls);
    assert.equal(
      answers.map((answer) => (answer.status === "fulfilled" ? answer.value : answer.reason.name)),
      works ? ["answer", "answer", "answer"] : ["InternalServerError", "CircuitOpenError", "CircuitOpenError"],
    );
    assert.is(service.calls, works ? 6 : 4);
  });
}

circuit("names the failure that opened it, whatever other calls end with afterwards", async () => {
  const { service, client, fail } = setUp();
  const slow = Promise.withResolvers<unknown>();
  service.answer = () => slow.promise;
  const other = failureOf(client.send("slow"));
  await fail(down(), 3);
  slow.reject(awsError("NoSuchKey", 404));
  await other;
  assert.match((await failureOf(client.send("a"))).message, "the last one with InternalServerError");
});

circuit("takes every other error for a sign of life, and a throttle too", async () => {
  const { service, client, fail } = setUp();
  for (const alive of [
    awsError("NoSuchKey", 404),
    awsError("AccessDenied", 403),
    awsError("SlowDown", 503),
    awsError("TooManyRequestsException", 429),
  ]) {
    await fail(alive, 5);
    await fail(down(), 2);
  }
  await fail(awsError("NoSuchKey", 404), 1);
  assert.is(await client.send("a"), "answer");
  assert.is(service.calls, 4 * 7 + 2);
});

circuit("works with the SDK's clients, of which each has its own", async () => {
  const settings = {
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    endpoint: "http://127.0.0.1:9",
    maxAttempts: 1,
  };
  const [ssm, other] = [1, 2].map(() => withCircuitBreaker("SSM", new SSMClient(settings))) as [Ssm, Ssm];
  const read = createSecretReader(ssm);
  const names: string[] = [];
  for (const name of ["/a", "/b", "/c", "/d"]) names.push((await failureOf(read(name))).name);
  assert.equal(new Set(names.slice(0, 3)).has("CircuitOpenError"), false);
  assert.is(names[3], "CircuitOpenError");
  assert.is.not((await failureOf(createSecretReader(other)("/a"))).name, "CircuitOpenError");
});

/** A reader of secrets behind a circuit breaker. */
function secrets() {
  const { clock, service, client } = setUp();
  const ssm = { send: ({ input }: { input: { Names: string[] } }) => client.send(input.Names.join()) };
  return { clock, service, secret: createSecretReader(ssm as unknown as Ssm, () => clock.now) };
}

circuit("reads a secret within eleven seconds after SSM is back", async () => {
  const { clock, service, secret } = secrets();
  service.answer = () => Promise.reject(down());
  for (let second = 0; second < 60; second += 1) {
    await failureOf(secret("/a"));
    clock.now += 1000;
  }
  service.answer = async () => ({ Parameters: [{ Name: "/a", Value: "secret" }] });
  const back = clock.now;
  while (clock.now - back < 60_000) {
    try {
      assert.is(await secret("/a"), "secret");
      break;
    } catch {
      clock.now += 250;
    }
  }
  assert.ok(clock.now - back <= 11_000, `after ${clock.now - back} ms`);
});

circuit("reads a secret while another one is missing or refused", async () => {
  for (const error of [awsError("ParameterNotFound", 400), awsError("AccessDeniedException", 400)]) {
    const { clock, service, secret } = secrets();
    service.answer = async (name) => {
      if (name === "/missing") throw error;
      return { Parameters: [{ Name: "/a", Value: "secret" }] };
    };
    for (let count = 0; count < 10; count += 1) {
      await failureOf(secret("/missing"));
      clock.now += 1000;
    }
    assert.is(await secret("/a"), "secret");
  }
});

circuit.run();
