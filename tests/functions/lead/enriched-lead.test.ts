import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkEnrichedLead, type Details, fittingDetails } from "../../../functions/lead/enriched-lead.ts";
import { RejectedError } from "../../../functions/lead/rejection.ts";
import { bareLead, enrichedLead } from "../../helpers/leads.ts";

const rejection = (value: unknown): RejectedError => {
  try {
    checkEnrichedLead(value);
  } catch (error) {
    if (error instanceof RejectedError) return error;
    throw error;
  }
  throw new Error("it was accepted");
};

const lead = suite("enriched lead");

lead("comes out as it went in, whether full or bare", () => {
  assert.equal(checkEnrichedLead(enrichedLead()), enrichedLead());
  assert.equal(Object.keys(bareLead()).sort(), [
    "enrichedAt",
    "fingerprint",
    "id",
    "phone",
    "receivedAt",
    "schemaVersion",
    "score",
    "source",
    "warnings",
  ]);
});

lead("may hold more than its shape knows, so that a later enrich can add fields", () => {
  assert.equal(checkEnrichedLead({ ...enrichedLead(), extra: 1 }), { ...enrichedLead(), extra: 1 });
});

lead("without email and phone is NoContact", () => {
  const { email: _, phone: __, ...rest } = enrichedLead();
  assert.is(rejection(rest).code, "NoContact");
});

lead("of version 1 or 2 is read", () => {
  for (const schemaVersion of [1, 2] as const) {
    assert.is(checkEnrichedLead({ ...bareLead(), schemaVersion }).schemaVersion, schemaVersion);
  }
});

for (const schemaVersion of [0, 3, "2", null, undefined]) {
  lead(`of version ${JSON.stringify(schemaVersion)} is refused`, () => {
    const error = rejection({ ...enrichedLead(), schemaVersion });
    assert.is(error.code, "InvalidLead");
    assert.match(error.message, /schemaVersion/);
  });
}

lead("names every broken path and no value", () => {
  const error = rejection({
    ...enrichedLead(),
    country: "Germany",
    email: { address: "jane roe", domain: "x.example", freeMail: false, disposable: false },
  });
  assert.match(error.message, /country must be an ISO 3166-1 alpha-2 code/);
  assert.match(error.message, /email\.address must be an email address of at most 254 characters/);
  assert.not.match(error.message, /jane|Germany/);
});

const draft = (changes: { readonly [Name in keyof Details]?: unknown }) => {
  const { crmId, url, name, email, phone, company, country, jobTitle, message, origin } = enrichedLead();
  return { crmId, url, name, email, phone, company, country, jobTitle, message, origin, ...changes };
};

lead("keeps the details that fit, all of them or some", () => {
  assert.equal(fittingDetails(draft({})), { details: draft({}), leftOut: [] });
  const bare = { crmId: undefined, url: undefined, name: undefined, email: undefined, phone: undefined };
  assert.equal(fittingDetails(draft(bare)), { details: draft(bare), leftOut: [] });
});

const long = "x".repeat(201);
for (const [what, changes, kept, leftOut] of [
  ["a field that does not fit", { jobTitle: long }, { jobTitle: undefined }, ["jobTitle"]],
  [
    "a field of another type",
    { country: 42, origin: null },
    { country: undefined, origin: undefined },
    ["country", "origin"],
  ],
  [
    "a part that its field can be without",
    { name: { full: "Jane", first: long } },
    { name: { full: "Jane" } },
    ["name.first"],
  ],
  ["a field whose required part does not fit", { name: { full: long, first: long } }, { name: undefined }, ["name"]],
  ["a field whose required part is missing", { email: { address: "a@b.example" } }, { email: undefined }, ["email"]],
  ["a field of which nothing fits", { company: { name: long, employees: -1 } }, { company: undefined }, ["company"]],
  ["a field that is no object", { phone: "+4930123456" }, { phone: undefined }, ["phone"]],
] as const) {
  lead(`leaves out of its details ${what}`, () => {
    const expected = Object.entries(draft(kept)).filter(([, value]) => value !== undefined);
    assert.equal(fittingDetails(draft(changes)), { details: Object.fromEntries(expected), leftOut });
  });
}

/** Paths of all values that are no objects of a fixed shape themselves. */
const paths = (value: object, prefix = ""): string[] =>
  Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === "object" && !Array.isArray(inner) && name !== "foundAt"
      ? paths(inner, `${prefix}${name}.`)
      : [`${prefix}${name}`],
  );

for (const path of paths(enrichedLead())) {
  for (const wrong of [{ "": "x" }, null, "", Number.NaN, ["\u0007"]]) {
    lead(`${path} may not be ${JSON.stringify(wrong)}`, () => {
      const broken = structuredClone(enrichedLead()) as Record<string, unknown>;
      const [outer = "", inner] = path.split(".");
      const holder = inner === undefined ? broken : (broken[outer] as Record<string, unknown>);
      holder[inner ?? outer] = wrong;
      assert.match(rejection(broken).message, path);
    });
  }
}

