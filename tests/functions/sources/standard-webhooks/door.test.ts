import { mapKeys } from "es-toolkit/object";
import { Webhook } from "standardwebhooks";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { UnprovenRequestError, UnusableSecretError } from "../../../../functions/sources/door.ts";
import { door } from "../../../../functions/sources/standard-webhooks/door.ts";
import { doorOf, identityIn } from "../door-of.ts";
import { sourceRequest } from "../source-request.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const body = '{"name":"Zoë"}';
const now = new Date("2026-03-01T12:00:00.900Z");

const signed = (secondsAgo = 0, id = "msg_1", content = body, by = secret) => {
  const at = new Date(now.getTime() - 1000 * secondsAgo);
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(by).sign(id, at, content),
  };
};
const verify = (headers: Record<string, string | undefined>, { content = body, secrets = [secret], at = now } = {}) =>
  door.verify(sourceRequest({ headers, body: Buffer.from(content) }), {
    secrets,
    otherSecrets: {},
    settings: {},
    now: at,
  });

const standardWebhooks = suite("standard webhooks door");

standardWebhooks("accepts the published test vector", () => {
  const content =
    '{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344522Z","data":{"id":"1f81eb52-5198-4599-803e-771906343485"}}';
  const headers = {
    "webhook-id": "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
    "webhook-timestamp": "1674087231",
    "webhook-signature": "v1,ARw42xaAApl/nxRo+iPGYwSaMQaOwMo2eyH5JBRA+bQ=",
  };
  verify(headers, { content, at: new Date(1674087231000) });
});

for (const prefix of ["webhook", "svix"] as const) {
  standardWebhooks(
    `accepts headers that begin with ${prefix}, and refuses one changed bit of the request`,
    async () => {
      const headers = mapKeys(signed(), (_, name) => name.replace("webhook", prefix));
      const request = sourceRequest({ headers, body: Buffer.from(body) });
      const { accepts, acceptedChanges, split } = await doorOf("standard-webhooks", { secrets: [secret], now });
      assert.ok(accepts(request));
      assert.equal(acceptedChanges(request, { headers: Object.keys(headers) }), []);
      assert.equal(identityIn(split(body, headers)), ["msg_1", "0"]);
    },
  );
}

standardWebhooks("takes all headers from one set, so that no other id comes beside a signature", async () => {
  const svix = mapKeys(signed(), (_, name) => name.replace("webhook", "svix"));
  const { accepts, split } = await doorOf("standard-webhooks", { secrets: [secret], now });
  const mixed = [
    { ...svix, "webhook-signature": "v1,AAAA" },
    { ...signed(), "webhook-id": undefined, "svix-id": "msg_1" },
    { ...svix, "svix-id": undefined, "webhook-id": "msg_1" },
  ];
  for (const headers of mixed) assert.not.ok(accepts(sourceRequest({ headers, body: Buffer.from(body) })));
  assert.equal(identityIn(split(body, { ...svix, "webhook-id": "msg_2" })), ["msg_1", "0"]);
  assert.equal(identityIn(split(body, { ...signed(), "svix-id": "msg_2" })), ["msg_1", "0"]);
});

standardWebhooks("ignores an envelope that says that something was changed or deleted", async () => {
  const { split } = await doorOf("standard-webhooks", { secrets: [secret], now });
  for (const type of ["contact.updated", "contact.deleted"]) {
    assert.match(String(identityIn(split({ type, data: { email: "jane.roe@acme.example" } }))), "changed or deleted");
  }
  assert.equal(identityIn(split({ type: "user.created", data: { a: 1 } }, { "webhook-id": "msg_1" })), ["msg_1", "0"]);
});

standardWebhooks("accepts what the library of Standard Webhooks signs, with and without whsec_", () => {
  verify(signed());
  verify(signed(), { secrets: [secret.replace("whsec_", "")] });
});

for (const [what, copied] of [
  ["with the version of the signatures", `v1,${secret}`],
  ["in double quotes", `"${secret}"`],
  ["in single quotes, with the version", `'v1,${secret}'`],
  ["with one quote of several secrets", `${secret}"`],
] as const) {
  standardWebhooks(`accepts a secret that was copied ${what}`, () => verify(signed(), { secrets: [copied] }));
}

