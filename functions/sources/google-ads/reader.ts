import { ignored, readerWith } from "../general-reader.ts";

/** The columns' ids, such as `WORK_EMAIL`, are names that every source uses. */
export const readLead = readerWith({
  at: {
    ...ignored("", "api_version form_id campaign_id adgroup_id creative_id asset_group_id gcl_id"),
    ...ignored("", "is_test lead_stage lead_submit_time lead_source"),
    lead_id: "crmId",
  },
});
