import { createHmac } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type SourceRequest, UnprovenRequestError } from "../../../../functions/sources/door.ts";
import { door } from "../../../../functions/sources/meta-lead-ads/door.ts";
import { acceptedChanges, passes } from "../every-bit.ts";
import { sourceRequest } from "../source-request.ts";

const secret = "0123456789abcdef0123456789abcdef";
const context = {
  secrets: ["old", secret],
  otherSecrets: { "verify-token": ["meatyhamhock", "n&w"] },
  settings: {},
  now: new Date(0),
};
const request = (body: unknown) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const signature = `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`;
  return sourceRequest({ headers: { "x-hub-signature-256": signature }, body: Buffer.from(text) });
};
const accepts = (given: SourceRequest) => passes(() => door.verify(given, context), UnprovenRequestError);
const split = (body: unknown) => door.split(request(body), context);

/** https://developers.facebook.com/docs/graph-api/webhooks/getting-started/webhooks-for-leadgen */
const value = {
  leadgen_id: "123123123123",
  page_id: "123123123",
  form_id: "12312312312",
  adgroup_id: "12312312312",
  ad_id: "12312312312",
  created_time: 1440120384,
};
const notification = (...values: object[]) => ({
  object: "page",
  entry: values.map((one) => ({ id: "153125381133", time: 1438292065, changes: [{ field: "leadgen", value: one }] })),
});

const meta = suite("meta lead ads door");

meta("accepts a request that is signed with one of its secrets, and refuses every changed bit", () => {
  const signed = request(notification(value));
  assert.ok(accepts(signed));
  assert.equal(acceptedChanges(signed, { headers: ["x-hub-signature-256"] }, accepts), []);
});

meta("does not accept the signature of the older header", () => {
  const { body, headers } = request(notification(value));
  assert.not.ok(accepts(sourceRequest({ body, headers: { "x-hub-signature": headers["x-hub-signature-256"] } })));
});

meta("answers the challenge of a subscription, by any value of the token", () => {
  const get = (query: string) => sourceRequest({ method: "GET", query });
  for (const token of ["meatyhamhock", "n%26w"]) {
    assert.equal(
      door.challenge?.(get(`hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`), context),
      { status: 200, contentType: "text/plain", body: "1158201444" },
    );
  }
  for (const query of [
    "",
    "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=",
    "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=other",
    "hub.mode=subscribe&hub.verify_token=meatyhamhock",
    "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=meatyhamhock",
    "hub.mode=subscribe&hub.challenge=%3Cscript%3E&hub.verify_token=meatyhamhock",
  ]) {
    assert.throws(
      () => door.challenge?.(get(query), context),
      (error: unknown) => error instanceof UnprovenRequestError,
    );
  }
});

meta("refuses every changed bit of the verify token", () => {
  const query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=meatyhamhock";
  const answered = (given: SourceRequest) => passes(() => door.challenge?.(given, context), UnprovenRequestError);
  const changed = acceptedChanges(sourceRequest({ method: "GET", query }), { headers: [], parts: ["query"] }, answered);
  const first = query.indexOf("meatyhamhock") * 8;
  assert.equal(
    changed.filter((place) => Number(place.split(" ")[1]) >= first),
    [],
  );
});

meta("takes each new lead of each entry, stored as it came, by its id", () => {
  const other = { ...value, leadgen_id: "98765432109876543" };
  const body = JSON.stringify(notification(value, other), null, 2);
  const events = split(body);
  assert.equal(
    events.map((event) => event.kind === "lead" && [event.identity, JSON.parse(event.json), body.includes(event.json)]),
    [
      [["123123123123"], value, true],
      [["98765432109876543"], other, true],
    ],
  );
});

meta("keeps the digits of an id that Meta writes as a number", () => {
  const body = '{"object":"page","entry":[{"changes":[{"field":"leadgen","value":{"leadgen_id":98765432109876543}}]}]}';
  assert.equal(split(body), [
    { kind: "lead", identity: ["98765432109876543"], json: '{"leadgen_id":98765432109876543}' },
  ]);
});

meta("ignores other changes of a page, and requests without any", () => {
  const feed = {
    id: "1",
    time: 1,
    changes: [{ field: "feed", value: { item: "status", message: "jane@acme.example" } }],
  };
  const messages = { id: "1", time: 1, messaging: [{ sender: { id: "2" } }] };
  for (const body of [
    { object: "page", entry: [feed] },
    { object: "page", entry: [messages] },
    { object: "page" },
    { object: "page", entry: [{ changes: [{ field: "leadgen", value: { leadgen_id: "../me" } }] }] },
    { object: "page", entry: [{ changes: [{ field: "leadgen" }, 7, null] }] },
    [],
    "7",
  ]) {
    const events = split(body);
    assert.ok(events.length > 0 && events.every(({ kind }) => kind === "ignored"), JSON.stringify(body));
    assert.not.match(JSON.stringify(events), "jane");
  }
});

meta("takes what the test button sends as a test, and each use as another one", () => {
  const test = { ...value, leadgen_id: "444444444444" };
  assert.equal(
    split(notification(test, { ...test, created_time: 1 })).map(
      (one) => one.kind === "lead" && [one.isTest, one.identity],
    ),
    [
      [true, ["444444444444", "1440120384"]],
      [true, ["444444444444", "1"]],
    ],
  );
});

meta.run();
