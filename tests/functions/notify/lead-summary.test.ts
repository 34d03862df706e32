import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { EnrichedLead } from "../../../functions/lead/enriched-lead.ts";
import {
  byScore,
  type CardPart,
  cardOf,
  featured,
  headline,
  type LeadToAnnounce,
  listed,
  titleOf,
  titleOfMany,
} from "../../../functions/notify/lead-summary.ts";
import { bareLead, enrichedLead } from "../../helpers/leads.ts";

const summary = suite("lead summary");

const told = (lead: EnrichedLead, more: Partial<LeadToAnnounce> = {}): LeadToAnnounce => ({
  lead,
  mayBeRepeat: false,
  ...more,
});
const seenBefore = { sourceTitle: "Google Ads", receivedAt: "2026-01-03T12:00:00.000Z", isLine: false };

const ranked = (...leads: readonly (readonly [name: string, score: number, receivedAt: string, more?: object])[]) =>
  byScore(
    leads.map(([name, score, receivedAt, more = {}]) => ({
      ...told(enrichedLead({ origin: name, score, receivedAt, ...more })),
      ...more,
    })),
  ).map(({ lead }) => lead.origin);

summary("leads are in the order of their scores, and then of the times at which they were received", () => {
  const [first, second, third] = ["2026-03-01T12:00:00.000Z", "2026-03-01T12:00:01.000Z", "2026-03-01T12:00:02.000Z"];
  assert.equal(ranked(["a", 10, first], ["b", 90, third], ["c", 50, second]), ["b", "c", "a"]);
  assert.equal(ranked(["a", 50, third], ["b", 50, first], ["c", 50, second]), ["b", "c", "a"]);
  assert.equal(ranked(["c", 50, second], ["b", 50, first], ["a", 50, third]), ["b", "c", "a"]);
});

summary("tests are behind all leads, and lines behind all cards, whatever their scores", () => {
  const time = "2026-03-01T12:00:00.000Z";
  const line = { seenBefore: { ...seenBefore, isLine: true } };
  assert.equal(
    ranked(
      ["test", 100, time, { test: true }],
      ["line", 90, time, line],
      ["again", 80, time, { seenBefore }],
      ["a", 0, time],
    ),
    ["again", "a", "line", "test"],
  );
});

const { name, email, phone, company, country } = enrichedLead();
const contact = bareLead();

for (const [expected, lead] of [
  ["Jane Roe, Acme & Sons", { ...contact, name, email, phone, company, country }],
  ["jane.roe@acme.example, acme.example", { ...contact, email, phone, company: { domain: "acme.example" }, country }],
  ["+4930123456, Germany", { ...contact, phone, country }],
  ["+4930123456", contact],
  ["\u200e\u2068דוד כהן\u2069, Acme & Sons", { ...contact, name: { full: "דוד כהן" }, company }],
  ["Jane Roe, \u200e\u2068شركة المثال\u2069", { ...contact, name, company: { name: "شركة المثال" } }],
] as const) {
  summary(`the headline is ${expected}`, () => assert.is(headline({ ...lead }), expected));
}

summary(
  "a card shows who, how to reach them, what they want, where they came from, who has them and their score",
  () => {
    const lead = enrichedLead({ scoreReasons: ["company address", "senior job title"], language: "pt-BR" });
    assert.equal(cardOf(told(lead)), {
      title: "New lead: Jane Roe, Acme & Sons",
      parts: [
        {
          kind: "details",
          details: [
            { label: "Email", value: "jane.roe@acme.example", href: "mailto:jane.roe@acme.example" },
            { label: "Phone", value: "+4930123456 ext. 42", href: "tel:+4930123456;ext=42" },
            { label: "Other emails", value: "jane@roe.example" },
            { label: "Other phones", value: "+12025550143 ext. 7" },
            { label: "Company", value: "Acme & Sons (acme.example, 250 people or more)" },
            { label: "Job title", value: "CTO" },
            { label: "Country", value: "Germany" },
            { label: "Language", value: "Brazilian Portuguese" },
          ],
        },
        { kind: "message", text: "Please call me <today>." },
        { kind: "answers", answers: [{ label: "How many seats?", value: "12" }] },
        {
          kind: "details",
          details: [
            { label: "Source", value: "Our website: spring campaign" },
            { label: "Campaign", value: "spring (google, cpc)" },
            { label: "Landing page", value: "www.vendor.example" },
            { label: "Owner", value: "Sam Sales (sam@vendor.example)" },
            { label: "Score", value: "High (100 of 100): company address, senior job title" },
            { label: "Consent", value: "Given: You may call me." },
          ],
        },
        { kind: "link", text: "Open in CRM", href: "https://crm.example.com/leads/42" },
        { kind: "footer", text: `Lead ${lead.id} · received 2026-03-01 12:00 UTC` },
      ],
    });
  },
);

