import { type Door, UnusableSecretError } from "../door.ts";
import { eventInBody, noNewLead } from "../event-in-body.ts";
import { textAt } from "../value-at.ts";
import { type HmacRule, verifyHmac } from "../verify/hmac.ts";

/** https://developer.close.com/api/resources/webhooks */
const signature: HmacRule = {
  header: "close-sig-hash",
  encoding: "hex",
  timestamp: { header: "close-sig-timestamp", unit: "seconds", toleranceSeconds: 300 },
  key: decodedKey,
  signed: ({ body }, timestamp) => [timestamp, body],
};

/** A new lead is a lead that was created, by whatever way. https://developer.close.com/api/resources/events/list-of-event-types */
export const door: Door = {
  verify(request, context) {
    verifyHmac(signature, request, context);
  },
  split({ body }) {
    const { event, json } = eventInBody(body);
    const [object, action] = [textAt(event, "event.object_type"), textAt(event, "event.action")];
    if (object !== "lead" || action !== "created") return [noNewLead(`${object}.${action}`)];
    const id = textAt(event, "event.lead_id") ?? textAt(event, "event.data.id") ?? textAt(event, "event.id");
    return [{ kind: "lead", identity: [id ?? json], json }];
  },
};

/** The bytes of a signature key, which Close shows in hex. */
function decodedKey(secret: string): Uint8Array {
  if (/^([0-9a-f]{2})+$/i.test(secret)) return Buffer.from(secret, "hex");
  throw new UnusableSecretError("is not made of pairs of hex digits");
}
