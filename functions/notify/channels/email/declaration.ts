import { Variable } from "../../../runtime/names.ts";
import type { ChannelDeclaration } from "../declaration.ts";

const status = "`npm run ops -- email status --env ENV`";
const unsuppress = "`npm run ops -- email unsuppress --env ENV --address ADDRESS`";
const missed = "Leads that went out by email are the lines of notify's log with channel email.";

/** A mailbox that is gone raises one alarm while Slack is down, and not one with every email. */
const counted = { countedBy: "ses", evaluationMinutes: 60 } as const;

/** Seconds to ask whether anybody can be reached, and seconds to hand the email to SES. */
export const emailBudget = { reachabilitySeconds: 2, sendSeconds: 4 };

/** Email by SES: the one destination is the environment's list of recipients. */
export const emailDeclaration = {
  name: "email",
  title: "email",
  capacity: 50,
  budgetSeconds: emailBudget.reachabilitySeconds + emailBudget.sendSeconds,
  retryDelayMilliseconds: 500,
  circuitBreaker: { failures: 3, openSeconds: 30 },
  variables: {
    [Variable.emailSender]: "text",
    [Variable.emailRecipients]: "json",
    [Variable.emailConfigurationSet]: "text",
  },
  failureMetric: "EmailFailures",
  alarms: [
    {
      name: "email-failures",
      metric: "EmailFailures",
      countedBy: "notify",
      evaluationMinutes: 5,
      // Nobody is needed while it is short: notify-long-outage and notify-person-needed page.
      severity: "email",
      meaning:
        "Neither EARLIER nor email took leads. They wait and are tried again by themselves. After giveUpAfterHours they become " +
        "dead letters of notifications.",
      firstStep:
        `Read \`remedy\` in notify's log: it says what is wrong with email, and ${status} shows it. Without one SES is down, ` +
        "which passes without help.",
    },
    {
      name: "email-bounces",
      metric: "Bounce",
      ...counted,
      severity: "email",
      meaning:
        "An email with leads did not reach one of the team's mailboxes. After a hard bounce the address is on the account's " +
        "suppression list, and SES no longer sends to it, although it goes on accepting emails.",
      firstStep:
        `${status} names the address. Mend the mailbox, then run ${unsuppress}. If nobody is on the list, the mailbox was ` +
        `full or unreachable for hours. ${missed}`,
    },
    {
      name: "email-complaints",
      metric: "Complaint",
      ...counted,
      severity: "email",
      meaning:
        "Somebody marked an email with leads as spam. The address is on the account's suppression list, and SES no longer " +
        "sends to it. AWS suspends accounts with many complaints.",
      firstStep: `${status} names the address. Ask its reader to take the mark back, then run ${unsuppress}.`,
    },
    {
      name: "email-rejects",
      metric: "Reject",
      ...counted,
      severity: "page",
      meaning:
        "SES accepted an email with leads and then sent it to nobody, because it found a virus in it. Text that a lead " +
        "wrote can be enough.",
      firstStep: `${missed} Tell the team of the leads of this minute by hand.`,
    },
  ],
} as const satisfies ChannelDeclaration;
