import { LeadwireError } from "../../errors.ts";

/** What can make a lead impossible to process, however often it is tried. */
export type RejectionCode =
  | "NotAnObjectEvent"
  | "NotARawLead"
  | "NotJson"
  | "NotALead"
  | "NoLeads"
  | "TooManyLeads"
  | "TooLarge"
  | "TooDeep"
  | "NoContact"
  | "InvalidLead";

/**
 * A lead (or a body of leads) that can never pass: trying again cannot help. Its message names path, bound and rule,
 * and never a value, because values are a person's data and messages end up in logs and dead letters.
 */
export class RejectedError extends LeadwireError<RejectionCode> {}
