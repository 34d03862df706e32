import { SESv2Client, SendEmailCommand, type SendEmailCommandInput } from "@aws-sdk/client-sesv2";
import { withCircuitBreaker } from "../../../runtime/circuit-breaker.ts";
import { createClient } from "../../../runtime/clients.ts";
import { Variable } from "../../../runtime/names.ts";
import type { Channel, ChannelTools } from "../channel.ts";
import { classifyEmailError } from "./classify.ts";
import { type Email, leadEmail } from "./compose.ts";
import { emailBudget } from "./declaration.ts";
import { createReachabilityCheck } from "./suppression.ts";

/** A single attempt: the SDK must not send an email again that may have been sent. */
const singleAttempt = { milliseconds: emailBudget.sendSeconds * 1000, maxAttempts: 1 };

/**
 * Opens email by SES. The one destination is the environment's list of recipients, at most 50, which is SES's limit for one
 * message. The configuration set counts failures and suppresses addresses that bounced.
 */
export function openEmail(
  { variable, log }: ChannelTools,
  ses = withCircuitBreaker("SES", createClient(SESv2Client, singleAttempt)),
): Channel {
  const recipients = variable<string[]>(Variable.emailRecipients);
  const envelope = {
    FromEmailAddress: variable(Variable.emailSender),
    Destination: { ToAddresses: recipients },
    ConfigurationSetName: variable(Variable.emailConfigurationSet),
  };
  const requireReachable = createReachabilityCheck(ses, recipients, log);
  return {
    patienceMilliseconds: 0,
    async post({ leads, why }, abortSignal) {
      const Content = asContent(leadEmail(leads, why));
      try {
        await requireReachable();
        // The SDK sends nothing any more, with an error that does not say so.
        if (abortSignal.aborted) {
          return { status: "refused", reason: "no_time_left", remedy: "giveUp", kind: "unavailable" };
        }
        const { MessageId } = await ses.send(new SendEmailCommand({ ...envelope, Content }), { abortSignal });
        return { status: "delivered", messageId: MessageId ?? "" };
      } catch (error) {
        return classifyEmailError(error);
      }
    },
  };
}

function asContent({ subject, text, html, headers }: Email): SendEmailCommandInput["Content"] {
  const utf8 = (Data: string) => ({ Data, Charset: "UTF-8" });
  return {
    Simple: {
      Subject: utf8(subject),
      Body: { Text: utf8(text), Html: utf8(html) },
      Headers: Object.entries(headers).map(([Name, Value]) => ({ Name, Value })),
    },
  };
}
