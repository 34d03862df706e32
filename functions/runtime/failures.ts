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
 * Errors of AWS that last until somebody changes a permission, a credential, a key, a quota or a setting, or brings back what
 * was deleted. Those with a status of 401 or 403, and those that say that access is denied, need not be named. SES calls a
 * quota that is used up a LimitExceededException, which the SDK takes for a throttle.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html#API_GetParameter_Errors
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors
 */
const untilSomebodyActs = new Set([
  "AccountSuspendedException",
  "AllAccessDisabled",
  "CredentialsProviderError",
  "DisabledException",
  "IncompleteSignature",
  "InvalidKeyId",
  "InvalidToken",
  "KMSInvalidStateException",
  "LimitExceededException",
  "MailFromDomainNotVerifiedException",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
  "NoSuchBucket",
  "NotAuthorized",
  "OptInRequired",
  "QueueDoesNotExist",
  "ResourceNotFoundException",
  "SendingPausedException",
  "UnrecognizedClientException",
]);

/**
 * Errors of AWS that pass, but for those that the SDK knows. A clock that differs is corrected by the SDK, credentials that
 * are over end with their execution environment, and another write of the same object or item comes to its end.
 */
const passing = new Set([
  "ConditionalRequestConflict",
  "ExpiredToken",
  "ExpiredTokenException",
  "IncompleteBody",
  "OperationAborted",
  "ReplicatedWriteConflictException",
  "RequestExpired",
  "RequestInTheFuture",
  "RequestTimeTooSkewed",
  "TransactionConflictException",
]);

/** A service of others is unavailable. It may have said for how long. */
export class UnavailableError extends LeadwireError<"FetchFailed"> {
  readonly retryAfterSeconds: number | undefined;

  /** @param retryAfterSeconds seconds for which it wants no further request; undefined when it did not say */
  constructor(message: string, retryAfterSeconds: number | undefined) {
    super("FetchFailed", message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Seconds for which the service that an error comes from wants no further request; undefined when it did not say. */
export const retryAfterOf = (error: unknown): number | undefined =>
  error instanceof UnavailableError ? error.retryAfterSeconds : undefined;

/** The one table of what an error of a service, of the network or of our own calls for. */
export function failureOf(error: unknown): FailureKind {
  if (error instanceof LeadwireError) return ownErrors[error.code] ?? "fault";
  if (!isSdkError(error)) return "fault";
  // S3 passes on what KMS says.
  const name = String(error.name).replace(/^KMS\./, "");
  if (untilSomebodyActs.has(name) || name.startsWith("AccessDenied")) return "needsPerson";
  if (passing.has(name) || isThrottlingError(error) || name === "ThrottlingException") return "unavailable";
  if (isServerError(error) || isPassing(error)) return "unavailable";
  const status = error.$metadata?.httpStatusCode;
  return status === 401 || status === 403 ? "needsPerson" : "fault";
}

/**
 * Whether an error says that a service is down. One that throttles is not: it says in its own words what is wrong, and takes
 * calls again after a pause.
 */
export const isDown = (error: unknown): boolean => failureOf(error) === "unavailable" && !isThrottle(error);

/** Whether a service of AWS answered that it gets too many calls. */
export const isThrottle = (error: unknown): boolean => isSdkError(error) && isThrottlingError(error);

type SdkError = Parameters<typeof isTransientError>[0];

/** The SDK's functions look for parts that any error may have. An error can be of another realm, so its class says nothing. */
const isSdkError = (error: unknown): error is SdkError =>
  typeof error === "object" && error !== null && "name" in error;

/** What Node, undici and fetch tell of an error of the network. */
interface NetworkError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly syscall?: unknown;
  /** fetch wraps the network's error. */
  readonly cause?: unknown;
  /** One error for each address of a host. */
  readonly errors?: unknown;
}

/** Calls of the system by which Node reaches a host. Those for files are not among them, but for their `read` and `write`. */
const networkCalls = new Set<unknown>(["connect", "getaddrinfo", "read", "shutdown", "write"]);

/**
 * Codes of a connection that broke or did not come about, of an answer that did not end or is no HTTP, and of TLS without
 * trust. undici's codes for a wrong use of it are not among them.
 * https://nodejs.org/api/tls.html#x509-certificate-error-codes
 * https://github.com/nodejs/undici/blob/main/docs/docs/api/Errors.md
 */
const networkCode =
  /^(E(ADDRNOTAVAIL|CONNABORTED|HOSTDOWN|NETDOWN|NETRESET|PROTO)|HPE_|ERR_(SSL|TLS)_|CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_|SELF_SIGNED_|UND_ERR_(ABORT|ABORTED|BODY_TIMEOUT|CONNECT_TIMEOUT|HEADERS_TIMEOUT|INFO|RES_CONTENT_LENGTH_MISMATCH|SOCKET)$)/;

/** Whether an error is one of the network, a time that was over, or what the SDK takes for transient; or its cause is. */
function isPassing(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > 10) return false;
  const { name, code, syscall, cause, errors } = error as NetworkError;
  if (name === "AbortError" || name === "TimeoutError" || name === "HTTPParserError") return true;
  if (networkCalls.has(syscall) || (typeof code === "string" && networkCode.test(code))) return true;
  // Without the cause, because the SDK fails at one that is null.
  const { message, $metadata, $retryable } = error as SdkError;
  if (isTransientError({ name, code, message, $metadata, $retryable } as SdkError)) return true;
  return [cause, ...(Array.isArray(errors) ? errors : [])].some((one) => isPassing(one, depth + 1));
}
