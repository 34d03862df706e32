import { SESv2ServiceException } from "@aws-sdk/client-sesv2";
import { LeadwireError } from "../../../../errors.ts";
import type { FailureKind } from "../../../runtime/failures.ts";
import { loggable } from "../../../runtime/loggable.ts";
import type { Outcome } from "../channel.ts";
import { wasNeverSent } from "../never-sent.ts";
import { RecipientsSuppressedError } from "./suppression.ts";

/**
 * What to do after an answer that says no. The advice tells somebody what to change. It is logged with the error;
 * `npm run ops -- email status --env ENV` shows the cause. Without one the error's name says it.
 */
type Refusal = { readonly advice?: string } & (
  | { readonly remedy: "retry"; readonly isThrottled?: boolean }
  | { readonly remedy: "giveUp"; readonly kind: FailureKind }
);

const throttled = { remedy: "retry", isThrottled: true } as const;
const fault = { remedy: "giveUp", kind: "fault" } as const;
const unavailable = { remedy: "giveUp", kind: "unavailable" } as const;
const noAccess = { remedy: "giveUp", kind: "needsPerson" } as const;
const needsPerson = (advice: string) => ({ ...noAccess, advice });

/**
 * Answers of SES, with a status of 4xx, after which nothing was sent: those of SendEmail, throttles that it does not document,
 * and those of AWS to a request that it does not let in. `RequestTimeoutException` and `RequestAbortedException` are not here:
 * they do not say how far the request came.
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/CommonErrors.html
 * https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
 */
export const sesRefusals = {
  TooManyRequestsException: {
    ...throttled,
    advice: "SES throttled every attempt: the sending rate is used up; ask for a higher one if it happens again.",
  },
  ThrottlingException: throttled,
  Throttling: throttled,
  AccountSuspendedException: needsPerson(
    "AWS has suspended the account's sending: answer the case in the AWS Support Center.",
  ),
  SendingPausedException: needsPerson(
    "Sending is paused for the account or the configuration set: see SES, Reputation metrics.",
  ),
  MailFromDomainNotVerifiedException: needsPerson(
    "The sender's domain is not verified: put the stack's dkim_records and mail_from_records into its DNS.",
  ),
  MessageRejected: needsPerson(
    "SES refused the message; in the sandbox both the sender and each recipient must be verified.",
  ),
  LimitExceededException: needsPerson(
    "The account's sending quota is used up: ask for a higher one, or for production access.",
  ),
  NotFoundException: needsPerson("The configuration set does not exist: deploy the stack again."),
  BadRequestException: fault,
  AccessDeniedException: noAccess,
  ExpiredTokenException: noAccess,
  IncompleteSignature: noAccess,
  InvalidSignatureException: noAccess,
  MissingAuthenticationTokenException: noAccess,
  OptInRequired: noAccess,
  RequestEntityTooLargeException: fault,
  RequestExpired: unavailable,
  SignatureDoesNotMatch: noAccess,
  UnrecognizedClientException: noAccess,
  ValidationError: fault,
  ValidationException: fault,
} as const satisfies Readonly<Record<string, Refusal>>;

/**
 * SES throttles with the same names when the rate is used up, which passes within seconds, and when the quota of 24 hours is.
 * Only the message tells which.
 * https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
 */
export const quotaRefusal = needsPerson(
  "The account's quota of emails in 24 hours is used up: ask for a higher one, or wait until older emails no longer count.",
);

/** Our own refusal, which comes before SES is asked. */
export const suppressedRefusal = needsPerson(
  "Mend a mailbox, then run npm run ops -- email unsuppress; the leads are tried again.",
);

/**
 * Says what became of an email that was not accepted. It was certainly not sent after a refusal of our own, after an answer
 * of SES that is known to say no, and when the request never left. After anything else it may have been sent.
 */
export function classifyEmailError(error: unknown): Outcome {
  const name = error instanceof Error ? error.name : "Error";
  const failure = { reason: name, details: loggable(error) };
  const refusal = refusalOf(error);
  return refusal ? { status: "refused", ...failure, ...refusal } : { status: "unknown", ...failure };
}

function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof RecipientsSuppressedError) return suppressedRefusal;
  // The client's circuit breaker asked SES nothing.
  if (error instanceof LeadwireError && error.code === "CircuitOpen") return unavailable;
  if (wasNeverSent(error)) return { remedy: "retry" };
  const status = error instanceof SESv2ServiceException ? error.$metadata.httpStatusCode : undefined;
  if (status === undefined || status < 400 || status >= 500) return undefined;
  const { name, message } = error as Error;
  const refusal = new Map<string, Refusal>(Object.entries(sesRefusals)).get(name);
  return refusal?.remedy === "retry" && /daily message quota/i.test(message) ? quotaRefusal : refusal;
}
