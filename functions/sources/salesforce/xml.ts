import { XMLParser, XMLValidator } from "fast-xml-parser";
import { RejectedError } from "../../lead/rejection.ts";

/** Names lose their prefixes, values stay texts, and nothing is decoded: only the predefined entities ever are, one by one. */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  maxNestedTags: 32,
});

/**
 * The objects of an XML text, by the names of their elements. It takes no declarations of types or entities, no CDATA and no
 * comments: Salesforce sends none, and without them each `<` begins or ends an element.
 * @throws RejectedError NotXml
 */
export function parsedXml(text: string): unknown {
  if (text.includes("<!")) throw new RejectedError("NotXml", "The message holds a declaration, CDATA or a comment.");
  try {
    if (XMLValidator.validate(text) === true) return parser.parse(text);
  } catch {
    // It is nested too deep, or has a name that the parser does not take.
  }
  throw new RejectedError("NotXml", "The message is not XML.");
}

const predefined: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Decodes the five entities that XML predefines and the references to characters, once. */
export const decodedXml = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));/g, (whole, decimal, hex, name) => {
    if (name) return predefined[name] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    const isCharacter = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : "";
  });
