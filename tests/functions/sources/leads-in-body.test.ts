import { suite } from "uvu";
import * as assert from "uvu/assert";
import { maxLeads } from "../../../functions/lead/raw-lead.ts";
import { RejectedError } from "../../../functions/lead/rejection.ts";
import { leadsInBody, leadsInFile } from "../../../functions/sources/leads-in-body.ts";
import { envelopes, largestBody } from "../../helpers/hostile.ts";

const found = (text: string) => leadsInBody(Buffer.from(text));
const leads = (text: string) => found(text).map(({ lead }) => lead);
const texts = (text: string) => found(text).map(({ json }) => json);
const rejects = (text: string, code: string) =>
  assert.throws(
    () => found(text),
    (error: unknown) => error instanceof RejectedError && error.code === code,
  );

const body = suite("leads in a body");

body("are a lead, an array, or an envelope around either", () => {
  assert.equal(leads('{"a":1}'), [{ a: 1 }]);
  assert.equal(leads('[{"a":1},{"b":2}]'), [{ a: 1 }, { b: 2 }]);
  assert.equal(leads('{"type":"t","data":{"a":1}}'), [{ a: 1 }]);
  assert.equal(leads('{"type":"t","timestamp":"x","data":[{"a":1}]}'), [{ a: 1 }]);
});

for (const data of ["imported", 7, null, { email: "other@acme.example" }, [{ a: 1 }, { b: 2 }]]) {
  body(`keep a type and data ${JSON.stringify(data)} of their own beside an email address or phone number`, () => {
    for (const own of [
      { email: "ada@acme.example", type: "contact", data },
      { type: "contact", data, Phone_Number: "+1 212 555 0100" },
    ]) {
      for (const text of [own, [own], { type: "lead.created", data: own }, { type: "lead.created", data: [own] }]) {
        assert.equal(leads(JSON.stringify(text)), [own]);
      }
    }
  });
}

body("are one lead in a list of the names and values of its fields, in an envelope too", () => {
  for (const list of [
    '[{"name":"email","value":"ada@acme.example"},{"name":"first_name","value":"Ada"}]',
    '[ {"id":1, "label":"Your name","answer":"Ada"}, {"id":2, "label":"Telefon","answer":"+49 30 2312501"} ]',
  ]) {
    for (const text of [list, `{"type":"form.submitted","data":${list}}`]) {
      assert.equal(leads(text), [{ fields: JSON.parse(list) }]);
      assert.equal(texts(text), [`{"fields":${list}}`]);
    }
  }
});

for (const list of [
  [
    { name: "Ada", value: 500 },
    { name: "Bob", value: 700 },
  ],
  [
    { name: "email", value: "ada@acme.example" },
    { name: "Ada", value: 500, email: "ada@acme.example" },
  ],
  [{ name: "email", value: "ada@acme.example" }, { name: "Bob" }],
]) {
  body(`are a lead for each item of ${JSON.stringify(list)}`, () => assert.equal(leads(JSON.stringify(list)), list));
}

body("keep a data list of texts and numbers, which harms no other lead", () => {
  const own = { name: "Ada", type: "contact", data: ["x", 1, null] };
  assert.equal(leads(JSON.stringify([{ a: 1 }, own])), [{ a: 1 }, own]);
});

body("are found in envelopes in envelopes, and in a list of envelopes", () => {
  const inner = { type: "t", data: { a: 1 } };
  for (const text of [{ type: "t", data: inner }, [inner], { type: "t", data: [inner] }]) {
    assert.equal(leads(JSON.stringify(text)), [{ a: 1 }]);
  }
  assert.equal(leads('[{"type":"t","data":[{"a":1},{"b":2}]},{"c":3}]'), [{ a: 1 }, { b: 2 }, { c: 3 }]);
});

body("are the items of a list in a wrapper that has nothing of its own", () => {
  const items = [
    { id: 1, email: "a@b.example" },
    { id: 2, Phone: "1" },
  ];
  for (const name of ["leads", "contacts", "Records", "data"]) {
    const text = `{"count": 2, "${name}":[ {"id":1,"email":"a@b.example"}, {"id":2,"Phone":"1"}]}`;
    assert.equal([leads(text), texts(text)[1]], [items, '{"id":2,"Phone":"1"}'], name);
  }
  assert.equal(leads(JSON.stringify({ company: "Acme", leads: items })), items);
  for (const other of [
    { name: "Acme", contacts: items },
    { id: 7, contacts: items },
    { company: "Acme", contacts: items },
    { Organisation: "Acme", persons: items },
    { organization: "Acme", People: items },
    { email: "a@b.example", leads: items },
    { leads: items, notes: [] },
    { deals: items },
    { items: [{ sku: 1 }, { sku: 2 }] },
    { data: [{ name: "email", value: "a@b.example" }] },
    { leads: [] },
  ]) {
    assert.equal(leads(JSON.stringify(other)), [other], JSON.stringify(other));
  }
});

