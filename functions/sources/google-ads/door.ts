import type { Door } from "../door.ts";
import { eventInBody } from "../event-in-body.ts";
import { withoutMember } from "../json-parts.ts";
import { textAt } from "../value-at.ts";
import { verifyKeyInBody } from "../verify/credentials.ts";

/** The field with the key, which is neither stored nor logged. */
const key = "google_key";

/** Every request is a new lead, or a test of the form's webhook. https://developers.google.com/google-ads/webhook/docs/implementation */
export const door: Door = {
  verify(request, context) {
    verifyKeyInBody(key, request, context);
  },
  split({ body }) {
    const { event, json: sent } = eventInBody(body);
    const json = withoutMember(sent, key);
    return [
      {
        kind: "lead",
        identity: [textAt(event, "lead_id") ?? json],
        json,
        ...(event.is_test === true && { isTest: true }),
      },
    ];
  },
  answer: { status: 200, contentType: "application/json", body: "{}" },
};