lead("names what is missing, and what is no list of lines", () => {
  const { score: _, ...rest } = enrichedLead();
  assert.match(rejection({ ...rest, warnings: ["fine", 7] }).message, /score is missing/);
  assert.match(
    rejection({ ...rest, warnings: ["fine", 7] }).message,
    /warnings must be a list of at most 50 lines of text/,
  );
});

for (const [path, changes] of [
  ["name.full", { name: { full: "Eve\n• Jane Roe" } }],
  ["message", { message: "ring\u0007" }],
  ["source", { source: "website <!channel>" }],
  ["country", { country: "!!" }],
  ["receivedAt", { receivedAt: "2026-99-99T99:99:99.999Z" }],
  ["message", { message: "half a character: \ud83d" }],
  [
    "email.address",
    { email: { address: "<eve@evil.example>", domain: "evil.example", freeMail: false, disposable: false } },
  ],
] as const) {
  lead(`that enrich would not have written is refused: ${JSON.stringify(changes)}`, () => {
    assert.match(rejection({ ...enrichedLead(), ...changes }).message, `${path} must be`);
  });
}

for (const url of [
  "http://crm/leads/1",
  "http://localhost:8080/?a=<b>|c",
  "http://[fd00::1]/x",
  "https://crm.example.com/ü",
]) {
  lead(`may be at any web address that enrich takes: ${url}`, () => {
    assert.is(checkEnrichedLead(enrichedLead({ url })).url, url);
  });
}

for (const url of ["ftp://crm.example.com/leads/42", "javascript:alert(1)", "crm.example.com"]) {
  lead(`is at no other address: ${url}`, () => {
    assert.match(rejection({ ...enrichedLead(), url }).message, "url must be an http or https address");
  });
}

for (const url of ["https:crm.example.com", "HTTPS://crm.example.com"]) {
  lead(`is at no address that enrich would have written in another way: ${url}`, () => {
    assert.match(rejection({ ...enrichedLead(), url }).message, "url must be an http or https address");
  });
}

const email = { address: "jane@acme.example", domain: "acme.example", freeMail: false, disposable: false };
const mailbox = (length: number) => ({
  ...email,
  address: `${"x".repeat(length - "@acme.example".length)}@acme.example`,
});
const url = (length: number) => "https://a.example/".padEnd(length, "x");
const phones = (count: number) => Array(count).fill({ e164: "+4930123456" });
const answer = { label: "x".repeat(150), answer: "x".repeat(1000) };
const places = (count: number, path = "x".repeat(300)) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`place${index}`, path]));
const id = (source: string) => `${source}-${"a".repeat(32)}`;

