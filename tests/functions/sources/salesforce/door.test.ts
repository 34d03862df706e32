import { suite } from "uvu";
import * as assert from "uvu/assert";
import { makeHandler } from "../../../../functions/ingest/handler.ts";
import { RejectedError } from "../../../../functions/lead/rejection.ts";
import { type SourceRequest, UnprovenRequestError } from "../../../../functions/sources/door.ts";
import { sourceFormats } from "../../../../functions/sources/index.ts";
import { door } from "../../../../functions/sources/salesforce/door.ts";
import { recordedLog, recordedMeter } from "../../../helpers/fakes.ts";
import { acceptedChanges, passes } from "../every-bit.ts";
import { sourceRequest } from "../source-request.ts";
import { message, notification, organizationId } from "./message.ts";

const secret = "7f3a9c";
const context = { secrets: ["old", secret], otherSecrets: {}, settings: { organizationId }, now: new Date(0) };
const request = (body = message(notification()), query = `secret=${secret}`) =>
  sourceRequest({ query, body: Buffer.from(body) });
const accepts = (given: SourceRequest, settings: object = context.settings) =>
  passes(() => door.verify(given, { ...context, settings }), UnprovenRequestError, RejectedError);
const split = (...notifications: string[]) => door.split(request(message(...notifications)), context);

const salesforce = suite("salesforce door");

salesforce("accepts a message of its organization with any valid secret in the query", () => {
  assert.equal(
    [request(), request(undefined, "a=b&secret=old")].map((one) => accepts(one)),
    [true, true],
  );
  for (const query of ["", "secret=", "secret=other", "other=7f3a9c", "secret=other&secret=7f3a9c"]) {
    assert.not.ok(accepts(request(undefined, query)), query);
  }
});

