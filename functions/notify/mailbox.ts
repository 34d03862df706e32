import { type SESv2Client, SendEmailCommand, TooManyRequestsException } from "@aws-sdk/client-sesv2";
import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import type { Email } from "./lead-email.ts";

export interface Mailbox {
  readonly sender: string;
  /** At most 50, which is what SES takes in one message. */
  readonly recipients: readonly string[];
  readonly configurationSet: string | undefined;
}

/** Sends an email through SES to every recipient in one message. @returns SES's message id */
export async function sendEmail(ses: SESv2Client, mailbox: Mailbox, email: Email): Promise<string> {
  const utf8 = (Data: string) => ({ Data, Charset: "UTF-8" });
  const { MessageId } = await ses.send(
    new SendEmailCommand({
      FromEmailAddress: mailbox.sender,
      Destination: { ToAddresses: [...mailbox.recipients] },
      ...(mailbox.configurationSet && { ConfigurationSetName: mailbox.configurationSet }),
      Content: {
        Simple: {
          Subject: utf8(email.subject),
          Body: { Text: utf8(email.text), Html: utf8(email.html) },
          Headers: Object.entries(email.headers).map(([Name, Value]) => ({ Name, Value })),
        },
      },
    }),
  );
  return MessageId ?? "";
}

/**
 * Tries up to twice more what SES refused for the moment. Nothing else is tried again here: after any other failure that
 * passes, such as a 500, the email may have gone out, and who sends it again has to say so.
 */
export function patientWhenThrottled({ initialDelay = 500 } = {}) {
  const policy = retry(
    handleWhen((error) => error instanceof TooManyRequestsException),
    { maxAttempts: 2, backoff: new ExponentialBackoff({ initialDelay, maxDelay: 4 * initialDelay }) },
  );
  return (send: () => Promise<string>): Promise<string> => policy.execute(send);
}

/** What to do about the errors of SES that no retry mends, for whoever reads the log. */
export const sesRemedies: Readonly<Record<string, string>> = {
  AccountSuspendedException: "AWS has suspended the account's sending: answer the case in the AWS Support Center.",
  SendingPausedException: "Sending is paused for the account or the configuration set: see SES, Reputation metrics.",
  MailFromDomainNotVerifiedException:
    "The MAIL FROM domain's DNS records are missing: see the stack's dkim_records output.",
  MessageRejected: "SES refused the message; in the sandbox both the sender and each recipient must be verified.",
  LimitExceededException: "The account's sending quota is used up: ask for a higher one, or for production access.",
  NotFoundException: "The configuration set does not exist: deploy the stack again.",
};
