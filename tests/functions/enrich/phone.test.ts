import { suite } from "uvu";
import * as assert from "uvu/assert";
import { phoneNumbers } from "../../../functions/enrich/phone.ts";
import { boundedText as text } from "../../../functions/lead/text.ts";

const phone = suite("phone");

const from = (country: string | undefined, named = true) => (country ? { country, named } : undefined);

for (const [given, country, ...expected] of [
  ["030 123456", "DE", "+4930123456"],
  ["4930123456.0", "DE", "+4930123456"],
  ["+49 (0)30 123456", undefined, "+4930123456"],
  ["(+49) 30 123456", undefined, "+4930123456"],
  ["tel:+1-202-555-0143", undefined, "+12025550143"],
  ["(202) 555-0143", "US", "+12025550143"],
  ["+44 20 7946 0958", "DE", "+442079460958"],
  [`${"x".repeat(48)} +49 30 12345678`, undefined, "+493012345678"],
  [`${"x".repeat(240)} +49 30 12345678`, undefined, "+493012345678"],
  ["۰۹۱۲۳۴۵۶۷۸۹", "IR", "+989123456789"],
  ["Call 5 times: +49 30 123456", undefined, "+4930123456"],
  ["+49 30 123456 (work)", undefined, "+4930123456"],
  ["+49 30 123456 mobile.", undefined, "+4930123456"],
  ["+49\u200b30\u2060123456", undefined, "+4930123456"],
  ["＋４９ ３０ １２３４５６", undefined, "+4930123456"],
  ["٠١٢٣٤٥٦٧٨٩٠", "EG", "+201234567890"],
  // Several in one field.
  ["+49 30 123456 / +49 171 1234567", undefined, "+4930123456", "+491711234567"],
  ["+49 30 123456; +1 202 555 0143", undefined, "+4930123456", "+12025550143"],
  ["030 1234567 / 0171 1234567", "DE", "+49301234567", "+491711234567"],
  ["0301234 / 0305678", "DE", "+49301234", "+49305678"],
  ["030123456,01711234567", "DE", "+4930123456", "+491711234567"],
  ["0301234567\n01711234567", "DE", "+49301234567", "+491711234567"],
  ["+33 6 12 34 56 78 ou 0033123456789", undefined, "+33612345678", "+33123456789"],
  ["030/1234567", "DE", "+49301234567"],
  ["+49 30 123456, 0049 30 123456", undefined, "+4930123456"],
  ["+49 30 123456&0049 40 123456", undefined, "+4930123456", "+4940123456"],
  // International prefixes and bare country codes.
  ["0049 30 123456", undefined, "+4930123456"],
  ["+0049 30 123456", undefined, "+4930123456"],
  ["(0049) 30 123456", undefined, "+4930123456"],
  ["00353871234567", "DE", "+353871234567"],
  ["00353 87 123 4567", "US", "+353871234567"],
  ["011 49 30 123456", "US", "+4930123456"],
  ["353871234567", undefined, "+353871234567"],
  ["353871234567", "IE", "+353871234567"],
  ["353871234567", "US", "+353871234567"],
  ["4917112345678", "DE", "+4917112345678"],
  ["12025550143", "US", "+12025550143"],
  ["33612345678", "FR", "+33612345678"],
  // Written without the leading zero.
  ["6 12 34 56 78", "FR", "+33612345678"],
  ["301234567", "DE", "+49301234567"],
  ["9876543210", "IN", "+919876543210"],
] as const) {
  phone(`in ${given} from ${country ?? "anywhere"} are ${expected.join(" and ")}`, () => {
    assert.equal(
      phoneNumbers(text(given), from(country)).map(({ e164 }) => e164),
      expected,
    );
  });
}

for (const [given, country, why] of [
  ["030 123456", undefined, "no country"],
  ["2025550143", undefined, "Washington or, with the country code, Cairo"],
  ["13812345678", undefined, "China or, with the country code, North America"],
  ["51 98765-4321", undefined, "Brazil or, with the country code, Peru"],
  ["353871234567", "DE", "in Germany nearly all digits are valid, and with the country code it is Irish"],
  ["+1 555 555 5555", undefined, "possible and not valid"],
  ["+521234", undefined, "too short"],
  ["03-1234-5678 12345", "JP", "too long"],
  ["call me", undefined, "no digits"],
  ["12", undefined, "too short"],
  ["", undefined, "nothing"],
  ["+".repeat(300), undefined, "no digits"],
  [`${"x".repeat(500)} +49 30 12345678`, undefined, "too long"],
] as const) {
  phone(`in ${given.slice(0, 20)} from ${country ?? "anywhere"} is none: ${why}`, () => {
    assert.equal(phoneNumbers(text(given), from(country)), []);
  });
}

phone("a number that is valid without its leading zero needs it if only the environment names the country", () => {
  for (const [given, country, expected] of [
    ["2025550143", "DE", []],
    ["0202 5550143", "DE", ["+492025550143"]],
    ["2025550143", "US", ["+12025550143"]],
    ["9876543210", "IN", ["+919876543210"]],
  ] as const) {
    assert.equal(
      phoneNumbers(text(given), from(country, false)).map(({ e164 }) => e164),
      expected,
    );
  }
});

for (const [given, extension] of [
  ["+49 30 123456 ext. 12", "12"],
  ["+49 30 123456 x12", "12"],
  ["+49 30 123456;ext=12", "12"],
  ["+49 30 123456 Durchwahl 12", "12"],
  ["+1 202 555 0143, ext. 0012", "0012"],
  ["+49 30 123456 ext. 12345678901", "12345678901"],
  ["+49 30 123456 ext. 123456789012", undefined],
  ["+49 30 123456", undefined],
] as const) {
  phone(`${given} has the extension ${extension}`, () => {
    const [found, ...others] = phoneNumbers(text(given), undefined);
    assert.equal([found?.extension, others], [extension, []]);
  });
}

for (const [given, country] of [
  ["+442079460958", "GB"],
  ["+1 416 555 0143", "CA"],
  ["+1 202 555 0143", "US"],
  ["+1 800 555 0199", undefined],
  ["+44 7911 123456", undefined],
  ["+44 1481 712345", "GG"],
  ["+800 1234 5678", undefined],
] as const) {
  phone(`${given} belongs to ${country ?? "no single country"}`, () => {
    const [found] = phoneNumbers(text(given), undefined);
    assert.ok(found);
    assert.is(found.country, country);
  });
}

phone.run();
