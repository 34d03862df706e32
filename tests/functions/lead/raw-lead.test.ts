import { gzipSync } from "node:zlib";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { leadInObject, maxBodyBytes, maxDepth, maxFields, parsedBody } from "../../../functions/lead/raw-lead.ts";
import { RejectedError } from "../../../functions/lead/rejection.ts";
import { largestBody, longNumbers, noJson } from "../../helpers/hostile.ts";

const lead = (text: string) => leadInObject(Buffer.from(text));
const rejects = (body: Uint8Array, code: string) =>
  assert.throws(
    () => leadInObject(body),
    (error: unknown) => error instanceof RejectedError && error.code === code,
  );

function rejection(body: Uint8Array): Error {
  try {
    leadInObject(body);
  } catch (error) {
    if (error instanceof RejectedError) return error;
  }
  throw new Error("The body was not rejected.");
}

function inUtf16(text: string, how: string): Buffer {
  const bytes = Buffer.from(how === "bom" ? `\ufeff${text}` : text, "utf16le");
  return how === "utf16be" ? bytes.swap16() : bytes;
}

const leadBody = suite("raw lead");

leadBody("is exactly one object, whatever its fields are", () => {
  for (const own of [
    { type: "t", data: { email: "a@b.example" } },
    { type: "t", timestamp: "x", data: [{}, {}] },
  ]) {
    assert.equal(lead(JSON.stringify(own)), own);
  }
  for (const other of ["[]", '[{"a":1}]', "null", '"lead"', "1e400"]) rejects(Buffer.from(other), "NotALead");
});

leadBody(
  "has whole numbers that JavaScript would change as texts of their digits, and every other value as it is",
  () => {
    const text = `{"id":12345678901234567890,"list":[-9007199254740993,{"in":9007199254740992}],"safe":9007199254740991,
    "float":0.12345678901234567890,"exponent":1234567890123456e10,"infinite":1e400,"one":1.0,
    "text":"12345678901234567890 \\" 12345678901234567890","12345678901234567890":true}`;
    assert.equal(lead(text), {
      id: "12345678901234567890",
      list: ["-9007199254740993", { in: "9007199254740992" }],
      safe: 9007199254740991,
      float: 0.12345678901234568,
      exponent: 1.234567890123456e25,
      infinite: Number.POSITIVE_INFINITY,
      one: 1,
      text: '12345678901234567890 " 12345678901234567890',
      "12345678901234567890": true,
    });
    assert.equal(lead('{"shortest":9007199254740993}'), { shortest: "9007199254740993" });
  },
);

leadBody("is no JSON with a long number as a name, or with a long number that JSON does not have", () => {
  for (const text of ["{12345678901234567890:1}", '{"a":012345678901234567890}', '{"a":12345678901234567890-1}']) {
    rejects(Buffer.from(text), "NotJson");
  }
});

leadBody("keeps the digits of a long number after anything, however large the body is", () => {
  for (const [what, text] of Object.entries(longNumbers)) {
    const values = parsedBody(Buffer.from(text(largestBody))) as unknown[];
    assert.is(values.at(-1), "12345678901234567890", what);
  }
});

leadBody("may be just as large as the bound, and nest just as deep", () => {
  const padding = maxBodyBytes - '{"a":""}'.length;
  assert.is(String(lead(`{"a":"${"x".repeat(padding)}"}`).a).length, padding);
  rejects(Buffer.from(`{"a":"${"x".repeat(padding + 1)}"}`), "TooLarge");
  const nested = (levels: number) => `{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
  assert.ok(lead(nested(maxDepth)).a);
  rejects(Buffer.from(nested(maxDepth + 1)), "TooDeep");
});

leadBody("may have just as many fields as the bound, wherever they are", () => {
  const fields = (count: number) => Array(count).fill('"a":1').join();
  assert.is(lead(`{"b":{${fields(maxFields - 2)}},"c":2}`).c, 2);
  rejects(Buffer.from(`{"b":{${fields(maxFields - 1)}},"c":2}`), "TooManyFields");
});

leadBody("does not take signs inside texts for nesting or fields", () => {
  const texts = { a: '\\"[['.repeat(100), b: "{".repeat(100), c: ":".repeat(maxFields) };
  assert.equal(lead(JSON.stringify(texts)), texts);
});

leadBody("counts its bytes and not its characters", () => {
  rejects(Buffer.from(`{"a":"${"é".repeat(maxBodyBytes / 2)}"}`), "TooLarge");
});

leadBody("may begin with a byte order mark", () => {
  assert.equal(lead('\ufeff{"a":1}'), { a: 1 });
});

const csv = "email;name\nada@acme.example;Ada\n";
for (const [what, code, bodies] of [
  [
    "CSV",
    "IsCsv",
    [csv, csv.replaceAll(";", ","), csv.replaceAll(";", "\t"), '"email","name"\r\n"ada@acme.example","Ada {"'],
  ],
  ["XML or HTML", "IsXml", ["<lead/>", ' \n<?xml version="1.0"?><lead/>', "<!DOCTYPE html><p>"]],
  ["form-encoded", "IsFormEncoded", ["email=ada%40acme.example&name=Ada+B", "a[b]=c"]],
  ["UTF-16", "IsUtf16", ["utf16le", "bom", "utf16be"].map((how) => inUtf16('{"a":"é"}', how))],
  ["compressed", "IsCompressed", [gzipSync('{"a":1}'), Buffer.from("PK\x03\x04\x14\0\x06\0")]],
  [
    "neither",
    "NotJson",
    ['{"a":1', "[1,2,\n3,4", '["a","b",\n"c",]', "ada, hello", "callback({})", '{"a":1},\n{"a":2}', "a=b c"],
  ],
] as const) {
  leadBody(`that is ${what} is rejected as ${code}, without a part of it`, () => {
    for (const body of bodies) {
      rejects(Buffer.from(body as string), code);
      const { message } = rejection(Buffer.from(body as string));
      assert.not.match(message, /ada|Ada/);
    }
  });
}

leadBody("that looks like another format to its end is rejected, as that format if it is one", () => {
  rejects(Buffer.from(noJson["form-encoded"](largestBody)), "IsFormEncoded");
  for (const what of ["commas", "CSV", "XML"] as const) rejects(Buffer.from(noJson[what](largestBody)), "NotJson");
});

leadBody("must be UTF-8, also inside texts", () => {
  rejects(Buffer.from([0x7b, 0xff, 0x7d]), "NotJson");
  rejects(Buffer.from('{"name":"Zo\xeb"}', "latin1"), "NotJson");
});

leadBody("does not poison prototypes", () => {
  assert.is(({} as Record<string, unknown>).polluted, undefined);
  lead('{"__proto__":{"polluted":true}}');
  assert.is(({} as Record<string, unknown>).polluted, undefined);
});

leadBody("is never quoted in a rejection", () => {
  try {
    lead('{"email":"jane.roe@example.com"');
    assert.unreachable();
  } catch (error) {
    assert.not.match(String(error), /jane/);
  }
});

leadBody.run();
