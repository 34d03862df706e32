import { LeadwireError } from "../../errors.ts";

/** Why a lead is rejected. */
export type RejectionCode =
  | "NotAnObjectEvent"
  | "NotARawLead"
  | "ObjectGone"
  | "NotJson"
  | "IsCsv"
  | "IsXml"
  | "IsFormEncoded"
  | "IsUtf16"
  | "IsCompressed"
  | "NotXml"
  | "NotALead"
  | "NoLeads"
  | "TooManyLeads"
  | "TooLarge"
  | "TooDeep"
  | "TooManyFields"
  | "NoContact"
  | "InvalidLead"
  | "NotFetchable"
  | "RecordNotFound"
  | "OutageTooLong";

/**
 * A lead, or a body of leads, is invalid, so a retry cannot help. The message names path, bound and rule. It never holds a
 * value, because values are a person's data, and messages are copied to logs and dead letters.
 */
export class RejectedError extends LeadwireError<RejectionCode> {}
