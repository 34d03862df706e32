import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { SourceRequest } from "../../../../functions/sources/door.ts";
import { sourceFormats } from "../../../../functions/sources/index.ts";
import { doorOf, identityIn } from "../door-of.ts";
import { sourceRequest } from "../source-request.ts";

const secret = "leadwire:s3cret:with colons";
const { accepts, acceptedChanges, split } = await doorOf("pipedrive", {
  secrets: [secret, "leadwire:newer"],
  now: new Date(0),
});
const request = (credentials: string): SourceRequest =>
  sourceRequest({ headers: { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` } });
const { isThin } = sourceFormats.pipedrive.fetch;

/** https://pipedrive.readme.io/docs/webhooks-v2-migration-guide */
const meta = {
  action: "create",
  company_id: "7654321",
  correlation_id: "2b4d7a4e-3b0c-4f0e-9a63-0c0c8f6a7f10",
  entity_id: "10",
  entity: "person",
  id: "a1e8a2b4-0000-4000-8000-000000000001",
  timestamp: "2026-03-01T12:00:00.000Z",
  version: "2.0",
  attempt: 1,
  host: "acme.pipedrive.com",
};
const person = { id: 10, name: "Jane Roe", emails: [{ value: "jane@acme.example", primary: true }] };
const version2 = { meta, data: person, previous: null };
const version1 = {
  v: 1,
  meta: { v: 1, action: "added", object: "person", id: 10, company_id: 7654321, host: "acme.pipedrive.com" },
  current: { id: 10, name: "Jane Roe", email: [{ value: "jane@acme.example", primary: true }] },
  previous: null,
  event: "added.person",
};
const lead = {
  meta: { ...meta, entity: "lead", entity_id: "adf21080-0e10-11eb-879b-05d71fb426ec" },
  data: { id: "adf21080-0e10-11eb-879b-05d71fb426ec", title: "Acme lead", person_id: 10, organization_id: 11 },
  previous: null,
};

const pipedrive = suite("pipedrive door");

pipedrive("accepts each valid user and password, and no others", () => {
  assert.equal([accepts(request(secret)), accepts(request("leadwire:newer"))], [true, true]);
  for (const other of ["", ":", "leadwire", "leadwire:", "s3cret", `${secret} `, `${secret} leadwire:newer`]) {
    assert.not.ok(accepts(request(other)), other);
  }
  assert.not.ok(accepts(sourceRequest()));
});

pipedrive("refuses every changed bit of the credentials, but for the case of the word Basic", () => {
  const changes = acceptedChanges(request(secret), { headers: ["authorization"], parts: [] });
  const ofCase = [..."Basic"].map((_, index) => `authorization ${index * 8 + 5}`);
  assert.equal(changes, ofCase);
});

pipedrive("takes a created person as the same lead by both versions, whole and complete", () => {
  for (const body of [version1, version2]) {
    assert.equal(split(body), [{ kind: "lead", identity: ["7654321", "person", "10"], json: JSON.stringify(body) }]);
    assert.not.ok(isThin(body));
  }
});

pipedrive("takes a created lead, whose person is fetched", () => {
  assert.equal(identityIn(split(lead)), ["7654321", "lead", "adf21080-0e10-11eb-879b-05d71fb426ec"]);
  assert.ok(isThin(lead));
});

pipedrive("takes a retry as the same lead", () => {
  assert.equal(identityIn(split({ ...lead, meta: { ...lead.meta, attempt: 3 } })), identityIn(split(lead)));
});

pipedrive("ignores changes, deletions, merges and other objects", () => {
  for (const [change, reason] of [
    [{ meta: { ...meta, action: "change" } }, "change.person"],
    [{ meta: { ...meta, action: "delete" }, data: null, previous: person }, "delete.person"],
    [{ meta: { ...meta, entity: "deal" } }, "create.deal"],
    [{ meta: { ...version1.meta, action: "updated" } }, "updated.person"],
    [{ meta: { ...version1.meta, action: "merged" } }, "merged.person"],
    [{ meta: { ...meta, action: "jane@acme.example" } }, "another.person"],
    [{ meta: null }, "another.another"],
    [{ data: null }, "an event without the id of what was created"],
  ] as const) {
    assert.equal(split({ ...version2, ...change }), [{ kind: "ignored", reason }]);
  }
});

pipedrive.run();
