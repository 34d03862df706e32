import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkEnrichedLead } from "../../../functions/lead/enriched-lead.ts";
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

lead("of another version is refused", () => {
  const error = rejection({ ...enrichedLead(), schemaVersion: 2 });
  assert.is(error.code, "InvalidLead");
  assert.match(error.message, /schemaVersion/);
});

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

/** Paths of all values that are no objects themselves. */
const paths = (value: object, prefix = ""): string[] =>
  Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === "object" && !Array.isArray(inner) ? paths(inner, `${prefix}${name}.`) : [`${prefix}${name}`],
  );

for (const path of paths(enrichedLead())) {
  for (const wrong of [{}, null, "", Number.NaN, ["\u0007"]]) {
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
  assert.match(rejection({ ...rest, warnings: ["fine", 7] }).message, /warnings must be a list of lines of text/);
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

for (const value of [undefined, null, 42, "lead", [], {}]) {
  lead(`refuses ${JSON.stringify(value)}`, () => {
    assert.ok(["InvalidLead", "NoContact"].includes(rejection(value).code));
  });
}

lead.run();
