import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isPlainObject } from "es-toolkit/predicate";
import fc from "fast-check";
import { type SourceFormat, sourceFormats } from "../../../functions/sources/index.ts";

/** A body as somebody may send it, and how it comes in. */
export interface FuzzedBody {
  readonly body: Buffer;
  /** The format of the source that sends it, or a file that is dropped into the bucket. */
  readonly way: SourceFormat | "file";
  readonly defaultCountry: string | undefined;
}

/** The bodies of tests/payloads that are objects. */
const examples: readonly object[] = globSync("*/*.json", {
  cwd: join(import.meta.dirname, "../../payloads"),
  exclude: ["**/*.expected.json", "general/not-json.json"],
})
  .sort()
  .map((name): unknown => JSON.parse(readFileSync(join(import.meta.dirname, "../../payloads", name), "utf8")))
  .filter(isPlainObject);

/** Leads as CRMs, forms and ads write them. */
const payloads: readonly object[] = [
  ...examples,
  {
    id: 51,
    first_name: "Jane",
    last_name: "ROE",
    email: "Jane.Roe@Mail.Acme.co.uk",
    phone: "020 7946 0958",
    country: "United Kingdom",
    company: "Acme  Ltd",
    website: "https://www.acme.co.uk/about?x=1",
    employees: "51-200",
    job_title: "CTO",
    message: "Hello\r\n\r\n\r\nthere, <b>call</b> me & my team",
    campaign: "spring",
    url: "https://crm.example.com/leads/51",
  },
  {
    objectId: 9007199254740993n.toString(),
    subscriptionType: "contact.creation",
    properties: { email: { value: "jane@acme.example" }, hs_lead_status: null },
    Email: "jane@gmail.com",
    "Phone Number": "+49 (0)30 123456",
    HS_ANALYTICS_SOURCE: "PAID_SOCIAL",
  },
  {
    Id: "00Q5e00000ABCDEFGH",
    FirstName: "ÉMILE",
    LastName: "d'Arc-en-ciel",
    Company: "Société Générale d'Électricité 🚀",
    NumberOfEmployees: 1200,
    LeadSource: "Web",
    Email: "emile@société.example",
    MobilePhone: "06 12 34 56 78",
    CountryCode: "FR",
    Description: null,
  },
  {
    event_id: "01HV",
    form_response: {
      answers: [
        { type: "email", email: "x@y.example" },
        { type: "number", number: 4 },
      ],
    },
    name: "محمد علي",
    mail: "mohammed@example.ae",
    telephone: "+971 50 123 4567",
    note: "أريد عرضا\nشكرا",
  },
  { full_name: "山田 太郎", email: "taro@example.co.jp", phone: "03-1234-5678", country: "JP", leadgen_id: 444 },
  { email: "a@b.example" },
];

/** Names under which readers look, and names that mean something elsewhere. */
const names = [
  ..."id name full_name firstName last-name email Email work_email mail phone mobile company website domain".split(" "),
  ..."employees company_size country country_code job_title title message notes comment source campaign url".split(" "),
  ..."type data __proto__ constructor toString length schemaVersion warnings score x".split(" "),
];

/** Texts that are costly, that grow, or that mean something to Slack, to email, to HTML or to a parser. */
const pieces = [
  // Combining marks, the highest class first.
  "\u0345\u035c\u0315\u0300\u0316\u1dfa\u302a\u05b0\u064b\u0670\u0c55\u0e38\u0e48\u0f71",
  "e\u0308",
  "\u0390 ",
  "İ",
  "ß ",
  "ŉ",
  "ﬃ ",
  "Ǆ",
  "ﷺ",
  "\u{1d160}",
  "\u1100\u1161\u11a8",
  "각",
  "👩‍👩‍👧‍👦",
  "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
  "\ud800",
  "\udc00",
  "\u0000",
  "\u001b[31m",
  "\u0085",
  "\u2028",
  "\u202e",
  "\u2066",
  "\ufeff",
  "\u200b",
  "\u00ad",
  "\r\n",
  "\n\n\n",
  "\t",
  " ",
  "&",
  "<",
  ">",
  '"',
  "'",
  "\\",
  "%",
  "%00",
  "|",
  "*",
  "~",
  "`",
  "_",
  "?",
  "#",
  "@",
  ".",
  ":",
  "/",
  "-",
  "+",
  ",",
  "0",
  "9",
  "٣",
  "x",
  "É",
  "=1+1",
  "<!channel>",
  "<https://evil.example|bank>",
  "may be a repeat",
  "$&",
  "jane@acme.example",
  "<jane@acme.example>",
  "mailto:",
  "tel:",
  "+81",
  "03-1234-5678 12345",
  ";ext=12345",
  "https://",
  "http://[::1]",
  "https://user:pw@",
  "javascript:",
  "xn--",
  "co.uk",
  "mailinator.com",
  "Germany",
  "DEU",
  "1,000+",
  "__proto__",
];

/** Lengths at which something is cut, refused or written in another way. */
const edges = [60, 72, 100, 140, 150, 200, 240, 254, 300, 400, 500, 1000, 2000, 3000, 5000, 10_000, 60_000, 250_000];

