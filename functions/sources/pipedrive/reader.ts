import { ignored, readerWith } from "../general-reader.ts";
import { type Reader, withLink } from "../reading.ts";
import { isPipedriveLead, pipedriveEvent } from "./event.ts";

/** A person as an event and the API have it. Emails and phones are known by their names, the primary one first. */
const person = (place: string) =>
  ({
    ...ignored(
      place,
      "org_id owner_id company_id creator_id user_id cc_email im picture_id picture visible_to label label_ids",
    ),
    ...ignored(
      place,
      "active_flag add_time update_time delete_time is_deleted birthday first_char marketing_status last_activity",
    ),
    ...ignored(
      place,
      "next_activity last_activity_id last_activity_date next_activity_id next_activity_date next_activity_time",
    ),
    ...ignored(
      place,
      "last_incoming_mail_time last_outgoing_mail_time open_deals_count closed_deals_count won_deals_count",
    ),
    ...ignored(place, "lost_deals_count notes_count files_count activities_count email_messages_count followers_count"),
    ...ignored(place, "postal_address postal_address_lat postal_address_long doi_status"),
    [`${place}name`]: "fullName",
    [`${place}first_name`]: "firstName",
    [`${place}last_name`]: "lastName",
    [`${place}job_title`]: "jobTitle",
    [`${place}org_name`]: "company",
    [`${place}owner_name`]: "owner",
    [`${place}notes`]: "message",
    [`${place}postal_address_country`]: "country",
  }) as const;

const readPerson = readerWith({
  at: {
    ...ignored("", "meta previous event v retry matches_filters"),
    ...person("data."),
    ...person("current."),
    "data.id": "crmId",
    "current.id": "crmId",
  },
});

const readRecord = readerWith({
  at: {
    ...person("person."),
    ...ignored("person.", "id"),
    ...ignored("organization.", "id owner_id cc_email add_time update_time label label_ids visible_to people_count"),
    ...ignored("organization.", "is_deleted picture_id company_id active_flag first_char country_code"),
    organization: "company",
    "organization.name": "company",
    "organization.website": "website",
    "organization.employee_count": "employees",
    "organization.address.country": "country",
    ...ignored(
      "event.data.",
      "person_id organization_id owner_id creator_id label_ids is_archived was_seen value add_time",
    ),
    ...ignored(
      "event.data.",
      "update_time origin_id channel channel_id expected_close_date next_activity_id visible_to cc_email",
    ),
    ...ignored("event.data.", "origin"),
    "event.data.id": "crmId",
    "event.data.title": { label: "Lead" },
    "event.data.source_name": "origin",
  },
});

/** Reads a person's event, or the record of a lead's together with the lead. */
export const readLead: Reader = (lead, context) => {
  const { meta, data } = pipedriveEvent(context.event);
  const isLead = isPipedriveLead(context.event);
  const reading = isLead ? readRecord({ ...lead, event: { data } }, context) : readPerson(lead, context);
  const isKnown = /^[\w-]+\.pipedrive\.com$/.test(String(meta.host)) && /^[\w-]{1,40}$/.test(String(data.id));
  const url = `https://${meta.host}/${isLead ? "leads/inbox" : "person"}/${data.id}`;
  return withLink(reading, isKnown ? url : undefined, "meta.host");
};
