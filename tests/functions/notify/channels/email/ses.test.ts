import type { SESv2Client } from "@aws-sdk/client-sesv2";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { sendEmail } from "../../../../../functions/notify/channels/email/ses.ts";

const ses = suite("send email");

ses("sends to all recipients in one message, as UTF-8 text and HTML with headers, and can be aborted", async () => {
  const calls: unknown[] = [];
  const send = async ({ input }: { input: unknown }, options: unknown) => {
    calls.push([input, options]);
    return { MessageId: "m1" };
  };
  const mailbox = {
    sender: "leads@example.com",
    recipients: ["a@example.com", "b@example.com"],
    configurationSet: "leadwire-prod",
  };
  const email = { subject: "New lead", text: "text", html: "<p>html</p>", headers: { "X-Lead-Id": "file-1" } };
  const { signal } = new AbortController();
  assert.is(await sendEmail({ send } as unknown as SESv2Client, mailbox, email, signal), "m1");
  assert.equal(calls, [
    [
      {
        FromEmailAddress: "leads@example.com",
        Destination: { ToAddresses: ["a@example.com", "b@example.com"] },
        ConfigurationSetName: "leadwire-prod",
        Content: {
          Simple: {
            Subject: { Data: "New lead", Charset: "UTF-8" },
            Body: { Text: { Data: "text", Charset: "UTF-8" }, Html: { Data: "<p>html</p>", Charset: "UTF-8" } },
            Headers: [{ Name: "X-Lead-Id", Value: "file-1" }],
          },
        },
      },
      { abortSignal: signal },
    ],
  ]);
});

ses.run();
