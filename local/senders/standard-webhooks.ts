import { createHash } from "node:crypto";
import { Webhook } from "standardwebhooks";
import type { Sender } from "./sender.ts";

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export const sender: Sender = {
  makeSecret: (seed) => `whsec_${createHash("sha256").update(seed).digest("base64")}`,
  body: (lead) => JSON.stringify({ type: "lead.created", timestamp: new Date().toISOString(), data: lead }),
  headers: ({ body, eventId, at }, secret) => ({
    "content-type": "application/json",
    "user-agent": "leadwire-crm/1",
    "webhook-id": eventId,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": secret === undefined ? "" : new Webhook(secret).sign(eventId, at, body),
  }),
};
