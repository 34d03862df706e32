import { maxBodyBytes } from "../../functions/lead/raw-lead.ts";

/**
 * Texts that are made to cost much time, by what they are, each as large as asked for, in characters. Suites check what becomes
 * of them, and `npm run bench -- hostile` measures what they cost.
 */
export type HostileTexts = Readonly<Record<string, (size: number) => string>>;

/** Characters of the largest hostile body. The limit leaves room for what stands around the filler. */
export const largestBody = maxBodyBytes - 2_000;

const filled = (filler: string, size: number) => filler.repeat(Math.floor(size / filler.length));
let items = 0;
/** Each item with a number of its own: names that were read before take less time. */
const listed = (item: (number: number) => string, size: number) =>
  Array.from({ length: Math.floor(size / (item(items).length + 1)) }, () => {
    items += 1;
    return item(items);
  }).join();

/** Texts for a message in Slack, in which each character takes as many as possible when it is sent. */
export const grownTexts = {
  "plain letters": (size) => filled("x", size),
  ampersands: (size) => filled("&", size),
  "quotation marks": (size) => filled('"', size),
  "control characters": (size) => filled("\u0001", size),
} as const satisfies HostileTexts;

/** Combining marks of different classes, the highest class first, which is the most work for a normalization. */
const marks = (size: number) =>
  filled("\u0345\u035c\u0315\u0300\u0316\u1dfa\u302a\u05b0\u064b\u0670\u0c55\u0e38\u0e48\u0f71\u0f72\u0f74", size);

/** Texts of a lead's field. */
export const hostileTexts = {
  "combining marks": marks,
  "a letter and combining marks": (size) => `x${marks(size)}`,
  "invisible marks and combining marks": (size) => `${filled("\u202e", 9_000)}${marks(size)}`,
} as const satisfies HostileTexts;

/** Lists whose last value is a number that JavaScript does not hold exactly. */
export const longNumbers: HostileTexts = {
  numbers: (size) => `[${filled("1,", size)}12345678901234567890]`,
  escapes: (size) => `[${filled('"\\n",', size)}12345678901234567890]`,
  "one text of escapes": (size) => `["${filled("\\n", size)}",12345678901234567890]`,
  "numbers of 17 digits": (size) => `[${filled("1234567890123456.5,", size)}12345678901234567890]`,
};

/** Bodies that are not JSON, and look like another format for as long as they can. */
export const noJson = {
  commas: (size) => filled(",", size),
  "form-encoded": (size) => filled("a=", size),
  CSV: (size) => `${filled("x;", size)}\n`,
  XML: (size) => filled("<", size),
} as const satisfies HostileTexts;

/** Bodies of one lead in as many envelopes as a body can have. */
export const envelopes = {
  envelopes: (size) => `${'{"type":"t","data":'.repeat(30)}{"a":"${"x".repeat(size)}"}${"}".repeat(30)}`,
} as const satisfies HostileTexts;

const inTexts = (levels: number, size: number) => {
  let text = JSON.stringify({ email: "ada@acme.example", a: "x".repeat(size) });
  for (let level = 0; level < levels; level += 1) text = JSON.stringify({ data: text });
  return text;
};

/** Leads as JSON with more fields, longer names or deeper texts of JSON than any real one. */
export const hostileLeads: HostileTexts = {
  "many fields": (size) => `{${listed((number) => `"email${number}":"${number}@a.example"`, size)}}`,
  "long names": (size) => `{${listed((number) => `"your-${"q".repeat(100)}${number}":"x"`, size)}}`,
  "names of many words": (size) => `{${listed((number) => `"${"your my ".repeat(8)}${number}":"x"`, size)}}`,
  "many levels": (size) => `${'{"data":'.repeat(31)}{"email":"${"x".repeat(size)}"}${"}".repeat(31)}`,
  "lists in lists": (size) => `{"a":[${listed(() => `${"[".repeat(29)}${"]".repeat(29)}`, size)}]}`,
  "texts of JSON in texts of JSON": (size) => inTexts(12, size / 2),
  "many texts of JSON": (size) => `{"a":[${listed(() => '"[{\\"name\\":\\"email\\",\\"value\\":\\"x\\"}]"', size)}]}`,
  "half a text of JSON": (size) => `{"a":"[${"[".repeat(size)}]","email":"ada@acme.example"}`,
  "pairs of pairs": (size) =>
    `{"fields":[${listed(() => '{"name":"fields","value":[{"name":"email","value":"ada@acme.example"}]}', size)}]}`,
};

/** Fields of a lead that a hostile text can be in. */
export const hostileFields = [
  "country",
  "email",
  "phone",
  "name",
  "first_name",
  "company",
  "website",
  "employees",
  "job_title",
  "message",
  "url",
  "id",
] as const;

/** A lead with a text in a field, and a further address and number that are good. */
export const leadWith = (field: (typeof hostileFields)[number], text: string) => ({
  work_email: "ada@acme.example",
  [field]: text,
  phone_number: "+4930123456",
});
