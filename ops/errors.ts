import { LeadwireError } from "../errors.ts";

/** What an operator can mend: a flag, a file, an object that is not there. The message says what to do. */
export class OpsError extends LeadwireError<
  "Usage" | "Outputs" | "NotALeadsKey" | "NoSuchObject" | "NotDeployed" | "UnderReview" | "NotSuppressed"
> {}
