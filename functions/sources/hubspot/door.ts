import { createHash } from "node:crypto";
import type { RawLead } from "../../lead/raw-lead.ts";
import { type Door, type DoorContext, type SourceEvent, type SourceRequest, UnprovenRequestError } from "../door.ts";
import { leadsInBody } from "../leads-in-body.ts";
import { type HmacRule, verifyHmac } from "../verify/hmac.ts";
import { isOneOf } from "../verify/same-text.ts";
import { isTestEvent } from "./event.ts";

/** https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation */
const version3: HmacRule = {
  header: "x-hubspot-signature-v3",
  encoding: "base64",
  timestamp: { header: "x-hubspot-request-timestamp", unit: "milliseconds", toleranceSeconds: 300 },
};

/** The encoded characters of a URI that HubSpot decodes before it signs by version 3. */
const decodedCharacters = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/g;

/**
 * Lets in the events of an app, in lists of up to 100, and contacts that a workflow sends. A contact is the same by whichever
 * way it comes.
 */
export const door: Door = {
  verify(request, context) {
    const uri = uriOf(request, context.settings);
    if (request.headers["x-hubspot-signature-v3"] === undefined) return verifyVersion2(uri, request, context);
    const signed = request.method + uri.replace(decodedCharacters, decodeURIComponent);
    verifyHmac({ ...version3, signed: ({ body }, time) => [signed, body, time] }, request, context);
  },
  split: ({ body }) =>
    leadsInBody(body).map(({ lead, json }) => ("subscriptionType" in lead ? appEvent : workflowEvent)(lead, json)),
};

/** The URI that HubSpot called: the one that the environment gives, or the one that arrived here. */
function uriOf({ headers, path, query }: SourceRequest, settings: object): string {
  const { publicUrl = "" } = settings as { readonly publicUrl?: string };
  return `${publicUrl || `https://${headers.host}${path}`}${query && `?${query}`}`;
}

/** Workflows sign by version 2, which has no time. https://developers.hubspot.com/docs/faq/v2-request-validation */
function verifyVersion2(uri: string, { method, headers, body }: SourceRequest, { secrets }: DoorContext): void {
  const given = headers["x-hubspot-signature"] ?? "";
  const valid = secrets.map((secret) =>
    createHash("sha256")
      .update(secret + method + uri)
      .update(body)
      .digest("hex"),
  );
  if (isOneOf(given, valid)) return;
  const problem = given === "" ? "missing required headers" : "no matching signature found";
  throw new UnprovenRequestError("BadSignature", `The request's signature was refused: ${problem}.`);
}

const contactType = "0-1";

/** An event of an app's subscription. `eventId` is not unique, so a created contact is its portal and its own id. */
function appEvent(event: RawLead, json: string): SourceEvent {
  const { subscriptionType, objectTypeId = contactType } = event;
  const isCreation =
    subscriptionType === "contact.creation" || (subscriptionType === "object.creation" && objectTypeId === contactType);
  if (!isCreation) return { kind: "ignored", reason: `the subscription ${wordIn(subscriptionType)}` };
  const [portal, contact] = [digitsIn(event.portalId), digitsIn(event.objectId)];
  if (!portal || !contact) return { kind: "ignored", reason: "an event without the ids of portal and contact" };
  if (!isTestEvent(event)) return { kind: "lead", identity: [portal, contact], json };
  // Each use of the test button is another test.
  return { kind: "lead", identity: [portal, contact, String(event.occurredAt)], json, isTest: true };
}

/** What a workflow sends: a record with all of its properties, or those that its author chose. */
function workflowEvent(body: RawLead, json: string): SourceEvent {
  const isOther = body["is-contact"] === false || ["dealId", "companyId"].some((name) => name in body);
  if (isOther || (body.objectTypeId ?? contactType) !== contactType) {
    return { kind: "ignored", reason: "a workflow's record that is no contact" };
  }
  const portal = digitsIn(body["portal-id"] ?? body.portalId) ?? "";
  const contact = digitsIn(body.vid ?? body.objectId ?? body.hs_object_id ?? body.id);
  return { kind: "lead", identity: contact ? [portal, contact] : ["content", json], json };
}

const digitsIn = (value: unknown) => (/^\d{1,20}$/.test(String(value)) ? String(value) : undefined);
const wordIn = (value: unknown) => (/^[\w.]{1,50}$/.test(String(value)) ? value : "of another kind");
