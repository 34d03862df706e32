import { asLead, bodyText, parsedText, type RawLead } from "../lead/raw-lead.ts";
import type { SourceEvent } from "./door.ts";

/**
 * The event of a sender whose requests hold one each, and its text.
 * @throws RejectedError NotJson, TooLarge, TooDeep, TooManyFields, NotALead
 */
export function eventInBody(body: Uint8Array): { readonly event: RawLead; readonly json: string } {
  const json = bodyText(body).trim();
  return { event: asLead(parsedText(json), "The body"), json };
}

/** An event that announces no new lead. @param name the vendor's name of it, which a log shows if it is a word */
export const noNewLead = (name: unknown): SourceEvent => ({
  kind: "ignored",
  reason: `${typeof name === "string" && /^[\w.]{1,50}$/.test(name) ? name : "an event of another kind"} is no new lead`,
});
