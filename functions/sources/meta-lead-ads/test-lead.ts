import type { RawLead } from "../../lead/raw-lead.ts";

/** What the test button of an app's webhooks sends: an event of a lead that does not exist. */
export const isTestEvent = ({ leadgen_id: id }: RawLead): boolean => /^4{9,}$/.test(String(id));

/**
 * Whether a record is of the Lead Ads testing tool, which makes a real lead with made-up answers.
 * https://developers.facebook.com/docs/marketing-api/guides/lead-ads/testing-troubleshooting
 */
export const isTestRecord = ({ field_data: answers }: RawLead): boolean =>
  /"<test lead: dummy data for [^"]*"/.test(JSON.stringify(answers) ?? "");
