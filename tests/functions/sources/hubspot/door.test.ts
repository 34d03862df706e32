import { createHash, createHmac } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type SourceRequest, UnprovenRequestError } from "../../../../functions/sources/door.ts";
import { door } from "../../../../functions/sources/hubspot/door.ts";
import { acceptedChanges, passes } from "../every-bit.ts";
import { sourceRequest } from "../source-request.ts";

const secret = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy";
const now = new Date(1693657560000);

const request = (body: string, headers: SourceRequest["headers"], parts: Partial<SourceRequest> = {}) =>
  sourceRequest({
    path: "/webhook_uri",
    headers: { host: "www.example.com", ...headers },
    body: Buffer.from(body),
    ...parts,
  });
const accepts = (given: SourceRequest, { secrets = [secret], settings = {}, at = now } = {}) =>
  passes(() => door.verify(given, { secrets, otherSecrets: {}, settings, now: at }), UnprovenRequestError);

/** A request by version 3 for a URI as HubSpot signs it. */
function version3(body: string, uri = "https://www.example.com/webhook_uri", parts: Partial<SourceRequest> = {}) {
  const time = String(now.getTime());
  const signature = createHmac("sha256", secret).update(`POST${uri}${body}${time}`).digest("base64");
  return request(body, { "x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": time }, parts);
}
const version2 = (body: string, method = "POST") =>
  request(
    body,
    {
      "x-hubspot-signature": createHash("sha256")
        .update(`${secret}${method}https://www.example.com/webhook_uri${body}`)
        .digest("hex"),
      "x-hubspot-signature-version": "v2",
    },
    { method },
  );
const split = (body: unknown) =>
  door.split(request(typeof body === "string" ? body : JSON.stringify(body), {}), { settings: {} });

/** https://developers.hubspot.com/docs/api/webhooks */
const creation = {
  eventId: 3_816_279_340,
  subscriptionId: 25,
  portalId: 33,
  appId: 1160452,
  occurredAt: 1462216307945,
  subscriptionType: "contact.creation",
  attemptNumber: 0,
  objectId: 1246965,
  changeSource: "CRM",
  changeFlag: "NEW",
};

const hubspot = suite("hubspot door");

hubspot("accepts the test vector of version 3, for five minutes", () => {
  const vector = request("{'example_field':'example_value'}", {
    "x-hubspot-signature-v3": "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=",
    "x-hubspot-request-timestamp": "1693657560000",
  });
  const ages = [0, 300_000, 300_001, -300_001];
  assert.equal(
    ages.map((age) => accepts(vector, { at: new Date(now.getTime() + age) })),
    [true, true, false, false],
  );
});

hubspot("accepts the vectors of version 2 that HubSpot publishes, whenever they come", () => {
  for (const [method, body, signature] of [
    ["GET", "", "eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e"],
    ["POST", '{"example_field":"example_value"}', "9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900"],
  ] as const) {
    const vector = request(body, { "x-hubspot-signature": signature }, { method });
    assert.equal([accepts(vector), accepts(vector, { secrets: ["old", secret] })], [true, true]);
    assert.not.ok(accepts(vector, { secrets: ["other"] }));
  }
});

hubspot("refuses every changed bit of what version 3 covers", () => {
  const parts = ["body", "method", "path", "query"] as const;
  const uri = "https://www.example.com/webhook_uri?a=b:c";
  const signed = version3(JSON.stringify([creation]), uri, { query: "a=b%3Ac" });
  assert.ok(accepts(signed));
  const headers = ["x-hubspot-signature-v3", "x-hubspot-request-timestamp", "host"];
  assert.equal(acceptedChanges(signed, { headers, parts }, accepts), []);
});

hubspot("refuses every changed bit of what version 2 covers", () => {
  const signed = version2('{"vid":1}');
  assert.ok(accepts(signed));
  const parts = ["body", "method", "path"] as const;
  assert.equal(acceptedChanges(signed, { headers: ["x-hubspot-signature", "host"], parts }, accepts), []);
});

hubspot("decodes the characters of the URI that HubSpot decodes, and no others", () => {
  const query = "a=%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B%20%26%3D%2B%25";
  const uri = "https://www.example.com/webhook_uri?a=:/?@!$'()*,;%20%26%3D%2B%25";
  assert.ok(accepts(version3("[]", uri, { query })));
  assert.not.ok(accepts(version3("[]", decodeURIComponent(uri), { query })));
});

