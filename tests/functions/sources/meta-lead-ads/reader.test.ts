import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readLead } from "../../../../functions/sources/meta-lead-ads/reader.ts";
import { answersIn, readingOf, textsIn } from "../../../helpers/reading.ts";

const meta = suite("meta lead ads reader");

meta("reads the answers of a form, its own questions too, and where the lead comes from", () => {
  const reading = readingOf(readLead, {
    id: "123123123123",
    created_time: "2026-03-01T12:00:00+0000",
    form_id: "12312312312",
    campaign_name: "Spring 2026",
    platform: "ig",
    field_data: [
      { name: "full_name", values: ["Jane Roe"] },
      { name: "work_email", values: ["jane.roe@acme.example"] },
      { name: "phone_number", values: ["+16505550123"] },
      { name: "company_name", values: ["Acme"] },
      { name: "which_size_do_you_need?", values: ["small", "large"] },
    ],
  });
  assert.equal(textsIn(reading), {
    crmId: "123123123123",
    origin: "Spring 2026",
    fullName: "Jane Roe",
    email: "jane.roe@acme.example",
    phone: "+16505550123",
    company: "Acme",
  });
  assert.equal(answersIn(reading), [["which size do you need?", "small, large"]]);
  assert.equal([reading.unread, reading.warnings], [[], []]);
});

meta("takes a lead of the testing tool for a test, and no other one", () => {
  const isTest = (name: string) =>
    readingOf(readLead, { field_data: [{ name: "full_name", values: [name] }] }).isTest ?? false;
  assert.equal(["<test lead: dummy data for full_name>", "Jane Roe", "test lead"].map(isTest), [true, false, false]);
});

meta("reads any JSON", () => {
  for (const field_data of [undefined, null, 7, [], [null], [{ name: 7, values: "x" }], [{ values: [] }]]) {
    assert.equal(textsIn(readingOf(readLead, { field_data })), {});
  }
});

meta.run();
