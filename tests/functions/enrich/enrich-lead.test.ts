import { suite } from "uvu";
import * as assert from "uvu/assert";
import { domainKind } from "../../../functions/enrich/email-domains.ts";
import { enrichLead, type Provenance } from "../../../functions/enrich/enrich-lead.ts";
import { checkEnrichedLead } from "../../../functions/lead/enriched-lead.ts";
import { RejectedError } from "../../../functions/lead/rejection.ts";
import { type BoundedText, boundedText } from "../../../functions/lead/text.ts";
import { readLead } from "../../../functions/sources/general-reader.ts";
import type { Reading } from "../../../functions/sources/reading.ts";
import { hostileFields, hostileTexts, leadWith } from "../../helpers/hostile.ts";
import { readingWith } from "../../helpers/reading.ts";

const provenance = {
  id: `website-${"a".repeat(32)}`,
  source: "website",
  receivedAt: new Date("2026-03-01T12:00:00.000Z"),
  enrichedAt: new Date("2026-03-01T12:00:01.000Z"),
  defaultCountry: undefined,
};
const enrich = (raw: Record<string, unknown>, defaultCountry?: string) =>
  enrichLead(readLead(raw, { event: raw }), { ...provenance, defaultCountry }, domainKind);

const bounded = (text: string): BoundedText => {
  const safe = boundedText(text);
  if (!safe) throw new Error("The text is blank.");
  return safe;
};

const enrichment = suite("enrich lead");

enrichment("cleanses and derives everything it can", async () => {
  const lead = await enrich({
    id: 42,
    first_name: " JANE ",
    last_name: "ROE",
    email: "Jane.Roe@Mail.Acme.co.uk",
    phone: "020 7946 0958",
    country: "United Kingdom",
    company: "Acme  Ltd",
    employees: "51-200",
    job_title: "CTO",
    message: "Hello\r\n\r\n\r\nthere",
    campaign: "spring",
    url: "https://crm.example.com/42",
  });
  assert.equal(lead, {
    schemaVersion: 2,
    id: provenance.id,
    source: "website",
    receivedAt: "2026-03-01T12:00:00.000Z",
    enrichedAt: "2026-03-01T12:00:01.000Z",
    crmId: "42",
    url: "https://crm.example.com/42",
    name: { full: "Jane Roe", first: "Jane", last: "Roe" },
    email: { address: "jane.roe@mail.acme.co.uk", domain: "mail.acme.co.uk", freeMail: false, disposable: false },
    phone: { e164: "+442079460958", country: "GB" },
    company: { name: "Acme Ltd", domain: "acme.co.uk", employees: 51 },
    country: "GB",
    jobTitle: "CTO",
    message: "Hello\n\nthere",
    origin: "spring",
    urlAllowed: false,
    fingerprint: lead.fingerprint,
    score: 90,
    scoreReasons: [
      "company email address",
      "email and phone",
      "company known",
      "10 people or more",
      "job title",
      "message",
    ],
    warnings: [],
    foundAt: {
      crmId: "id",
      url: "url",
      "company.name": "company",
      "company.employees": "employees",
      jobTitle: "job_title",
      message: "message",
      origin: "campaign",
      "name.first": "first_name",
      "name.last": "last_name",
      email: "email",
      phone: "phone",
      country: "country",
    },
    unreadFields: 0,
  });
  assert.match(lead.fingerprint, /^[0-9a-f]{32}$/);
});

enrichment("makes no company of a free or a disposable mailbox", async () => {
  const free = await enrich({ email: "jane@gmail.com" });
  assert.is(free.email?.freeMail, true);
  assert.is(free.company, undefined);
  const disposable = await enrich({ email: "jane@mailinator.com" });
  assert.equal([disposable.email?.disposable, disposable.email?.freeMail], [true, false]);
  assert.is(disposable.company, undefined);
});

enrichment("takes the company's domain from the website first", async () => {
  for (const website of ["https://www.acme.example.org/about?x", `https://${"a.".repeat(119)}Example.org`]) {
    const lead = await enrich({ email: "jane@roe.example", website });
    assert.is(lead.company?.domain, "example.org");
  }
});

