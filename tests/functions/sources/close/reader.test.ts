import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readLead } from "../../../../functions/sources/close/reader.ts";
import { answersIn, readingOf, textsIn } from "../../../helpers/reading.ts";
import { created } from "./payload.ts";

const close = suite("close reader");

close("reads the documented example", () => {
  const reading = readingOf(readLead, created);
  assert.equal(textsIn(reading), {
    crmId: created.event.lead_id,
    company: "Acme Ltd",
    website: "https://www.acme.example",
    url: created.event.data.html_url,
    country: "US",
    fullName: "Jane Roe",
    jobTitle: "Head of Sales",
    email: "jane.roe@acme.example",
    phone: "+16505550123",
    origin: "Website",
  });
  assert.equal(
    reading.fields.email?.map(({ text }) => String(text)),
    ["jane.roe@acme.example", "jane@home.example"],
  );
  assert.equal(answersIn(reading), [["Description", "Makes anvils."]]);
  assert.equal(reading.warnings, []);
  assert.equal(reading.unread, [
    ...["label", "address_1", "city", "state", "zipcode"].map((name) => `event.data.addresses[0].${name}`),
    "event.data.custom.cf_v6S011I6MqcbVvB2FA5Nk8dr5MkL8sWuCiG8cUleO9c",
    "event.data.custom.Owner",
  ]);
});

/** The lead with other names, and with one contact. */
const named = (names: object) =>
  textsIn(
    readingOf(readLead, {
      event: { data: { ...names, contacts: [{ name: "Jane Roe", emails: [{ email: "jane.roe@acme.example" }] }] } },
    }),
  ).company;

close("takes the lead's name for the company's, unless it is only the person's name or none", () => {
  assert.is(named({ name: "Acme", display_name: "Acme Ltd" }), "Acme");
  assert.is(named({ display_name: "Acme" }), "Acme");
  for (const name of ["Jane Roe", "Untitled"]) {
    assert.is(named({ name: "", display_name: name }), undefined);
    assert.is(named({ name, display_name: name }), undefined);
    assert.is(named({ display_name: name }), undefined);
  }
});

close("reads the first of several contacts, and says so", () => {
  const contacts = ["Jane", "John"].map((name) => ({ name, emails: [{ email: `${name}@acme.example` }] }));
  const reading = readingOf(readLead, { event: { data: { name: "Acme", contacts } } });
  assert.equal(textsIn(reading), { company: "Acme", fullName: "Jane", email: "Jane@acme.example" });
  assert.equal(reading.warnings, ["name: one of several people"]);
});

close("reads any JSON", () => {
  for (const event of [null, 1, [], { data: null }, { data: { contacts: ["cont_1"] } }]) readingOf(readLead, { event });
});

close.run();