body("are not what an envelope's other fields hold, and a lead's text data opens nothing", () => {
  assert.equal(leads('{"type":"t","data":"{}"}'), [{ type: "t", data: "{}" }]);
  assert.equal(leads('{"data":{"a":1}}'), [{ data: { a: 1 } }]);
});

for (const [text, code] of [
  ["[[{}]]", "NotALead"],
  ['{"type":"t","data":[[{}]]}', "NotALead"],
  ["[{},1]", "NotALead"],
  ["1e400", "NotALead"],
  ["[]", "NoLeads"],
  ['{"type":"t","data":[]}', "NoLeads"],
  ['[{"type":"t","data":[]}]', "NoLeads"],
  [
    `[${Array(maxLeads + 1)
      .fill("{}")
      .join()}]`,
    "TooManyLeads",
  ],
  [`[${Array(maxLeads).fill("{}").join()},{"type":"t","data":{}}]`, "TooManyLeads"],
] as const) {
  body(`are refused as ${code} in ${text.slice(0, 40)}`, () => rejects(text, code));
}

body("are just as many as the bound", () => {
  assert.is(found(`[${Array(maxLeads).fill("{}").join()}]`).length, maxLeads);
});

/** What a parser would change. */
const written = [
  '{"id":12345678901234567890}',
  '{ "a" : 1.0 , "b":1e400,"c":-0,"d":1E+2 }',
  '{"a":1,"a":2}',
  '{"a":"\\u00e9\\/ é \\\\","b":"]},{[\\"","\\"data":[],"":{}}',
  '{"a":"\\"},{","b":1}',
  '{"a":[\n1 ,\t2],"b":{"type":"t","data":[{}, {}]}}',
  '{"__proto__":{"x":1}}',
  "{}",
];
body("have their own part of the body, byte for byte", () => {
  for (const one of written) {
    for (const text of [one, `\ufeff \n${one}\r\n `, `[${one}]`, `{"data": ${one} ,"type":"t"}`]) {
      assert.equal(texts(text), [one], text);
    }
  }
  const all = written.join(" ,\n");
  assert.equal(texts(`[ ${all} ]`), written);
  assert.equal(texts(`{"type":"t","more":{"data":[1]},"data":[${all}]}`), written);
  assert.equal(texts(`[{"type":"t","data":[${all}]},{"type":"t","data":${written[0]}}]`), [...written, written[0]]);
});

body("are what a parser takes when an envelope has its data twice, under an escaped name too", () => {
  assert.equal(texts('{"type":"t","data":{"a":1},"d\\u0061ta":{"b":2}}'), ['{"b":2}']);
});

body("are found in the deepest and largest body", () => {
  assert.equal(texts(envelopes.envelopes(largestBody)), [`{"a":"${"x".repeat(largestBody)}"}`]);
});

const inFile = (text: string) => leadsInFile(Buffer.from(text));

body("of a file are one in each line too, with its own envelope and bytes, and empty lines are none", () => {
  const lines = ['{ "id":12345678901234567890}', '{"type":"t","data":{"a":1.0}}', "", '{"b":2}'];
  for (const end of ["\n", "\r\n"]) {
    const found = inFile(`\ufeff\n${lines.join(end)}${end}`);
    assert.equal(
      found.map(({ json }) => json),
      ['{ "id":12345678901234567890}', '{"a":1.0}', '{"b":2}'],
    );
    assert.equal(found[0]?.lead, { id: "12345678901234567890" });
  }
  for (const text of ['{"a":1}\n', '[\n{"a":1}\n]', '{\n"a":1\n}']) assert.equal(inFile(text)[0]?.lead, { a: 1 }, text);
  rejects('{"a":1}\n{"b":2}', "NotJson");
});

for (const [what, text, code] of [
  ["a line that is no JSON", '{"a":1}\n{"b":', "NotJson"],
  ["a line that is no object", '{"a":1}\n[1]', "NotALead"],
  ["101 lines", '{"a":1}\n'.repeat(maxLeads + 1), "TooManyLeads"],
  ["CSV with a quoted column", '"a"\n"b"', "NotJson"],
] as const) {
  body(`of a file are refused as ${code} for ${what}`, () => {
    assert.throws(
      () => inFile(text),
      (error: unknown) => error instanceof RejectedError && error.code === code,
    );
  });
}

body("of a file are refused with the number of the line", () => {
  assert.throws(() => inFile('{"a":1}\n\nada'), /^RejectedError: Line 3 is not JSON|^Line 3 is not JSON/);
});

body.run();
