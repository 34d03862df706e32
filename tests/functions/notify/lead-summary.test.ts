import { suite } from "uvu";
import * as assert from "uvu/assert";
import { byScore, details, headline } from "../../../functions/notify/lead-summary.ts";
import { bareLead, enrichedLead } from "../../helpers/leads.ts";

const summary = suite("lead summary");

const ranked = (...leads: readonly (readonly [name: string, score: number, receivedAt: string])[]) =>
  byScore(
    leads.map(([name, score, receivedAt]) => ({
      lead: enrichedLead({ origin: name, score, receivedAt }),
      mayBeRepeat: false,
    })),
  ).map(({ lead }) => lead.origin);

summary("leads are in the order of their scores, and then of the times at which they were received", () => {
  const [first, second, third] = ["2026-03-01T12:00:00.000Z", "2026-03-01T12:00:01.000Z", "2026-03-01T12:00:02.000Z"];
  assert.equal(ranked(["a", 10, first], ["b", 90, third], ["c", 50, second]), ["b", "c", "a"]);
  assert.equal(ranked(["a", 50, third], ["b", 50, first], ["c", 50, second]), ["b", "c", "a"]);
  assert.equal(ranked(["c", 50, second], ["b", 50, first], ["a", 50, third]), ["b", "c", "a"]);
});

const { name, email, phone, company, country } = enrichedLead();
const contact = bareLead();

for (const [expected, lead] of [
  ["Jane Roe, Acme & Sons", { ...contact, name, email, phone, company, country }],
  ["jane.roe@acme.example, acme.example", { ...contact, email, phone, company: { domain: "acme.example" }, country }],
  ["+4930123456, Germany", { ...contact, phone, country }],
  ["+4930123456", contact],
] as const) {
  summary(`the headline is ${expected}`, () => assert.is(headline({ ...lead }), expected));
}

summary("details are there only if they are known", () => {
  assert.equal(details(contact), [
    { label: "Phone", value: "+4930123456", href: "tel:+4930123456" },
    { label: "Source", value: "file" },
  ]);
});

for (const [expected, known] of [
  ["Acme (acme.example) (250 people or more)", { name: "Acme", domain: "acme.example", employees: 250 }],
  ["Acme (0 people or more)", { name: "Acme", employees: 0 }],
  ["acme.example", { domain: "acme.example" }],
  ["(7 people or more)", { employees: 7 }],
] as const) {
  summary(`the company is shown as ${expected}`, () => {
    const shown = details(bareLead({ company: known })).find(({ label }) => label === "Company");
    assert.equal(shown, { label: "Company", value: expected });
  });
}

for (const [expected, kind] of [
  ["j@acme.example", { freeMail: false, disposable: false }],
  ["j@acme.example (free mail)", { freeMail: true, disposable: false }],
  ["j@acme.example (throw-away address)", { freeMail: false, disposable: true }],
] as const) {
  summary(`the email address is shown as ${expected}`, () => {
    const lead = bareLead({ email: { address: "j@acme.example", domain: "acme.example", ...kind } });
    assert.equal(details(lead)[0], { label: "Email", value: expected, href: "mailto:j@acme.example" });
  });
}

summary.run();
