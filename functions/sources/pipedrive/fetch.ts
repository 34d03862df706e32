import { parsedText, type RawLead } from "../../lead/raw-lead.ts";
import { type FetchRecord, getRecord, orIfMissing } from "../fetch-record.ts";
import { memberOf } from "../json-parts.ts";
import { pipedriveEvent } from "./event.ts";

/**
 * Fetches the person and the organization of a lead, as `{ person, organization }`. The lead itself is in the event. If the lead
 * names no organization, the person's is taken. https://developers.pipedrive.com/docs/api/v1/Persons#getPerson
 */
export const fetchRecord: FetchRecord = async (event, { secrets, settings, signal }) => {
  const { apiUrl } = settings as { readonly apiUrl: string };
  const headers = { "x-api-token": secrets["api-token"] ?? "" };
  const get = async (kind: "persons" | "organizations", id: unknown): Promise<string> => {
    if (id === undefined || id === null) return "null";
    const answer = await getRecord(`${apiUrl}/api/v2/${kind}/${encodeURIComponent(String(id))}`, headers, signal);
    return memberOf(answer.trim(), "data") ?? "null";
  };
  const { data } = pipedriveEvent(event);
  const person = await get("persons", data.person_id);
  const employer = (parsedText(person, "The person") as RawLead | null)?.org_id;
  // A lead without its organization still can be called.
  const organization = await orIfMissing(get("organizations", data.organization_id ?? employer), "null");
  return `{"person":${person},"organization":${organization}}`;
};
