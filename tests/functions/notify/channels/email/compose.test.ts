import { suite } from "uvu";
import * as assert from "uvu/assert";
import { leadRef } from "../../../../../functions/lead/lead-id.ts";
import { leadEmail } from "../../../../../functions/notify/channels/email/compose.ts";
import type { LeadToAnnounce } from "../../../../../functions/notify/lead-summary.ts";
import { bareLead, enrichedLead } from "../../../../helpers/leads.ts";

const why = "By email because Slack did not take it (rate_limited).";
const told = (lead = enrichedLead(), mayBeRepeat = false): LeadToAnnounce => ({ lead, mayBeRepeat });
const idOf = (index: number) => `website-${index.toString(16).padStart(12, "0")}${"a".repeat(20)}`;
const many = (count: number): [LeadToAnnounce, ...LeadToAnnounce[]] => [
  told(enrichedLead({ id: idOf(0), score: 10 })),
  ...Array.from({ length: count - 1 }, (_, index) => told(enrichedLead({ id: idOf(index + 1), score: 50 }))),
];

const email = suite("lead email");

email("says the same in text and in HTML", () => {
  const { subject, text, html, headers } = leadEmail([told()], why);
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

email("of many leads names each of them once, the best first", () => {
  const { subject, text, headers } = leadEmail(many(50), why);
  assert.is(subject, "50 new leads");
  for (let index = 0; index < 50; index += 1) assert.is(text.split(`Lead ${idOf(index)}`).length, 2);
  assert.ok(text.indexOf(idOf(1)) < text.indexOf(idOf(0)));
  assert.is(headers["X-Lead-Refs"]?.split(" ").length, 50);
  assert.ok(headers["X-Lead-Refs"]?.includes(leadRef(idOf(7))));
});

email("keeps its headers within SES's 870 characters", () => {
  for (const value of Object.values(leadEmail(many(60), why).headers)) assert.ok(value.length <= 870);
});

email("marks what may be a repeat, lead by lead", () => {
  const { text, html } = leadEmail([told(bareLead(), true), told()], why);
  assert.is(text.split("may be a repeat").length, 2);
  assert.is(html.split("may be a repeat").length, 2);
});

email("lets no lead add a header or markup", () => {
  const attack = 'x\r\nBcc: all@example.com\u0000"><img src=x onerror=alert(1)>';
  const lead = enrichedLead({ name: { full: attack }, message: attack, origin: attack });
  const { subject, html } = leadEmail([told(lead)], why);
  assert.not.match(subject, /\p{Cc}/u);
  assert.not.match(html, /<img/);
});

email("quotes what a lead wrote, so that no line of it reads like one of ours", () => {
  const message = "Hello\n\nNew lead: somebody else\nEmail: eve@evil.example\nLead website-1 · may be a repeat";
  const { text } = leadEmail([told(enrichedLead({ message }))], why);
  assert.match(text, "\nMessage:\n> Hello\n> \n> New lead: somebody else\n> Email: eve@evil.example\n> Lead website-1");
});

email("has a subject of at most 200 characters", () => {
  assert.ok(leadEmail([told(enrichedLead({ name: { full: "😀".repeat(150) } }))], why).subject.length <= 200);
});

email.run();
