import { GetSuppressedDestinationCommand, type SESv2Client } from "@aws-sdk/client-sesv2";
import { LeadwireError, loggable } from "../shared/errors.ts";
import type { Log } from "../shared/telemetry.ts";

/** SES would accept the email and send it to nobody: each of its recipients bounced or complained before. */
export class RecipientsSuppressedError extends LeadwireError {
  constructor(recipients: number) {
    super("RecipientsSuppressed", `All ${recipients} recipients are on the account's suppression list.`);
  }
}

/**
 * Makes sure that an email reaches at least one of its recipients: SES accepts it even when all of them are suppressed, and
 * drops it. It asks for one after the other until it finds one that is not, which as a rule is the first. When the list
 * cannot be read it only logs, because an email that may be dropped is better than none.
 * https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list.html
 * @param milliseconds for all of it, 3,000 by default, so that the email still finds time
 * @throws RecipientsSuppressedError
 */
export async function requireReachable(
  ses: SESv2Client,
  recipients: readonly string[],
  log: Log,
  milliseconds = 3000,
): Promise<void> {
  const abortSignal = AbortSignal.timeout(milliseconds);
  try {
    for (const recipient of recipients) if (!(await isSuppressed(ses, recipient, abortSignal))) return;
  } catch (error) {
    log.warn("suppression list not read, the email is sent all the same", loggable(error));
    return;
  }
  throw new RecipientsSuppressedError(recipients.length);
}

async function isSuppressed(ses: SESv2Client, EmailAddress: string, abortSignal: AbortSignal): Promise<boolean> {
  try {
    await ses.send(new GetSuppressedDestinationCommand({ EmailAddress }), { abortSignal });
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "NotFoundException") return false;
    throw error;
  }
}
