import { LeadwireError } from "../../errors.ts";

/**
 * The parts of an error that can be logged: class, status, the service's id of the request, and the message of Leadwire's
 * own errors only. Messages of the AWS SDK can quote object keys, and the key of a dropped file can hold a person's name.
 */
export function loggable(error: unknown): Record<string, unknown> {
  if (error instanceof LeadwireError) return { errorClass: error.code, reason: error.message };
  if (!(error instanceof Error)) return { errorClass: typeof error };
  const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number; requestId?: string }; code?: unknown };
  return {
    errorClass: error.name,
    ...(typeof code === "string" && { errorCode: code }),
    ...($metadata?.httpStatusCode !== undefined && { httpStatus: $metadata.httpStatusCode }),
    ...($metadata?.requestId !== undefined && { serviceRequestId: $metadata.requestId }),
  };
}