salesforce("refuses every changed bit of the secret and of the organization's Id", () => {
  const signed = request();
  assert.equal(acceptedChanges(signed, { headers: [], parts: ["query"] }, accepts), []);
  const id = Buffer.from(organizationId);
  const changed = Array.from({ length: id.length * 8 }, (_, bit) => {
    const other = Buffer.from(id);
    other.writeUInt8(other.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    return message(notification()).replace(organizationId, other.toString("latin1"));
  });
  assert.equal([changed.length, changed.filter((body) => accepts(request(body)))], [144, []]);
});

salesforce("knows its organization by an Id of 15 characters too, whose case counts", () => {
  const settings = (id: string) => ({ organizationId: id });
  assert.ok(accepts(request(), settings(organizationId.slice(0, 15))));
  assert.not.ok(accepts(request(), settings(organizationId.slice(0, 15).toLowerCase())));
  assert.not.ok(accepts(request(), settings(`${organizationId.slice(0, 14)}z`)));
});

salesforce("takes messages of 4 MiB, and no larger ones", () => {
  const text = message(notification());
  const padded = (bytes: number) =>
    text.replace("<soapenv:Envelope", `${" ".repeat(bytes - text.length)}<soapenv:Envelope`);
  assert.equal(
    [4 * 1024 * 1024, 4 * 1024 * 1024 + 1].map((bytes) => accepts(request(padded(bytes)))),
    [true, false],
  );
});

salesforce("takes each new lead by its organization and Id, as it came, with the organization's address", () => {
  const [first, second] = [notification(), notification({ Id: "00QR000000aBcDfMAM" })];
  assert.equal(split(first, second), [
    {
      kind: "lead",
      identity: [organizationId, "00QR000000aBcDeMAK"],
      json: JSON.stringify({ notification: first, enterpriseUrl: "https://acme.my.salesforce.com" }),
    },
    {
      kind: "lead",
      identity: [organizationId, "00QR000000aBcDfMAM"],
      json: JSON.stringify({ notification: second, enterpriseUrl: "https://acme.my.salesforce.com" }),
    },
  ]);
});

salesforce("stores nothing of the message's session", () => {
  assert.match(message(notification()), "s3ssion");
  assert.not.match(JSON.stringify(split(notification())), "s3ssion");
});

salesforce("takes the prefixes that a message gives to its names", () => {
  const text = message(notification())
    .replaceAll("soapenv:", "S:")
    .replaceAll(":soapenv=", ":S=")
    .replaceAll(/(<\/?)(notifications|Notification|OrganizationId|sObject|EnterpriseUrl)/g, "$1n:$2")
    .replaceAll("sf:", "ens:");
  assert.ok(accepts(request(text)));
  const [event] = door.split(request(text), context);
  assert.equal(event?.kind === "lead" && event.identity, [organizationId, "00QR000000aBcDeMAK"]);
});

salesforce("ignores records of other types, and messages without any", () => {
  const events = split(
    notification({}, "sf:Contact"),
    notification({ Id: "../x" }),
    notification({}, "sf:a@b.example"),
  );
  assert.equal(
    events.map((one) => one.kind === "ignored" && one.reason),
    ["a record of the type Contact", "a lead without an Id", "a record of the type ?"],
  );
  assert.equal(split(), []);
});

salesforce("takes a hundred notifications and no more", () => {
  const many = Array.from({ length: 101 }, () => notification());
  assert.is(split(...many.slice(1)).length, 100);
  assert.throws(
    () => split(...many),
    (error: RejectedError) => error.code === "TooManyLeads",
  );
});

const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`;
for (const [what, body] of [
  ["a declaration of entities", `${bomb}${message(notification())}`],
  ["an external entity", `<!DOCTYPE x SYSTEM "file:///etc/passwd">${message(notification())}`],
  ["CDATA", message(notification({ LastName: "<![CDATA[<Notification>]]>" }))],
  ["a comment", message("<!-- <Notification/> -->")],
  ["an element that does not end", message("<Notification>")],
  ["a thousand levels", message("<a>".repeat(1000) + "</a>".repeat(1000))],
  ["JSON", '{"name":"Jane"}'],
  ["nothing", ""],
] as const) {
  salesforce(`refuses a message that holds ${what}`, () => assert.not.ok(accepts(request(body))));
}

salesforce("takes names that every object has for names of fields", () => {
  for (const name of ["__proto__", "constructor", "hasOwnProperty"]) {
    const text = message(`<${name}>x</${name}>`, notification());
    assert.type(accepts(request(text)), "boolean");
    assert.is(({} as Record<string, unknown>).x, undefined);
  }
});

salesforce("acknowledges a message only when all of its leads are stored, and logs no secret", async () => {
  const log = recordedLog();
  let failing = false;
  const ingest = makeHandler({
    sources: { salesforce: "salesforce" },
    declarationOf: () => ({ ...sourceFormats.salesforce, door: async () => ({ door }) }),
    readSource: async () => ({ secrets: { "url-secret": secret }, settings: { organizationId } as never }),
    store: {
      writeOnce: async () => {
        if (failing) throw new Error("S3 is down");
        return "stored";
      },
    },
    log,
    meter: recordedMeter(),
    now: () => new Date(0),
  });
  const post = async (query = `secret=${secret}`) => {
    const requestContext = { requestId: "r", http: { method: "POST", path: "/salesforce" } };
    const event = { pathParameters: { source: "salesforce" }, requestContext, rawQueryString: query, headers: {} };
    return ingest({ ...event, body: message(notification(), notification()) } as unknown as Parameters<
      typeof ingest
    >[0]);
  };
  const stored = await post();
  assert.is(stored.statusCode, 200);
  assert.match(String(stored.body), /<Ack>true<\/Ack>/);
  failing = true;
  const failed = await post();
  assert.is(failed.statusCode, 503);
  assert.not.match(String(failed.body), "Ack");
  assert.is((await post("secret=wr0ng")).statusCode, 401);
  assert.not.match(JSON.stringify(log.lines), /7f3a9c|wr0ng|s3ssion|jane/i);
});

salesforce.run();
