import { unescape as unescapeHtml } from "es-toolkit/string";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { leadRef } from "../../../../../functions/lead/lead-id.ts";
import { leadEmail } from "../../../../../functions/notify/channels/email/compose.ts";
import type { LeadToAnnounce } from "../../../../../functions/notify/lead-summary.ts";
import { bareLead, enrichedLead } from "../../../../helpers/leads.ts";

const why = "You get this by email because Slack was too busy.";
const told = (lead = enrichedLead(), mayBeRepeat = false): LeadToAnnounce => ({ lead, mayBeRepeat });
const idOf = (index: number) => `website-${index.toString(16).padStart(12, "0")}${"a".repeat(20)}`;
const many = (count: number): [LeadToAnnounce, ...LeadToAnnounce[]] => [
  told(enrichedLead({ id: idOf(0), score: 10 })),
  ...Array.from({ length: count - 1 }, (_, index) => told(enrichedLead({ id: idOf(index + 1), score: 50 }))),
];

const email = suite("lead email");

email("says the same in text and in HTML", () => {
  const id = `website-${"a".repeat(32)}`;
  const lead = enrichedLead({ message: "Please call me <today>.\nOr tomorrow.", warnings: ["name: two readings"] });
  const { html, ...rest } = leadEmail([told(lead)], why);
  assert.equal(rest, {
    subject: "New lead: Jane Roe, Acme & Sons",
    headers: { "X-Lead-Id": id },
    text: [
      "New lead: Jane Roe, Acme & Sons",
      "Email: jane.roe@acme.example",
      "Phone: +4930123456 ext. 42",
      "Other emails: jane@roe.example",
      "Other phones: +12025550143 ext. 7",
      "Company: Acme & Sons (acme.example, 250 people or more)",
      "Job title: CTO",
      "Country: Germany",
      "Message:",
      "> Please call me <today>.",
      "> Or tomorrow.",
      "Answers:",
      "> How many seats?",
      "> 12",
      "Source: Our website: spring campaign",
      "Campaign: spring (google, cpc)",
      "Landing page: www.vendor.example",
      "Owner: Sam Sales (sam@vendor.example)",
      "Score: High (100 of 100): company address",
      "Consent: Given: You may call me.",
      "Open in CRM: https://crm.example.com/leads/42",
      "Please check: Name: two different values, so none is shown",
      `Lead ${id} · received 2026-03-01 12:00 UTC`,
      "",
      why,
    ].join("\n"),
  });
  const tags = (name: string) => html.match(new RegExp(`</?${name}\\b`, "g")) ?? [];
  for (const name of ["div", "h2", "table", "tr", "p", "blockquote"]) {
    const pairs = Array(tags(name).length / 2).fill([`<${name}`, `</${name}`]);
    assert.equal(tags(name), pairs.flat(), name);
  }
  for (const written of ['<blockquote dir="auto">Please', '<p class="answer" dir="auto"><b>How'])
    assert.match(html, written);
  const body = html.replace(/^[\s\S]*<body>/, "").replaceAll("</th><td>", ": ");
  const breaks = /<(?:br|\/?(?:html|body|div|h2|table|tr|p|b|blockquote)\b[^>]*)>|\n/;
  const lines = body.split(breaks).map((line) => unescapeHtml(line.replace(/<[^>]*>/g, "")));
  const inText = rest.text.replace(/^Open in CRM: .*$/m, "Open in CRM").split("\n");
  assert.equal(
    lines.filter((line) => line !== ""),
    inText.map((line) => line.replace(/^> /, "")).filter((line) => !["", "Message:", "Answers:"].includes(line)),
  );
  for (const href of ["mailto:jane.roe@acme.example", "tel:+4930123456;ext=42", "https://crm.example.com/leads/42"]) {
    assert.match(html, `<a href="${href}">`);
  }
});

email("has colours for light and for dark mode", () => {
  const { html } = leadEmail([told()], why);
  assert.match(html, '<meta name="color-scheme" content="light dark">');
  assert.match(html, "@media (prefers-color-scheme: dark)");
});

email("of a test lead says so in the subject, the text and the HTML", () => {
  const { subject, text, html } = leadEmail([told(enrichedLead({ test: true }))], why);
  for (const said of [subject, text, html]) {
    assert.match(said, "Test lead: Jane Roe");
    assert.not.match(said, "New lead");
  }
  for (const said of [text, html]) assert.match(said, "This is a test. No person is behind it.");
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
