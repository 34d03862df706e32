import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readLead } from "../../../../functions/sources/calendly/reader.ts";
import { answersIn, readingOf, textsIn } from "../../../helpers/reading.ts";
import { booking } from "./payload.ts";

const calendly = suite("calendly reader");

calendly("reads the documented example, and leaves nothing unread", () => {
  const reading = readingOf(readLead, booking);
  assert.equal(textsIn(reading), {
    email: "jane.roe@acme.example",
    firstName: "Jane",
    lastName: "Roe",
    fullName: "Jane Roe",
    company: "Acme Ltd",
    owner: "Sam Seller",
    ownerEmail: "sam.seller@leadwire.example",
    phone: "+1 404-555-1234",
    utmCampaign: "spring",
    utmSource: "newsletter",
    utmMedium: "email",
  });
  assert.equal(answersIn(reading), [
    ["What would you like to talk about?", "We would like a demo for 40 people."],
    ["Meeting", "30 Minute Demo"],
    ["Meeting starts", "2026-03-04 15:00 UTC"],
  ]);
  assert.equal([reading.unread, reading.warnings], [[], []]);
});

const located = (location: object) => {
  const { payload } = booking;
  const scheduled_event = { ...payload.scheduled_event, location };
  return readingOf(readLead, { ...booking, payload: { ...payload, text_reminder_number: null, scheduled_event } });
};

calendly("takes the place of a call to the invitee for their number, and no other place", () => {
  const location = "+1 650 555 0123";
  assert.is(textsIn(located({ type: "outbound_call", location })).phone, location);
  for (const type of ["inbound_call", "physical", "custom", undefined]) {
    assert.is(textsIn(located({ type, location })).phone, undefined, type);
  }
});

calendly("does not take a guest for the invitee", () => {
  const { payload } = booking;
  const scheduled_event = { ...payload.scheduled_event, event_guests: [{ email: "guest@other.example" }] };
  const { fields } = readingOf(readLead, { ...booking, payload: { ...payload, scheduled_event } });
  assert.equal(
    fields.email?.map(({ text }) => String(text)),
    ["jane.roe@acme.example"],
  );
});

calendly("takes neither of two hosts for the owner, and says so", () => {
  const { payload } = booking;
  const hosts = ["Sam", "Kim"].map((user_name) => ({ user_name, user_email: `${user_name}@leadwire.example` }));
  const scheduled_event = { ...payload.scheduled_event, event_memberships: hosts };
  const reading = readingOf(readLead, { ...booking, payload: { ...payload, scheduled_event } });
  assert.equal([textsIn(reading).owner, textsIn(reading).ownerEmail], [undefined, undefined]);
  assert.equal(reading.warnings, ["owner: two readings", "ownerEmail: two readings"]);
});

calendly.run();
