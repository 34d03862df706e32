import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readLead } from "../../../../functions/sources/hubspot/reader.ts";
import { answersIn, readingOf, textsIn } from "../../../helpers/reading.ts";

const event = { portalId: 33, objectId: 1246965, subscriptionType: "contact.creation" };
const properties = {
  firstname: "Jane",
  lastname: "Roe",
  email: "jane.roe@acme.example",
  company: "Acme",
  jobtitle: "CTO",
  numemployees: "250",
};
const texts = {
  crmId: "1246965",
  firstName: "Jane",
  lastName: "Roe",
  email: "jane.roe@acme.example",
  company: "Acme",
  jobTitle: "CTO",
  employees: "250",
};
const url = "https://app.hubspot.com/contacts/33/record/0-1/1246965";

const hubspot = suite("hubspot reader");

hubspot("reads the record of an event, with a link to it", () => {
  const record = { id: "1246965", properties, createdAt: "2026-03-01T12:00:00Z", archived: false };
  const reading = readLead(record, { event });
  assert.equal(textsIn(reading), { ...texts, url });
  assert.equal([reading.unread, reading.warnings], [[], []]);
});

hubspot("reads what a workflow sends, in each of its shapes", () => {
  const values = Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, { value, versions: [] }]));
  const profile = "https://app.hubspot.com/contacts/33/contact/1246965";
  for (const [body, link] of [
    [{ vid: 1246965, "portal-id": 33, "profile-url": profile, properties: values }, profile],
    [{ vid: 1246965, "portal-id": 33, properties: values }, url],
    [{ objectId: 1246965, portalId: 33, properties }, url],
    [{ hs_object_id: "1246965", ...properties }, undefined],
  ] as const) {
    assert.equal(textsIn(readingOf(readLead, body)), { ...texts, ...(link && { url: link }) });
  }
});

hubspot("reads the default properties of a contact before those of the account's own", () => {
  const standard = {
    phone: "+1 650 555 0123",
    mobilephone: "+1 650 555 0124",
    hs_additional_emails: "jane@home.example",
    website: "https://acme.example",
    country: "Ireland",
    message: "Hello",
    hs_language: "en",
    hs_analytics_source: "ORGANIC_SEARCH",
    hs_analytics_first_url: "https://www.vendor.example/demo",
  };
  const own = {
    mobile_number: "+1 650 555 0125",
    lead_source: "Fair",
    language: "de",
    landing_page: "https://x.example",
  };
  const reading = readLead({ id: "1246965", properties: { ...properties, ...standard, ...own } }, { event });
  assert.equal(textsIn(reading), {
    ...texts,
    url,
    phone: standard.phone,
    website: standard.website,
    country: "Ireland",
    message: "Hello",
    language: "en",
    origin: "ORGANIC_SEARCH",
    landingPage: standard.hs_analytics_first_url,
  });
  const { email = [], phone = [] } = reading.fields;
  assert.equal(
    [...email, ...phone].map(({ text }) => String(text)),
    [properties.email, standard.hs_additional_emails, standard.phone, standard.mobilephone, own.mobile_number],
  );
});

hubspot("takes what HubSpot computes for nothing that the person said, unless the environment names it", () => {
  const computed = {
    ip_country: "Chile",
    hs_calculated_phone_number: "+16505550199",
    hs_email_domain: "acme.example",
    hubspot_owner_id: "71",
    hs_legal_basis: "Freely given consent from contact",
  };
  const record = { id: "1246965", properties: { ...properties, ...computed } };
  assert.equal(textsIn(readLead(record, { event })), { ...texts, url });
  const fields = { country: "properties.ip_country", basis: "hs_legal_basis" };
  const { fields: found, answers } = readLead(record, { event, fields });
  assert.is(String(found.country?.[0].text), "Chile");
  assert.equal(answersIn({ answers }), [["basis", "Freely given consent from contact"]]);
});

hubspot("makes no link of ids that are none", () => {
  const record = { id: "1246965", properties };
  assert.is(textsIn(readLead(record, { event: { portalId: "33/../..", objectId: 5 } })).url, undefined);
});

hubspot("reads any JSON", () => {
  for (const lead of [
    {},
    { properties: [] },
    { properties: null },
    { properties: { email: { value: [{}] } } },
    { id: {} },
  ]) {
    readingOf(readLead, lead);
  }
});

hubspot.run();
