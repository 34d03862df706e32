import { pickBy } from "es-toolkit/object";
import { isPlainObject } from "es-toolkit/predicate";
import type { RawLead } from "../../lead/raw-lead.ts";
import { ignored, readerWith } from "../general-reader.ts";
import { type Reader, withLink } from "../reading.ts";
import { ownProperties } from "./own-properties.ts";

/** https://knowledge.hubspot.com/properties/hubspots-default-contact-properties */
const known = {
  hs_object_id: "crmId",
  firstname: "firstName",
  lastname: "lastName",
  email: "email",
  hs_additional_emails: "email",
  phone: "phone",
  mobilephone: "phone",
  company: "company",
  website: "website",
  numemployees: "employees",
  country: "country",
  jobtitle: "jobTitle",
  message: "message",
  hs_language: "language",
  hs_analytics_source: "origin",
  hs_analytics_first_url: "landingPage",
} as const;

/** Names of properties that HubSpot fills by itself, such as `ip_country`. They hold nothing that the person said. */
const internal =
  /^(hs_|hubspot|ip_|num_|recent_|first_conversion|first_deal|associatedcompany|engagements_|notes_|createdate$|lastmodifieddate$|lifecyclestage$|currentlyinworkflow$|days_to_close$|closedate$|total_revenue$|webinareventlastupdated$)/;

const read = readerWith({
  at: {
    ...known,
    ...Object.fromEntries(Object.entries(known).map(([name, field]) => [`properties.${name}`, field] as const)),
    ...ignored(
      "",
      "vid canonical-vid merged-vids portal-id portalId is-contact profile-token identity-profiles objectTypeId",
    ),
    ...ignored(
      "",
      "list-memberships form-submissions merge-audits associated-company addedAt createdAt updatedAt archived",
    ),
    id: "crmId",
    objectId: "crmId",
    "profile-url": "url",
    url: "url",
  },
});

/** Reads a contact: the record of an app's event, what a workflow sends, or a list of properties that a workflow's author chose. */
export const readLead: Reader = (lead, context) => {
  const own = new Set(ownProperties(context.fields));
  const withoutInternal = (properties: RawLead) =>
    pickBy(properties, (_, name) => !internal.test(name) || Object.hasOwn(known, name) || own.has(name));
  const { properties } = lead;
  const isNested = isPlainObject(properties);
  const contact = isNested ? { ...lead, properties: withoutInternal(properties) } : withoutInternal(lead);
  const ids = [lead.vid, lead.id, context.event.objectId];
  const id = ids.find((one) => one !== undefined);
  const reading = read(isNested && id !== undefined ? { id, ...contact } : contact, context);
  const portal = context.event.portalId ?? lead["portal-id"] ?? lead.portalId;
  const url = `https://app.hubspot.com/contacts/${portal}/record/0-1/${id}`;
  return withLink(reading, isId(portal) && isId(id) ? url : undefined, "portalId");
};

const isId = (value: unknown) => /^\d{1,20}$/.test(String(value));