standardWebhooks(
  "accepts a request that fits one secret while another one is unusable, and says so for other requests",
  () => {
    for (const secrets of [
      ["whsec_%%%", secret],
      [secret, "whsec_%%%"],
    ]) {
      verify(signed(), { secrets });
      assert.throws(
        () => verify(signed(0, "msg_1", body, other), { secrets }),
        (error: unknown) => error instanceof UnusableSecretError,
      );
    }
  },
);

for (const [unusable, problem] of [
  ["whsec_", "has nothing after whsec_"],
  ['""', "has nothing after whsec_"],
  ["whsec_AAAA-BBB", "has characters after whsec_ that base64 does not have"],
  ["whsec_A", "is too short"],
] as const) {
  standardWebhooks(`says what is wrong with the secret ${unusable}, without the secret`, () => {
    assert.throws(
      () => verify(signed(), { secrets: [unusable] }),
      (error: unknown) => error instanceof UnusableSecretError && error.message === `The source's secret ${problem}.`,
    );
  });
}

standardWebhooks("accepts any of several secrets while one is rotated", () => {
  verify(signed(), { secrets: [other, secret] });
  verify(signed(), { secrets: [secret, other] });
});

standardWebhooks("accepts any of several signatures", () => {
  const headers = signed();
  headers["webhook-signature"] = `v1,bm90IHRoaXM= v1a,xyz ${headers["webhook-signature"]}`;
  verify(headers);
});

for (const seconds of [300, -300]) {
  standardWebhooks(`accepts a time that is ${seconds} s ago`, () => verify(signed(seconds)));
}

for (const [what, headers, content, reason] of [
  ["without any header", {}, body, "missing required headers"],
  ["without an id", { ...signed(), "webhook-id": undefined }, body, "missing required headers"],
  ["with an empty id", signed(0, ""), body, "missing required headers"],
  ["without a time", { ...signed(), "webhook-timestamp": undefined }, body, "missing required headers"],
  ["signed with another secret", signed(0, "msg_1", body, other), body, "no matching signature found"],
  ["for another body", signed(), "{}", "no matching signature found"],
  ["for another id", { ...signed(), "webhook-id": "msg_2" }, body, "no matching signature found"],
  ["301 s old", signed(301), body, "message timestamp too old"],
  ["301 s ahead", signed(-301), body, "message timestamp too new"],
  ["with a time that is no number", { ...signed(), "webhook-timestamp": "soon" }, body, "invalid timestamp"],
  [
    "with a version it does not know",
    { ...signed(), "webhook-signature": "v9,AAAA" },
    body,
    "missing required headers",
  ],
  ["that is no signature", { ...signed(), "webhook-signature": "v1" }, body, "missing required headers"],
] as const) {
  standardWebhooks(`refuses a request ${what}`, () => {
    assert.throws(
      () => verify(headers, { content }),
      (error: unknown) =>
        error instanceof UnprovenRequestError &&
        error.code === "BadSignature" &&
        error.message === `The request's signature was refused: ${reason}.`,
    );
  });
}

standardWebhooks("refuses every request while there is no secret", () => {
  assert.throws(() => verify(signed(), { secrets: [] }), /secret of this source is empty/);
});

for (const unusable of ["whsec_", "whsec_%%%", "", "="]) {
  standardWebhooks(`says that ${JSON.stringify(unusable)} is no secret, to whoever asks`, () => {
    for (const headers of [signed(), {}]) {
      assert.throws(
        () => verify(headers, { secrets: [unusable] }),
        (error: unknown) => error instanceof UnusableSecretError && error.code === "UnusableSecret",
      );
    }
  });
}

standardWebhooks("identifies each lead by the event's id and the lead's place", () => {
  const content = Buffer.from('{"type":"lead.created","data":[{"a":1},{"b":"é"}]}');
  assert.equal(door.split(sourceRequest({ headers: { "webhook-id": "msg_1" }, body: content }), { settings: {} }), [
    { kind: "lead", identity: ["msg_1", "0"], json: '{"a":1}' },
    { kind: "lead", identity: ["msg_1", "1"], json: '{"b":"é"}' },
  ]);
});

standardWebhooks("stores a lead as it was written", () => {
  const content = Buffer.from('{"type":"t", "data": [ {"id": 12345678901234567890, "a":1.0} ,{"b":1e400}]}');
  const events = door.split(sourceRequest({ headers: { "webhook-id": "msg_1" }, body: content }), { settings: {} });
  assert.equal(
    events.map((event) => event.kind === "lead" && event.json),
    ['{"id": 12345678901234567890, "a":1.0}', '{"b":1e400}'],
  );
});

standardWebhooks.run();