summary("a card shows nothing of what is not known", () => {
  assert.equal(cardOf(told(contact)).parts, [
    { kind: "details", details: [{ label: "Phone", value: "+4930123456", href: "tel:+4930123456" }] },
    {
      kind: "details",
      details: [
        { label: "Source", value: "File" },
        { label: "Score", value: "Low (0 of 100)" },
      ],
    },
    { kind: "footer", text: `Lead ${contact.id} · received 2026-03-01 12:00 UTC` },
  ]);
});

const partsOf = (one: LeadToAnnounce, kind: CardPart["kind"]) => cardOf(one).parts.filter((part) => part.kind === kind);
const detailOf = (lead: EnrichedLead, label: string) =>
  cardOf(told(lead))
    .parts.flatMap((part) => (part.kind === "details" ? part.details : []))
    .find((detail) => detail.label === label)?.value;

for (const [label, expected, changes] of [
  [
    "Company",
    "Acme (acme.example, 250 people or more)",
    { company: { name: "Acme", domain: "acme.example", employees: 250 } },
  ],
  ["Company", "Acme (0 people or more)", { company: { name: "Acme", employees: 0 } }],
  ["Company", "acme.example", { company: { domain: "acme.example" } }],
  ["Company", "7 people or more", { company: { employees: 7 } }],
  ["Company", undefined, { company: {} }],
  ["Language", "German", { language: "de" }],
  ["Language", "German", { language: "de", country: "FR" }],
  ["Language", undefined, { language: "de-DE", country: "DE" }],
  ["Campaign", "google, cpc", { utm: { source: "google", medium: "cpc" } }],
  ["Campaign", "spring", { utm: { campaign: "spring" } }],
  ["Campaign", undefined, { utm: { term: "x" } }],
  ["Owner", "sam@vendor.example", { owner: { email: "sam@vendor.example" } }],
  ["Source", "File: Trade Show", { origin: "Trade Show" }],
  ["Source", "Fair", { sourceTitle: "Fair" }],
  ["Source", "crm", { source: "crm" }],
  ["Source", "HubSpot: Organic search", { sourceTitle: "HubSpot", origin: "ORGANIC_SEARCH" }],
  ["Source", "HubSpot: Other paid campaigns", { sourceTitle: "HubSpot", origin: "OTHER_PAID_CAMPAIGNS" }],
  ["Source", "HubSpot: CRM", { sourceTitle: "HubSpot", origin: "CRM" }],
  ["Source", "HubSpot: spring_SALE", { sourceTitle: "HubSpot", origin: "spring_SALE" }],
  ["Score", "High (70 of 100)", { score: 70 }],
  ["Score", "Medium (69 of 100)", { score: 69 }],
  ["Score", "Medium (40 of 100): job title", { score: 40, scoreReasons: ["job title"] }],
  ["Score", "Low (39 of 100)", { score: 39 }],
  ["Consent", "Not given", { consent: { given: false } }],
  ["Consent", "Given: Call me. Or write.", { consent: { given: true, text: "Call me.\nOr write." } }],
  ["Job title", "\u200e\u2068מנהל 42\u2069", { jobTitle: "מנהל 42" }],
] as const satisfies readonly (readonly [string, string | undefined, Partial<EnrichedLead>])[]) {
  summary(`${label} of ${JSON.stringify(changes)} is ${expected}`, () => {
    assert.is(detailOf(bareLead(changes), label), expected);
  });
}

for (const [expected, kind] of [
  ["j@acme.example", { freeMail: false, disposable: false }],
  ["j@acme.example (free mail)", { freeMail: true, disposable: false }],
  ["j@acme.example (throw-away address)", { freeMail: false, disposable: true }],
] as const) {
  summary(`the email address is shown as ${expected}`, () => {
    assert.is(
      detailOf(bareLead({ email: { address: "j@acme.example", domain: "acme.example", ...kind } }), "Email"),
      expected,
    );
  });
}

summary("the CRM is linked only if the source's settings allow its host", () => {
  for (const [urlAllowed, links] of [
    [true, 1],
    [false, 0],
    [undefined, 0],
  ] as const) {
    const { urlAllowed: _, ...lead } = enrichedLead();
    const one = told(urlAllowed === undefined ? lead : { ...lead, urlAllowed });
    assert.is(partsOf(one, "link").length, links);
    assert.is(listed(one).href === undefined, links === 0);
    assert.is(JSON.stringify(cardOf(one)).includes("crm.example.com"), links === 1);
  }
});

