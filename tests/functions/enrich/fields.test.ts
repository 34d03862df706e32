import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readFields } from "../../../functions/enrich/fields.ts";

const fields = suite("fields");

fields("are found under the names of CRMs and forms, however they are spelt", () => {
  for (const name of ["first_name", "firstName", "First Name", "FIRST-NAME", "givenname"]) {
    assert.equal(readFields({ [name]: "Jane" }), { firstName: "Jane" });
  }
});

fields("take texts and finite numbers, and leave the rest aside", () => {
  const lead = { id: 42, email: { value: "a" }, phone: null, company: true, country: Number.NaN, message: ["x"] };
  assert.equal(readFields(lead), { crmId: "42" });
});

fields("prefer the earlier alias, and the one that holds something", () => {
  assert.equal(readFields({ mobile: "2", phone: "1" }), { phone: "1" });
  assert.equal(readFields({ phone: "  ", mobile: "2" }), { phone: "2" });
});

fields("are not found on a prototype", () => {
  assert.equal(readFields(Object.create({ email: "a@b.example" })), {});
});

fields.run();
