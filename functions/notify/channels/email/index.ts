import { SESv2Client } from "@aws-sdk/client-sesv2";
import { Variable } from "../../../runtime/names.ts";
import { limits } from "../../../runtime/request-limits.ts";
import type { Channel, ChannelTools } from "../channel.ts";
import { classifyEmailAnswer, type EmailAnswer } from "./classify.ts";
import { type Email, leadEmail } from "./compose.ts";
import { emailBudget } from "./declaration.ts";
import { sendEmail } from "./ses.ts";
import { createReachabilityCheck } from "./suppression.ts";

/** A single attempt: the SDK must not send an email again that may have been sent. */
const singleAttempt = { maxAttempts: 1, requestHandler: limits(1000, emailBudget.sendSeconds * 1000) };

/** Opens email by SES. The one destination is the environment's list of recipients. */
export function openEmail({ variable, log }: ChannelTools): Channel<Email, EmailAnswer> {
  const ses = new SESv2Client(singleAttempt);
  const mailbox = {
    sender: variable(Variable.emailSender),
    recipients: variable<string[]>(Variable.emailRecipients),
    configurationSet: variable(Variable.emailConfigurationSet),
  };
  const requireReachable = createReachabilityCheck(ses, mailbox.recipients, log);
  return {
    patienceMilliseconds: 0,
    compose: leadEmail,
    async post(_destination, email, signal) {
      try {
        await requireReachable();
        return { messageId: await sendEmail(ses, mailbox, email, signal) };
      } catch (error) {
        return { error };
      }
    },
    classify: classifyEmailAnswer,
  };
}
