import { createHmac, hash } from "node:crypto";
import type { CrmLead } from "./leads.ts";
import type { Sender } from "./sender.ts";

/** A form's questions: the lead's field that answers each, the type of the answer, and the title. */
const questions = [
  ["first_name", "text", "short_text", "What's your first name?"],
  ["last_name", "text", "short_text", "And your last name?"],
  ["email", "email", "email", "What is your work email?"],
  ["phone", "phone_number", "phone_number", "Your phone number"],
  ["company", "text", "short_text", "Which company do you work for?"],
  ["job_title", "text", "short_text", "What is your job title?"],
  ["country", "choice", "dropdown", "Country"],
  ["employees", "number", "number", "How many employees does your company have?"],
  ["website", "url", "website", "Your company's website"],
  ["message", "text", "long_text", "How can we help you?"],
] as const;

const idOf = (field: string) => hash("sha256", field, "base64url").slice(0, 12);

/** The responses of a form. https://www.typeform.com/developers/webhooks/example-payload/ */
export const sender: Sender = {
  leadsInRequest: 1,
  body: ([lead], _, { eventId, at }) =>
    JSON.stringify({
      event_id: eventId,
      event_type: "form_response",
      form_response: {
        form_id: "lT4Z3j",
        token: lead?.id,
        landed_at: new Date(at.getTime() - 60_000).toISOString(),
        submitted_at: at.toISOString(),
        hidden: { utm_source: "newsletter" },
        definition: {
          id: "lT4Z3j",
          title: "Talk to sales",
          fields: questions.map(([field, , type, title]) => ({
            id: idOf(field),
            ref: field,
            type,
            title,
            properties: {},
          })),
        },
        answers: lead ? answersOf(lead) : [],
      },
    }),
  request: (body, { secrets: { "signing-secret": secret } }, { url }) => ({
    url,
    headers: {
      "content-type": "application/json",
      "user-agent": "Typeform Webhooks",
      "typeform-signature":
        secret === undefined ? "" : `sha256=${createHmac("sha256", secret).update(body).digest("base64")}`,
    },
  }),
  identity: ({ id }) => [id],
  // https://www.typeform.com/developers/webhooks/
  delivery: {
    delays: Array(200).fill(180),
    isRetried: (status) => status !== 404 && status !== 410,
    answerSeconds: 30,
    stop: { status: 410 },
  },
};

const answersOf = (lead: CrmLead) =>
  questions.flatMap(([field, key, type]) => {
    const value = lead[field];
    if (value === undefined) return [];
    const answer = key === "choice" ? { label: value, id: idOf(String(value)) } : value;
    return [{ type: key, [key]: answer, field: { id: idOf(field), type, ref: field } }];
  });
