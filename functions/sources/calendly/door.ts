import type { Door } from "../door.ts";
import { eventInBody, noNewLead } from "../event-in-body.ts";
import { textAt } from "../value-at.ts";
import { type HmacRule, verifyHmac } from "../verify/hmac.ts";

const header = { header: "calendly-webhook-signature", separator: "," };

/** https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures */
const signature: HmacRule = {
  ...header,
  prefix: "v1=",
  encoding: "hex",
  timestamp: { ...header, prefix: "t=", unit: "seconds", toleranceSeconds: 180 },
  signed: ({ body }, timestamp) => [`${timestamp}.`, body],
};

/**
 * A new lead is an invitee who has booked. One who reschedules is created again, and has `old_invitee` then.
 * https://developer.calendly.com/docs/api-guides/see-how-webhook-payloads-change-when-invitees-reschedule-events
 */
export const door: Door = {
  verify(request, context) {
    verifyHmac(signature, request, context);
  },
  split({ body }) {
    const { event, json } = eventInBody(body);
    if (event.event !== "invitee.created") return [noNewLead(event.event)];
    if (textAt(event, "payload.old_invitee") !== undefined) return [noNewLead("rescheduled")];
    return [{ kind: "lead", identity: [textAt(event, "payload.uri") ?? json], json }];
  },
};
