import { type SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import type { Email } from "./compose.ts";

export interface Mailbox {
  readonly sender: string;
  /** At most 50, which is SES's limit for one message. */
  readonly recipients: readonly string[];
  /** It counts failures and suppresses addresses that bounced. */
  readonly configurationSet: string;
}

/**
 * Sends an email through SES to every recipient in one message.
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
