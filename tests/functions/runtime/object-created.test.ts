import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createdObject } from "../../../functions/runtime/object-created.ts";

const created = suite("created object");

const message = (object: unknown, bucket: unknown = { name: "leads" }) => ({
  body: JSON.stringify({ detail: { bucket, object } }),
});
const known = { bucket: "leads", key: "a.json", etag: "", size: 0, versionId: undefined };

for (const [object, expected] of [
  [
    { key: "a.json", etag: "e1", size: 7, "version-id": "v1" },
    { ...known, etag: "e1", size: 7, versionId: "v1" },
  ],
  [{ key: "a.json" }, known],
  [{ key: "a.json", etag: 7, size: "7", "version-id": 7 }, known],
  [{ key: "a.json", "version-id": "" }, known],
] as const) {
  created(`of ${JSON.stringify(object)} has what the event says`, () =>
    assert.equal(createdObject(message(object)), expected),
  );
}

for (const [body, problem] of [
  ["no JSON", "The message's body is not JSON."],
  ["null", "The message has no detail.bucket.name or no detail.object.key."],
  [message({ key: 7 }).body, "The message has no detail.bucket.name or no detail.object.key."],
  [message({ key: "a.json" }, {}).body, "The message has no detail.bucket.name or no detail.object.key."],
] as const) {
  created(`is refused without an object: ${body}`, () => {
    assert.throws(
      () => createdObject({ body }),
      (error: { code?: unknown; message?: unknown }) => error.code === "NotAnObjectEvent" && error.message === problem,
    );
  });
}

created.run();
