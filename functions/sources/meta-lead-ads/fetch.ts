import { isPlainObject } from "es-toolkit/predicate";
import { type ApiAnswer, type FetchRecord, getRecord, orIfMissing } from "../fetch-record.ts";
import { isTestEvent } from "./test-lead.ts";

const fields = "id,created_time,campaign_name,form_id,platform,field_data";

/** Takes the place of the lead that the test button names and that does not exist, so that a test shows a card. */
const testRecord = {
  id: "444444444444",
  field_data: [
    { name: "full_name", values: ["Meta Test"] },
    { name: "email", values: ["test@example.com"] },
  ],
};

/**
 * The status that Meta's codes of errors stand for: Meta answers nearly all errors with 400.
 * https://developers.facebook.com/docs/graph-api/guides/error-handling
 * https://developers.facebook.com/docs/graph-api/overview/rate-limiting#error-codes
 */
const statuses: readonly (readonly [status: number, isMeant: (code: number) => boolean])[] = [
  [401, (code) => code === 102 || code === 190],
  [403, (code) => code === 10 || (code >= 200 && code <= 299)],
  [429, (code) => [4, 17, 32, 341, 368, 613].includes(code) || (code >= 80_000 && code <= 80_014)],
  [503, (code) => code === 1 || code === 2],
];

function statusOf({ status, body }: ApiAnswer): number {
  if (status === 200) return status;
  const error = errorIn(body);
  const code = Number(error.code);
  if (code === 100 && Number(error.error_subcode) === 33) return 404;
  return statuses.find(([, isMeant]) => isMeant(code))?.[0] ?? status;
}

function errorIn(body: Buffer): { readonly code?: unknown; readonly error_subcode?: unknown } {
  try {
    const { error } = JSON.parse(body.toString());
    return isPlainObject(error) ? error : {};
  } catch {
    return {};
  }
}

/** Fetches a lead. https://developers.facebook.com/docs/marketing-api/guides/lead-ads/retrieving */
export const fetchRecord: FetchRecord = async (event, { secrets, settings, signal }) => {
  const { apiUrl, graphVersion } = settings as { readonly apiUrl: string; readonly graphVersion: string };
  const url = new URL(`/${graphVersion}/${encodeURIComponent(String(event.leadgen_id))}?fields=${fields}`, apiUrl);
  const record = getRecord(url.href, { authorization: `Bearer ${secrets["access-token"]}` }, signal, statusOf);
  return isTestEvent(event) ? orIfMissing(record, JSON.stringify(testRecord)) : record;
};
