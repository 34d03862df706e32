import { createHmac } from "node:crypto";
import type { CrmLead } from "./leads.ts";
import { doublingDelays, nameOf, type Sender } from "./sender.ts";

/** Leads that were created. https://developer.close.com/api/resources/webhooks */
export const sender: Sender = {
  leadsInRequest: 1,
  body: ([lead], _, { eventId, at }) =>
    JSON.stringify({
      subscription_id: "whsub_8AmjKCZYT3zI8eZoi4HhFC",
      event: {
        id: eventId,
        date_created: at.toISOString(),
        object_type: "lead",
        object_id: lead?.id,
        lead_id: lead?.id,
        action: "created",
        changed_fields: [],
        meta: { request_method: "POST", request_path: "/api/v1/lead/" },
        previous_data: {},
        data: lead && record(lead, at),
      },
    }),
  request(body, { secrets: { "signature-key": key } }, { url, at }) {
    const time = String(Math.floor(at.getTime() / 1000));
    const hmac = key && createHmac("sha256", Buffer.from(key, "hex")).update(time).update(body);
    const signature = hmac ? hmac.digest("hex") : "";
    const headers = { "close-sig-hash": signature, "close-sig-timestamp": time };
    return { url, headers: { "content-type": "application/json", ...headers } };
  },
  identity: ({ id }) => [id],
  // https://developer.close.com/api/overview/changelog/2021/6/7
  delivery: {
    delays: doublingDelays(10, 1200, 72 * 3600),
    isRetried: () => true,
    answerSeconds: 15,
    stop: { failingSeconds: 72 * 3600 },
  },
};

const present = (list: readonly object[]) => list.filter((one) => !Object.values(one).includes(undefined));

const record = (lead: CrmLead, at: Date) => ({
  id: lead.id,
  display_name: lead.company ?? "",
  name: lead.company ?? "",
  url: lead.website ?? null,
  html_url: `https://app.close.com/lead/${lead.id}/`,
  description: lead.message ?? "",
  status_label: "Potential",
  created_by_name: "Sam Seller",
  date_created: at.toISOString(),
  addresses: present([{ label: "business", country: lead.country }]),
  contacts: [
    {
      id: `cont_${lead.id}`,
      lead_id: lead.id,
      name: nameOf(lead),
      title: lead.job_title ?? "",
      emails: present([{ email: lead.email, type: "office" }]),
      phones: present([{ phone: lead.phone, type: "office" }]),
    },
  ],
  opportunities: [],
  tasks: [],
  custom: lead.employees === undefined ? {} : { "Number of employees": lead.employees },
});
