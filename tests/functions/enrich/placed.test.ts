import { suite } from "uvu";
import * as assert from "uvu/assert";
import { draftOf, pathsOf } from "../../../functions/enrich/placed.ts";

const values = [
  { place: "email", value: "a@b.example", path: "contact.email" },
  { place: "company.name", value: "Acme", path: "contact.company" },
  { place: "company.domain", value: "acme.example", path: "contact.site" },
  { place: "otherPhones[0]", value: "+4930123456", path: "contact.mobile" },
  { place: "otherPhones[1]", value: "+4930123457", path: "zwei\tTelefone" },
  { place: "country", value: undefined, path: "contact.country" },
  { place: "crmId", value: "42" },
];

const placed = suite("placed values");

placed("are in objects and lists", () => {
  assert.equal(draftOf(values), {
    email: "a@b.example",
    company: { name: "Acme", domain: "acme.example" },
    otherPhones: ["+4930123456", "+4930123457"],
    crmId: "42",
  });
});

for (const [leftOut, without] of [
  [[], []],
  [["email"], ["email"]],
  [["company.domain"], ["company.domain"]],
  [
    ["company", "other", "em"],
    ["company.name", "company.domain"],
  ],
  [["otherPhones"], ["otherPhones[0]", "otherPhones[1]"]],
] as const) {
  placed(`have paths in one line, but for those that are left out: ${leftOut}`, () => {
    const all = Object.entries({
      email: "contact.email",
      "company.name": "contact.company",
      "company.domain": "contact.site",
      "otherPhones[0]": "contact.mobile",
      "otherPhones[1]": "zwei Telefone",
    });
    const expected = all.filter(([place]) => !(without as readonly string[]).includes(place));
    assert.equal(pathsOf(values, leftOut), Object.fromEntries(expected));
  });
}

placed("have paths that an enriched lead takes: of 300 characters at most", () => {
  const paths = pathsOf(
    ["a".repeat(300), "a".repeat(301), "é".repeat(301)].map((path, index) => ({
      place: `otherEmails[${index}]`,
      value: 1,
      path,
    })),
    [],
  );
  assert.equal(
    Object.values(paths).map(({ length }) => length),
    [300, 300, 300],
  );
});

placed.run();