enrichment("gives the same person the same fingerprint, by email before phone", async () => {
  const [a, b, c, d] = await Promise.all([
    enrich({ email: "Jane@acme.example", phone: "+4930123456" }),
    enrich({ email: "jane@ACME.example", name: "Someone" }),
    enrich({ phone: "+49 30 123456" }),
    enrich({ phone: "030/123456" }, "DE"),
  ]);
  const colleague = await enrich({ email: "john@acme.example", phone: "+4930123456" });
  assert.is.not(a.fingerprint, colleague.fingerprint);
  assert.is(a.fingerprint, b.fingerprint);
  assert.is(c.fingerprint, d.fingerprint);
  assert.is.not(a.fingerprint, c.fingerprint);
});

enrichment("reads a number without country code by the lead's country, and only then by the default", async () => {
  assert.is((await enrich({ phone: "030 123456", country: "Germany" }, "US")).phone?.e164, "+4930123456");
  assert.is((await enrich({ phone: "(202) 555-0143" }, "US")).phone?.e164, "+12025550143");
});

enrichment("keeps a link into the company's own network: an odd address must not cost a lead", async () => {
  const lead = await enrich({ email: "jane@acme.example", url: "http://crm/leads/1" });
  assert.is(lead.url, "http://crm/leads/1");
  assert.equal(lead.warnings, []);
});

enrichment("keeps a lead with one usable contact and warns of the other, without its value", async () => {
  const lead = await enrich({ email: "jane at acme", phone: "+4930123456", country: "Atlantis", url: "javascript:1" });
  assert.is(lead.email, undefined);
  assert.equal(lead.warnings, ["email: not an email address", "country: unknown", "url: not a web address"]);
  const other = await enrich({ email: "jane@acme.example", phone: "030 1" });
  assert.equal([other.phone, other.warnings], [undefined, ["phone: not a phone number, or without a country code"]]);
});

for (const [what, raw] of [
  ["nothing", {}],
  ["a name alone", { name: "Jane" }],
  ["unusable contacts", { email: "jane", phone: "12" }],
  ["contacts of control characters", { email: "\u0000", phone: "\u0001" }],
] as const) {
  enrichment(`rejects a lead with ${what} as NoContact`, async () => {
    try {
      await enrich(raw);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, RejectedError);
      assert.is((error as RejectedError).code, "NoContact");
    }
  });
}

for (const name of ["محمد علي", "שרה לוי", "李小龍", "🦄 Unicorn", "X Æ A-12", "Robert'); DROP TABLE leads;--"]) {
  enrichment(`keeps the name ${name}`, async () => {
    assert.is((await enrich({ name, email: "a@acme.example" })).name?.full, name);
  });
}

enrichment("cuts each text at the length that the enriched lead allows", async () => {
  const long = "x".repeat(6000);
  const lead = await enrich({
    id: long,
    email: "a@acme.example",
    first_name: long,
    last_name: long,
    company: long,
    job_title: long,
    campaign: long,
    message: long,
    url: `https://crm.example.com/${long}`,
  });
  const { crmId, name, company, jobTitle, message, origin } = lead;
  assert.equal(
    [crmId, name?.full, name?.first, name?.last, company?.name, jobTitle, origin, message].map((text) => text?.length),
    [200, 200, 100, 100, 200, 200, 200, 5000],
  );
  assert.equal([lead.url, lead.warnings], [undefined, ["url: not a web address"]], "a part of a link leads elsewhere");
  assert.is((await enrich({ email: "a@acme.example", name: long })).name?.full.length, 200);
});

enrichment("cuts no character in half", async () => {
  const lead = await enrich({ email: "a@acme.example", message: "😀".repeat(10_000), name: `x${"😀".repeat(200)}` });
  assert.ok((lead.message?.length ?? 0) <= 5000 && lead.message?.isWellFormed());
  assert.ok((lead.name?.full.length ?? 0) <= 200 && lead.name?.full.isWellFormed());
});

