import { SESv2ServiceException, TooManyRequestsException } from "@aws-sdk/client-sesv2";
import { loggable } from "../../../runtime/loggable.ts";
import type { Outcome } from "../channel.ts";
import { RecipientsSuppressedError } from "./suppression.ts";

/**
 * What to do about errors that retries do not solve. It is logged with the error; `npm run ops -- email status --env ENV`
 * shows the cause. https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors
 */
export const emailRemedies: Readonly<Record<string, string>> = {
  AccountSuspendedException: "AWS has suspended the account's sending: answer the case in the AWS Support Center.",
  SendingPausedException: "Sending is paused for the account or the configuration set: see SES, Reputation metrics.",
  MailFromDomainNotVerifiedException:
    "The sender's domain is not verified: put the stack's dkim_records and mail_from_records into its DNS.",
  MessageRejected: "SES refused the message; in the sandbox both the sender and each recipient must be verified.",
  LimitExceededException: "The account's sending quota is used up: ask for a higher one, or for production access.",
  TooManyRequestsException:
    "SES throttled every attempt: the sending rate or the day's quota is used up; ask for a higher one if it happens again.",
  NotFoundException: "The configuration set does not exist: deploy the stack again.",
  RecipientsSuppressedError: "Mend a mailbox, then run npm run ops -- email unsuppress; the leads are tried again.",
};

/** Throttles that SES does not document. https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html */
const throttles = new Set(["ThrottlingException", "Throttling"]);

/**
 * What became of an email that was not accepted. Only an answer that says no proves that it was not sent: a 4xx of SES, or our
 * own refusal. After a 5xx or without an answer it may have been sent.
 */
export function classifyEmailError(error: unknown): Outcome {
  const name = error instanceof Error ? error.name : "Error";
  const advice = emailRemedies[name];
  const failure = { reason: name, details: loggable(error), ...(advice && { advice }) };
  if (isThrottle(error)) return { status: "refused", remedy: "retry", ...failure };
  return isRefusal(error) ? { status: "refused", remedy: "giveUp", ...failure } : { status: "unknown", ...failure };
}

const isThrottle = (error: unknown) =>
  error instanceof TooManyRequestsException || (error instanceof SESv2ServiceException && throttles.has(error.name));

const isRefusal = (error: unknown) =>
  error instanceof RecipientsSuppressedError ||
  (error instanceof SESv2ServiceException && (error.$metadata.httpStatusCode ?? 500) < 500);
