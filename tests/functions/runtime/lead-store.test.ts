import { NoSuchKey, type S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createLeadStore } from "../../../functions/runtime/lead-store.ts";
import { failureOf } from "../../helpers/failure.ts";

const s3Error = (name: string, httpStatusCode: number) =>
  new S3ServiceException({ name, $fault: "client", $metadata: { httpStatusCode } });
const conflict = s3Error("ConditionalRequestConflict", 409);

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

store("writes JSON with its metadata, and only when the key does not exist", async () => {
  const { store, asked } = answering({});
  assert.is(await store.writeOnce("a.json", "{}", { source: "website" }), "stored");
  assert.equal(asked, [
    {
      Bucket: "leads",
      Key: "a.json",
      Body: "{}",
      ContentType: "application/json",
      Metadata: { source: "website" },
      IfNoneMatch: "*",
    },
  ]);
});

store("takes 412 for a duplicate", async () => {
  assert.is(await answering(s3Error("PreconditionFailed", 412)).store.writeOnce("a.json", "{}", {}), "duplicate");
});

store("tries again after 409, which says that another write was going on", async () => {
  const { store, asked } = answering(conflict, conflict, s3Error("PreconditionFailed", 412));
  assert.is(await store.writeOnce("a.json", "{}", {}), "duplicate");
  assert.is(asked.length, 3);
});

store("gives up after the sixth 409", async () => {
  const { store, asked } = answering(...Array(6).fill(conflict));
  assert.is((await failureOf(store.writeOnce("a.json", "{}", {}))).name, "ConditionalRequestConflict");
  assert.is(asked.length, 6);
});

for (const error of [
  s3Error("AccessDenied", 403),
  new Error("socket hang up"),
  // Not an answer of S3: a proxy or a parser made it up.
  Object.assign(new SyntaxError(), { $metadata: { httpStatusCode: 412 } }),
]) {
  store(`passes ${error.name} on`, async () => {
    const { store, asked } = answering(error);
    assert.is(await failureOf(store.writeOnce("a.json", "{}", {})), error);
    assert.is(asked.length, 1);
  });
}

store("finds nothing where there is no object, and passes every other error on", async () => {
  const missing = new NoSuchKey({ message: "", $metadata: { httpStatusCode: 404 } });
  const denied = s3Error("AccessDenied", 403);
  assert.is(await answering(missing).store.find("a.json"), undefined);
  assert.is(await failureOf(answering(missing).store.read("a.json")), missing);
  assert.is(await failureOf(answering(denied).store.find("a.json")), denied);
});

store("reads an object whole, with its time, ETag and metadata", async () => {
  const at = new Date();
  const body = { transformToByteArray: async () => Buffer.from("{}") };
  const { store, asked } = answering({ Body: body, ETag: '"e"', LastModified: at, Metadata: { source: "website" } });
  assert.equal(await store.read("a.json"), {
    body: Buffer.from("{}"),
    etag: '"e"',
    createdAt: at,
    metadata: { source: "website" },
  });
  assert.equal(asked, [{ Bucket: "leads", Key: "a.json" }]);
});

store("reads an object without ETag and metadata, but not one without body or time", async () => {
  const body = { transformToByteArray: async () => Buffer.from("{}") };
  const bare = await answering({ Body: body, LastModified: new Date(0) }).store.read("a.json");
  assert.equal([bare.etag, bare.metadata], ["", {}]);
  for (const answer of [{ Body: body }, { LastModified: new Date(0) }]) {
    assert.match((await failureOf(answering(answer).store.read("a.json"))).message, "without body or time");
  }
});

store.run();