enrichment("leaves no white space at the end of a full name that is cut", async () => {
  const lead = await enrich({
    email: "a@acme.example",
    first_name: "Ab".repeat(50),
    last_name: `${"Cd".repeat(49)} Efgh`,
  });
  assert.is(lead.name?.full, `${"Ab".repeat(50)} ${"Cd".repeat(49)}`);
});

enrichment("leaves out a number of employees and a link that the enriched lead does not allow", async () => {
  const lead = await enrich({
    email: "a@acme.example",
    employees: "999999999",
    url: `https://crm.example.com/${"é".repeat(1000)}`,
  });
  assert.equal(
    [lead.company?.employees, lead.url, lead.warnings],
    [undefined, undefined, ["url: not a web address", "company.employees: not a number of people"]],
  );
});

for (const field of hostileFields) {
  enrichment(`keeps to the limits of an enriched lead with a hostile ${field}`, async () => {
    const lead = await enrich(leadWith(field, hostileTexts["combining marks"](40_000)));
    assert.equal([lead.email?.address, lead.phone?.e164], ["ada@acme.example", "+4930123456"]);
    assert.equal(checkEnrichedLead(JSON.parse(JSON.stringify(lead))), lead);
  });
}

enrichment("leaves out a phone number that is too long for E.164 although the library calls it possible", async () => {
  const lead = await enrich({ email: "a@acme.example", phone: "03-1234-5678 12345", country: "JP" });
  assert.equal([lead.phone, lead.warnings], [undefined, ["phone: not a phone number, or without a country code"]]);
  assert.is(lead.fingerprint, (await enrich({ email: "a@acme.example" })).fingerprint);
  assert.is(lead.score, 45, "no points for a phone number that is left out");
});

for (const name of ["İ".repeat(100), "ß ".repeat(51), "ŉ".repeat(200), "ﬃ ".repeat(100), "ΐ ".repeat(100)]) {
  enrichment(`cuts names that grow when their case changes: ${name.slice(0, 2).trim()}`, async () => {
    const lead = await enrich({ email: "a@acme.example", first_name: name, last_name: name });
    assert.ok((lead.name?.full.length ?? 0) > 100, JSON.stringify(lead.name));
    assert.is(lead.name?.full, lead.name?.full.normalize("NFC"));
    assert.equal(lead.warnings, []);
    assert.ok((await enrich({ email: "a@acme.example", name })).name?.full);
  });
}

enrichment("scores by what it found", async () => {
  assert.is((await enrich({ email: "a@gmail.com" })).score, 0);
  assert.is((await enrich({ email: "a@acme.example" })).score, 45, "a company's mailbox and its domain");
});

enrichment("takes the country of the phone number where the lead names none", async () => {
  assert.is((await enrich({ phone: "+442079460958" })).country, "GB");
  assert.is((await enrich({ phone: "+442079460958", country: "DE" })).country, "DE");
});

/** A reading of the given texts, each found at the path of its field's name, with the rest of a reading. */
const enrichReading = (
  texts: Parameters<typeof readingWith>[0],
  rest: Partial<Reading> = {},
  more: Partial<Provenance> = {},
) =>
  enrichLead(
    { ...readingWith({ email: "a@acme.example", ...texts }), ...rest },
    { ...provenance, ...more },
    domainKind,
  );

