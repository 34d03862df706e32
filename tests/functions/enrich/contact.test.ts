import { suite } from "uvu";
import * as assert from "uvu/assert";
import { emailAddresses } from "../../../functions/enrich/contact.ts";
import { boundedText as text } from "../../../functions/lead/text.ts";

const contact = suite("contact");

for (const [given, ...expected] of [
  [" Jane.Roe@ACME.Example ", "jane.roe@acme.example"],
  ["mailto:jane@acme.example?subject=Hi", "jane@acme.example"],
  ["mailto:jane@acme.example?cc=sam@acme.example", "jane@acme.example"],
  ["who?@acme.example", "who?@acme.example"],
  ["Email: jane@acme.example", "jane@acme.example"],
  ["jane@acme.example - please call", "jane@acme.example"],
  ["Jane Roe <jane@acme.example>", "jane@acme.example"],
  ['"Roe, Jane" <jane@acme.example>; Bob <bob@acme.example>', "jane@acme.example", "bob@acme.example"],
  ["jane@müller.example", "jane@xn--mller-kva.example"],
  ["jane+news@acme.example", "jane+news@acme.example"],
  ["o'brien@acme.example", "o'brien@acme.example"],
  ["a@acme.example; b@acme.example", "a@acme.example", "b@acme.example"],
  ["a@acme.example, b@acme.example", "a@acme.example", "b@acme.example"],
  ["a@acme.example/b@acme.example", "a@acme.example", "b@acme.example"],
  ["a@acme.example b@acme.example", "a@acme.example", "b@acme.example"],
  ["a@acme.example oder b@acme.example", "a@acme.example", "b@acme.example"],
  ["a@acme.example;A@ACME.example", "a@acme.example"],
  ["n/a; jane@; b@acme.example", "b@acme.example"],
  ["jane@acme.example.", "jane@acme.example"],
  ["jane@acme.example (work)", "jane@acme.example"],
  ["'jane@acme.example'", "jane@acme.example"],
  ["jane\u200b@acme.example\u2060", "jane@acme.example"],
] as const) {
  contact(`in ${given} are ${expected.join(" and ")}`, () => {
    assert.equal(
      emailAddresses(text(given)).map(({ address }) => address),
      expected,
    );
  });
}

for (const bad of [
  "jane",
  "jane@",
  "@acme.example",
  "jane@localhost",
  "a b@acme.example",
  "jane,roe@acme.example",
  "jane @acme.example",
  "jane@acme..example",
  "a@b@c.example",
  "",
  "\u0000",
  `${"x".repeat(2000)} jane@acme.example`,
  "jane@acme.example, ".repeat(30),
]) {
  contact(`in ${JSON.stringify(bad).slice(0, 40)} is no email address`, () =>
    assert.equal(emailAddresses(text(bad)), []),
  );
}

contact("an email address has at most 254 characters", () => {
  const at = (length: number) =>
    `jane@${"x".repeat(60)}.${"y".repeat(60)}.${"z".repeat(60)}.example`.padStart(length, "j");
  assert.is(emailAddresses(text(at(254)))[0]?.address.length, 254);
  assert.equal(emailAddresses(text(at(255))), []);
});

contact("a line break cannot smuggle a second header into an address", () => {
  assert.equal(emailAddresses(text("jane@acme.example\r\nBcc: all@acme.example")), []);
});

contact.run();
