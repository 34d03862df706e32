import { hash } from "node:crypto";
import { uniq } from "es-toolkit/array";
import type { EnrichedLead } from "./enriched-lead.ts";

const idOf = (contact: string) => `person#${hash("sha256", contact).slice(0, 40)}`;

/** The id by which tables know an email address. It is a hash, so no table shows the address. */
export const emailId = (address: string) => idOf(address);

/** The id by which tables know a phone number. An extension belongs to its number: colleagues share the rest. */
export const phoneId = ({ e164, extension = "" }: { readonly e164: string; readonly extension?: string | undefined }) =>
  idOf(`${e164};${extension}`);

/** The ids of all addresses and numbers of a lead, each one once. */
export function personIds({ email, phone, otherEmails = [], otherPhones = [] }: EnrichedLead): string[] {
  const emails = [...(email ? [email.address] : []), ...otherEmails];
  const phones = [...(phone ? [phone] : []), ...otherPhones];
  return uniq([...emails.map(emailId), ...phones.map(phoneId)]);
}