enrichment("has every field of version 2 that a reading gives, and says where it was found", async () => {
  const lead = await enrichReading(
    {
      owner: "SAM SALES",
      ownerEmail: "Sam@Vendor.example",
      utmSource: "google",
      utmMedium: "cpc",
      utmCampaign: "spring",
      utmTerm: "crm",
      utmContent: "banner",
      landingPage: "https://www.vendor.example/demo",
      consent: "yes",
      language: "pt_BR",
    },
    {
      answers: [{ label: bounded("How many  seats?"), answer: bounded("12\r\nor so"), path: "form[3]" }],
      unread: ["a", "b[0].c"],
      warnings: ["company: two readings"],
    },
    { sourceTitle: "Google Ads", isTest: true },
  );
  const { owner, utm, landingPage, consent, language, answers, sourceTitle, test, unreadFields, warnings } = lead;
  assert.equal(
    { owner, utm, landingPage, consent, language, answers, sourceTitle, test, unreadFields, warnings },
    {
      owner: { name: "Sam Sales", email: "sam@vendor.example" },
      utm: { source: "google", medium: "cpc", campaign: "spring", term: "crm", content: "banner" },
      landingPage: "https://www.vendor.example/demo",
      consent: { given: true },
      language: "pt-BR",
      answers: [{ label: "How many seats?", answer: "12\nor so" }],
      sourceTitle: "Google Ads",
      test: true,
      unreadFields: 2,
      warnings: ["company: two readings"],
    },
  );
  assert.equal(lead.foundAt, {
    "owner.name": "owner",
    "owner.email": "ownerEmail",
    "utm.source": "utmSource",
    "utm.medium": "utmMedium",
    "utm.campaign": "utmCampaign",
    "utm.term": "utmTerm",
    "utm.content": "utmContent",
    landingPage: "landingPage",
    consent: "consent",
    language: "language",
    email: "email",
    "answers[0]": "form[3]",
  });
});

enrichment("keeps further addresses and numbers, each one once and at most five", async () => {
  const addresses = Array.from({ length: 8 }, (_, index) => `p${index}@acme.example`);
  const [email, phone] = [addresses.join("; "), "+49 30 123456 / +49 30 123457; 0049 30 123456"];
  const lead = await enrichReading({ email, phone });
  assert.equal([lead.email?.address, lead.otherEmails], [addresses[0], addresses.slice(1, 6)]);
  assert.equal([lead.phone?.e164, lead.otherPhones], ["+4930123456", [{ e164: "+4930123457", country: "DE" }]]);
  assert.is(lead.foundAt?.["otherPhones[0]"], "phone");
  const { fields } = readingWith({ email: "none" });
  const [none] = fields.email ?? [];
  const [first] = readingWith({ email: "a@acme.example" }).fields.email ?? [];
  assert.ok(none && first);
  const second = await enrichReading({}, { fields: { email: [none, { ...first, path: "emails[1]" }] } });
  assert.equal(
    [second.email?.address, second.foundAt, second.warnings],
    ["a@acme.example", { email: "emails[1]" }, []],
  );
});

enrichment(
  "guesses neither a country nor a country code where the lead names a country that it does not understand",
  async () => {
    const lead = await enrichReading({ country: "Atlantis", phone: "030 123456" }, {}, { defaultCountry: "DE" });
    assert.equal([lead.phone, lead.country], [undefined, undefined]);
    const international = await enrichReading(
      { country: "Congo", phone: "+442079460958" },
      {},
      { defaultCountry: "DE" },
    );
    assert.equal([international.phone?.e164, international.country], ["+442079460958", undefined]);
  },
);

for (const [given, expected] of [
  ["O&#039;Brien", "O'Brien"],
  ["Smith &amp; Sons", "Smith & Sons"],
  ["Caf&eacute; M&#xFC;ller", "Café Müller"],
  ["&Uuml;nal", "Ünal"],
  ["a &amp;lt; b", "a &lt; b"],
  ["R&D; Q&A", "R&D; Q&A"],
  ["AT&T", "AT&T"],
  ["evil&#x202e;gnp", "evilgnp"],
  ["a&#7;b&nosuch;", "ab&nosuch;"],
] as const) {
  enrichment(`decodes the entities of HTML once: ${given}`, async () => {
    const lead = await enrichReading({ company: given });
    assert.is(lead.company?.name, expected);
  });
}

enrichment("keeps the first 50 warnings of a payload with more", async () => {
  const warnings = Array.from({ length: 60 }, (_, index) => `field ${index}: two readings`);
  assert.equal((await enrichReading({}, { warnings })).warnings, warnings.slice(0, 50));
});

enrichment("keeps the first 20 answers, with 150 characters of a question and 1,000 of an answer", async () => {
  const one = { label: bounded("q".repeat(151)), answer: bounded("a".repeat(1001)), path: "form" };
  const { answers } = await enrichReading({}, { answers: Array(25).fill(one) });
  assert.equal(answers, Array(20).fill({ label: "q".repeat(150), answer: "a".repeat(1000) }));
});