summary("warnings are in words that need no knowledge of fields", () => {
  const warnings = [
    "phone: not a phone number",
    "company.employees: not usable",
    "name: two readings",
    "country: unknown",
    "odd",
  ];
  const [first] = partsOf(told(enrichedLead({ warnings })), "footer");
  assert.equal(first, {
    kind: "footer",
    text:
      "Please check: Phone: not a phone number; Employees: not usable; Name: two different values, so none is shown; " +
      "Country: not understood; odd",
  });
  assert.equal(listed(told(enrichedLead({ warnings }))).marks, ["please check: phone, employees, name, country, odd"]);
});

for (const [warning, expected] of [
  ["utmCampaign: two readings", "Campaign: two different values, so none is shown"],
  ["utm.term: not usable", "Campaign: not usable"],
  ["otherPhones[0].e164: not usable", "Other phones: not usable"],
  ["ownerEmail: not usable", "Owner email: not usable"],
  ["url: not a web address", "Link to the CRM: not a web address"],
  ["crmId: two readings", "Number in the CRM: two different values, so none is shown"],
  ["company.domain: not usable", "Website: not usable"],
  ["email: several leads", "Email: several leads came as one"],
] as const) {
  summary(`${warning} is shown as ${expected}`, () => {
    const [first] = partsOf(told(enrichedLead({ warnings: [warning] })), "footer");
    assert.equal(first, { kind: "footer", text: `Please check: ${expected}` });
  });
}

summary("a test lead says so first, in every form", () => {
  const test = told(enrichedLead({ test: true }));
  assert.is(titleOf(test), "Test lead: Jane Roe, Acme & Sons");
  assert.equal(cardOf(test).parts[0], { kind: "notice", text: "This is a test. No person is behind it." });
  assert.is(listed(test).name, "Test lead: Jane Roe, Acme & Sons");
});

for (const [expected, ...leads] of [
  ["2 new leads", {}, {}],
  ["1 new lead and 1 test lead", {}, { test: true }],
  ["2 test leads", { test: true }, { test: true }],
] as const) {
  summary(`a list begins with ${expected}`, () => {
    assert.is(titleOfMany(leads.map((changes) => told(enrichedLead(changes)))), expected);
  });
}

summary("a person who was seen before is said to be, with the year only if it is another one", () => {
  const again = told(enrichedLead(), { seenBefore });
  assert.equal(cardOf(again).parts[0], { kind: "notice", text: "Seen before: Google Ads, 3 January" });
  assert.equal(listed(again).marks, ["seen before: Google Ads, 3 January"]);
  const longAgo = { ...seenBefore, receivedAt: "2025-12-31T23:59:59.999Z" };
  assert.equal(listed(told(enrichedLead(), { seenBefore: longAgo })).marks, [
    "seen before: Google Ads, 31 December 2025",
  ]);
});

summary("if a line is enough, the card has little more", () => {
  const one = told(enrichedLead(), { seenBefore: { ...seenBefore, isLine: true } });
  const { title, parts } = cardOf(one);
  assert.is(title, "Same person again: Jane Roe, Acme & Sons");
  assert.equal(
    parts.map(({ kind }) => kind),
    ["notice", "details", "link", "footer"],
  );
  assert.equal(parts[1], {
    kind: "details",
    details: [
      { label: "Phone", value: "+4930123456 ext. 42", href: "tel:+4930123456;ext=42" },
      { label: "Country", value: "Germany" },
      { label: "Source", value: "Our website" },
      { label: "Score", value: "High (100 of 100): company address" },
    ],
  });
});

summary("a list shows name, company, score, phone or else email, and country", () => {
  const texts = (lead: EnrichedLead) => listed(told(lead)).facts.map(({ value }) => value);
  assert.equal(texts(enrichedLead()), ["high score", "+4930123456 ext. 42", "Germany"]);
  const { phone: _, ...byEmail } = enrichedLead();
  assert.equal(texts(byEmail), ["high score", "jane.roe@acme.example", "Germany"]);
  assert.equal(texts({ ...contact, country: "DE" }), ["low score", "+4930123456"], "the headline says the country");
});

summary(
  "a featured lead of a list has every way to reach the person, the job title and the message in one line",
  () => {
    const { facts, message } = featured(told(enrichedLead({ message: "Call\n\nme." })));
    assert.equal(
      facts.map(({ value }) => value),
      ["+4930123456 ext. 42", "jane.roe@acme.example", "CTO", "high score", "Germany"],
    );
    assert.is(message, "Call me.");
  },
);

summary.run();
