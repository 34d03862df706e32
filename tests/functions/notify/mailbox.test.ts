import type { SESv2Client } from "@aws-sdk/client-sesv2";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { sendEmail } from "../../../functions/notify/mailbox.ts";

const mailbox = { sender: "leads@example.com", recipients: ["a@example.com", "b@example.com"] };
const email = { subject: "New lead", text: "text", html: "<p>html</p>", headers: { "X-Lead-Id": "file-1" } };

/** What SES is asked for when the email is sent. */
async function asked(configurationSet: string | undefined) {
  const inputs: Record<string, unknown>[] = [];
  const send = async (command: { input: Record<string, unknown> }) => {
    inputs.push(command.input);
    return { MessageId: "m1" };
  };
  const id = await sendEmail({ send } as unknown as SESv2Client, { ...mailbox, configurationSet }, email);
  return { id, input: inputs[0] ?? {}, calls: inputs.length };
}

const suiteOf = suite("mailbox");

suiteOf("sends to all recipients in one message, as UTF-8 text and HTML with headers", async () => {
  const { id, input, calls } = await asked(undefined);
  assert.equal([id, calls], ["m1", 1]);
  assert.equal(input, {
    FromEmailAddress: "leads@example.com",
    Destination: { ToAddresses: ["a@example.com", "b@example.com"] },
    Content: {
      Simple: {
        Subject: { Data: "New lead", Charset: "UTF-8" },
        Body: { Text: { Data: "text", Charset: "UTF-8" }, Html: { Data: "<p>html</p>", Charset: "UTF-8" } },
        Headers: [{ Name: "X-Lead-Id", Value: "file-1" }],
      },
    },
  });
});

suiteOf("names the configuration set where there is one", async () => {
  assert.is((await asked("leadwire-prod")).input.ConfigurationSetName, "leadwire-prod");
});

suiteOf.run();
