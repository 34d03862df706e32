import { suite } from "uvu";
import * as assert from "uvu/assert";
import { maxTextLength } from "../../../functions/lead/text.ts";
import { readLead } from "../../../functions/sources/general-reader.ts";
import { readingOf, textsIn } from "../../helpers/reading.ts";

const read = (lead: Readonly<Record<string, unknown>>) => textsIn(readingOf(readLead, lead));

const reader = suite("general reader");

reader("finds fields under the names of CRMs and forms, in any spelling", () => {
  for (const name of ["first_name", "firstName", "First Name", "FIRST-NAME", "givenname"]) {
    assert.equal(read({ [name]: "Jane" }), { firstName: "Jane" });
  }
});

reader("takes texts and finite numbers, and nothing else", () => {
  const lead = { id: 42, email: { value: "a" }, phone: null, company: true, country: Number.NaN, message: ["x"] };
  assert.equal(read(lead), { crmId: "42" });
});

reader("prefers the first alias of a field, and one that has a value", () => {
  assert.equal(read({ mobile: "2", phone: "1" }), { phone: "1" });
  assert.equal(read({ phone: "  ", mobile: "2" }), { phone: "2" });
});

reader("does not look at fields with a long name, nor beyond a text's limit", () => {
  assert.equal(read({ [`${"-".repeat(94)}e-mail`]: "a" }), { email: "a" });
  assert.equal(read({ [`${"-".repeat(95)}e-mail`]: "a" }), {});
  assert.is(read({ message: "x".repeat(200_000) }).message?.length, maxTextLength);
});

reader("opens the envelope around one lead, with which earlier versions stored some leads", () => {
  const lead = { email: "a@b.example" };
  for (const data of [lead, [lead], { type: "t", data: lead }]) {
    assert.equal(read({ type: "t", data, name: "envelope" }), lead);
  }
  assert.equal(read({ type: "t", data: [lead, lead] }), {}, "it holds two leads, and one id has one lead");
});

reader("reads a lead that has a type and data of its own", () => {
  const data = { email: "other@acme.example" };
  assert.equal(read({ email: "ada@acme.example", type: "contact", data }), { email: "ada@acme.example" });
  assert.equal(read({ phone: "+1 212 555 0100", type: "contact", data: [data] }), { phone: "+1 212 555 0100" });
});

reader("does not look at the prototype", () => {
  assert.equal(read(Object.create({ email: "a@b.example" })), {});
});

reader("says where each field was found, and what it did not read", () => {
  const lead = { email: "a@b.example", mobile: "2", phone: "1", budget: "9" };
  const { fields, unread } = readingOf(readLead, { type: "t", data: [lead] });
  assert.equal(
    Object.values(fields).map(([found]) => found?.path),
    ["data[0].email", "data[0].phone"],
  );
  assert.equal(unread, ["data[0].mobile", "data[0].budget"]);
});

reader.run();