hubspot("takes the URI that HubSpot calls from the setting publicUrl, in both versions", () => {
  const settings = { publicUrl: "https://www.example.com/webhook_uri" };
  for (const given of [version3("[]"), version2("{}")]) {
    const behind = { ...given, headers: { ...given.headers, host: "a1b2.execute-api.example" }, path: "/crm" };
    assert.equal([accepts(behind), accepts(behind, { settings })], [false, true]);
  }
});

hubspot("refuses a request without a signature, with one of version 1, and one whose version 3 does not fit", () => {
  const { headers } = version2("{}");
  const version1 = createHash("sha256").update(`${secret}{}`).digest("hex");
  for (const other of [
    {},
    { "x-hubspot-signature": version1, "x-hubspot-signature-version": "v1" },
    { ...headers, "x-hubspot-signature-v3": "AAAA", "x-hubspot-request-timestamp": String(now.getTime()) },
  ]) {
    assert.not.ok(accepts(request("{}", other)));
  }
});

hubspot("takes created contacts as leads, by the ids of portal and contact", () => {
  const created = [
    creation,
    { ...creation, subscriptionType: "object.creation", objectTypeId: "0-1" },
    { ...creation, eventId: 7, attemptNumber: 3, occurredAt: 1462216309999 },
  ];
  const identity = ["33", "1246965"];
  assert.equal(
    split(created),
    created.map((one) => ({ kind: "lead", identity, json: JSON.stringify(one) })),
  );
});

hubspot("ignores events of other objects and of other kinds, in a list with leads too", () => {
  const others = [
    { ...creation, subscriptionType: "contact.deletion" },
    {
      ...creation,
      subscriptionType: "contact.propertyChange",
      propertyName: "email",
      propertyValue: "jane@acme.example",
    },
    { ...creation, subscriptionType: "company.creation" },
    { ...creation, subscriptionType: "object.creation", objectTypeId: "0-2" },
    { ...creation, subscriptionType: "contact.merge" },
    { ...creation, subscriptionType: "jane@acme.example" },
    { ...creation, subscriptionType: { jane: "jane@acme.example" } },
    { ...creation, objectId: "../owners" },
  ];
  const events = split([...others, creation]);
  assert.equal(
    events.map(({ kind }) => kind),
    [...others.map(() => "ignored"), "lead"],
  );
  assert.not.match(JSON.stringify(events.slice(0, -1)), "jane");
});

hubspot("keeps the digits of an id that is larger than a number can be", () => {
  const body = '[{"portalId":33,"subscriptionType":"contact.creation","objectId":98765432109876543210}]';
  assert.equal(split(body), [{ kind: "lead", identity: ["33", "98765432109876543210"], json: body.slice(1, -1) }]);
});

hubspot("takes what the test button sends as a test, and each use as another one", () => {
  const test = { ...creation, eventId: 1, objectId: 123 };
  const events = split([test, { ...test, occurredAt: 1462216307946 }]);
  assert.equal(
    events.map((one) => one.kind === "lead" && [one.isTest, one.identity]),
    [
      [true, ["33", "123", "1462216307945"]],
      [true, ["33", "123", "1462216307946"]],
    ],
  );
});

hubspot("takes the contact of a workflow as the same lead, in each of its shapes", () => {
  for (const [body, identity] of [
    [
      { vid: 1246965, "portal-id": 33, "is-contact": true, properties: { email: { value: "a@b.example" } } },
      ["33", "1246965"],
    ],
    [{ objectId: 1246965, objectTypeId: "0-1", portalId: 33, properties: {} }, ["33", "1246965"]],
    [{ hs_object_id: "1246965", email: "a@b.example" }, ["", "1246965"]],
    [{ id: 1246965, email: "a@b.example" }, ["", "1246965"]],
    [{ email: "a@b.example" }, ["content", '{"email":"a@b.example"}']],
  ] as const) {
    assert.equal(split(body), [{ kind: "lead", identity, json: JSON.stringify(body) }]);
  }
});

hubspot("ignores what a workflow of deals or companies sends", () => {
  for (const body of [
    { dealId: 5, portalId: 33 },
    { companyId: 5 },
    { vid: 1, "is-contact": false },
    { objectTypeId: "0-3" },
  ]) {
    assert.equal(
      split(body).map(({ kind }) => kind),
      ["ignored"],
    );
  }
});

hubspot.run();
