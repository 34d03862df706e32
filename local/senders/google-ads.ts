import { doublingDelays, type Sender } from "./sender.ts";

/** The form's columns: the lead's field that each holds, its id and its name. */
const columns = [
  ["first_name", "FIRST_NAME", "First name"],
  ["last_name", "LAST_NAME", "Last name"],
  ["email", "EMAIL", "User Email"],
  ["phone", "PHONE_NUMBER", "User Phone"],
  ["company", "COMPANY_NAME", "Company name"],
  ["job_title", "JOB_TITLE", "Job title"],
  ["country", "COUNTRY", "Country"],
  ["employees", "company_size", "How many employees do you have?"],
  ["message", "how_can_we_help", "How can we help you?"],
] as const;

/** Leads of a lead form. https://developers.google.com/google-ads/webhook/docs/implementation */
export const sender: Sender = {
  leadsInRequest: 1,
  body: ([lead], { secrets: { "google-key": key = "" } }) =>
    JSON.stringify({
      lead_id: lead?.id,
      user_column_data: columns.flatMap(([field, column_id, column_name]) => {
        const value = lead?.[field];
        return value === undefined ? [] : [{ column_name, string_value: String(value), column_id }];
      }),
      api_version: "1.0",
      form_id: 40_000_000_000,
      campaign_id: 12_345_678_901,
      google_key: key,
      is_test: false,
      gcl_id: "EAIaIQobChMI3PCWmoDK5wIVVAmdCh3YWg",
      adgroup_id: 20_000_000_000,
      creative_id: 30_000_000_000,
    }),
  request: (body, { secrets: { "google-key": key = "" } }, { url }) => ({
    url,
    headers: { "content-type": "application/json" },
    body: body.replace(/(?<="google_key"\s*:\s*)"(?:[^"\\]|\\.)*"/, () => JSON.stringify(key)),
  }),
  identity: ({ id }) => [id],
  delivery: { delays: doublingDelays(60, 3600, 12 * 3600), answerSeconds: 10 },
};
