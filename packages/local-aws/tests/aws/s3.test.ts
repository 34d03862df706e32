import { setTimeout as pause } from "node:timers/promises";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { operator } from "../../src/aws/call.ts";
import { startFauxqs } from "../../src/aws/fauxqs.ts";
import { Gateway } from "../../src/aws/gateway.ts";
import { type CreatedObject, s3Backend } from "../../src/aws/s3.ts";
import { s3Description } from "../../src/aws/s3-operations.ts";
import { region } from "../helpers/build-stack.ts";
import { failureOf } from "../helpers/failure.ts";

/** S3 alone, each of whose writes takes some milliseconds, so that concurrent ones overlap. */
async function withSlowS3(use: (s3: S3Client, created: CreatedObject[]) => Promise<void>): Promise<void> {
  const gateway = new Gateway({ authorize: () => undefined });
  const fauxqs = await startFauxqs(region);
  const slow = {
    ...fauxqs,
    call: async (request: Parameters<typeof fauxqs.call>[0]) => {
      await pause(20);
      return fauxqs.call(request);
    },
  };
  const created: CreatedObject[] = [];
  gateway.add(s3Backend(slow, new Set(["files"]), (object) => void created.push(object)));
  gateway.admit("operator", operator);
  await gateway.start();
  const s3 = new S3Client({
    endpoint: gateway.url,
    region,
    credentials: { accessKeyId: "operator", secretAccessKey: "made-up" },
    forcePathStyle: true,
    maxAttempts: 1,
  });
  fauxqs.stores.s3Store.createBucket("files");
  try {
    await use(s3, created);
  } finally {
    s3.destroy();
    await gateway.stop();
    await fauxqs.stop();
  }
}

const file = (Key: string) => ({ Bucket: "files", Key });
const s3Suite = suite("S3");

s3Suite("of concurrent writes with If-None-Match: * one succeeds, and the others get 412", () =>
  withSlowS3(async (s3, created) => {
    const put = (Body: string) => s3.send(new PutObjectCommand({ ...file("a"), Body, IfNoneMatch: "*" }));
    const results = await Promise.allSettled(["1", "2", "3", "4"].map(put));
    assert.is(results.filter(({ status }) => status === "fulfilled").length, 1);
    const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    assert.equal(
      refused.map(({ name, $metadata }) => [name, $metadata.httpStatusCode]),
      Array(3).fill(["PreconditionFailed", 412]),
    );
    assert.is(created.length, 1);
  }),
);

s3Suite("of concurrent writes with If-Match one succeeds, because it changes the ETag", () =>
  withSlowS3(async (s3) => {
    const { ETag } = await s3.send(new PutObjectCommand({ ...file("a"), Body: "0" }));
    const put = (Body: string) => s3.send(new PutObjectCommand({ ...file("a"), Body, IfMatch: ETag }));
    const results = await Promise.allSettled(["1", "2"].map(put));
    assert.equal(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    const missing = s3.send(new PutObjectCommand({ ...file("b"), Body: "0", IfMatch: ETag }));
    assert.is((await failureOf(missing)).name, "NoSuchKey");
  }),
);

s3Suite("PutObject, CopyObject and CompleteMultipartUpload create objects, with size, ETag and version id", () =>
  withSlowS3(async (s3, created) => {
    await s3.send(new PutObjectCommand({ ...file("a"), Body: "one" }));
    await s3.send(new CopyObjectCommand({ ...file("b"), CopySource: "files/a" }));
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(file("c")));
    const part = await s3.send(new UploadPartCommand({ ...file("c"), UploadId, PartNumber: 1, Body: "three" }));
    const Parts = [{ PartNumber: 1, ETag: part.ETag }];
    await s3.send(new CompleteMultipartUploadCommand({ ...file("c"), UploadId, MultipartUpload: { Parts } }));
    assert.equal(
      created.map(({ versionId: _, etag: __, ...object }) => object),
      [
        { bucket: "files", key: "a", size: 3, reason: "PutObject" },
        { bucket: "files", key: "b", size: 3, reason: "CopyObject" },
        { bucket: "files", key: "c", size: 5, reason: "CompleteMultipartUpload" },
      ],
    );
    assert.is(created[0]?.etag, "f97c5d29941bfb1b2fdab0874906ab82");
    assert.is(new Set(created.map(({ versionId }) => versionId)).size, 3);
  }),
);