/** For each limit a value that just fits, and one that just does not. */
for (const [path, fits, breaks] of [
  ["crmId", { crmId: "x".repeat(200) }, { crmId: "x".repeat(201) }],
  ["url", { url: url(2000) }, { url: url(2001) }],
  ["name.full", { name: { full: "x".repeat(200) } }, { name: { full: "x".repeat(201) } }],
  ["name.first", { name: { full: "x", first: "x".repeat(100) } }, { name: { full: "x", first: "x".repeat(101) } }],
  ["name.last", { name: { full: "x", last: "x".repeat(100) } }, { name: { full: "x", last: "x".repeat(101) } }],
  ["email.address", { email: mailbox(254) }, { email: mailbox(255) }],
  ["email.address", { email: { ...email, address: "a@b" } }, { email: { ...email, address: "@b" } }],
  ["email.domain", { email: { ...email, domain: "x".repeat(253) } }, { email: { ...email, domain: "x".repeat(254) } }],
  ["phone.e164", { phone: { e164: `+1${"2".repeat(14)}` } }, { phone: { e164: `+1${"2".repeat(15)}` } }],
  ["phone.e164", { phone: { e164: "+12345" } }, { phone: { e164: "+1234" } }],
  ["phone.e164", { phone: { e164: "+12345" } }, { phone: { e164: "+012345" } }],
  ["company.name", { company: { name: "x".repeat(200) } }, { company: { name: "x".repeat(201) } }],
  ["company.domain", { company: { domain: "x".repeat(253) } }, { company: { domain: "x".repeat(254) } }],
  ["company.employees", { company: { employees: 99_999_999 } }, { company: { employees: 100_000_000 } }],
  ["company.employees", { company: { employees: 0 } }, { company: { employees: -1 } }],
  ["company.employees", { company: { employees: 1 } }, { company: { employees: 1.5 } }],
  ["country", { country: "DE" }, { country: "DEU" }],
  ["country", { country: "DE" }, { country: "de" }],
  ["jobTitle", { jobTitle: "x".repeat(200) }, { jobTitle: "x".repeat(201) }],
  ["message", { message: "x".repeat(5000) }, { message: "x".repeat(5001) }],
  ["message", { message: "a\nb" }, { message: "a\rb" }],
  ["origin", { origin: "x".repeat(200) }, { origin: "x".repeat(201) }],
  [
    "phone.extension",
    { phone: { e164: "+12345", extension: "1".repeat(11) } },
    { phone: { e164: "+12345", extension: "1".repeat(12) } },
  ],
  ["phone.extension", { phone: { e164: "+12345", extension: "1" } }, { phone: { e164: "+12345", extension: "x1" } }],
  ["otherPhones", { otherPhones: phones(5) }, { otherPhones: phones(6) }],
  ["otherPhones", { otherPhones: phones(1) }, { otherPhones: [{ country: "DE" }] }],
  ["otherEmails", { otherEmails: Array(5).fill("a@b") }, { otherEmails: Array(6).fill("a@b") }],
  ["otherEmails", { otherEmails: [mailbox(254).address] }, { otherEmails: [mailbox(255).address] }],
  ["owner.name", { owner: { name: "x".repeat(200) } }, { owner: { name: "x".repeat(201) } }],
  ["owner.email", { owner: { email: "a@b" } }, { owner: { email: "a b" } }],
  ["utm.source", { utm: { source: "x".repeat(200) } }, { utm: { source: "x".repeat(201) } }],
  ["utm.medium", { utm: { medium: "x".repeat(200) } }, { utm: { medium: "x".repeat(201) } }],
  ["utm.campaign", { utm: { campaign: "x".repeat(200) } }, { utm: { campaign: "x".repeat(201) } }],
  ["utm.term", { utm: { term: "x".repeat(200) } }, { utm: { term: "x".repeat(201) } }],
  ["utm.content", { utm: { content: "x".repeat(200) } }, { utm: { content: "x".repeat(201) } }],
  ["landingPage", { landingPage: url(2000) }, { landingPage: url(2001) }],
  [
    "consent.text",
    { consent: { given: false, text: "x".repeat(1000) } },
    { consent: { given: false, text: "x".repeat(1001) } },
  ],
  ["language", { language: "de" }, { language: "German" }],
  ["language", { language: "pt-BR" }, { language: "pt_BR" }],
  ["language", { language: "zh-Hant-TW" }, { language: "DE" }],
  ["answers", { answers: Array(20).fill(answer) }, { answers: Array(21).fill(answer) }],
  ["answers", { answers: [answer] }, { answers: [{ ...answer, label: "x".repeat(151) }] }],
  ["answers", { answers: [answer] }, { answers: [{ ...answer, answer: "x".repeat(1001) }] }],
  ["answers", { answers: [answer] }, { answers: [{ label: "x" }] }],
  ["scoreReasons", { scoreReasons: Array(20).fill("x") }, { scoreReasons: Array(21).fill("x") }],
  ["foundAt", { foundAt: places(80) }, { foundAt: places(81) }],
  ["foundAt", { foundAt: places(1) }, { foundAt: places(1, "x".repeat(301)) }],
  ["foundAt", { foundAt: { "otherPhones[0]": "x" } }, { foundAt: { "Jane Roe": "x" } }],
  ["foundAt", { foundAt: { "utm.source": "x" } }, { foundAt: { "utm.source": 1 } }],
  ["unreadFields", { unreadFields: 0 }, { unreadFields: -1 }],
  ["sourceTitle", { sourceTitle: "x".repeat(100) }, { sourceTitle: "x".repeat(101) }],
  ["test", { test: true }, { test: false }],
  ["fingerprint", { fingerprint: "0".repeat(32) }, { fingerprint: "0".repeat(33) }],
  ["fingerprint", { fingerprint: "0".repeat(32) }, { fingerprint: "0".repeat(31) }],
  ["score", { score: 0 }, { score: -1 }],
  ["score", { score: 100 }, { score: 101 }],
  ["warnings", { warnings: ["x".repeat(200)] }, { warnings: ["x".repeat(201)] }],
  ["warnings", { warnings: Array(50).fill("x") }, { warnings: Array(51).fill("x") }],
  ["id", { id: id("ab") }, { id: id("a") }],
  ["id", { id: id("a".repeat(31)) }, { id: id("a".repeat(32)) }],
  ["source", { source: "ab" }, { source: "a" }],
  ["source", { source: "a".repeat(31) }, { source: "a".repeat(32) }],
  ["receivedAt", { receivedAt: "2026-03-01T12:00:00.000Z" }, { receivedAt: "2026-03-01T12:00:00Z" }],
  ["enrichedAt", { enrichedAt: "2026-03-01T12:00:00.000Z" }, { enrichedAt: "2026-03-01T12:00:00.000+00:00" }],
] as const) {
  lead(`${path} ends at ${JSON.stringify(breaks).slice(0, 60)}`, () => {
    assert.equal(checkEnrichedLead({ ...enrichedLead(), ...fits }), { ...enrichedLead(), ...fits });
    assert.match(rejection({ ...enrichedLead(), ...breaks }).message, `: ${path} must be`);
  });
}

for (const [value, problem] of [
  [undefined, "lead is missing"],
  [null, "lead is missing"],
  [42, "lead must be object"],
  ["lead", "lead must be object"],
  [[], "lead must be object"],
  [{}, "schemaVersion is missing"],
] as const) {
  lead(`refuses ${JSON.stringify(value)}: ${problem}`, () => {
    const { code, message } = rejection(value);
    assert.is(code, "InvalidLead");
    assert.match(message, `Not an enriched lead of version 1 or 2: ${problem}`);
  });
}

lead.run();
