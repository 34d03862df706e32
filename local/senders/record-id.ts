import { hash } from "node:crypto";
import type { CrmLead } from "./leads.ts";

/** The number that a CRM gives to a made-up lead: the same in the event and in the CRM's API. */
export const recordIdOf = ({ id }: CrmLead): number => Number.parseInt(hash("sha256", id).slice(0, 10), 16);

/** The number of a lead's organization. */
export const organizationIdOf = (lead: CrmLead): number => recordIdOf(lead) + 1;
