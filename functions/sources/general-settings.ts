import type { SourceDeclaration } from "./declaration.ts";

type Rules = SourceDeclaration["settings"];

const isHeader = (name: string) => /^[A-Za-z0-9-]{1,60}$/.test(name);
const count = (text: string, part: string) => text.split(part).length - 1;

/** The setting of every format that does not know its senders' ids. */
const idField = {
  type: "string",
  bound: "the name or the path of a field, such as lead.id, of at most 200 characters",
  reason:
    "Two leads with the same value there are one lead. Without it, two leads are one if their contents are the same.",
  check: (path) => path.length <= 200,
  default: "",
} as const satisfies Rules[string];

/** The settings of the format `hmac`: how its sender signs. */
export const hmacSettings = {
  header: {
    type: "string",
    bound: "the name of a header, such as X-Signature",
    reason: "The signature is there.",
    check: isHeader,
    default: "X-Signature",
  },
  encoding: {
    type: "string",
    bound: '"hex" or "base64"',
    reason: "The signature is written so.",
    check: (encoding) => encoding === "hex" || encoding === "base64",
    default: "hex",
  },
  prefix: {
    type: "string",
    bound: "a text of at most 20 characters without white space, such as sha256=",
    reason: "It stands before the signature in the header.",
    check: (prefix) => /^\S{0,20}$/.test(prefix),
    default: "",
  },
  signedContent: {
    type: "string",
    bound: "a text with {body} once and {timestamp} at most once, such as {timestamp}.{body}",
    reason: "The signature covers it. With {timestamp}, old requests are refused.",
    check: (text) => text.length <= 100 && count(text, "{body}") === 1 && count(text, "{timestamp}") <= 1,
    default: "{body}",
  },
  timestampHeader: {
    type: "string",
    bound: "the name of a header, such as X-Timestamp",
    reason: "The time is there when signedContent has {timestamp}. A time that is not signed would prove nothing.",
    check: isHeader,
    default: "X-Timestamp",
  },
  timestampUnit: {
    type: "string",
    bound: '"seconds" or "milliseconds"',
    reason: "The time is a number of these since 1970.",
    check: (unit) => unit === "seconds" || unit === "milliseconds",
    default: "seconds",
  },
  toleranceSeconds: {
    type: "number",
    bound: "a whole number from 1 to 3600",
    reason: "A request whose time is further from ours is refused.",
    check: (seconds) => Number.isInteger(seconds) && seconds >= 1 && seconds <= 3600,
    default: 300,
  },
  idField,
} as const satisfies Rules;

/** The settings of the format `token`. */
export const tokenSettings = {
  header: {
    type: "string",
    bound: "the name of a header, such as Authorization or X-Api-Key",
    reason: "The token is there, in Authorization after the word Bearer.",
    check: isHeader,
    default: "Authorization",
  },
  idField,
} as const satisfies Rules;
