import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parsedText, type RawLead } from "../../../../functions/lead/raw-lead.ts";
import { readLead } from "../../../../functions/sources/google-ads/reader.ts";
import { answersIn, readingOf, textsIn } from "../../../helpers/reading.ts";
import { doorOf } from "../door-of.ts";
import { lead } from "./payload.ts";

const google = suite("google ads reader");

google("reads the documented example as it is stored, and leaves nothing unread", async () => {
  const { split } = await doorOf("google-ads", { secrets: [], now: new Date() });
  const [event] = split(lead);
  const reading = readingOf(readLead, parsedText(event?.kind === "lead" ? event.json : "{}") as RawLead);
  assert.equal(textsIn(reading), {
    crmId: "TeSter-7c5a-4e1b",
    fullName: "Jane Roe",
    email: "jane.roe@acme.example",
    phone: "+16505550123",
    company: "Acme Ltd",
    jobTitle: "Head of Sales",
    country: "US",
  });
  assert.equal(answersIn(reading), [["What is your preferred dealership?", "North"]]);
  assert.equal([reading.unread, reading.warnings], [[], []]);
});

google("knows the columns by their ids, with and without a name in any language", () => {
  for (const column_name of [undefined, "", "Berufliche E-Mail-Adresse", "勤務先のメールアドレス"]) {
    const columns = [
      { column_id: "WORK_EMAIL", column_name, string_value: "jane.roe@acme.example" },
      { column_id: "WORK_PHONE", string_value: "+16505550123" },
      { column_id: "FIRST_NAME", string_value: "Jane" },
      { column_id: "LAST_NAME", string_value: "Roe" },
    ];
    assert.equal(textsIn(readingOf(readLead, { user_column_data: columns })), {
      email: "jane.roe@acme.example",
      phone: "+16505550123",
      firstName: "Jane",
      lastName: "Roe",
    });
  }
});

google("takes both of a person's addresses, and the column's id for its name", () => {
  const columns = [
    { column_id: "WORK_EMAIL", column_name: "Work Email", string_value: "jane.roe@acme.example" },
    { column_id: "EMAIL", column_name: "User Email", string_value: "jane@home.example" },
  ];
  const { fields, answers } = readingOf(readLead, { user_column_data: columns });
  assert.equal(fields.email?.map(({ text }) => String(text)).sort(), ["jane.roe@acme.example", "jane@home.example"]);
  assert.equal(answers, []);
});

google("shows what a column without a name holds under its id, and does not take a wish for a time of its own", () => {
  const columns = [
    { column_id: "EMAIL", string_value: "jane.roe@acme.example" },
    { column_id: "PREFERRED_CONTACT_TIME", string_value: "In the morning" },
  ];
  const { answers } = readingOf(readLead, { user_column_data: columns });
  assert.equal(answersIn({ answers }), [["Preferred contact time", "In the morning"]]);
});

google.run();
