import type { SesAccount } from "./ses-account.ts";

/** What a mailbox does with every mail: it does not take it, or its reader marks it as spam. */
export type MailboxFault = "BOUNCE" | "COMPLAINT";

export interface Delivery {
  /** Recipients whose mailboxes have it. */
  readonly reached: readonly string[];
  /** Events that SES sends afterwards: `BOUNCE` or `COMPLAINT`, once for each recipient, or `REJECT`. */
  readonly events: readonly string[];
}

/** Stands for SES's virus scan, which finds the whole test string. https://www.eicar.org/download-anti-malware-testfile/ */
const looksLikeVirus = /EICAR-STANDARD-ANTIVIRUS-TEST-FILE/;

interface Circumstances {
  readonly account: SesAccount;
  readonly faults: ReadonlyMap<string, MailboxFault>;
  /** What puts an address on the suppression list. */
  readonly suppressedReasons: readonly string[];
}

/**
 * Delivers a message that SES has accepted. SES does not send it to a suppressed address, and repeats that address' event.
 * https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html#event-publishing-retrieving-sns-contents-bounce-object
 */
export function deliver(
  recipients: readonly string[],
  content: string,
  { account, faults, suppressedReasons }: Circumstances,
): Delivery {
  if (looksLikeVirus.test(content)) return { reached: [], events: ["REJECT"] };
  const reached: string[] = [];
  const events: string[] = [];
  for (const recipient of recipients) {
    const suppressed = account.suppressed.get(recipient);
    const fault = faults.get(recipient);
    const event = suppressed?.reason ?? fault;
    if (event) events.push(event);
    if (!suppressed && fault !== "BOUNCE") reached.push(recipient);
    if (!suppressed && fault && suppressedReasons.includes(fault)) {
      account.suppressed.set(recipient, { reason: fault, since: new Date() });
    }
  }
  return { reached, events };
}
