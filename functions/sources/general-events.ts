import type { RawLead } from "../lead/raw-lead.ts";
import type { SourceEvent } from "./door.ts";
import { changeReason, type LeadInBody, leadsInBody } from "./leads-in-body.ts";
import { textAt } from "./value-at.ts";

/**
 * The events in a body of a sender whose events Leadwire does not know: every lead that `leadsInBody` finds. A change or a
 * deletion is ignored. A lead with a flag such as `is_test` is a test.
 * @throws RejectedError when the body cannot be read
 */
export const eventsInBody = (
  body: Uint8Array,
  identityOf: (found: LeadInBody, index: number) => readonly string[],
): SourceEvent[] =>
  leadsInBody(body).map((found, index) =>
    found.isChange
      ? { kind: "ignored", reason: changeReason }
      : {
          kind: "lead",
          identity: identityOf(found, index),
          json: found.json,
          ...(isTest(found.lead) && { isTest: true as const }),
        },
  );

/** The names under which forms and ads mark a lead that somebody made to try the connection. */
const testFlags = ["is_test", "isTest", "test_lead", "testLead"];

const isTest = (lead: RawLead) => testFlags.some((name) => lead[name] === true || lead[name] === "true");

/**
 * The identity of a lead whose sender has no ids that are known: the value at the environment's `idField`, else the content. No
 * field is guessed to be an id, because it could be the form's, and then all but one of its leads would be lost.
 */
export const identityBy =
  ({ idField }: { readonly idField: string }) =>
  ({ lead, json }: LeadInBody): readonly string[] => {
    const id = idField === "" ? undefined : textAt(lead, idField);
    return id === undefined ? ["content", json] : ["id", id];
  };