enrichment("leaves out what an entity of HTML leaves blank", async () => {
  const answers = [{ label: bounded("Why?"), answer: bounded("&nbsp;"), path: "why" }];
  const blank = "&nbsp;&#8203;";
  const lead = await enrichReading({ company: blank, country: blank, url: blank, jobTitle: "R&amp;D" }, { answers });
  const { company, country, url, jobTitle } = lead;
  assert.equal([company?.name, country, url, lead.answers, jobTitle], [...Array(4), "R&D"]);
});

for (const [url, allowed] of [
  ["https://crm.example.com/1", true],
  ["https://eu.crm.example.org/1", true],
  ["https://crm.example.org/1", false],
  ["https://evilcrm.example.com/1", false],
  ["https://crm.example.com.evil.example/1", false],
  ["https://crm.example.com:8443/1", true],
] as const) {
  enrichment(`${allowed ? "allows" : "does not allow"} a link to ${url}`, async () => {
    const lead = await enrichReading({ url }, {}, { crmHosts: ["crm.example.com", ".crm.example.org"] });
    assert.equal([lead.url, lead.urlAllowed], [url, allowed]);
  });
}

enrichment("says nothing of links where there is none, or nothing is allowed", async () => {
  assert.is((await enrichReading({}, {}, { crmHosts: ["crm.example.com"] })).urlAllowed, undefined);
  assert.is((await enrichReading({ url: "https://crm.example.com/1" })).urlAllowed, false);
});

for (const [names, full] of [
  [{ firstName: "Jane", lastName: "Roe" }, "Jane Roe"],
  [{ firstName: "Jane", fullName: "Jane Roe" }, "Jane Roe"],
  [{ firstName: "Jane", lastName: "Roe", fullName: "Dr. Jane M. Roe" }, "Dr. Jane M. Roe"],
  [{ firstName: "Jane", lastName: "Roe", fullName: "jroe" }, "Jane Roe"],
  [{ firstName: "小龍", lastName: "李" }, "李小龍"],
] as const) {
  enrichment(`makes the full name ${full} of ${JSON.stringify(names)}`, async () => {
    assert.is((await enrichReading(names)).name?.full, full);
  });
}

enrichment("takes the company's domain from the first of its addresses that is a company's", async () => {
  const lead = await enrich({ email: "jane@gmail.com; jane@acme.example" });
  assert.equal([lead.email?.address, lead.company?.domain], ["jane@gmail.com", "acme.example"]);
});

enrichment("marks a lead of Meta's testing tool as a test", async () => {
  assert.is((await enrich({ email: "test@fb.com" })).test, true);
  assert.is((await enrich({ email: "test@acme.example" })).test, undefined);
});

enrichment("says a last name once that stands in the first name too", async () => {
  const lead = await enrich({ email: "a@acme.example", first_name: "Ana Gil", last_name: "Gil" });
  assert.is(lead.name?.full, "Ana Gil");
});

enrichment("takes no company's domain from a site on which anybody can have a page", async () => {
  const lead = await enrichReading({ email: "a@gmail.com", website: "https://www.linkedin.com/in/jane" });
  assert.is(lead.company, undefined);
  assert.is((await enrichReading({ email: "a@gmail.com", website: "acme.wixsite.com/home" })).company, undefined);
});

enrichment("is deterministic", async () => {
  const [one, two] = await Promise.all([1, 2].map(() => enrichReading({ country: "Österreich", phone: "01 5123456" })));
  assert.equal(JSON.stringify(one), JSON.stringify(two));
});

enrichment("takes the UTM values from the landing page's address if the lead has none of its own", async () => {
  const landingPage = "https://acme.example/demo?utm_source=google&utm_medium=cpc&utm_term=%20&gclid=x";
  const found = await enrich({ email: "jane@corp.example", landing_page: landingPage });
  assert.equal([found.utm, found.foundAt?.["utm.source"]], [{ source: "google", medium: "cpc" }, "landing_page"]);
  const own = await enrich({ email: "jane@corp.example", landing_page: landingPage, utm_campaign: "spring" });
  assert.equal(own.utm, { campaign: "spring" });
});

enrichment.run();
