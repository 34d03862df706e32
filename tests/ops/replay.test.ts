import { NotFound, type S3Client } from "@aws-sdk/client-s3";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { replay } from "../../ops/commands/replay.ts";
import { pipelineOf } from "../../ops/outputs.ts";
import { failureOf } from "../helpers/failure.ts";
import { FakeSqs } from "./fake-sqs.ts";
import { run } from "./ops-fixtures.ts";

const pipeline = pipelineOf((name) => `https://sqs.eu-west-3.amazonaws.com/1/${name}`, "the test");
const { leads, notifications } = pipeline.queues;

/** Replays a key of a bucket that has one object, in the versions v1 and v2. */
async function replayed(key: string, has: string = key, version?: string) {
  const sqs = new FakeSqs();
  const asked: unknown[] = [];
  const s3 = (region: string | undefined) =>
    ({
      send: async ({ input: { VersionId = "v2", ...input } }: { input: { Key: string; VersionId?: string } }) => {
        asked.push([region, input]);
        const exists = input.Key === has && ["v1", "v2"].includes(VersionId);
        if (!exists) throw new NotFound({ message: "NotFound", $metadata: {} });
        return { ETag: `"etag-${VersionId}"`, ContentLength: 42, VersionId };
      },
    }) as unknown as S3Client;
  const outcome = await run(replay, { outputs: () => pipeline, key, version }, { s3, sqs: sqs.client });
  return { ...outcome, sqs, asked };
}

const replaying = suite("ops replay");

for (const [what, key, queue] of [
  ["a raw lead to enrich", "website-1.json", leads],
  ["an enriched lead to notify", "enriched/dt=2026-01-01/website-1.json", notifications],
] as const) {
  replaying(`sends ${what}, with the event that EventBridge sends`, async () => {
    const { sqs, printed, code, asked } = await replayed(key);
    assert.equal(
      [leads, notifications].map(({ url }) => sqs.bodies(url).length),
      [leads, notifications].map((one) => (one === queue ? 1 : 0)),
    );
    const [body = ""] = sqs.bodies(queue.url);
    assert.equal(JSON.parse(body), {
      source: "leadwire.replay",
      "detail-type": "Object Created",
      detail: { bucket: { name: pipeline.bucket }, object: { key, etag: "etag-v2", size: 42, "version-id": "v2" } },
    });
    assert.equal([printed, code], [`sent to ${queue.url}`, 0]);
    assert.equal(asked, [["eu-west-3", { Bucket: pipeline.bucket, Key: key }]]);
  });
}

replaying("refuses a key below another prefix, and asks nobody", async () => {
  const { message } = await failureOf(replayed("other/x.json"));
  assert.is(
    message,
    "--key other/x.json: leads are at the bucket's root or below enriched/; copy the object to the root.",
  );
});

replaying("says that an object is not there", async () => {
  const { message } = await failureOf(replayed("gone.json", "other.json"));
  assert.match(message, "--key gone.json: bucket https");
  assert.match(message, "has no such object. Its retention may be over.");
});

replaying("sends the version that is asked for, of a file that was overwritten", async () => {
  const { sqs } = await replayed("today.json", "today.json", "v1");
  const { object } = JSON.parse(sqs.bodies(leads.url)[0] ?? "").detail;
  assert.equal(object, { key: "today.json", etag: "etag-v1", size: 42, "version-id": "v1" });
});

replaying("passes on any other error of S3", async () => {
  const s3 = () => ({ send: () => Promise.reject(new Error("AccessDenied")) }) as unknown as S3Client;
  const values = { outputs: () => pipeline, key: "today.json", version: undefined };
  assert.is((await failureOf(run(replay, values, { s3, sqs: new FakeSqs().client }))).message, "AccessDenied");
});

replaying("says that a version is not there, and does not send the current one", async () => {
  const { message } = await failureOf(replayed("today.json", "today.json", "v9"));
  assert.match(message, "has no such version of the object. Its retention may be over.");
});

replaying.run();