s3Suite("a read answers with the version id that the write answered with", () =>
  withSlowS3(async (s3) => {
    const { VersionId } = await s3.send(new PutObjectCommand({ ...file("a"), Body: "one" }));
    assert.ok(VersionId);
    assert.is((await s3.send(new GetObjectCommand(file("a")))).VersionId, VersionId);
    assert.is((await s3.send(new HeadObjectCommand(file("a")))).VersionId, VersionId);
  }),
);

s3Suite("a version can be read after its key was written again or deleted, and an unknown one is NoSuchVersion", () =>
  withSlowS3(async (s3, created) => {
    const key = "ünï code+%/a?.json";
    const Metadata = { source: "website" };
    const first = await s3.send(new PutObjectCommand({ ...file(key), Body: "one", Metadata }));
    const second = await s3.send(new PutObjectCommand({ ...file(key), Body: "two" }));
    await s3.send(new DeleteObjectCommand(file(key)));
    const read = (VersionId: string | undefined, Key = key) =>
      s3.send(new GetObjectCommand({ ...file(Key), VersionId }));
    const [one, two] = [await read(first.VersionId), await read(second.VersionId)];
    assert.equal([await one.Body?.transformToString(), await two.Body?.transformToString()], ["one", "two"]);
    assert.equal([one.VersionId, one.ETag, one.Metadata], [first.VersionId, first.ETag, Metadata]);
    assert.equal([created[0]?.versionId, created[1]?.versionId], [first.VersionId, second.VersionId]);
    const head = await s3.send(new HeadObjectCommand({ ...file(key), VersionId: first.VersionId }));
    assert.equal([head.ContentLength, head.VersionId], [3, first.VersionId]);
    assert.is((await failureOf(read(undefined))).name, "NoSuchKey");
    for (const missing of [read("no-such-version"), read(first.VersionId, "another key")]) {
      const { name, $metadata } = await failureOf(missing);
      assert.equal([name, $metadata?.httpStatusCode], ["NoSuchVersion", 404]);
    }
  }),
);

s3Suite("a version that is deleted is gone, and the object with it if it was the latest", () =>
  withSlowS3(async (s3) => {
    const put = async (Body: string) => (await s3.send(new PutObjectCommand({ ...file("a"), Body }))).VersionId;
    const read = async (VersionId?: string) =>
      (await s3.send(new GetObjectCommand({ ...file("a"), VersionId }))).Body?.transformToString();
    const [first, second] = [await put("one"), await put("two")];
    await s3.send(new DeleteObjectCommand({ ...file("a"), VersionId: first }));
    assert.is((await failureOf(read(first))).name, "NoSuchVersion");
    assert.is(await read(), "two");
    await s3.send(new DeleteObjectCommand({ ...file("a"), VersionId: second }));
    assert.is((await failureOf(read(second))).name, "NoSuchVersion");
    assert.is((await failureOf(read())).name, "NoSuchKey");
  }),
);

