import { hash } from "node:crypto";
import type { CrmLead } from "./leads.ts";
import { organizationIdOf, recordIdOf } from "./record-id.ts";
import { nameOf, type Sender } from "./sender.ts";

const companyId = "7654321";

/** Every other event is of a lead, the others are of persons. */
const isLead = (lead: CrmLead) => recordIdOf(lead) % 2 === 1;

const leadIdOf = ({ id }: CrmLead) =>
  hash("sha256", `lead ${id}`).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");

/** Webhooks of version 2. https://pipedrive.readme.io/docs/guide-for-webhooks-v2 */
export const sender: Sender = {
  makeSecret: (name, seed) => (name === "basic-auth" ? `leadwire:${hash("sha256", seed)}` : hash("sha1", seed)),
  leadsInRequest: 1,
  body: ([lead], _, { eventId, at }) => {
    const data = lead && (isLead(lead) ? leadData(lead) : personData(lead));
    const meta = {
      action: "create",
      company_id: companyId,
      correlation_id: "2b4d7a4e-3b0c-4f0e-9a63-0c0c8f6a7f10",
      entity_id: String(data?.id),
      entity: lead && isLead(lead) ? "lead" : "person",
      id: eventId,
      is_bulk_edit: false,
      timestamp: at.toISOString(),
      type: "general",
      user_id: "12345678",
      version: "2.0",
      webhook_id: "31",
      webhook_owner_id: "12345678",
      change_source: "app",
      permitted_user_ids: ["12345678"],
      attempt: 1,
      host: "acme.pipedrive.com",
    };
    return JSON.stringify({ data, previous: null, meta });
  },
  request: (_, { secrets: { "basic-auth": secret } }, { url }) => ({
    url,
    headers: {
      "content-type": "application/json",
      "user-agent": "Pipedrive Webhooks",
      ...(secret && { authorization: `Basic ${Buffer.from(secret).toString("base64")}` }),
    },
  }),
  identity: (lead) =>
    isLead(lead) ? [companyId, "lead", leadIdOf(lead)] : [companyId, "person", String(recordIdOf(lead))],
  // Each webhook whose first attempt fails counts towards the ban of half an hour, in which events are lost.
  delivery: {
    isRetried: () => true,
    delays: [3, 30, 150],
    answerSeconds: 10,
    stop: { firstFailures: 10, seconds: 30 * 60 },
  },
};

/** A person as an event and the API have it. */
export const personData = (lead: CrmLead) => ({
  id: recordIdOf(lead),
  name: nameOf(lead),
  first_name: lead.first_name,
  last_name: lead.last_name,
  emails: [{ label: "work", value: lead.email, primary: true }],
  phones: lead.phone === undefined ? [] : [{ label: "work", value: lead.phone, primary: true }],
  job_title: lead.job_title ?? null,
  org_id: lead.company === undefined ? null : organizationIdOf(lead),
  owner_id: 12_345_678,
  add_time: "2026-03-01T12:00:00Z",
  custom_fields: {},
  is_deleted: false,
});

const leadData = (lead: CrmLead) => ({
  id: leadIdOf(lead),
  title: [lead.company ?? lead.last_name, "lead"].filter(Boolean).join(" "),
  person_id: recordIdOf(lead),
  organization_id: lead.company === undefined ? null : organizationIdOf(lead),
  owner_id: 12_345_678,
  creator_id: 12_345_678,
  origin: "ManuallyCreated",
  source_name: "Manually created",
  is_archived: false,
  label_ids: [],
  value: null,
  add_time: "2026-03-01T12:00:00.000Z",
  custom_fields: {},
});
