import type { Door } from "../door.ts";
import { eventInBody, noNewLead } from "../event-in-body.ts";
import { textAt } from "../value-at.ts";
import { type HmacRule, verifyHmac } from "../verify/hmac.ts";

/** https://www.typeform.com/developers/webhooks/secure-your-webhooks/ */
const signature: HmacRule = { header: "typeform-signature", prefix: "sha256=", encoding: "base64" };

/** A new lead is a response that was submitted. Its token is the response's id. */
export const door: Door = {
  verify(request, context) {
    verifyHmac(signature, request, context);
  },
  split({ body }) {
    const { event, json } = eventInBody(body);
    if (event.event_type !== "form_response") return [noNewLead(event.event_type)];
    const id = textAt(event, "form_response.token") ?? textAt(event, "event_id") ?? json;
    return [{ kind: "lead", identity: [id], json }];
  },
};
