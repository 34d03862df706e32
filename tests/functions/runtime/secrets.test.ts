import { syncBuiltinESMExports } from "node:module";
import timers, { setImmediate } from "node:timers/promises";
import type { SSMClient } from "@aws-sdk/client-ssm";
import { partition } from "es-toolkit/array";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createParameterReader, createSecretReader, SecretMissingError } from "../../../functions/runtime/secrets.ts";
import { failureOf } from "../../helpers/failure.ts";
import { awsError } from "../../helpers/fakes.ts";
import { recordedTimeLimits } from "../../helpers/time-limits.ts";

const minutes = 60_000;
const valued = (Value: string | undefined) => () => ({ Parameters: [{ Name: "/a", Value }] });
const failing = (error: Error) => () => {
  throw error;
};

/** A reader with a clock that does not begin at 0. */
function setUp() {
  const state = { now: Date.parse("2026-03-01T12:00:00.000Z"), asked: 0, answer: (): unknown => valued("first")() };
  const send = async (command: { input: Record<string, unknown> }) => {
    state.asked += 1;
    assert.equal(command.input, { Names: ["/a"], WithDecryption: true });
    return state.answer();
  };
  return { state, secret: createSecretReader({ send } as unknown as SSMClient, () => state.now) };
}

const secrets = suite("secrets");

secrets("are read once in five minutes and then again, without white space around them", async () => {
  const { state, secret } = setUp();
  assert.is(await secret("/a"), "first");
  state.answer = valued(" rotated\n");
  state.now += 5 * minutes - 1;
  assert.equal([await secret("/a"), state.asked], ["first", 1]);
  state.now += 1;
  assert.equal([await secret("/a"), state.asked], ["rotated", 2]);
});

secrets("are read again earlier for a caller who wants newer ones, and at no faster pace", async () => {
  const { state, secret } = setUp();
  await secret("/a");
  state.answer = valued("rotated");
  state.now += 9_999;
  assert.equal([await secret("/a", { maxAge: 10_000 }), state.asked], ["first", 1]);
  state.now += 1;
  assert.equal(
    [await secret("/a", { maxAge: 10_000 }), await secret("/a", { maxAge: 10_000 }), await secret("/a")],
    ["rotated", "rotated", "rotated"],
  );
  assert.is(state.asked, 2);
});

secrets("are asked for at that pace while SSM fails too, and stay in use", async () => {
  const { state, secret } = setUp();
  await secret("/a");
  state.answer = failing(awsError("ThrottlingException", 400));
  state.now += 10_000;
  for (let count = 0; count < 3; count += 1) assert.is(await secret("/a", { maxAge: 10_000 }), "first");
  assert.is(state.asked, 2);
  state.now += 10_000;
  assert.equal([await secret("/a", { maxAge: 10_000 }), state.asked], ["first", 3]);
});

for (const [what, error] of [
  ["throttles", awsError("ThrottlingException", 400)],
  ["denies", awsError("AccessDeniedException", 400)],
  ["does not answer", new Error("socket hang up")],
] as const) {
  secrets(`stay in use while SSM ${what}, and are asked for again after a second`, async () => {
    const { state, secret } = setUp();
    await secret("/a");
    state.now += 10 * minutes;
    state.answer = failing(error);
    for (let count = 0; count < 100; count += 1) assert.is(await secret("/a"), "first");
    assert.is(state.asked, 2);
    state.answer = valued("second");
    state.now += 999;
    assert.is(await secret("/a"), "first");
    state.now += 1;
    assert.equal([await secret("/a"), state.asked], ["second", 3]);
  });
}

for (const [what, answer] of [
  ["emptied", valued(" ")],
  ["without a value", valued(undefined)],
  ["deleted", () => ({ Parameters: [], InvalidParameters: ["/a"] })],
] as const) {
  secrets(`that were ${what} are an error that names the parameter, also if they had a value before`, async () => {
    const { state, secret } = setUp();
    await secret("/a");
    state.now += 5 * minutes;
    state.answer = answer;
    for (let count = 0; count < 100; count += 1) {
      const error = await failureOf(secret("/a"));
      assert.instance(error, SecretMissingError);
      assert.match(error.message, /\/a has no value/);
    }
    assert.is(state.asked, 2, "SSM is not asked for each request");
    const fresh = setUp();
    fresh.state.answer = answer;
    for (let count = 0; count < 100; count += 1) {
      assert.instance(await failureOf(fresh.secret("/a")), SecretMissingError);
    }
    assert.is(fresh.state.asked, 1);
    fresh.state.answer = valued("put");
    fresh.state.now += 1000;
    assert.is(await fresh.secret("/a"), "put");
  });
}

secrets("that were never read pass the failure on, and forget it after a second", async () => {
  const { state, secret } = setUp();
  const { answer } = state;
  state.answer = failing(awsError("InternalServerError", 500));
  assert.is((await failureOf(secret("/a"))).name, "InternalServerError");
  state.answer = answer;
  assert.is((await failureOf(secret("/a"))).name, "InternalServerError");
  state.now += 1000;
  assert.equal([await secret("/a"), state.asked], ["first", 2]);
});

secrets("are kept apart", async () => {
  const asked: unknown[] = [];
  const send = async ({ input }: { input: { Names: string[] } }) => {
    asked.push(...input.Names);
    return { Parameters: input.Names.map((Name) => ({ Name, Value: `value of ${Name}` })) };
  };
  const secret = createSecretReader({ send } as unknown as SSMClient);
  assert.equal(
    [await secret("/a"), await secret("/b"), await secret("/a")],
    ["value of /a", "value of /b", "value of /a"],
  );
  assert.equal(asked, ["/a", "/b"]);
});

