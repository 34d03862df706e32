import { ignored, readerWith } from "../general-reader.ts";
import type { Reader } from "../reading.ts";
import { textAt } from "../value-at.ts";

const record = "event.data.";
const at = {
  ...ignored("", "subscription_id"),
  ...ignored("event.", "id date_created date_updated organization_id user_id request_id api_key_id oauth_client_id"),
  ...ignored("event.", "oauth_scope object_type object_id lead_id action changed_fields meta previous_data"),
  ...ignored(record, "organization_id status_id status_label created_by created_by_name updated_by updated_by_name"),
  ...ignored(record, "date_created date_updated opportunities tasks contact_ids integration_links"),
  ...ignored(`${record}contacts[].`, "id lead_id organization_id created_by updated_by date_created date_updated"),
  ...ignored(`${record}contacts[].`, "integration_links emails[].type phones[].type phones[].country"),
  ...ignored(`${record}contacts[].`, "phones[].phone_formatted"),
  [`${record}id`]: "crmId",
  [`${record}html_url`]: "url",
  [`${record}url`]: "website",
  [`${record}description`]: { label: "Description" },
} as const;
const readName = readerWith({ at: { ...at, ...ignored(record, "display_name"), [`${record}name`]: "company" } });
const readDisplayName = readerWith({ at: { ...at, [`${record}display_name`]: "company" } });
const readPerson = readerWith({ at: { ...at, ...ignored(record, "name display_name") } });

/**
 * Reads a lead, which is a company with contacts. One without a company is named after its first contact.
 * https://developer.close.com/api/resources/leads
 */
export const readLead: Reader = (lead, context) => {
  const name = textAt(lead, `${record}name`);
  const company = name ?? textAt(lead, `${record}display_name`);
  const isPerson = company === textAt(lead, `${record}contacts[0].name`) || company === "Untitled";
  return (isPerson ? readPerson : name === undefined ? readDisplayName : readName)(lead, context);
};
