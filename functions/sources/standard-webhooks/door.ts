import { type Door, UnusableSecretError } from "../door.ts";
import { leadsInBody } from "../leads-in-body.ts";
import { type HmacRule, verifyHmac } from "../verify/hmac.ts";

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const signature: HmacRule = {
  header: "webhook-signature",
  separator: " ",
  prefix: "v1,",
  encoding: "base64",
  timestamp: { header: "webhook-timestamp", unit: "seconds", toleranceSeconds: 300 },
  key: decodedSecret,
  signed: ({ headers: { "webhook-id": id }, body }, timestamp) => (id ? [`${id}.${timestamp}.`, body] : undefined),
};

/** The body is a lead, an array of leads, or an envelope around either. The event's id and the lead's place are the identity. */
export const door: Door = {
  verify(request, context) {
    verifyHmac(signature, request, context);
  },
  split: ({ headers, body }) =>
    leadsInBody(body).map(({ json }, index) => ({
      kind: "lead",
      identity: [headers["webhook-id"] ?? "", String(index)],
      json,
    })),
};

/** The key of a secret, which people also copy with quotes or with the version of the signatures before it. */
function decodedSecret(secret: string): Uint8Array {
  const text = secret.replace(/^["'`]+|["'`]+$/g, "").replace(/^(v1,)?(whsec_)?/, "");
  if (text === "") throw new UnusableSecretError("has nothing after whsec_");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) {
    throw new UnusableSecretError("has characters after whsec_ that base64 does not have");
  }
  const key = Buffer.from(text, "base64");
  if (key.length === 0) throw new UnusableSecretError("is too short");
  return key;
}
