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
  const id = `website-${"a".repeat(32)}`;
  assert.equal(leadEmail([told(enrichedLead({ message: "Please call me <today>.\nOr tomorrow." }))], why), {
    subject: "New lead: Jane Roe, Acme & Sons",
    headers: { "X-Lead-Id": id },
    text: [
      "New lead: Jane Roe, Acme & Sons",
      "",
      "Jane Roe, Acme & Sons",
      "Email: jane.roe@acme.example",
      "Phone: +4930123456",
      "Company: Acme & Sons (acme.example) (250 people or more)",
      "Job title: CTO",
      "Country: Germany",
      "Source: website: spring campaign",
      "Message:",
      "> Please call me <today>.",
      "> Or tomorrow.",
      "Open in CRM: https://crm.example.com/leads/42",
      `Lead ${id}`,
      "",
      why,
    ].join("\n"),
    html: [
      "<h2>New lead: Jane Roe, Acme &amp; Sons</h2>",
      "<h3>Jane Roe, Acme &amp; Sons</h3>",
      "<table>" +
        '<tr><th align="left">Email</th><td><a href="mailto:jane.roe@acme.example">jane.roe@acme.example</a></td></tr>' +
        '<tr><th align="left">Phone</th><td><a href="tel:+4930123456">+4930123456</a></td></tr>' +
        '<tr><th align="left">Company</th><td>Acme &amp; Sons (acme.example) (250 people or more)</td></tr>' +
        '<tr><th align="left">Job title</th><td>CTO</td></tr>' +
        '<tr><th align="left">Country</th><td>Germany</td></tr>' +
        '<tr><th align="left">Source</th><td>website: spring campaign</td></tr>' +
        "</table>",
      "<blockquote>Please call me &lt;today&gt;.<br>Or tomorrow.</blockquote>",
      '<p><a href="https://crm.example.com/leads/42">Open in CRM</a></p>',
      `<p><small>Lead ${id}</small></p>`,
      `<p><small>${why}</small></p>`,
    ].join("\n"),
  });
});

email("of many leads names each of them once, the best first", () => {
  const { subject, text, headers } = leadEmail(many(50), why);
  assert.is(subject, "50 new leads");
  for (let index = 0; index < 50; index += 1) assert.is(text.split(`Lead ${idOf(index)}`).length, 2);
  assert.ok(text.indexOf(idOf(1)) < text.indexOf(idOf(0)));
  const ranked = [...Array.from({ length: 49 }, (_, index) => index + 1), 0];
  assert.equal(headers, { "X-Lead-Refs": ranked.map((index) => leadRef(idOf(index))).join(" ") });
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
  const subjectOf = (full: string) => leadEmail([told({ ...enrichedLead(), name: { full } })], why).subject;
  assert.is(subjectOf("x".repeat(500)).length, 200);
  assert.ok(subjectOf(`x${"😀".repeat(150)}`).isWellFormed());
});

email("has a subject whose encoded line fits a header, without half a character", () => {
  for (const sign of ["é", "€", "語", "😀"]) {
    const { subject } = leadEmail([told({ ...enrichedLead(), name: { full: sign.repeat(200) } })], why);
    const bytes = Buffer.byteLength(subject);
    assert.ok(bytes <= 320 && bytes > 320 - 4, String(bytes));
    assert.match(subject, new RegExp(`^New lead: ${sign}+$`, "u"));
  }
});

email("of 50 leads that consist of signs to escape is far below SES's 40 MB", () => {
  const text = (length: number) => '"'.repeat(length);
  const changes = {
    name: { full: text(200) },
    email: { address: `${"語".repeat(240)}@x.example`, domain: "x.example", freeMail: true, disposable: false },
    jobTitle: text(200),
    message: text(5000),
    url: `https://crm.example.com/?${"&".repeat(1900)}`,
    warnings: [text(200)],
  };
  const leads = many(50).map(({ lead }) => told({ ...lead, ...changes }));
  const [first, ...rest] = leads;
  assert.ok(first);
  const { html, text: plain, headers } = leadEmail([first, ...rest], why);
  assert.ok(Buffer.byteLength(html + plain) < 4_000_000);
  for (const value of Object.values(headers)) assert.match(value, /^[ -~]{1,870}$/);
});

email.run();
