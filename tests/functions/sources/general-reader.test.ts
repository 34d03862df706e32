import { suite } from "uvu";
import * as assert from "uvu/assert";
import { maxTextLength } from "../../../functions/lead/text.ts";
import { readLead } from "../../../functions/sources/general-reader.ts";

const reader = suite("general reader");

reader("finds fields under the names of CRMs and forms, in any spelling", () => {
  for (const name of ["first_name", "firstName", "First Name", "FIRST-NAME", "givenname"]) {
    assert.equal(readLead({ [name]: "Jane" }), { firstName: "Jane" });
  }
});

reader("takes texts and finite numbers, and nothing else", () => {
  const lead = { id: 42, email: { value: "a" }, phone: null, company: true, country: Number.NaN, message: ["x"] };
  assert.equal(readLead(lead), { crmId: "42" });
});

reader("prefers the first alias of a field, and one that has a value", () => {
  assert.equal(readLead({ mobile: "2", phone: "1" }), { phone: "1" });
  assert.equal(readLead({ phone: "  ", mobile: "2" }), { phone: "2" });
});

reader("does not look at fields with a long name, nor beyond a text's limit", () => {
  assert.equal(readLead({ [`${"-".repeat(94)}e-mail`]: "a" }), { email: "a" });
  assert.equal(readLead({ [`${"-".repeat(95)}e-mail`]: "a" }), {});
  assert.is(readLead({ message: "x".repeat(200_000) }).message?.length, maxTextLength);
});

reader("does not look at the prototype", () => {
  assert.equal(readLead(Object.create({ email: "a@b.example" })), {});
});

reader.run();
