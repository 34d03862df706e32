import { suite } from "uvu";
import * as assert from "uvu/assert";
import { leadsInBody, maxBodyBytes, maxDepth, maxFields, maxLeads } from "../../../functions/lead/raw-lead.ts";
import { RejectedError } from "../../../functions/lead/rejection.ts";

const leads = (text: string) => leadsInBody(Buffer.from(text));
const rejects = (body: Uint8Array, code: string) =>
  assert.throws(
    () => leadsInBody(body),
    (error: unknown) => error instanceof RejectedError && error.code === code,
  );

const leadBody = suite("lead body");

leadBody("may be a lead, an array, or an envelope around either", () => {
  assert.equal(leads('{"a":1}'), [{ a: 1 }]);
  assert.equal(leads('[{"a":1},{"b":2}]'), [{ a: 1 }, { b: 2 }]);
  assert.equal(leads('{"type":"t","data":{"a":1}}'), [{ a: 1 }]);
  assert.equal(leads('{"type":"t","timestamp":"x","data":[{"a":1}]}'), [{ a: 1 }]);
});

leadBody("may be just as large as the bound, hold just as many leads, and nest just as deep", () => {
  const padding = maxBodyBytes - '{"a":""}'.length;
  assert.is(leads(`{"a":"${"x".repeat(padding)}"}`).length, 1);
  rejects(Buffer.from(`{"a":"${"x".repeat(padding + 1)}"}`), "TooLarge");
  assert.is(leads(`[${Array(maxLeads).fill("{}").join()}]`).length, maxLeads);
  rejects(
    Buffer.from(
      `[${Array(maxLeads + 1)
        .fill("{}")
        .join()}]`,
    ),
    "TooManyLeads",
  );
  const nested = (levels: number) => `{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
  assert.is(leads(nested(maxDepth)).length, 1);
  rejects(Buffer.from(nested(maxDepth + 1)), "TooDeep");
});

leadBody("may have just as many fields as the bound, wherever they are", () => {
  const fields = (count: number) => Array(count).fill('"a":1').join();
  assert.is(leads(`[{"b":{${fields(maxFields - 2)}}},{"c":2}]`).length, 2);
  rejects(Buffer.from(`[{"b":{${fields(maxFields - 1)}}},{"c":2}]`), "TooManyFields");
});

leadBody("does not take signs inside texts for nesting or fields", () => {
  assert.is(leads(JSON.stringify({ a: '\\"[['.repeat(100), b: "{".repeat(100), c: ":".repeat(maxFields) })).length, 1);
});

leadBody("counts its bytes and not its characters", () => {
  rejects(Buffer.from(`{"a":"${"é".repeat(maxBodyBytes / 2)}"}`), "TooLarge");
});

leadBody("may begin with a byte order mark", () => {
  assert.equal(leads('\ufeff{"a":1}'), [{ a: 1 }]);
});

leadBody("must be UTF-8, also inside texts", () => {
  rejects(Buffer.from([0x7b, 0xff, 0x7d]), "NotJson");
  rejects(Buffer.from('{"name":"Zo\xeb"}', "latin1"), "NotJson");
});

leadBody("does not poison prototypes", () => {
  assert.is(({} as Record<string, unknown>).polluted, undefined);
  leads('{"__proto__":{"polluted":true}}');
  assert.is(({} as Record<string, unknown>).polluted, undefined);
});

leadBody("is never quoted in a rejection", () => {
  try {
    leads('{"email":"jane.roe@example.com"');
    assert.unreachable();
  } catch (error) {
    assert.not.match(String(error), /jane/);
  }
});

leadBody.run();
