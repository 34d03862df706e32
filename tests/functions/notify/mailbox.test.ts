import type { SESv2Client } from "@aws-sdk/client-sesv2";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { sendEmail } from "../../../functions/notify/mailbox.ts";

const mailbox = {
  sender: "leads@example.com",
  recipients: ["a@example.com", "b@example.com"],
  configurationSet: "leadwire-prod",
};
const email = { subject: "New lead", text: "text", html: "<p>html</p>", headers: { "X-Lead-Id": "file-1" } };

const suiteOf = suite("mailbox");

suiteOf("sends to all recipients in one message, as UTF-8 text and HTML with headers", async () => {
  const inputs: unknown[] = [];
  const send = async ({ input }: { input: unknown }) => {
    inputs.push(input);
    return { MessageId: "m1" };
  };
  assert.is(await sendEmail({ send } as unknown as SESv2Client, mailbox, email), "m1");
  assert.is(inputs.length, 1);
  assert.equal(inputs[0], {
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
  });
});

suiteOf.run();
