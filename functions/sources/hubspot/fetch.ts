import { type FetchRecord, getRecord, orIfMissing } from "../fetch-record.ts";
import { isTestEvent } from "./event.ts";
import { ownProperties } from "./own-properties.ts";

/** Properties of contacts that the card or the score has a use for. */
const properties = [
  "firstname",
  "lastname",
  "email",
  "hs_additional_emails",
  "phone",
  "mobilephone",
  "company",
  "website",
  "numemployees",
  "country",
  "jobtitle",
  "message",
  "hs_language",
  "hs_analytics_source",
  "hs_analytics_first_url",
  "utm_source",
  "utm_medium",
  "utm_campaign",
  "utm_term",
  "utm_content",
];

/** Takes the place of the contact that the test button names and that does not exist, so that a test shows a card. */
const testRecord = { id: "123", properties: { firstname: "HubSpot", lastname: "Test", email: "test@example.com" } };

/**
 * Fetches the contact of an app's event. HubSpot answers only with the properties that are asked for, so Leadwire
 * also asks for those of the environment's own fields. https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide
 */
export const fetchRecord: FetchRecord = async (event, { secrets, settings, signal }) => {
  const { apiUrl, fields } = settings as {
    readonly apiUrl: string;
    readonly fields?: Readonly<Record<string, string>>;
  };
  const url = new URL(`/crm/v3/objects/contacts/${encodeURIComponent(String(event.objectId))}`, apiUrl);
  url.searchParams.set("properties", [...new Set([...properties, ...ownProperties(fields)])].join(","));
  const record = getRecord(url.href, { authorization: `Bearer ${secrets["access-token"]}` }, signal);
  return isTestEvent(event) ? orIfMissing(record, JSON.stringify(testRecord)) : record;
};
