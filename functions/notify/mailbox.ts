import { type SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import type { Email } from "./lead-email.ts";

export interface Mailbox {
  readonly sender: string;
  /** At most 50, which is what SES takes in one message. */
  readonly recipients: readonly string[];
  /** Its failures are counted, and it suppresses who bounced. */
  readonly configurationSet: string;
}

/**
 * Sends an email through SES to every recipient in one message.
 * @param abortSignal ends it, and every later try with the same signal
 * @returns SES's message id
 */
export async function sendEmail(
  ses: SESv2Client,
  mailbox: Mailbox,
  email: Email,
  abortSignal: AbortSignal,
): Promise<string> {
  const utf8 = (Data: string) => ({ Data, Charset: "UTF-8" });
  const { MessageId } = await ses.send(
    new SendEmailCommand({
      FromEmailAddress: mailbox.sender,
      Destination: { ToAddresses: [...mailbox.recipients] },
      ConfigurationSetName: mailbox.configurationSet,
      Content: {
        Simple: {
          Subject: utf8(email.subject),
          Body: { Text: utf8(email.text), Html: utf8(email.html) },
          Headers: Object.entries(email.headers).map(([Name, Value]) => ({ Name, Value })),
        },
      },
    }),
    { abortSignal },
  );
  return MessageId ?? "";
}

/** https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html */
const throttles = new Set(["TooManyRequestsException", "ThrottlingException", "Throttling"]);

/**
 * Tries up to twice more what SES refused for the moment. Nothing else is tried again here: after any other failure that
 * passes, such as a 500, the email may have gone out, and who sends it again has to say so.
 */
export function patientWhenThrottled({ initialDelay = 500 } = {}) {
  const policy = retry(
    handleWhen((error) => error instanceof Error && throttles.has(error.name)),
    { maxAttempts: 2, backoff: new ExponentialBackoff({ initialDelay, maxDelay: 4 * initialDelay }) },
  );
  return (send: () => Promise<string>): Promise<string> => policy.execute(send);
}

/**
 * What to do about the errors that no retry mends, for whoever reads the log; `npm run ops -- email status --env ENV` shows
 * what is behind them. https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors
 */
export const emailRemedies: Readonly<Record<string, string>> = {
  AccountSuspendedException: "AWS has suspended the account's sending: answer the case in the AWS Support Center.",
  SendingPausedException: "Sending is paused for the account or the configuration set: see SES, Reputation metrics.",
  MailFromDomainNotVerifiedException:
    "The sender's domain is not verified: put the stack's dkim_records and mail_from_records into its DNS.",
  MessageRejected: "SES refused the message; in the sandbox both the sender and each recipient must be verified.",
  LimitExceededException: "The account's sending quota is used up: ask for a higher one, or for production access.",
  TooManyRequestsException:
    "SES throttled every try: the sending rate or the day's quota is used up; ask for a higher one if it happens again.",
  NotFoundException: "The configuration set does not exist: deploy the stack again.",
  RecipientsSuppressedError: "Mend a mailbox, then run npm run ops -- email unsuppress; the leads are tried again.",
};
