import { SESv2ServiceException } from "@aws-sdk/client-sesv2";
import { loggable } from "../../../runtime/loggable.ts";
import type { Outcome } from "../channel.ts";
import { wasNeverSent } from "../never-sent.ts";
import { RecipientsSuppressedError } from "./suppression.ts";

/** What an answer that says no calls for. */
interface Refusal {
  readonly remedy: "retry" | "giveUp";
  /**
   * What somebody must do about it. It is logged with the error; `npm run ops -- email status --env ENV` shows the cause.
   * @default the error's name says it
   */
  readonly advice?: string;
}

const final = { remedy: "giveUp" } as const;
const giveUp = (advice: string) => ({ ...final, advice });

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
    remedy: "retry",
    advice:
      "SES throttled every attempt: the sending rate or the day's quota is used up; ask for a higher one if it happens again.",
  },
  ThrottlingException: { remedy: "retry" },
  Throttling: { remedy: "retry" },
  AccountSuspendedException: giveUp(
    "AWS has suspended the account's sending: answer the case in the AWS Support Center.",
  ),
  SendingPausedException: giveUp(
    "Sending is paused for the account or the configuration set: see SES, Reputation metrics.",
  ),
  MailFromDomainNotVerifiedException: giveUp(
    "The sender's domain is not verified: put the stack's dkim_records and mail_from_records into its DNS.",
  ),
  MessageRejected: giveUp(
    "SES refused the message; in the sandbox both the sender and each recipient must be verified.",
  ),
  LimitExceededException: giveUp(
    "The account's sending quota is used up: ask for a higher one, or for production access.",
  ),
  NotFoundException: giveUp("The configuration set does not exist: deploy the stack again."),
  BadRequestException: final,
  AccessDeniedException: final,
  ExpiredTokenException: final,
  IncompleteSignature: final,
  InvalidSignatureException: final,
  MissingAuthenticationTokenException: final,
  OptInRequired: final,
  RequestEntityTooLargeException: final,
  RequestExpired: final,
  SignatureDoesNotMatch: final,
  UnrecognizedClientException: final,
  ValidationError: final,
  ValidationException: final,
} as const satisfies Readonly<Record<string, Refusal>>;

/** Our own refusal, which comes before SES is asked. */
export const suppressedRefusal = giveUp(
  "Mend a mailbox, then run npm run ops -- email unsuppress; the leads are tried again.",
);

/**
 * What became of an email that was not accepted. Only our own refusal, an answer of SES that is known to say no, and a
 * request that never left prove that it was not sent. After anything else it may have been sent.
 */
export function classifyEmailError(error: unknown): Outcome {
  const name = error instanceof Error ? error.name : "Error";
  const failure = { reason: name, details: loggable(error) };
  const refusal = refusalOf(error);
  return refusal ? { status: "refused", ...failure, ...refusal } : { status: "unknown", ...failure };
}

function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof RecipientsSuppressedError) return suppressedRefusal;
  if (wasNeverSent(error)) return { remedy: "retry" };
  const status = error instanceof SESv2ServiceException ? error.$metadata.httpStatusCode : undefined;
  if (status === undefined || status < 400 || status >= 500) return undefined;
  return new Map<string, Refusal>(Object.entries(sesRefusals)).get((error as Error).name);
}
