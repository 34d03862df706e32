import { hash } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { longDelivery, type Sender } from "./sender.ts";

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export const sender: Sender = {
  takesAnyShape: true,
  makeSecret: (name, seed) => `whsec_${hash("sha256", `${seed} ${name}`, "base64")}`,
  leadsInRequest: 5,
  body: (leads, _, { at }) =>
    JSON.stringify({ type: "lead.created", timestamp: at.toISOString(), data: leads.length === 1 ? leads[0] : leads }),
  request: (body, { secrets: { "signing-secret": secret } }, { url, eventId, at }) => ({
    url,
    headers: {
      "content-type": "application/json",
      "user-agent": "leadwire-crm/1",
      "webhook-id": eventId,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": secret === undefined ? "" : new Webhook(secret).sign(eventId, at, body),
    },
  }),
  delivery: longDelivery,
};
