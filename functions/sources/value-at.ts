import { isPlainObject } from "es-toolkit/predicate";
import type { RawLead } from "../lead/raw-lead.ts";
import { type BoundedText, boundedText } from "../lead/text.ts";

/** The text or number at a name, or at a path such as `contact.ids[0]`; undefined when nothing usable is there. */
export function textAt(lead: RawLead, path: string): BoundedText | undefined {
  return boundedText(valueAt(lead, path));
}

function valueAt(lead: RawLead, path: string): unknown {
  if (Object.hasOwn(lead, path)) return lead[path];
  const names = path.split(/[.[\]]+/).filter(Boolean);
  return names.reduce<unknown>((value, name) => {
    const isOpen = isPlainObject(value) || Array.isArray(value);
    return isOpen && Object.keys(value).includes(name) ? (value as RawLead)[name] : undefined;
  }, lead);
}
