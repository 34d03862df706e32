import type { SESv2Client } from "@aws-sdk/client-sesv2";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { leadEmail, sendEmail } from "../../../functions/notify/email.ts";
import { bareLead, enrichedLead } from "../../helpers/leads.ts";

const why = "By email because Slack did not take it (rate_limited)";
const email = suite("email");

email("says the same in text and in HTML", () => {
  const { subject, text, html, headers } = leadEmail(enrichedLead(), why, false);
  assert.is(subject, "New lead: Jane Roe, Acme & Sons");
  assert.equal(headers, { "X-Lead-Id": `website-${"a".repeat(32)}` });
  assert.match(text, /Phone: \+4930123456\n/);
  assert.match(text, /Please call me <today>\./);
  assert.match(text, /Open in CRM: https:\/\/crm\.example\.com\/leads\/42/);
  assert.ok(text.includes(why));
  assert.match(html, /Acme &amp; Sons/);
  assert.match(html, /<a href="tel:\+4930123456">/);
  assert.match(html, /Please call me &lt;today&gt;\./);
});

email("marks what may be a repeat", () => {
  assert.match(leadEmail(bareLead(), why, true).text, /May be a repeat/);
  assert.not.match(leadEmail(bareLead(), why, false).text, /May be a repeat/);
});

email("lets no lead add a header or markup", () => {
  const attack = 'x\r\nBcc: all@example.com\u0000"><img src=x onerror=alert(1)>';
  const { subject, html } = leadEmail(
    enrichedLead({ name: { full: attack }, message: attack, origin: attack }),
    why,
    false,
  );
  assert.not.match(subject, /\p{Cc}/u);
  assert.not.match(html, /<img/);
});

email("has a subject of at most 200 characters", () => {
  assert.ok(leadEmail(enrichedLead({ name: { full: "😀".repeat(150) } }), why, false).subject.length <= 200);
});

email("goes to all recipients in one message of SES", async () => {
  const asked: Record<string, unknown>[] = [];
  const send = async (command: { input: Record<string, unknown> }) => {
    asked.push(command.input);
    return { MessageId: "m1" };
  };
  const mailbox = { sender: "leads@example.com", recipients: ["a@example.com", "b@example.com"] };
  const ses = { send } as unknown as SESv2Client;
  const made = leadEmail(enrichedLead(), why, false);
  assert.is(await sendEmail(ses, { ...mailbox, configurationSet: undefined }, made), "m1");
  assert.is(await sendEmail(ses, { ...mailbox, configurationSet: "leadwire-prod" }, made), "m1");
  assert.is(asked[0]?.FromEmailAddress, "leads@example.com");
  assert.equal(asked[0]?.Destination, { ToAddresses: ["a@example.com", "b@example.com"] });
  assert.not.ok("ConfigurationSetName" in (asked[0] ?? {}));
  assert.is(asked[1]?.ConfigurationSetName, "leadwire-prod");
});

email.run();
