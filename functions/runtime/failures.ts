import { isServerError, isThrottlingError, isTransientError } from "@smithy/core/retry";
import { LeadwireError } from "../../errors.ts";

/**
 * What a failed attempt calls for: `unavailable` ends by itself, so the message is postponed; `needsPerson` is postponed as
 * well, and somebody is told, because it ends only when a person acts; a `fault` uses up one of the message's receives.
 */
export type FailureKind = "unavailable" | "needsPerson" | "fault";

/** Leadwire's own errors, by their codes. Every other one is a fault. */
const ownErrors: Readonly<Record<string, FailureKind>> = {
  CircuitOpen: "unavailable",
  FetchFailed: "unavailable",
  SecretMissing: "needsPerson",
  AccessRefused: "needsPerson",
};

/**
 * Errors of AWS that last until somebody changes a permission, a credential or a key, or brings back what was deleted.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html#API_GetParameter_Errors
 */
const untilSomebodyActs = new Set([
  "AllAccessDisabled",
  "InvalidKeyId",
  "KMSInvalidStateException",
  "MissingAuthenticationToken",
  "NoSuchBucket",
  "OptInRequired",
  "QueueDoesNotExist",
  "ResourceNotFoundException",
  "UnrecognizedClientException",
]);

/** S3 says with a 403 that clocks differ. The SDK corrects its own and tries again. */
const skewed = new Set(["RequestTimeTooSkewed", "RequestExpired"]);

/** The one table of what an error of a service, of the network or of our own calls for. */
export function failureOf(error: unknown): FailureKind {
  if (error instanceof LeadwireError) return ownErrors[error.code] ?? "fault";
  if (!isSdkError(error)) return "fault";
  if (isThrottlingError(error) || isTransientError(error) || isServerError(error) || skewed.has(error.name)) {
    return "unavailable";
  }
  if (isOfNetwork(error)) return "unavailable";
  const status = error.$metadata?.httpStatusCode;
  const isRefused = status === 401 || status === 403;
  return isRefused || untilSomebodyActs.has(error.name) || error.name.startsWith("AccessDenied")
    ? "needsPerson"
    : "fault";
}

/**
 * Whether an error says that a service is down. One that throttles is not: it says in its own words what is wrong, and takes
 * calls again after a pause.
 */
export const isDown = (error: unknown): boolean =>
  failureOf(error) === "unavailable" && !(isSdkError(error) && isThrottlingError(error));

/** The SDK's functions look for parts that any error may have. */
const isSdkError = (error: unknown): error is Parameters<typeof isTransientError>[0] => error instanceof Error;

/** A call of the system that failed, a limit of undici, or a time that was over. */
function isOfNetwork(error: Error): boolean {
  const { code, syscall } = error as { readonly code?: unknown; readonly syscall?: unknown };
  return typeof syscall === "string" || String(code).startsWith("UND_ERR_") || error.name === "AbortError";
}
