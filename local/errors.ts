import { LeadwireError } from "../errors.ts";

/** The run on this machine cannot start or go on; the message says what to do about it. */
export class LocalRunError extends LeadwireError {}