/** How often a piece is repeated: a few times, up to an edge or one more, or any number of times. */
const repeated = fc
  .oneof(
    { weight: 80, arbitrary: fc.tuple(fc.constantFrom(...pieces), fc.integer({ min: 1, max: 4 })) },
    { weight: 10, arbitrary: fc.tuple(fc.constantFrom(...pieces), fc.integer({ min: 1, max: 600 })) },
    {
      weight: 12,
      arbitrary: fc
        .tuple(fc.constantFrom(...pieces), fc.constantFrom(...edges.slice(0, -4)), fc.nat(1))
        .map(([piece, edge, more]) => [piece, Math.ceil(edge / piece.length) + more] as const),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...pieces), fc.constantFrom(...edges.slice(-4)))
        .map(([piece, edge]) => [piece, Math.ceil(edge / piece.length)] as const),
    },
  )
  .map(([piece, count]) => piece.repeat(count));

const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: repeated },
  { weight: 4, arbitrary: fc.array(repeated, { minLength: 2, maxLength: 4 }).map((parts) => parts.join("")) },
  { weight: 3, arbitrary: fc.string({ unit: "grapheme", maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
);

const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 12, arbitrary: text },
  { weight: 2, arbitrary: fc.oneof(fc.integer(), fc.double(), fc.constantFrom(1e21, -0, 2 ** 60)) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

const email = fc.oneof(
  fc.emailAddress(),
  repeated.map((part) => `${part}@acme.example`),
  repeated.map((part) => `jane@${part}.example`),
);
const url = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  repeated.map((part) => `https://crm.example.com/?${part}`),
  repeated.map((part) => `https://${part}.example.com/`),
);
const phone = fc
  .tuple(fc.constantFrom("+81", "03-", "+49 ", "+1", "0", "tel:+44", ""), fc.stringMatching(/^[0-9 ()/.-]{4,20}$/))
  .map((parts) => parts.join(""));
const named = (own: readonly string[], given: fc.Arbitrary<unknown>) => fc.tuple(fc.constantFrom(...own), given);

/** A field as a pair, because an object literal cannot have an own `__proto__`. */
const field = fc.oneof(
  { weight: 10, arbitrary: named(names, value) },
  { weight: 1, arbitrary: fc.tuple(text, value) },
  { weight: 2, arbitrary: named(["email", "mail", "Work Email"], email) },
  { weight: 2, arbitrary: named(["url", "website"], url) },
  { weight: 2, arbitrary: named(["phone", "mobile_phone"], phone) },
  { weight: 2, arbitrary: named(["first_name", "last_name", "name", "country"], repeated) },
);

/** The JSON of a lead with fields replaced or added. A name can be there twice. */
function written(lead: object, changes: readonly (readonly [string, unknown])[]): string {
  const changed = new Set(changes.map(([name]) => name));
  const kept = Object.entries(lead).filter(([name]) => !changed.has(name));
  return `{${[...kept, ...changes].map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one)}`).join()}}`;
}

const reachable = fc.constantFrom({}, { email: "jane@acme.example" }, { phone: "+4930123456" });
const lead: fc.Arbitrary<string> = fc
  .oneof(
    {
      weight: 2,
      arbitrary: fc.tuple(fc.constantFrom(...payloads), fc.array(field, { maxLength: 5 })),
    },
    { weight: 1, arbitrary: fc.tuple(reachable, fc.array(field, { maxLength: 12 })) },
  )
  .map(([given, changes]) => written(given, changes));

/** The same lead again and again, up to somewhat more than a body may have. */
const timesOf = (one: string, count: number) =>
  Array<string>(Math.min(count, Math.ceil(300_000 / one.length))).fill(one);
const listOf = (most: number) => fc.array(lead, { maxLength: most }).map((leads) => `[${leads.join()}]`);

const content: fc.Arbitrary<string> = fc.oneof(
  { weight: 60, arbitrary: lead },
  { weight: 4, arbitrary: listOf(8) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(lead, fc.integer({ min: 2, max: 101 }))
      .map(([one, count]) => `[${timesOf(one, count).join()}]`),
  },
);

const json: fc.Arbitrary<string> = fc.oneof(
  { weight: 20, arbitrary: content },
  { weight: 2, arbitrary: content.map((data) => `{"type":"contact.created","timestamp":"2026-03-01","data":${data}}`) },
  { weight: 1, arbitrary: fc.json() },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1, max: 40 })
      .map((n) => `{"email":"a@b.example","x":${"[".repeat(n)}${"]".repeat(n)}}`),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 30_000 }).map((n) => `{"email":"a@b.example"${',"a":1'.repeat(n)}}`),
  },
);

/** A change of bytes: at a place from 0 to 1 of the body, some are removed and others inserted. */
const byteChange = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.nat(8),
  inserted: fc.oneof(fc.uint8Array({ maxLength: 4 }), fc.constantFrom(...'{}[]",:\\0e-.'.split("")).map(Buffer.from)),
});

function withChanges(bytes: Buffer, changes: readonly { at: number; removed: number; inserted: Uint8Array }[]): Buffer {
  return changes.reduce((body, { at, removed, inserted }) => {
    const start = Math.floor(at * body.length);
    return Buffer.concat([body.subarray(0, start), inserted, body.subarray(start + removed)]);
  }, bytes);
}

const bytes: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 16, arbitrary: json.map((body) => Buffer.from(body)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(json, fc.array(byteChange, { minLength: 1, maxLength: 4 }))
      .map(([body, changes]) => withChanges(Buffer.from(body), changes)),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((body) => Buffer.from(body)) },
);

/** Bodies as people, programs and attackers may send them: leads of known systems with changes, hostile ones, and broken ones. */
export const fuzzedBodies: fc.Arbitrary<FuzzedBody> = fc.record({
  body: bytes,
  way: fc.constantFrom(...(Object.keys(sourceFormats) as SourceFormat[]), "file" as const),
  defaultCountry: fc.constantFrom(undefined, "DE", "JP", "US"),
});
