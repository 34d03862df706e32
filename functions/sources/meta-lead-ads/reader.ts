import { ignored, readerWith } from "../general-reader.ts";
import type { Reader } from "../reading.ts";
import { isTestRecord } from "./test-lead.ts";

const read = readerWith({
  at: {
    ...ignored(
      "",
      "created_time form_id page_id ad_id adgroup_id adset_id adset_name ad_name campaign_id platform is_organic",
    ),
    ...ignored("", "leadgen_id partner_name"),
    id: "crmId",
    campaign_name: "origin",
  },
});

/** Reads a lead by the names and questions of its form. */
export const readLead: Reader = (lead, context) => {
  const reading = read(lead, context);
  return isTestRecord(lead) ? { ...reading, isTest: true } : reading;
};
