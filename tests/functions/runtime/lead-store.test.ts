import { NoSuchKey, type S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { maxBodyBytes } from "../../../functions/lead/raw-lead.ts";
import { RejectedError } from "../../../functions/lead/rejection.ts";
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

/** What an event says of an object. */
const named = { key: "a.json", etag: "e", size: 2, versionId: "v1" };
const bodyOf = (text: string) => ({ transformToByteArray: async () => Buffer.from(text) });

store("finds nothing where there is no object, and passes every other error on", async () => {
  const missing = new NoSuchKey({ message: "", $metadata: { httpStatusCode: 404 } });
  const denied = s3Error("AccessDenied", 403);
  assert.is(await answering(missing).store.find("a.json"), undefined);
  assert.is(await failureOf(answering(denied).store.find("a.json")), denied);
});

store("reads an object whole, with its time, ETag and metadata", async () => {
  const at = new Date();
  const { store, asked } = answering({
    Body: bodyOf("{}"),
    ETag: '"e"',
    LastModified: at,
    Metadata: { source: "website" },
  });
  assert.equal(await store.read(named), {
    body: Buffer.from("{}"),
    etag: '"e"',
    createdAt: at,
    metadata: { source: "website" },
  });
  assert.equal(asked, [{ Bucket: "leads", Key: "a.json", VersionId: "v1", IfMatch: '"e"' }]);
});

for (const versionId of [undefined, "null", "v1"]) {
  const version = versionId !== undefined && { VersionId: versionId };
  store(
    `reads by the ETag what an event with the version ${versionId} names, and so never another content`,
    async () => {
      const answer = { Body: bodyOf("{}"), LastModified: new Date(0) };
      for (const etag of ["e", '"e"']) {
        const { store, asked } = answering(answer);
        await store.read({ ...named, etag, versionId });
        assert.equal(asked, [{ Bucket: "leads", Key: "a.json", ...version, IfMatch: '"e"' }]);
      }
      const { store, asked } = answering(answer);
      await store.read({ ...named, etag: "", versionId });
      assert.equal(asked, [{ Bucket: "leads", Key: "a.json", ...version }]);
    },
  );
}

for (const [code, status] of [
  ["NoSuchKey", 404],
  ["NoSuchVersion", 404],
  ["PreconditionFailed", 412],
  ["MethodNotAllowed", 405],
] as const) {
  store(`rejects an object that is gone: ${code}`, async () => {
    const rejection = await failureOf(answering(s3Error(code, status)).store.read(named));
    assert.equal([rejection instanceof RejectedError, rejection.name], [true, "RejectedError"]);
    assert.match(rejection.message, "no longer in the bucket");
  });
}

for (const error of [s3Error("AccessDenied", 403), s3Error("NoSuchBucket", 404), s3Error("SlowDown", 503)]) {
  store(`lets a read be tried again that fails with ${error.name}, which says nothing about the object`, async () => {
    assert.is(await failureOf(answering(error).store.read(named)), error);
  });
}

for (const [what, size, bytes, asks] of [
  ["that its event calls larger than a lead can be, without reading it", maxBodyBytes + 1, 2, 0],
  ["that is larger than a lead can be although its event does not say so", 0, maxBodyBytes + 1, 1],
] as const) {
  store(`rejects an object ${what}`, async () => {
    const { store, asked } = answering({ Body: bodyOf("x".repeat(bytes)), LastModified: new Date(0) });
    const rejection = await failureOf(store.read({ ...named, size }));
    assert.equal([rejection instanceof RejectedError, asked.length], [true, asks]);
    assert.match(rejection.message, `more than ${maxBodyBytes} bytes`);
  });
}

store("reads an object of exactly the size that a lead can have", async () => {
  const { store } = answering({ Body: bodyOf("x".repeat(maxBodyBytes)), LastModified: new Date(0) });
  assert.is((await store.read({ ...named, size: maxBodyBytes })).body.byteLength, maxBodyBytes);
});

store("reads an object without ETag and metadata, but not one without body or time", async () => {
  const body = bodyOf("{}");
  const bare = await answering({ Body: body, LastModified: new Date(0) }).store.read(named);
  assert.equal([bare.etag, bare.metadata], ["", {}]);
  for (const answer of [{ Body: body }, { LastModified: new Date(0) }]) {
    assert.match((await failureOf(answering(answer).store.read(named))).message, "without body or time");
  }
});

store.run();
