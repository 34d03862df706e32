import { type Door, type SourceRequest, UnusableSecretError } from "../door.ts";
import { eventsInBody } from "../general-events.ts";
import { type HmacRule, verifyHmac } from "../verify/hmac.ts";

/**
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @param prefix of the headers; Svix and its customers send `svix`: https://docs.svix.com/receiving/verifying-payloads/how-manual
 */
const signature = (prefix: "webhook" | "svix"): HmacRule => ({
  header: `${prefix}-signature`,
  separator: " ",
  prefix: "v1,",
  encoding: "base64",
  timestamp: { header: `${prefix}-timestamp`, unit: "seconds", toleranceSeconds: 300 },
  key: decodedSecret,
  signed: ({ headers: { [`${prefix}-id`]: id }, body }, timestamp) => (id ? [`${id}.${timestamp}.`, body] : undefined),
});
const rules = { webhook: signature("webhook"), svix: signature("svix") };

/** The prefix of the headers that count. All of them have it, so that what is verified is also the identity. */
const prefixOf = ({ headers }: SourceRequest) =>
  headers["webhook-signature"] === undefined && headers["svix-signature"] !== undefined ? "svix" : "webhook";

/** Every service that signs by Standard Webhooks. A lead's identity is the event's id and the lead's place in the body. */
export const door: Door = {
  verify(request, context) {
    verifyHmac(rules[prefixOf(request)], request, context);
  },
  split: (request) =>
    eventsInBody(request.body, (_, index) => [request.headers[`${prefixOf(request)}-id`] ?? "", String(index)]),
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
