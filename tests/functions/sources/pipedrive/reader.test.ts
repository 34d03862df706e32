import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readLead } from "../../../../functions/sources/pipedrive/reader.ts";
import { answersIn, readingOf, textsIn } from "../../../helpers/reading.ts";

const host = "acme.pipedrive.com";
const person = {
  id: 10,
  name: "Jane Roe",
  first_name: "Jane",
  last_name: "Roe",
  emails: [
    { label: "home", value: "jane@home.example", primary: false },
    { label: "work", value: "jane.roe@acme.example", primary: true },
  ],
  phones: [{ label: "work", value: "+16505550123", primary: true }],
  job_title: "CTO",
  org_id: 11,
  owner_id: 12345678,
  cc_email: "acme@pipedrivemail.com",
  custom_fields: {},
};
/** What a person has besides, by its names in both versions. https://developers.pipedrive.com/docs/api/v1/Persons */
const unused = Object.fromEntries(
  [
    "company_id creator_id user_id im picture_id picture visible_to label label_ids active_flag add_time update_time",
    "delete_time is_deleted birthday first_char marketing_status last_activity next_activity last_activity_id",
    "last_activity_date next_activity_id next_activity_date next_activity_time last_incoming_mail_time",
    "last_outgoing_mail_time open_deals_count closed_deals_count won_deals_count lost_deals_count notes_count",
    "files_count activities_count email_messages_count followers_count postal_address postal_address_lat",
    "postal_address_long doi_status",
  ].flatMap((names) => names.split(" ").map((name) => [name, "text"])),
);
const texts = {
  fullName: "Jane Roe",
  firstName: "Jane",
  lastName: "Roe",
  email: "jane.roe@acme.example",
  phone: "+16505550123",
  jobTitle: "CTO",
};

const pipedrive = suite("pipedrive reader");

pipedrive("reads a person's event of version 2, with a link to the person", () => {
  const event = {
    meta: { action: "create", entity: "person", company_id: "7", host },
    data: { ...person, ...unused },
    previous: null,
  };
  const reading = readingOf(readLead, event);
  assert.equal(textsIn(reading), { ...texts, crmId: "10", url: "https://acme.pipedrive.com/person/10" });
  assert.equal(
    reading.fields.email?.map(({ text }) => String(text)),
    ["jane.roe@acme.example", "jane@home.example"],
  );
  assert.equal([reading.unread, reading.warnings], [[], []]);
});

pipedrive("reads a person's event of version 1, with the names of organization and owner", () => {
  const { emails, phones, ...rest } = person;
  const current = { ...rest, email: emails, phone: phones, org_name: "Acme", owner_name: "Petra Owner", ...unused };
  const event = {
    v: 1,
    meta: { action: "added", object: "person", host },
    current,
    previous: null,
    event: "added.person",
  };
  const reading = readingOf(readLead, event);
  assert.equal(textsIn(reading), {
    ...texts,
    crmId: "10",
    company: "Acme",
    owner: "Petra Owner",
    url: "https://acme.pipedrive.com/person/10",
  });
  assert.equal(reading.unread, []);
});

pipedrive("reads a lead with the person and the organization that were fetched for it", () => {
  const id = "adf21080-0e10-11eb-879b-05d71fb426ec";
  const data = {
    id,
    title: "200 desks",
    person_id: 10,
    organization_id: 11,
    source_name: "Web forms",
    owner_id: 5,
    value: null,
  };
  const event = { meta: { action: "create", entity: "lead", host }, data };
  const organization = {
    id: 11,
    name: "Acme",
    owner_id: 5,
    website: "https://acme.example",
    address: { country: "Ireland" },
    cc_email: "x@pipedrivemail.com",
  };
  const reading = readLead({ person, organization }, { event });
  assert.equal(textsIn(reading), {
    ...texts,
    crmId: id,
    company: "Acme",
    website: "https://acme.example",
    country: "Ireland",
    origin: "Web forms",
    url: `https://acme.pipedrive.com/leads/inbox/${id}`,
  });
  assert.equal(answersIn(reading), [["Lead", "200 desks"]]);
  assert.equal([reading.unread, reading.warnings], [[], []]);
});

pipedrive("makes no link to a host that is not Pipedrive's, nor with an id that is none", () => {
  for (const other of ["evil.example", "acme.pipedrive.com.evil.example", "a/b.pipedrive.com", undefined]) {
    const event = { meta: { entity: "person", host: other }, data: person };
    assert.is(textsIn(readingOf(readLead, event)).url, undefined);
  }
  const event = { meta: { entity: "person", host }, data: { ...person, id: "10/../../evil" } };
  assert.is(textsIn(readingOf(readLead, event)).url, undefined);
});

pipedrive("reads any JSON", () => {
  for (const event of [{}, { meta: 7 }, { data: [] }, { meta: { entity: "lead" }, data: null }]) {
    readingOf(readLead, event);
    readLead({ person: null, organization: null }, { event });
  }
});

pipedrive.run();
