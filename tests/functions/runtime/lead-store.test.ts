import type { S3Client } from "@aws-sdk/client-s3";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createLeadStore } from "../../../functions/runtime/lead-store.ts";
import { awsError } from "../../helpers/fakes.ts";

/** An S3 client that gives the answers one after the other, and remembers what it was asked. */
function answering(...answers: (object | Error)[]) {
  const asked: Record<string, unknown>[] = [];
  const send = async (command: { input: Record<string, unknown> }) => {
    asked.push(command.input);
    const answer = answers.shift();
    if (answer instanceof Error || answer === undefined) throw answer ?? new Error("asked once too often");
    return answer;
  };
  return { store: createLeadStore({ send } as unknown as S3Client, "leads"), asked };
}

const store = suite("lead store");

store("writes only when the key is free", async () => {
  const { store, asked } = answering({});
  assert.is(await store.writeOnce("a.json", "{}", { source: "website" }), "stored");
  assert.is(asked[0]?.IfNoneMatch, "*");
  assert.equal(asked[0]?.Metadata, { source: "website" });
});

store("takes 412 for a duplicate", async () => {
  assert.is(await answering(awsError("PreconditionFailed", 412)).store.writeOnce("a.json", "{}", {}), "duplicate");
});

store("tries again after 409, which says that another write was going on", async () => {
  const conflict = awsError("ConditionalRequestConflict", 409);
  const { store, asked } = answering(conflict, conflict, awsError("PreconditionFailed", 412));
  assert.is(await store.writeOnce("a.json", "{}", {}), "duplicate");
  assert.is(asked.length, 3);
});

store("gives up after the sixth 409", async () => {
  const { store, asked } = answering(...Array(6).fill(awsError("ConditionalRequestConflict", 409)));
  try {
    await store.writeOnce("a.json", "{}", {});
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).name, "ConditionalRequestConflict");
  }
  assert.is(asked.length, 6);
});

store("passes every other error on", async () => {
  try {
    await answering(awsError("AccessDenied", 403)).store.writeOnce("a.json", "{}", {});
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).name, "AccessDenied");
  }
});

store("reads an object whole, with its time, ETag and metadata", async () => {
  const at = new Date();
  const body = { transformToByteArray: async () => Buffer.from("{}") };
  const { store } = answering({ Body: body, ETag: '"e"', LastModified: at, Metadata: { source: "website" } });
  assert.equal(await store.read("a.json"), {
    body: Buffer.from("{}"),
    etag: '"e"',
    createdAt: at,
    metadata: { source: "website" },
  });
});

store.run();
