import type { SSMClient } from "@aws-sdk/client-ssm";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createSecretReader, SecretMissingError } from "../../../functions/runtime/secrets.ts";
import { awsError } from "../../helpers/fakes.ts";

function setUp() {
  const state = { now: 0, asked: 0, answer: (): unknown => ({ Parameter: { Value: "first" } }) };
  const send = async (command: { input: Record<string, unknown> }) => {
    state.asked += 1;
    assert.equal(command.input, { Name: "/a", WithDecryption: true });
    return state.answer();
  };
  return { state, read: () => createSecretReader({ send } as unknown as SSMClient, () => state.now) };
}

const secrets = suite("secrets");

secrets("are read once in five minutes and then again", async () => {
  const { state, read } = setUp();
  const secret = read();
  assert.is(await secret("/a"), "first");
  state.now = 299_999;
  assert.is(await secret("/a"), "first");
  assert.is(state.asked, 1);
  state.now = 300_000;
  state.answer = () => ({ Parameter: { Value: " rotated\n" } });
  assert.is(await secret("/a"), "rotated");
});

secrets("stay in use while SSM fails", async () => {
  const { state, read } = setUp();
  const secret = read();
  await secret("/a");
  state.now = 600_000;
  state.answer = () => {
    throw awsError("ThrottlingException", 400);
  };
  assert.is(await secret("/a"), "first");
});

const fails = async (secret: (parameter: string) => Promise<string>, name: string) => {
  try {
    await secret("/a");
  } catch (error) {
    assert.is((error as Error).name, name);
    return error as Error;
  }
  throw new Error("it was read");
};

secrets("that were never read pass the failure on, and do not remember it", async () => {
  const { state, read } = setUp();
  const { answer } = state;
  state.answer = () => {
    throw awsError("InternalServerError", 500);
  };
  const secret = read();
  await fails(secret, "InternalServerError");
  state.answer = answer;
  assert.is(await secret("/a"), "first");
});

secrets("that are missing or empty are an error that names the parameter", async () => {
  const { state, read } = setUp();
  for (const answer of [
    () => {
      throw awsError("ParameterNotFound", 400);
    },
    () => ({ Parameter: { Value: " " } }),
  ]) {
    state.answer = answer;
    const error = await fails(read(), "SecretMissingError");
    assert.instance(error, SecretMissingError);
    assert.match(error.message, /\/a has no value/);
  }
});

secrets.run();
