import { LocalAwsError } from "local-aws";
import { LeadwireError } from "../errors.ts";

/** The run on this machine cannot start or go on; the message says what to do about it. */
export class LocalRunError extends LeadwireError {}

/** An option of a command with a value that it does not take. */
export class OptionError extends LocalRunError {
  constructor(message: string) {
    super("Option", message);
  }
}

/** Whether an error's message says to people all that there is to say; any other one needs its stack trace. */
export const isForPeople = (error: unknown): error is Error =>
  error instanceof LeadwireError || error instanceof LocalAwsError;
