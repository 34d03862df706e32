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

/** Replays a key of a bucket that has one object. */
async function replayed(key: string, has: string = key) {
  const sqs = new FakeSqs();
  const asked: unknown[] = [];
  const s3 = (region: string | undefined) =>
    ({
      send: async ({ input }: { input: { Key: string } }) => {
        asked.push([region, input]);
        if (input.Key !== has) throw new NotFound({ message: "NotFound", $metadata: {} });
        return { ETag: '"e1"', ContentLength: 42 };
      },
    }) as unknown as S3Client;
  const outcome = await run(replay, { outputs: () => pipeline, key }, { s3, sqs: sqs.client });
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
      detail: { bucket: { name: pipeline.bucket }, object: { key, etag: "e1", size: 42 } },
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

replaying.run();