s3Suite(
  "every version is listed, by key and the newest first, below a prefix and without what is below a delimiter",
  () =>
    withSlowS3(async (s3) => {
      const put = async (Key: string, Body: string) =>
        (await s3.send(new PutObjectCommand({ ...file(Key), Body }))).VersionId;
      const [b1, a1, below] = [await put("b&<>", "one"), await put("a", "one"), await put("done/a", "one")];
      const b2 = await put("b&<>", "three");
      const list = async (more: object) => {
        const { Versions = [], IsTruncated } = await s3.send(
          new ListObjectVersionsCommand({ Bucket: "files", ...more }),
        );
        assert.is(IsTruncated, false);
        return Versions;
      };
      const all = await list({});
      await s3.send(new DeleteObjectCommand(file("done/a")));
      const deleted = (await list({})).at(-1);
      assert.equal([deleted?.Key, deleted?.IsLatest], ["done/a", false]);
      assert.equal(
        all.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest]),
        [
          ["a", a1, true],
          ["b&<>", b2, true],
          ["b&<>", b1, false],
          ["done/a", below, true],
        ],
      );
      const head = await s3.send(new HeadObjectCommand(file("b&<>")));
      assert.equal([all[1]?.ETag, all[1]?.Size], [head.ETag, 5]);
      assert.is(all[1]?.LastModified?.toUTCString(), head.LastModified?.toUTCString());
      const keysOf = async (more: object) => (await list(more)).map(({ Key }) => Key);
      assert.equal(await keysOf({ Delimiter: "/" }), ["a", "b&<>", "b&<>"]);
      assert.equal(await keysOf({ Prefix: "done/", Delimiter: "/" }), ["done/a"]);
    }),
);

s3Suite("a call has the parameters of its path, query and headers, by their names in an SDK", () => {
  const described = (method: string, path: string, query: string, headers: Record<string, string> = {}) =>
    s3Description({ method, path, query: new URLSearchParams(query), headers, body: Buffer.alloc(0) });
  assert.equal(
    described("PUT", "/files/a%20b", "", {
      "if-none-match": "*",
      "if-match": "e",
      "x-amz-copy-source": "files/c",
      "x-amz-acl": "private",
      "x-amz-tagging": "a=b",
      "x-amz-server-side-encryption": "aws:kms",
      "x-amz-server-side-encryption-aws-kms-key-id": "key",
      "x-amz-storage-class": "STANDARD",
    }),
    {
      operation: "CopyObject",
      parameters: {
        Bucket: "files",
        Key: "a b",
        IfNoneMatch: "*",
        IfMatch: "e",
        CopySource: "files/c",
        ACL: "private",
        Tagging: "a=b",
        ServerSideEncryption: "aws:kms",
        SSEKMSKeyId: "key",
        StorageClass: "STANDARD",
      },
    },
  );
  assert.equal(described("GET", "/files", "list-type=2&prefix=a%2F&delimiter=%2F&max-keys=7"), {
    operation: "ListObjectsV2",
    parameters: { Bucket: "files", Prefix: "a/", Delimiter: "/", MaxKeys: 7 },
  });
  assert.equal(described("DELETE", "/files/a", "versionId=v"), {
    operation: "DeleteObject",
    parameters: { Bucket: "files", Key: "a", VersionId: "v" },
  });
});

s3Suite("an operation that is not simulated is refused, and not taken for another one", () =>
  withSlowS3(async (s3) => {
    await s3.send(new PutObjectCommand({ ...file("a"), Body: "one" }));
    const { name, message, $metadata } = await failureOf(s3.send(new GetObjectAclCommand(file("a"))));
    assert.equal(
      [name, message, $metadata?.httpStatusCode],
      ["NotImplemented", "local-aws does not simulate GET ?acl of S3.", 501],
    );
  }),
);

s3Suite("a conditional read of another content is refused", () =>
  withSlowS3(async (s3) => {
    const { ETag } = await s3.send(new PutObjectCommand({ ...file("a"), Body: "one" }));
    const read = () => s3.send(new GetObjectCommand({ ...file("a"), IfMatch: ETag }));
    assert.is(await (await read()).Body?.transformToString(), "one");
    await s3.send(new PutObjectCommand({ ...file("a"), Body: "two" }));
    assert.is((await failureOf(read())).name, "PreconditionFailed");
  }),
);

s3Suite.run();