/** A reader whose SSM has these values and answers at once, and what it was asked. */
function withValues(values: Readonly<Record<string, string>>) {
  const asked: string[][] = [];
  const send = async ({ input: { Names, ...rest } }: { input: { Names: string[] } }) => {
    assert.equal(rest, { WithDecryption: true });
    asked.push(Names);
    const [missing, found] = partition(Names, (name) => values[name] === undefined);
    return { Parameters: found.map((Name) => ({ Name, Value: values[Name] })).reverse(), InvalidParameters: missing };
  };
  const ssm = { send } as unknown as SSMClient;
  return { asked, read: createParameterReader(ssm), secret: createSecretReader(ssm) };
}

secrets("that are read together are asked for with one request, and come in the order of their names", async () => {
  const { asked, read } = withValues({ "/a": "value of /a", "/b": "value of /b" });
  assert.equal(await read(["/a", "/b"]), ["value of /a", "value of /b"]);
  assert.equal(await read(["/a", "/b"]), ["value of /a", "value of /b"]);
  assert.equal(asked, [["/a", "/b"]]);
});

secrets("that are missing are all named, each with its cure", async () => {
  const { read } = withValues({ "/a": "value of /a", "/empty": " " });
  const error = await failureOf(read(["/a", "/empty", "/b", "/c/settings"]));
  assert.instance(error, SecretMissingError);
  assert.is(
    error.message,
    "SSM parameter /empty has no value: put the secret there as a SecureString. SSM parameter /b has no value: put the " +
      "secret there as a SecureString. SSM parameter /c/settings has no value: deploy the stack again.",
  );
});

secrets(
  "come with others that will be needed, and a missing one of these is no error until it is asked for",
  async () => {
    const { asked, secret } = withValues({ "/a": "value of /a", "/b": "value of /b" });
    const together = ["/a", "/b", "/gone"];
    assert.is(await secret("/a", { together }), "value of /a");
    assert.is(await secret("/b", { together }), "value of /b");
    assert.match(
      (await failureOf(secret("/gone", { together }))).message,
      /^SSM parameter \/gone has no value: put [^.]*\.$/,
    );
    assert.equal(asked, [together]);
  },
);

secrets("are asked for once by all who need them at the same time, also if the one who asked leaves", async () => {
  const asked: (() => void)[] = [];
  const send = ({ input: { Names } }: { input: { Names: string[] } }, options: { abortSignal: AbortSignal }) =>
    new Promise((resolve, reject) => {
      asked.push(() => resolve({ Parameters: Names.map((Name) => ({ Name, Value: `value of ${Name}` })) }));
      options.abortSignal.addEventListener("abort", () => reject(options.abortSignal.reason));
    });
  const secret = createSecretReader({ send } as unknown as SSMClient);
  const together = ["/a", "/b"];
  const ending = new AbortController();
  const first = secret("/a", { together, signal: ending.signal });
  const others = [secret("/a", { together }), secret("/b", { together, maxAge: 0 })];
  assert.is(asked.length, 1);
  ending.abort();
  await failureOf(first);
  await setImmediate();
  assert.is(asked.length, 2, "one of the others asks for all of them");
  asked[1]?.();
  assert.equal(await Promise.all(others.slice(0, 1)), ["value of /a"]);
  asked[2]?.();
  assert.equal(await Promise.all(others), ["value of /a", "value of /b"]);
});

/** Records the longest milliseconds of every pause, and waits for none, until it is disposed of. */
function recordedPauses(): Disposable & { readonly pauses: readonly unknown[] } {
  const [{ setTimeout }, { random }] = [timers, Math];
  const pauses: unknown[] = [];
  Math.random = () => 1;
  timers.setTimeout = async <T>(milliseconds?: number, value?: T) => {
    pauses.push(milliseconds);
    return value as T;
  };
  syncBuiltinESMExports();
  return {
    pauses,
    [Symbol.dispose]() {
      Math.random = random;
      timers.setTimeout = setTimeout;
      syncBuiltinESMExports();
    },
  };
}

/** A reader whose SSM throttles so many times, each with a real pause, and how often it was asked. */
function throttled(times: number, onAsked: (count: number) => void = () => {}) {
  const state = { asked: 0 };
  const send = async (_: unknown, { abortSignal }: { readonly abortSignal: AbortSignal }) => {
    abortSignal.throwIfAborted();
    state.asked += 1;
    onAsked(state.asked);
    if (state.asked <= times) throw awsError("ThrottlingException", 400);
    return valued("first")();
  };
  return { state, secret: createSecretReader({ send } as unknown as SSMClient) };
}

secrets(
  "that are not known yet are asked for again while SSM throttles, after pauses of a second at most",
  async () => {
    using time = recordedPauses();
    const { state, secret } = throttled(6);
    assert.equal([await secret("/a"), state.asked], ["first", 7]);
    assert.equal(time.pauses, [100, 200, 400, 800, 1000, 1000]);
  },
);

secrets("are given up in the middle of a pause, because a source waits for its answer", async () => {
  const { secret } = throttled(Number.POSITIVE_INFINITY);
  const ending = new AbortController();
  let failure: Error | undefined;
  const failed = failureOf(secret("/a", { signal: ending.signal })).then((error) => {
    failure = error;
  });
  await setImmediate();
  ending.abort();
  await setImmediate();
  assert.is(failure?.name, "ThrottlingException");
  await failed;
});

secrets("are given up with the throttle when the time for an answer is over", async () => {
  const over = new AbortController();
  using time = recordedTimeLimits(() => over.signal);
  const { state, secret } = throttled(Number.POSITIVE_INFINITY, (count) => count === 4 && over.abort());
  assert.is((await failureOf(secret("/a"))).name, "ThrottlingException");
  assert.equal([state.asked, time.limits], [4, [2200]]);
});

secrets.run();
