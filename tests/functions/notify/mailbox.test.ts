import { type SESv2Client, TooManyRequestsException } from "@aws-sdk/client-sesv2";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { patientWhenThrottled, sendEmail } from "../../../functions/notify/mailbox.ts";
import { awsError } from "../../helpers/fakes.ts";

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
  assert.is(await sendEmail({ send } as unknown as SESv2Client, mailbox, email, new AbortController().signal), "m1");
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

/** What becomes of an email that SES answers with one error after the other, and how often it was asked. */
async function sentDespite(...errors: readonly Error[]) {
  const left = [...errors];
  let calls = 0;
  const send = async () => {
    calls += 1;
    const error = left.shift();
    if (error) throw error;
    return "m1";
  };
  const patient = patientWhenThrottled({ initialDelay: 1 });
  return { outcome: await patient(send).catch((error: Error) => error.name), calls };
}
const throttled = new TooManyRequestsException({ message: "Maximum sending rate exceeded.", $metadata: {} });

suiteOf("tries twice more what SES throttles", async () => {
  assert.equal(await sentDespite(throttled, throttled), { outcome: "m1", calls: 3 });
  assert.equal(await sentDespite(throttled, throttled, throttled), { outcome: "TooManyRequestsException", calls: 3 });
});

suiteOf("does not send again what may have gone out, nor what no try can mend", async () => {
  for (const error of [awsError("InternalServerError", 500), awsError("MessageRejected", 400)]) {
    assert.equal(await sentDespite(error), { outcome: error.name, calls: 1 });
  }
});

suiteOf.run();
