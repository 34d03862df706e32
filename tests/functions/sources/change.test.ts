import { suite } from "uvu";
import * as assert from "uvu/assert";
import { whatHappened } from "../../../functions/sources/change.ts";
import { leadsInBody } from "../../../functions/sources/leads-in-body.ts";

const change = suite("change");
const isChange = (value: Readonly<Record<string, unknown>>) => whatHappened(value) === "change";
const email = "jane.roe@acme.example";
const contact = { email };

for (const text of [
  "contact.deleted",
  "lead_updated",
  "LeadUpdated",
  "CONTACT-ARCHIVED",
  "contact.propertyChange",
  "contact.merge",
  "updated.person",
  "booking/cancelled",
  "booking.canceled",
  "BOOKING_RESCHEDULED",
  "contact.updated.v2",
  "deleted",
]) {
  change(`is what the event ${text} says, in any of its fields, beside a lead or around it`, () => {
    for (const name of [
      "type",
      "event",
      "action",
      "event_type",
      "eventName",
      "Event-Action",
      "topic",
      "triggerEvent",
    ]) {
      assert.ok(isChange({ [name]: text, email }), name);
      assert.ok(isChange({ [name]: text, contact }), name);
    }
  });
}

change("is what one word or a few words say around a lead, as they are no answers of a form there", () => {
  for (const text of ["delete", "Update", "Contact Deleted", "lead was updated"]) {
    assert.equal([isChange({ event: text, contact }), isChange({ event: text, email })], [true, false], text);
  }
});

change("is what an event or its metadata says inside", () => {
  assert.ok(isChange({ event: { action: "updated", data: contact } }));
  assert.ok(isChange({ meta: { action: "change" }, data: contact }));
});

for (const text of [
  "contact.created",
  "lead.new",
  "created_or_updated",
  "contact.upsert",
  "form_response",
  "exchange",
  "changelog",
  "change-request",
  "Change request for our contract",
  "How do I get updated",
  "",
  "-",
  "x".repeat(101).concat(".deleted"),
]) {
  change(`is not what ${text.slice(0, 40)} says`, () => {
    assert.equal([isChange({ type: text, email }), isChange({ type: text, contact })], [false, false]);
  });
}

change("is not said by other fields, nor by what is no text", () => {
  for (const lead of [
    { status: "updated" },
    { message: "deleted" },
    { note: { action: "deleted" } },
    { type: 7, action: null, event: [{ action: "deleted" }] },
    JSON.parse('{"__proto__":{"type":"deleted"}}'),
  ]) {
    assert.not.ok(isChange(lead), JSON.stringify(lead));
  }
});

change("is outweighed by a creation, in another field or in the envelope around", () => {
  assert.is(whatHappened({ action: "updated", event: "contact.created" }), "creation");
  const data = { email, type: "changed" };
  const isIgnored = (body: object) => leadsInBody(Buffer.from(JSON.stringify(body))).map((lead) => lead.isChange);
  assert.equal(
    [isIgnored({ type: "contact.created", data }), isIgnored({ type: "contact.deleted", data })],
    [[false], [true]],
  );
  assert.equal(isIgnored({ type: "batch", data: [{ email, event: "contact.created" }, data] }), [false, true]);
});

change.run();
