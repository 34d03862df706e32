import { createHmac } from "node:crypto";
import { recordIdOf } from "./record-id.ts";
import { doublingDelays, type Sender } from "./sender.ts";

const pageId = "106529371913291";
const formId = "871390251820471";

/**
 * New leads of a page's form. Meta puts the events of some seconds into one request.
 * https://developers.facebook.com/docs/graph-api/webhooks/getting-started/webhooks-for-leadgen
 */
export const sender: Sender = {
  leadsInRequest: 10,
  body: (leads, _, { at }) => {
    const seconds = Math.floor(at.getTime() / 1000);
    const changes = leads.map((lead) => ({
      field: "leadgen",
      value: {
        leadgen_id: String(recordIdOf(lead)),
        page_id: pageId,
        form_id: formId,
        ad_id: "120212669955550",
        adgroup_id: "120212669930254",
        created_time: seconds,
      },
    }));
    return JSON.stringify({ object: "page", entry: [{ id: pageId, time: seconds, changes }] });
  },
  request: (body, { secrets: { "app-secret": secret } }, { url }) => ({
    url,
    headers: {
      "content-type": "application/json",
      "user-agent": "Webhooks/1.0 (https://fb.me/webhooks)",
      "x-hub-signature-256": secret ? `sha256=${createHmac("sha256", secret).update(body).digest("hex")}` : "",
    },
  }),
  identity: (lead) => [String(recordIdOf(lead))],
  // At once, and then less and less often for 36 hours, after any answer but a 2xx.
  delivery: { isRetried: () => true, delays: doublingDelays(15, 14_400, 36 * 3600), answerSeconds: 20 },
};
