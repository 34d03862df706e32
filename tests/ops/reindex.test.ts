import { S3Client } from "@aws-sdk/client-s3";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { environments } from "../../environments/index.ts";
import { createdObject } from "../../functions/runtime/object-created.ts";
import { reindex } from "../../ops/commands/reindex.ts";
import { pipelineOf } from "../../ops/outputs.ts";
import { failureOf } from "../helpers/failure.ts";
import { FakeSqs } from "./fake-sqs.ts";
import { run } from "./ops-fixtures.ts";

const read = (name: string) =>
  name === "leads_bucket" ? "leadwire-dev-leads-1" : `https://sqs.eu-west-3.amazonaws.com/1/${name}`;
const queueOutputs = ["lead_index_events_queue_url", "lead_index_events_dlq_url"];
const pipeline = pipelineOf(read, "the test", queueOutputs);
const env = { name: "dev", settings: environments.dev } as const;

const enriched = ["28", "01", "02"].flatMap((day) =>
  Array.from(
    { length: 60 },
    (_, number) => `enriched/dt=2026-${day === "28" ? "02" : "03"}-${day}/website-${number}.json`,
  ),
);
const others = ["1-a.json", "1-b-unannounced.json"].map((name) => `outcomes/dt=2026-03-02/${name}`);
const keys = [...enriched, ...others, "website-1.json", "fetched/crm-1.json"];

/** Runs the command over a bucket. Returns the keys of the events that the index got. */
async function reindexed(since?: string) {
  const sqs = new FakeSqs();
  const s3 = Object.assign(Object.create(S3Client.prototype) as S3Client, {
    send: async ({ input }: { input: { Bucket: string; Prefix: string; StartAfter: string } }) => {
      assert.is(input.Bucket, pipeline.bucket);
      const found = keys.filter((key) => key.startsWith(input.Prefix) && key > input.StartAfter);
      return { Contents: found.map((Key) => ({ Key, ETag: '"e1"', Size: 42, LastModified: new Date(0) })) };
    },
  });
  const values = { env, outputs: () => pipeline, since: since === undefined ? undefined : new Date(since) };
  const { printed } = await run(reindex, values, { s3: () => s3, sqs: sqs.client });
  const events = sqs.bodies(pipeline.queues["lead-index-events"]?.url ?? "").map((body) => createdObject({ body }));
  return { printed, events };
}

const fill = suite("ops :: reindex");
fill("sends the index the events of all enriched leads, and of all outcomes but announcements", async () => {
  const { printed, events } = await reindexed();
  assert.equal(events.map(({ key }) => key).sort(), [...enriched, others[1]].sort());
  const [{ bucket, etag, size } = {}] = events;
  assert.equal([bucket, etag, size], ["leadwire-dev-leads-1", "e1", 42]);
  assert.match(printed, "sent 181 events to https://sqs");
});
fill("begins with a day", async () => {
  const { events } = await reindexed("2026-03-02");
  assert.equal(events.map(({ key }) => key).sort(), [...enriched.slice(120), others[1]].sort());
});
fill("refuses an environment without the index", async () => {
  const values = { env, outputs: () => pipelineOf(read, "the test"), since: undefined };
  assert.is(
    (await failureOf(run(reindex, values, {}))).message,
    "dev has no consumer lead-index. Add it to consumers in environments/dev.ts and deploy.",
  );
});
fill.run();
