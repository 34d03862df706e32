import { bodyText, parsedText, type RawLead } from "../../lead/raw-lead.ts";
import { type Door, type SourceEvent, UnprovenRequestError } from "../door.ts";
import { itemsOf, memberOf } from "../json-parts.ts";
import { type HmacRule, verifyHmac } from "../verify/hmac.ts";
import { isOneOf } from "../verify/same-text.ts";
import { isTestEvent } from "./test-lead.ts";

/** https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads */
const signature: HmacRule = { header: "x-hub-signature-256", prefix: "sha256=", encoding: "hex" };

/**
 * Lets in the events of pages, of which a request can hold many. `leadgen_id` is the identity of a lead; what is stored is the
 * `value` of its change. https://developers.facebook.com/docs/graph-api/webhooks/getting-started/webhooks-for-leadgen
 */
export const door: Door = {
  verify: (request, context) => verifyHmac(signature, request, context),
  split({ body }) {
    const json = bodyText(body);
    // What is stored is cut out of the text, so the text must be JSON.
    parsedText(json);
    const changes = itemsOf(memberOf(json.trim(), "entry")).flatMap((entry) => itemsOf(memberOf(entry, "changes")));
    if (changes.length === 0) return [{ kind: "ignored", reason: "a request without changes of a page" }];
    return changes.map((change) => eventOf(change));
  },
  answer: { status: 200, contentType: "text/plain", body: "EVENT_RECEIVED" },
  challenge({ query }, { otherSecrets }) {
    const parameters = new URLSearchParams(query);
    const token = parameters.get("hub.verify_token") ?? "";
    const challenge = parameters.get("hub.challenge") ?? "";
    const isKnown = isOneOf(token, otherSecrets["verify-token"] ?? []);
    if (!isKnown || parameters.get("hub.mode") !== "subscribe" || !/^[\w.-]{1,128}$/.test(challenge)) {
      throw new UnprovenRequestError(
        "BadCredentials",
        "The request's hub.verify_token was refused, or it asks nothing.",
      );
    }
    return { status: 200, contentType: "text/plain", body: challenge };
  },
};

function eventOf(change: string): SourceEvent {
  const json = memberOf(change, "value") ?? "";
  const isLead = memberOf(change, "field") === '"leadgen"' && json.startsWith("{");
  const value = isLead ? (parsedText(json) as RawLead) : {};
  const id = String(value.leadgen_id);
  if (!/^\d{1,20}$/.test(id)) return { kind: "ignored", reason: "a change that is no new lead" };
  if (!isTestEvent(value)) return { kind: "lead", identity: [id], json };
  // Each use of the test button is another test.
  return { kind: "lead", identity: [id, String(value.created_time)], json, isTest: true };
}
