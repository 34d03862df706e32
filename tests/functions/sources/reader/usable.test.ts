import { suite } from "uvu";
import * as assert from "uvu/assert";
import { boundedText } from "../../../../functions/lead/text.ts";
import { isPoor, isUsable } from "../../../../functions/sources/reader/usable.ts";
import type { FieldName } from "../../../../functions/sources/reading.ts";

const uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
const bad = (field: FieldName, texts: readonly string[]) =>
  texts.filter((text) => {
    const bounded = boundedText(text);
    return bounded === undefined || !isUsable(field, bounded);
  });

const usable = suite("what can be a field's value");

for (const [field, good, refused] of [
  [
    "fullName",
    ["Jane Roe", "نور", "Dr. O'Neil", "X Æ A-12", "Guest Smith", "Jane Incognita"],
    [
      ...["12345", "jane@acme.example", uuid, "https://acme.example", "HTTPS://ACME.example", "a1B2c3D4e5F6g7H8"],
      ...["Acme GmbH", "Acme S.R.L.", "unknown", " Anonymous ", "No Name", "Guest", "visitor", "Visitor 17", "u123"],
    ],
  ],
  ["firstName", ["Jane"], ["1", "jane@acme.example"]],
  ["lastName", ["Roe"], ["Acme Inc.", uuid]],
  [
    "email",
    ["jane@acme.example", "reply@acme.example", "jane"],
    ["noreply@a.example", " no-reply@a.example", "NO_REPLY@a.example", "donotreply@a.example"].concat(
      "do-not-reply@a.example",
      "mailer-daemon@a.example",
    ),
  ],
  ["company", ["Acme 24", "Smith @ Sons"], ["24", uuid, "jane@acme.example"]],
  ["owner", ["Sam Sales"], ["1234", uuid, "guest", "a1"]],
  ["ownerEmail", ["sam@acme.example"], ["Sam Sales"]],
  ["jobTitle", ["Head of Sales", "Medical Doctor"], ["Mr.", "Herr Dr.", "Prof. Dr.", "Lead", "end-user", "42", uuid]],
  ["country", ["Kenya", "中国"], ["49", "+1"]],
  ["origin", ["Website 2"], ["17", uuid]],
  ["website", ["acme.example", "https://acme.example"], ["acme", "acme .", "jane@acme.example"]],
  ["landingPage", ["https://acme.example/a", "HTTP://acme.example"], ["/a", "acme.example", "https://acme .example"]],
  [
    "url",
    ["https://crm.example/1", "crm.example/1", "https://linkedin.com.example/in/a"],
    ["/contacts/1", "https://www.linkedin.com/in/a", "http://X.com/a", "https://m.facebook.com/a"],
  ],
  ["language", ["de", "x".repeat(40)], ["x".repeat(41), "1"]],
  ["message", ["Call me", "call 5550100"], ["5550100", uuid]],
  [
    "utmSource",
    ["google", "none given", "N/A?", `-${" ".repeat(98)}-a`],
    [
      ...["n/a", "N/A", "NA", "null", "NULL", "undefined", "none", "nil", "not set", "(not set)", "(none)", "-", " – "],
      ...["[Not provided]", "Not specified", "[[unknown]]", "Unspecified", "...", "__", "{{campaign.name}}"],
      ...["[object Object]", "<test lead: dummy data for email>", "%utm_source%", "null null", "undefined undefined"],
    ],
  ],
] as const satisfies readonly (readonly [FieldName, readonly string[], readonly string[]])[]) {
  usable(`${field} is what its name promises, and no word for nothing`, () => {
    assert.equal(bad(field, good), []);
    assert.equal(bad(field, refused), refused);
  });
}

usable("a text of more than 100 characters is no word for nothing", () => {
  const ofLength = (length: number) => "-".repeat(length);
  assert.equal(bad("utmSource", [ofLength(100), ofLength(101)]), [ofLength(100)]);
});

usable("what cannot be used in the end is taken only if there is nothing better", () => {
  const poor = (field: FieldName, ...texts: string[]) => texts.map((text) => isPoor(field, text));
  assert.equal(poor("email", "jane", "jane@acme.example"), [true, false]);
  assert.equal(poor("phone", "1234", "1-2-3-4-5", "٠١٢٣٤"), [true, false, false]);
  assert.equal(poor("employees", "many", "11-50"), [true, false]);
  assert.equal(poor("url", "crm.example/1", "https://crm.example/1"), [true, false]);
  assert.equal(poor("company", "a"), [false]);
});

usable.run();
