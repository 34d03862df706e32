import type { RawLead } from "../../lead/raw-lead.ts";

/** What the test button of an app's webhooks sends: an event of a lead that does not exist. */
export const isTestEvent = ({ leadgen_id: id }: RawLead): boolean => /^4{9,}$/.test(String(id));
