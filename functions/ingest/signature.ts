import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { LeadwireError } from "../../errors.ts";

/** The request was not signed by its source, or too long ago. */
export class BadSignatureError extends LeadwireError {
  constructor(reason: string) {
    super("BadSignature", `The request's signature was refused: ${reason}.`);
  }
}

/**
 * Checks a request by Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, not older or newer than five minutes.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @param secrets one `whsec_…` secret, or several with spaces between them while a secret is being rotated
 * @param headers names in lower case, as API Gateway delivers them
 * @returns the source's id of the event, which is the same on every try
 * @throws BadSignatureError when no secret fits or the time is off
 */
export function verifyStandardWebhook(
  secrets: string,
  headers: Readonly<Record<string, string | undefined>>,
  body: Buffer,
): string {
  const { "webhook-id": id = "", "webhook-timestamp": timestamp = "", "webhook-signature": signature = "" } = headers;
  const signed = { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
  let reason = "the secret of this source is empty";
  for (const secret of secrets.split(/\s+/).filter(Boolean)) {
    try {
      new Webhook(secret).verify(body, signed, { jsonParse: false });
      return id;
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
      reason = error.message.toLowerCase();
    }
  }
  throw new BadSignatureError(reason);
}
