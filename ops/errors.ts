import { LeadwireError } from "../errors.ts";

/** Something that an operator can fix: a file, an object that is not there, an account. The message says what to do. */
export class OpsError extends LeadwireError<
  | "Outputs"
  | "NotALeadsKey"
  | "NoSuchObject"
  | "NotDeployed"
  | "UnderReview"
  | "NotSuppressed"
  | "SmokeSecret"
  | "NoLeadIndex"
  | "NotAContact"
  | "DeadLettersHeld"
  | "Interrupted"
> {}
