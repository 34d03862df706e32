import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type BusEvent, objectCreated } from "../../src/events/object-created.ts";

const created = suite("Object Created");

created("an object's event has the fields that S3 gives it, and a greater sequencer than the one before", () => {
  const place = { account: "111122223333", region: "eu-west-1", gatewayUrl: "", apiUrl: "" };
  const object = { bucket: "files", key: "a b.json", size: 2, etag: "e", versionId: "v", reason: "PutObject" };
  interface Made extends BusEvent {
    readonly id: string;
    readonly time: string;
    readonly detail: { readonly object: { readonly sequencer: string }; readonly "request-id": string };
  }
  const made = () => objectCreated(object, place) as Made;
  const { id, time, detail, ...event } = made();
  const { "request-id": requestId, ...rest } = detail;
  const { sequencer } = rest.object;
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.match(requestId, /^[0-9A-F]{16}$/);
  assert.match(sequencer, /^[0-9A-F]{18}$/);
  assert.ok(made().detail.object.sequencer > sequencer);
  assert.equal(event, {
    version: "0",
    "detail-type": "Object Created",
    source: "aws.s3",
    account: "111122223333",
    region: "eu-west-1",
    resources: ["arn:aws:s3:::files"],
  });
  assert.equal(rest, {
    version: "0",
    bucket: { name: "files" },
    object: { key: "a b.json", size: 2, etag: "e", "version-id": "v", sequencer },
    requester: "111122223333",
    "source-ip-address": "127.0.0.1",
    reason: "PutObject",
  });
});

created.run();
