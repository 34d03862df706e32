import { request } from "undici";
import { LocalAwsError } from "../errors.ts";
import { requireLoopback } from "../loopback.ts";

export interface Email {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export type SendEmail = (email: Email) => Promise<void>;

/** SNS mails from an address of its own, so no identity of the stack has to allow it. */
export const snsSender = "AWS Notifications <no-reply@sns.amazonaws.com>";

/** Puts mails straight into the local mailbox. */
export function mailer(mailboxUrl: string): SendEmail {
  const url = new URL("/v2/email/outbound-emails", requireLoopback(mailboxUrl));
  return async ({ to, subject, text }) => {
    const answer = await request(url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "AWS4-HMAC-SHA256 Credential=sns" },
      body: JSON.stringify({
        FromEmailAddress: snsSender,
        Destination: { ToAddresses: [to] },
        Content: { Simple: { Subject: { Data: subject }, Body: { Text: { Data: text } } } },
      }),
    });
    const body = await answer.body.text();
    if (answer.statusCode !== 200) throw new LocalAwsError("Mailbox", `The mailbox refused a mail to ${to}: ${body}`);
  };
}
