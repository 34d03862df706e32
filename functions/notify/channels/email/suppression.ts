import { GetSuppressedDestinationCommand, NotFoundException, type SESv2Client } from "@aws-sdk/client-sesv2";
import { LeadwireError } from "../../../../errors.ts";
import { loggable } from "../../../runtime/loggable.ts";
import type { Log } from "../../../runtime/telemetry.ts";
import { emailBudget } from "./declaration.ts";

/** SES would accept the email and send it to nobody, because each recipient bounced or complained before. */
export class RecipientsSuppressedError extends LeadwireError {
  constructor(recipients: number) {
    super("RecipientsSuppressed", `All ${recipients} recipients are on the account's suppression list.`);
  }
}

/** Milliseconds for which an answer holds. SES takes about one such question a second, and a burst would ask more often. */
const rememberedFor = 60_000;

/**
 * Returns a check that throws if every recipient is suppressed: SES accepts such an email and sends it to nobody. The check
 * asks for one recipient after the other until it finds one that is not suppressed, and remembers the answer for a minute.
 * When the list cannot be read, it logs that and uses the last answer. Without one it passes, because an email that may be
 * dropped is better than none.
 * https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list.html
 * @param milliseconds for all questions of a check, 2,000 by default, so that there is time left for the email
 * @throws RecipientsSuppressedError
 */
export function createReachabilityCheck(
  ses: SESv2Client,
  recipients: readonly string[],
  log: Log,
  { now = Date.now, milliseconds = emailBudget.reachabilitySeconds * 1000 } = {},
): () => Promise<void> {
  let known: { readonly allSuppressed: boolean; readonly askedAt: number } | undefined;
  return async () => {
    if (!known || now() - known.askedAt >= rememberedFor) {
      try {
        known = { allSuppressed: await areAllSuppressed(ses, recipients, milliseconds), askedAt: now() };
      } catch (error) {
        log.warn("suppression list not read, the last answer counts", {
          known: known !== undefined,
          ...loggable(error),
        });
      }
    }
    if (known?.allSuppressed) throw new RecipientsSuppressedError(recipients.length);
  };
}

async function areAllSuppressed(ses: SESv2Client, recipients: readonly string[], milliseconds: number) {
  const abortSignal = AbortSignal.timeout(milliseconds);
  try {
    for (const EmailAddress of recipients) {
      await ses.send(new GetSuppressedDestinationCommand({ EmailAddress }), { abortSignal });
    }
    return true;
  } catch (error) {
    if (error instanceof NotFoundException) return false;
    throw error;
  }
}
