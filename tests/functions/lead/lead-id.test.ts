import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  enrichedKey,
  memberLeadId,
  rawKey,
  rawObjectLeadId,
  sourceOf,
  webhookLeadId,
} from "../../../functions/lead/lead-id.ts";
import { emailId, phoneId } from "../../../functions/lead/person.ts";
import { correlationIdOf } from "../../../functions/runtime/object-created.ts";
import { objectCreated } from "../../helpers/aws-events.ts";

const leadId = suite("lead id");

leadId("is the same for the same event, and another for another event, source or place in the body", () => {
  const id = webhookLeadId("website", "msg_1", 0);
  assert.match(id, /^website-[0-9a-f]{32}$/);
  assert.is(webhookLeadId("website", "msg_1", 0), id);
  for (const other of [
    webhookLeadId("website", "msg_2", 0),
    webhookLeadId("partner", "msg_1", 0),
    webhookLeadId("website", "msg_1", 1),
  ]) {
    assert.is.not(other, id);
  }
});

leadId("is the same in every version of the code, because sources repeat events and tables remember ids", () => {
  const file = rawObjectLeadId("lead.json", '"e1"');
  assert.equal(
    [webhookLeadId("website", "msg_1", 0), file, memberLeadId(file, 1, 2)],
    [
      "website-1693665dbef83cbd123518edb0c89c1d",
      "file-6712233005d531396c5ad37a694148ff",
      "file-2766c72d5356816b579e7c39a037d386",
    ],
  );
  assert.equal(
    [emailId("jane@acme.example"), phoneId({ e164: "+4930123456" }), phoneId({ e164: "+4930123456", extension: "7" })],
    [
      "person#cd5decc91f7ef6fe8deb0f0a13ebdd0e76c53842",
      "person#a8cb66cacfd0edefc2fbcfa5db5d698a5cc032a2",
      "person#a8f8596333cee4f5fac3ca31311cb14641be460a",
    ],
  );
  assert.is.not(webhookLeadId("website", "a", "bc"), webhookLeadId("website", "ab", "c"));
});

leadId("is the stem of a key that ingest made", () => {
  const id = webhookLeadId("my-crm-2", "msg_1", 0);
  assert.is(rawObjectLeadId(rawKey(id), "any"), id);
});

leadId("names its source", () => {
  assert.is(sourceOf(webhookLeadId("my-crm-2", "msg_1", 0)), "my-crm-2");
  assert.is(sourceOf(rawObjectLeadId("Jane Roe.json", "e1")), "file");
});

for (const name of ["jane-roe", "website"]) {
  leadId(`is not what a file is called by hand: ${name}-{MD5}.json`, () => {
    const key = `${name}-d41d8cd98f00b204e9800998ecf8427e.json`;
    assert.match(rawObjectLeadId(key, "e1"), /^file-[0-9a-f]{32}$/);
    assert.match(correlationIdOf({ body: objectCreated(`enriched/dt=2026-03-01/${key}`) }) ?? "", /^file-/);
  });
}

leadId("of a dropped file shows nothing of its name", () => {
  assert.match(rawObjectLeadId("Jane Roe – Zürich.json", '"abc"'), /^file-[0-9a-f]{32}$/);
});

leadId("of a dropped file changes with its content, and not with the quotes around an ETag", () => {
  assert.is(rawObjectLeadId("lead.json", '"abc"'), rawObjectLeadId("lead.json", "abc"));
  assert.is.not(rawObjectLeadId("lead.json", "abc"), rawObjectLeadId("lead.json", "abd"));
});

leadId("of several leads in one object keeps the source and differs by place", () => {
  const object = webhookLeadId("my-crm", "msg_1", 0);
  assert.is(memberLeadId(object, 0, 1), object);
  const members = [memberLeadId(object, 0, 2), memberLeadId(object, 1, 2)];
  for (const member of members) assert.match(member, /^my-crm-[0-9a-f]{32}$/);
  assert.is(new Set([object, ...members]).size, 3);
});

leadId("stands under the UTC day of the raw object's creation", () => {
  assert.is(enrichedKey("file-1", new Date("2026-03-01T23:59:59.999Z")), "enriched/dt=2026-03-01/file-1.json");
});

leadId.run();
