import { createHmac } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { UnusableSecretError } from "../../../../functions/sources/door.ts";
import { doorOf, identityIn } from "../door-of.ts";
import { ingestOf } from "../ingest-of.ts";
import { sourceRequest } from "../source-request.ts";
import { created } from "./payload.ts";

const key = "ab".repeat(32);
const now = new Date(1700000000_500);
const secrets = ["cd".repeat(32), key];
const body = JSON.stringify(created);
const { lead_id: id } = created.event;

function signed(content = body, time = "1700000000") {
  const hash = createHmac("sha256", Buffer.from(key, "hex"))
    .update(time + content)
    .digest("hex");
  return sourceRequest({
    headers: { "close-sig-hash": hash, "close-sig-timestamp": time },
    body: Buffer.from(content),
  });
}
const headers = ["close-sig-hash", "close-sig-timestamp"];

const close = suite("close door");

close("accepts a known vector and the documented example, and refuses one changed bit", async () => {
  const door = await doorOf("close", { secrets, now });
  const vector = signed('{"event":{"id":"ev_test"}}');
  assert.is(vector.headers["close-sig-hash"], "6208cf253688f35293cdece2446d29872c0a9fd9db0ab807d0835df6afa653e1");
  for (const request of [vector, signed()]) {
    assert.ok(door.accepts(request));
    assert.equal(door.acceptedChanges(request, { headers }), []);
  }
  for (const other of [[], ["cd".repeat(32)]]) assert.not.ok(door.accepts(signed(), { secrets: other }));
});

close("accepts a time that is five minutes off and not one second more", async () => {
  const { accepts } = await doorOf("close", { secrets, now });
  for (const direction of [1, -1]) {
    const at = (seconds: number) => accepts(signed(body, String(1700000000 + direction * seconds)));
    assert.equal([at(300), at(301)], [true, false]);
  }
});

close("says what is wrong with a key that is no hex, without a part of it", async () => {
  const { accepts } = await doorOf("close", { secrets: ["zz-not-hex"], now });
  assert.throws(
    () => accepts(signed()),
    (error: unknown) =>
      error instanceof UnusableSecretError &&
      error.message === "The source's secret is not made of pairs of hex digits.",
  );
});

close("announces a lead once, whatever event brings it, and stores the event as it was written", async () => {
  const { split } = await doorOf("close", { secrets, now });
  assert.equal(split(body), [{ kind: "lead", identity: [id], json: body }]);
  assert.equal(identityIn(split({ event: { ...created.event, id: "ev_other" } })), [id]);
});

close("identifies a lead without its id by what is left: its record, the event, the content", async () => {
  const { split } = await doorOf("close", { secrets, now });
  const event = { object_type: "lead", action: "created" };
  assert.equal(identityIn(split({ event: { ...event, id: "ev_1", data: { id: "lead_1" } } })), ["lead_1"]);
  assert.equal(identityIn(split({ event: { ...event, id: "ev_1" } })), ["ev_1"]);
  assert.equal(identityIn(split({ event })), [JSON.stringify({ event })]);
});

close("ignores everything but the creation of a lead", async () => {
  const { split } = await doorOf("close", { secrets, now });
  for (const [object_type, action] of [
    ["lead", "updated"],
    ["lead", "deleted"],
    ["lead", "merged"],
    ["contact", "created"],
    ["activity.note", "created"],
  ] as const) {
    const reason = `${object_type}.${action} is no new lead`;
    assert.is(identityIn(split({ event: { ...created.event, object_type, action } })), reason);
  }
  for (const other of [{}, { event: null }, { event: [] }])
    assert.match(String(identityIn(split(other))), "no new lead");
});

close("gets a 2xx for every proven event, because it pauses after three days of failures", async () => {
  const { post, stored } = ingestOf("close", key, now);
  const status = async (event: object) => {
    const { headers, body } = signed(JSON.stringify({ event }));
    return (await post(body.toString(), { ...headers } as Record<string, string>))[0];
  };
  const { event } = created;
  assert.equal([await status(event), await status(event)], [202, 200]);
  assert.equal([await status({ ...event, action: "updated" }), await status({}), stored().length], [200, 200, 1]);
});

close.run();
