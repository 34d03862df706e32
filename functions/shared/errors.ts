/** Base of every error that Leadwire itself raises: `code` is for programs, the message for people. */
export abstract class LeadwireError<Code extends string = string> extends Error {
  /** Stable, in PascalCase; it stands in logs and in dead letters' `errorClass`. */
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

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

/** A setting that the stack should have given to the function and did not. */
export class MissingSettingError extends LeadwireError {
  constructor(variable: string, problem = "is not set") {
    super(
      "MissingSetting",
      `Environment variable ${variable} ${problem}: the stack sets it, so deploy the stack again.`,
    );
  }
}

/**
 * What may be logged of any error: its class, status and request id, and the message only where it is Leadwire's own.
 * Messages of the AWS SDK can quote object keys, and a key of a dropped file can hold a person's name.
 */
export function loggable(error: unknown): Record<string, unknown> {
  if (error instanceof LeadwireError) return { errorClass: error.code, reason: error.message };
  if (!(error instanceof Error)) return { errorClass: typeof error };
  const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number; requestId?: string }; code?: unknown };
  return {
    errorClass: error.name,
    ...(typeof code === "string" && { errorCode: code }),
    ...($metadata?.httpStatusCode !== undefined && { httpStatus: $metadata.httpStatusCode }),
    ...($metadata?.requestId !== undefined && { requestId: $metadata.requestId }),
  };
}
