import { createHmac } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { failure, unavailable, unknownSource } from "../../../../functions/ingest/responses.ts";
import { doorOf, identityIn } from "../door-of.ts";
import { ingestOf } from "../ingest-of.ts";
import { sourceRequest } from "../source-request.ts";
import { booking } from "./payload.ts";

const secrets = ["old", "5mEzn9C-I28UtwOjZJtFoob0sAAFZ95GbZkqj4y3i0I"];
const now = new Date("2026-03-01T12:00:00.500Z");
const body = JSON.stringify(booking);
const { uri } = booking.payload;

const header = "calendly-webhook-signature";
function signed(time = "1772366400") {
  const signature = createHmac("sha256", secrets[1] ?? "")
    .update(`${time}.${body}`)
    .digest("hex");
  return sourceRequest({ headers: { [header]: `t=${time},v1=${signature}` }, body: Buffer.from(body) });
}

const calendly = suite("calendly door");

calendly("accepts the documented example, and refuses one changed bit", async () => {
  const door = await doorOf("calendly", { secrets, now });
  assert.ok(door.accepts(signed()));
  assert.equal(door.acceptedChanges(signed(), { headers: [header] }), []);
  for (const other of [[], ["old"]]) assert.not.ok(door.accepts(signed(), { secrets: other }));
});

calendly("accepts a time that is three minutes off and not one second more", async () => {
  const { accepts } = await doorOf("calendly", { secrets, now });
  for (const [offset, accepted] of [
    [-180, true],
    [180, true],
    [-181, false],
    [181, false],
  ] as const) {
    assert.is(accepts(signed(String(1772366400 + offset))), accepted, String(offset));
  }
});

calendly("announces an invitee once, and stores the booking as it was written", async () => {
  const { split } = await doorOf("calendly", { secrets, now });
  assert.equal(split(`${body}\n`), [{ kind: "lead", identity: [uri], json: body }]);
  assert.equal(identityIn(split({ ...booking, created_at: "later" })), [uri]);
  assert.equal(identityIn(split('{"event":"invitee.created"}')), ['{"event":"invitee.created"}']);
});

calendly("ignores somebody who reschedules, which is the end of one booking and the creation of another", async () => {
  const { split } = await doorOf("calendly", { secrets, now });
  const old = `${uri}-old`;
  const created = { ...booking, payload: { ...booking.payload, old_invitee: old } };
  const canceled = { event: "invitee.canceled", payload: { ...booking.payload, rescheduled: true, new_invitee: uri } };
  assert.is(identityIn(split(created)), "rescheduled is no new lead");
  assert.is(identityIn(split(canceled)), "invitee.canceled is no new lead");
});

calendly("ignores every other event", async () => {
  const { split } = await doorOf("calendly", { secrets, now });
  for (const event of ["invitee_no_show.created", "routing_form_submission.created", "contact.updated"]) {
    assert.is(identityIn(split({ ...booking, event })), `${event} is no new lead`);
  }
});

calendly("never gets 410, which would delete its subscription", async () => {
  const { post } = ingestOf("calendly", secrets[1] ?? "", now);
  const { headers } = signed();
  const proven = { [header]: headers[header] ?? "" };
  const canceled = body.replace("invitee.created", "invitee.canceled");
  assert.equal(
    [(await post(body, proven))[0], (await post(body, proven))[0], (await post(canceled, proven))[0]],
    [202, 200, 401],
  );
  const answers = [unknownSource(), unavailable(), failure(401, "BadSignature", ""), failure(400, "NotJson", "")];
  assert.equal(
    answers.map(({ statusCode }) => statusCode),
    [404, 503, 401, 400],
  );
});

calendly.run();
