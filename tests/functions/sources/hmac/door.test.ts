import { createHmac } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { SettingRule } from "../../../../functions/sources/declaration.ts";
import { hmacSettings } from "../../../../functions/sources/general-settings.ts";
import { doorOf, identityIn } from "../door-of.ts";
import { sourceRequest } from "../source-request.ts";

const secrets = ["old", "new-secret"];
const now = new Date("2026-03-01T12:00:00.500Z");
const body = '{"email":"jane.roe@acme.example","note":"{timestamp} {body}"}';
const signature = (content: string, encoding: "hex" | "base64", key = "new-secret") =>
  createHmac("sha256", key).update(content).digest(encoding);
const post = (headers: Record<string, string>) => sourceRequest({ headers, body: Buffer.from(body) });

/** Senders by what they sign, each with a request that was sent now. */
const senders = [
  {
    name: "the body, in hex",
    settings: {},
    request: post({ "x-signature": signature(body, "hex") }),
  },
  {
    name: "the body, in base64 with a prefix",
    settings: { header: "X-Form-Signature", encoding: "base64", prefix: "sha256=" },
    request: post({ "x-form-signature": `sha256=${signature(body, "base64")}` }),
  },
  {
    name: "time and body, in seconds",
    settings: { signedContent: "{timestamp}.{body}" },
    request: post({ "x-signature": signature(`1772366400.${body}`, "hex"), "x-timestamp": "1772366400" }),
  },
  {
    name: "body and time in another order, in milliseconds",
    settings: {
      signedContent: "v0:{body}:{timestamp}",
      timestampHeader: "X-Sent-At",
      timestampUnit: "milliseconds",
      toleranceSeconds: 60,
    },
    request: post({ "x-signature": signature(`v0:${body}:1772366400500`, "hex"), "x-sent-at": "1772366400500" }),
  },
];

const hmac = suite("hmac door");

for (const { name, settings, request } of senders) {
  hmac(`accepts a sender that signs ${name}, and refuses one changed bit`, async () => {
    const door = await doorOf("hmac", { secrets, now, settings });
    assert.ok(door.accepts(request));
    assert.equal(door.acceptedChanges(request, { headers: Object.keys(request.headers) }), []);
    assert.not.ok(door.accepts(request, { secrets: ["old"] }));
    assert.not.ok(door.accepts(request, { secrets: [] }));
  });
}

hmac("refuses what is signed with the secret of nobody", async () => {
  const { accepts } = await doorOf("hmac", { secrets: [], now });
  assert.not.ok(accepts(post({ "x-signature": signature(body, "hex", "") })));
});

hmac("refuses a time outside the tolerance, in the sender's unit", async () => {
  for (const [index, seconds] of [
    [2, 300],
    [3, 60],
  ] as const) {
    const { settings = {}, request } = senders[index] ?? {};
    assert.ok(request);
    const { accepts } = await doorOf("hmac", { secrets, now, settings });
    for (const direction of [1, -1]) {
      const at = (offset: number) => new Date(now.getTime() + direction * offset * 1000);
      assert.equal([accepts(request, { now: at(seconds) }), accepts(request, { now: at(seconds + 1) })], [true, false]);
    }
  }
});

hmac("takes no time into account that is not signed", async () => {
  const { accepts } = await doorOf("hmac", { secrets, now });
  assert.ok(accepts(post({ "x-signature": signature(body, "hex"), "x-timestamp": "1" })));
});

const leads = [
  '{"id":12345678901234567890,"name":"Zoë"}',
  '{"id":"12345678901234567891","name":"Zoë"}',
  '{"id":7,"name":"Zoë"}',
  '{"name":"Zoë"}',
];
hmac("identifies leads by their content, and never by what looks like an id", async () => {
  const { split } = await doorOf("hmac", { secrets, now });
  for (const lead of leads) assert.equal(identityIn(split(lead)), ["content", lead]);
  assert.equal(split(`[${leads}]`), split(`{"type":"lead.created","sent":"now","data":[${leads}]}`));
});

hmac("identifies leads by the field that the environment names, and by their content without it", async () => {
  const { split } = await doorOf("hmac", { secrets, now, settings: { idField: "id" } });
  assert.equal(
    leads.map((lead) => identityIn(split(lead))),
    [
      ["id", "12345678901234567890"],
      ["id", "12345678901234567891"],
      ["id", "7"],
      ["content", leads[3]],
    ],
  );
});

hmac("finds the id at a path, and at a name that has the signs of one", async () => {
  const lead = { ids: [{ crm: "a" }], "ids[0].web": "b" };
  const json = JSON.stringify(lead);
  for (const [idField, identity] of [
    ["ids[0].crm", ["id", "a"]],
    ["ids[0].web", ["id", "b"]],
    ["ids[1].crm", ["content", json]],
    ["ids.length", ["content", json]],
    ["ids", ["content", json]],
    ["constructor.name", ["content", json]],
  ] as const) {
    const { split } = await doorOf("hmac", { secrets, now, settings: { idField } });
    assert.equal(identityIn(split(lead)), identity, idField);
  }
});

hmac("ignores what says that it is a change or a deletion", async () => {
  const { split } = await doorOf("hmac", { secrets, now });
  const reason = "the event says that something was changed or deleted";
  assert.is(identityIn(split({ event: "contact.deleted", contact: { email: "jane.roe@acme.example" } })), reason);
  assert.equal(split({ type: "lead.updated", data: [{ a: 1 }, { b: 2 }] }), Array(2).fill({ kind: "ignored", reason }));
});

hmac("has settings that allow what senders do, and nothing that proves less than it seems to", () => {
  const allowed = {
    header: ["X-Hub-Signature-256", "x".repeat(60)],
    encoding: ["hex", "base64"],
    prefix: ["", "sha256=", "v1,", "x".repeat(20)],
    signedContent: ["{body}", "{timestamp}.{body}", "v0:{timestamp}:{body}", "{body}".padEnd(100)],
    timestampHeader: ["X-Timestamp"],
    timestampUnit: ["seconds", "milliseconds"],
    toleranceSeconds: [1, 300, 3600],
    idField: ["", "lead.id", "x".repeat(200)],
  };
  const refused = {
    header: ["", "X Signature", "X-Signature:", "ä", "x".repeat(61)],
    encoding: ["HEX", "base64url", ""],
    prefix: ["sha256 =", "x".repeat(21)],
    signedContent: [
      ...["", "{timestamp}", "{body}{body}", "{timestamp}{timestamp}{body}", "body"],
      "{body}".padEnd(101),
    ],
    timestampHeader: ["", "a b"],
    timestampUnit: ["minutes", ""],
    toleranceSeconds: [0, 3601, 1.5, Number.NaN],
    idField: ["x".repeat(201)],
  };
  for (const [name, rule] of Object.entries<SettingRule>(hmacSettings)) {
    const check = rule.check as (value: unknown) => boolean;
    for (const value of allowed[name as keyof typeof allowed]) assert.ok(check(value), `${name} ${value}`);
    for (const value of refused[name as keyof typeof refused]) assert.not.ok(check(value), `${name} ${value}`);
  }
});

hmac.run();
