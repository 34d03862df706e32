import { createHmac, hash } from "node:crypto";
import type { CrmLead } from "./leads.ts";
import { recordIdOf } from "./record-id.ts";
import { doublingDelays, type Sender } from "./sender.ts";

/** A portal's id, as made up as its contacts. */
const portalId = 62_515;

/**
 * Events of an app, with HubSpot's signature of version 3. HubSpot calls https, whatever this run does.
 * https://developers.hubspot.com/docs/api/webhooks
 */
export const sender: Sender = {
  makeSecret(name, seed) {
    const digits = hash("sha256", `${seed} ${name}`);
    const id = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
    return name === "access-token" ? `pat-na1-${id}` : id;
  },
  leadsInRequest: 10,
  body: (leads, _, { at }) => JSON.stringify(leads.map((lead) => creation(lead, at))),
  request(body, { secrets: { "client-secret": secret } }, { url, at }) {
    const time = String(at.getTime());
    const signed = `POST${url.replace(/^http:/, "https:")}${body}${time}`;
    return {
      url,
      headers: {
        "content-type": "application/json",
        "user-agent": "HubSpot Connect 2.0 (http://dev.hubspot.com/)",
        "x-hubspot-request-timestamp": time,
        "x-hubspot-signature-v3": secret ? createHmac("sha256", secret).update(signed).digest("base64") : "",
      },
    };
  },
  identity: (lead) => [String(portalId), String(recordIdOf(lead))],
  // Ten times within 24 hours, after any answer but a 2xx.
  delivery: { isRetried: () => true, delays: doublingDelays(60, 14_400, 86_400).slice(0, 10), answerSeconds: 5 },
};

const creation = (lead: CrmLead, at: Date) => ({
  eventId: recordIdOf(lead) % 4_294_967_296,
  subscriptionId: 12_345,
  portalId,
  appId: 54_321,
  occurredAt: at.getTime(),
  subscriptionType: "contact.creation",
  attemptNumber: 0,
  objectId: recordIdOf(lead),
  changeFlag: "CREATED",
  changeSource: "CRM_UI",
});
