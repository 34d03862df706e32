import { NotFoundException, SESv2Client } from "@aws-sdk/client-sesv2";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { leadEmail } from "../../../../../functions/notify/channels/email/compose.ts";
import { openEmail } from "../../../../../functions/notify/channels/email/index.ts";
import { Variable } from "../../../../../functions/runtime/names.ts";
import { awsError, recordedLog } from "../../../../helpers/fakes.ts";
import { enrichedLead } from "../../../../helpers/leads.ts";

const variables: Readonly<Record<string, unknown>> = {
  [Variable.emailSender]: "leads@example.com",
  [Variable.emailRecipients]: ["a@example.com", "b@example.com"],
  [Variable.emailConfigurationSet]: "leadwire-prod",
};
const leads = [{ lead: enrichedLead(), mayBeRepeat: false }] as const;
const why = "You get this by email because Slack refuses our messages until somebody repairs the connection.";

/** Email with an SES that suppresses nobody and answers each email. */
function setUp(answer: () => Promise<{ MessageId?: string }>) {
  const calls: unknown[] = [];
  const ses = new SESv2Client({ region: "us-east-1" });
  ses.send = async ({ input }: { input: object }, options: unknown) => {
    if ("EmailAddress" in input) throw new NotFoundException({ message: "", $metadata: { httpStatusCode: 404 } });
    calls.push([input, options]);
    return answer();
  };
  const variable = <Value>(name: string) => variables[name] as Value;
  return { channel: openEmail({ variable, secret: async () => "", log: recordedLog() }, ses), calls };
}

const email = suite("open email");

email("sends to all recipients in one message, as UTF-8 text and HTML with headers, and can be aborted", async () => {
  const { channel, calls } = setUp(async () => ({ MessageId: "m1" }));
  const { signal } = new AbortController();
  const outcome = await channel.post({ destination: "sales", leads, why }, signal);
  assert.equal(outcome, { status: "delivered", messageId: "m1" });
  const { subject, text, html } = leadEmail(leads, why);
  assert.equal(calls, [
    [
      {
        FromEmailAddress: "leads@example.com",
        Destination: { ToAddresses: ["a@example.com", "b@example.com"] },
        ConfigurationSetName: "leadwire-prod",
        Content: {
          Simple: {
            Subject: { Data: subject, Charset: "UTF-8" },
            Body: { Text: { Data: text, Charset: "UTF-8" }, Html: { Data: html, Charset: "UTF-8" } },
            Headers: [{ Name: "X-Lead-Id", Value: leads[0].lead.id }],
          },
        },
      },
      { abortSignal: signal },
    ],
  ]);
});

email("says what SES's refusal means, and does not wait one out", async () => {
  const { channel } = setUp(() => Promise.reject(awsError("InternalServerError", 500)));
  const outcome = await channel.post({ destination: "sales", leads }, new AbortController().signal);
  assert.equal([outcome.status, channel.patienceMilliseconds], ["unknown", 0]);
});

email("is refused, and not uncertain, when the time was over before the email was handed to SES", async () => {
  const { channel, calls } = setUp(() => Promise.reject(new DOMException("aborted", "AbortError")));
  const outcome = await channel.post({ destination: "sales", leads }, AbortSignal.abort());
  assert.equal(outcome, { status: "refused", reason: "no_time_left", remedy: "giveUp", kind: "unavailable" });
  assert.equal(calls, []);
});

email.run();
