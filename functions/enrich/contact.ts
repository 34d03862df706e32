import { domainToASCII } from "node:url";
import type { BoundedText } from "../lead/text.ts";
import { withoutInvisible } from "./cleanse.ts";

/** What browsers take as an email address. https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address */
const emailShape =
  /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)+$/i;

/** A longer text is not a few email addresses. */
const maxLength = 500;

export interface EmailAddress {
  /** In lower case, with the domain in ASCII. */
  readonly address: string;
  readonly domain: string;
}

/** The email addresses in a text such as `a@acme.example; Jane <b@acme.example>`, each one once. */
export function emailAddresses(text: BoundedText | undefined): readonly EmailAddress[] {
  if (text && text.length <= maxLength && emailShape.test(text))
    return [emailAddress(text)].filter((one) => one !== undefined);
  const tidy = withoutInvisible(text ?? "")
    .replace(/<\/?[a-z]+(?:\s[^<>]*)?>/gi, " ")
    .replace(/\s+/g, " ")
    .trim();
  if (tidy.length > maxLength) return [];
  const inBrackets = [...tidy.matchAll(/<([^<>]+)>/g)].flatMap(([, inner = ""]) => inner.split("|"));
  // Each part is an address: in `jane,roe@acme.example` nobody knows what was meant.
  const parts =
    inBrackets.length > 0
      ? inBrackets
      : tidy
          .replace(/\([^()@]*\)/g, " ")
          // Words after a dash are about the address.
          .replace(/^(\s*\S+@\S+)\s[-–—]\s[^@]*$/, "$1")
          .split(/[;,|]|\s*\/\s*(?=[^\s/]+@)|(?<=@\S+)\s(?:or |and |oder |und |et |ou )?(?=\S+@)/)
          .map((part) => part.trim())
          .filter((part) => !/^(?:n\/?a|none|null|unknown|-*)$/i.test(part));
  const found = parts.map(emailAddress);
  const usable = parts.every((part) => part.includes("@")) ? found.filter((one) => one !== undefined) : [];
  return [...new Map(usable.map((one) => [one.address, one])).values()];
}

/** An address without what stands around it; undefined for any other text. */
function emailAddress(text: string): EmailAddress | undefined {
  const bare = text
    .trim()
    .replace(/^(?:[a-z-]+:\s*){1,2}/i, "")
    .replace(/(@[^?]*)\?.*$/, "$1")
    .replace(/^["'([]+|["')\].:\s]+$/g, "")
    .toLowerCase();
  const at = bare.lastIndexOf("@");
  const domain = domainToASCII(bare.slice(at + 1));
  const address = `${bare.slice(0, at)}@${domain}`;
  return at > 0 && address.length <= 254 && emailShape.test(address) ? { address, domain } : undefined;
}
