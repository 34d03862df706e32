import { Webhook } from "standardwebhooks";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { BadSignatureError, verifyStandardWebhook } from "../../../functions/ingest/signature.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const body = Buffer.from('{"name":"Zoë"}');

const signed = (at = new Date(), id = "msg_1", content = body, by = secret) => ({
  "webhook-id": id,
  "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
  "webhook-signature": new Webhook(by).sign(id, at, content),
});
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

const signature = suite("ingest signature");

signature("agrees with the published test vector", () => {
  const vector =
    '{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344522Z","data":{"id":"1f81eb52-5198-4599-803e-771906343485"}}';
  const id = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";
  const made = new Webhook(secret).sign(id, new Date(1674087231000), vector);
  assert.is(made, "v1,ARw42xaAApl/nxRo+iPGYwSaMQaOwMo2eyH5JBRA+bQ=");
});

signature("returns the source's id of the event", () => {
  assert.is(verifyStandardWebhook(secret, signed(), body), "msg_1");
});

signature("takes any of several secrets while one is being rotated", () => {
  assert.is(verifyStandardWebhook(`${other}\n${secret}`, signed(), body), "msg_1");
  assert.is(verifyStandardWebhook(`${secret} ${other}`, signed(), body), "msg_1");
});

signature("takes any of several signatures", () => {
  const headers = signed();
  headers["webhook-signature"] = `v1,bm90IHRoaXM= v1a,xyz ${headers["webhook-signature"]}`;
  assert.is(verifyStandardWebhook(secret, headers, body), "msg_1");
});

for (const [what, headers, content] of [
  ["without any header", {}, body],
  ["without an id", { ...signed(), "webhook-id": undefined }, body],
  ["signed with another secret", signed(new Date(), "msg_1", body, other), body],
  ["for another body", signed(), Buffer.from("{}")],
  ["for another id", { ...signed(), "webhook-id": "msg_2" }, body],
  ["older than five minutes", signed(minutesAgo(6)), body],
  ["from more than five minutes ahead", signed(minutesAgo(-6)), body],
  ["with a time that is none", { ...signed(), "webhook-timestamp": "soon" }, body],
  ["with a version it does not know", { ...signed(), "webhook-signature": "v9,AAAA" }, body],
  ["that is no signature", { ...signed(), "webhook-signature": "v1" }, body],
] as const) {
  signature(`refuses a request ${what}`, () => {
    assert.throws(
      () => verifyStandardWebhook(secret, headers, content),
      (error: unknown) => error instanceof BadSignatureError && error.code === "BadSignature",
    );
  });
}

signature("refuses every request while the secret is empty", () => {
  assert.throws(() => verifyStandardWebhook(" ", signed(), body), /secret of this source is empty/);
});

signature.run();
