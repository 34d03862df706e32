import { createHmac } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type SourceRequest, UnprovenRequestError } from "../../../../functions/sources/door.ts";
import { type HmacRule, verifyHmac } from "../../../../functions/sources/verify/hmac.ts";
import { acceptedChanges, passes } from "../every-bit.ts";
import { sourceRequest } from "../source-request.ts";

interface Vector {
  readonly rule: HmacRule;
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly now: number;
}
const hmacHex = (key: string, text: string) => createHmac("sha256", key).update(text).digest("hex");

/** A source of each kind. HubSpot's and Close's values are fixed vectors, which nobody computes here. */
const vectors: Readonly<Record<string, Vector>> = {
  "HubSpot v3: base64, milliseconds, method and URI signed": {
    rule: {
      header: "x-hubspot-signature-v3",
      encoding: "base64",
      timestamp: { header: "x-hubspot-request-timestamp", unit: "milliseconds", toleranceSeconds: 300 },
      signed: ({ method, path, body }, timestamp) => [`${method}https://www.example.com${path}`, body, timestamp],
    },
    secret: "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
    headers: {
      "x-hubspot-signature-v3": "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=",
      "x-hubspot-request-timestamp": "1693657560000",
    },
    body: "{'example_field':'example_value'}",
    now: 1693657560000,
  },
  "Close: hex, seconds, hex-decoded key": {
    rule: {
      header: "close-sig-hash",
      encoding: "hex",
      timestamp: { header: "close-sig-timestamp", unit: "seconds", toleranceSeconds: 300 },
      key: (secret) => Buffer.from(secret, "hex"),
      signed: ({ body }, timestamp) => [timestamp, body],
    },
    secret: "ab".repeat(32),
    headers: {
      "close-sig-hash": "6208cf253688f35293cdece2446d29872c0a9fd9db0ab807d0835df6afa653e1",
      "close-sig-timestamp": "1700000000",
    },
    body: '{"event":{"id":"ev_test"}}',
    now: 1700000000_000,
  },
  "Meta: a prefix, no time": {
    rule: { header: "x-hub-signature-256", encoding: "hex", prefix: "sha256=" },
    secret: "app-secret",
    headers: { "x-hub-signature-256": `sha256=${hmacHex("app-secret", "{}")}` },
    body: "{}",
    now: 0,
  },
  "Calendly: time and signature in one header": {
    rule: {
      header: "calendly-webhook-signature",
      encoding: "hex",
      separator: ",",
      prefix: "v1=",
      timestamp: {
        header: "calendly-webhook-signature",
        separator: ",",
        prefix: "t=",
        unit: "seconds",
        toleranceSeconds: 180,
      },
      signed: ({ body }, timestamp) => [`${timestamp}.`, body],
    },
    secret: "key",
    headers: { "calendly-webhook-signature": `t=1700000000,v1=${hmacHex("key", "1700000000.{}")}` },
    body: "{}",
    now: 1700000000_000,
  },
};
const path = "/webhook_uri";
const verify = (
  { rule, secret, headers, body, now }: Vector,
  changes: Partial<{ secrets: string[]; path: string }> = {},
) =>
  verifyHmac(rule, sourceRequest({ path, headers, body: Buffer.from(body, "latin1"), ...changes }), {
    secrets: changes.secrets ?? [secret],
    now: new Date(now),
  });
const refuses = (work: () => void) =>
  assert.throws(work, (error: unknown) => error instanceof UnprovenRequestError && error.code === "BadSignature");

const hmac = suite("verify hmac");

for (const [name, vector] of Object.entries(vectors)) {
  hmac(`accepts ${name}`, () => verify(vector));

  hmac(`accepts any of several secrets: ${name}`, () => {
    verify(vector, { secrets: ["00", vector.secret] });
    verify(vector, { secrets: [vector.secret, "00"] });
  });

  hmac(`refuses another secret and none: ${name}`, () => {
    refuses(() => verify(vector, { secrets: [`00${vector.secret}`] }));
    refuses(() => verify(vector, { secrets: [] }));
  });

  hmac(`refuses one changed bit of a header or of the body: ${name}`, () => {
    const { rule, secret, headers, body, now } = vector;
    const request = sourceRequest({ path, headers, body: Buffer.from(body, "latin1") });
    const accepts = (changed: SourceRequest) =>
      passes(() => verifyHmac(rule, changed, { secrets: [secret], now: new Date(now) }), UnprovenRequestError);
    assert.equal(acceptedChanges(request, { headers: Object.keys(headers) }, accepts), []);
    refuses(() => verify({ ...vector, headers: {} }));
  });

  const { timestamp } = vector.rule;
  if (timestamp) {
    hmac(`accepts ${timestamp.toleranceSeconds} s in either direction and not one more: ${name}`, () => {
      for (const direction of [1, -1]) {
        const offset = direction * timestamp.toleranceSeconds * 1000;
        verify({ ...vector, now: vector.now + offset });
        refuses(() => verify({ ...vector, now: vector.now + offset + direction * 1000 }));
      }
    });
  }
}

hmac("covers what else the rule signs", () => {
  const vector = vectors["HubSpot v3: base64, milliseconds, method and URI signed"];
  assert.ok(vector);
  refuses(() => verify(vector, { path: "/webhook_url" }));
});

hmac("refuses a signature by another hash than SHA-256", () => {
  const rule = { header: "signature", encoding: "hex" } as const;
  const signed = (hash: string) => ({ signature: createHmac(hash, "key").update("{}").digest("hex") });
  verify({ rule, secret: "key", headers: signed("sha256"), body: "{}", now: 0 });
  for (const hash of ["sha1", "sha512"]) {
    refuses(() => verify({ rule, secret: "key", headers: signed(hash), body: "{}", now: 0 }));
  }
});

hmac.run();
