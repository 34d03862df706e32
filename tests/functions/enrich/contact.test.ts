import { suite } from "uvu";
import * as assert from "uvu/assert";
import { countryCode, emailAddress, phoneNumber } from "../../../functions/enrich/contact.ts";
import { boundedText as text } from "../../../functions/lead/text.ts";

const contact = suite("contact");

for (const [given, expected] of [
  [" Jane.Roe@ACME.Example ", "jane.roe@acme.example"],
  ["mailto:jane@acme.example", "jane@acme.example"],
  ["Jane Roe <jane@acme.example>", "jane@acme.example"],
  ["jane@müller.example", "jane@xn--mller-kva.example"],
  ["jane+news@acme.example", "jane+news@acme.example"],
] as const) {
  contact(`the email ${given} becomes ${expected}`, () => {
    assert.is(emailAddress(text(given))?.address, expected);
  });
}

for (const bad of [
  "jane",
  "jane@",
  "@acme.example",
  "jane@localhost",
  "a b@acme.example",
  "a@b@c.example",
  "",
  "\u0000",
]) {
  contact(`${JSON.stringify(bad)} is no email address`, () => assert.is(emailAddress(text(bad)), undefined));
}

contact("an email address has at most 254 characters", () => {
  const at = (length: number) =>
    `jane@${"x".repeat(60)}.${"y".repeat(60)}.${"z".repeat(60)}.example`.padStart(length, "j");
  assert.is(emailAddress(text(at(254)))?.address.length, 254);
  assert.is(emailAddress(text(at(255))), undefined);
});

contact("a line break cannot smuggle a second header into an address", () => {
  assert.is(emailAddress(text("jane@acme.example\r\nBcc: all@acme.example")), undefined);
});

for (const [given, country, expected] of [
  ["030 123456", "DE", "+4930123456"],
  ["+49 (0)30 123456", undefined, "+4930123456"],
  ["tel:+1-202-555-0143", undefined, "+12025550143"],
  ["(202) 555-0143", "US", "+12025550143"],
  ["+44 20 7946 0958", "DE", "+442079460958"],
  ["+1 555 555 5555", undefined, "+15555555555"],
  [`${"x".repeat(48)} +49 30 12345678`, undefined, "+493012345678"],
] as const) {
  contact(`the phone number ${given} from ${country ?? "anywhere"} becomes ${expected}`, () => {
    assert.is(phoneNumber(text(given), country)?.e164, expected);
  });
}

contact("a phone number tells its country", () =>
  assert.is(phoneNumber(text("+442079460958"), undefined)?.country, "GB"),
);

for (const bad of ["030 123456", "call me", "12", "", "+".repeat(300), `${"x".repeat(240)} +49 30 12345678`]) {
  contact(`${bad.slice(0, 12)} without a country is no phone number`, () => {
    assert.is(phoneNumber(text(bad), undefined), undefined);
  });
}

for (const [given, expected] of [
  ["de", "DE"],
  ["DEU", "DE"],
  ["Germany", "DE"],
  ["U.S.A.", "US"],
  ["united states of america", "US"],
  ["UK", "GB"],
  ["U.K.", "GB"],
  ["gb", "GB"],
  ["Atlantis", undefined],
  [undefined, undefined],
] as const) {
  contact(`the country ${given} is ${expected}`, () => assert.is(countryCode(text(given)), expected));
}

contact.run();
