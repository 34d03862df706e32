import { createHmac } from "node:crypto";
import type { CrmLead } from "./leads.ts";
import { doublingDelays, nameOf, type Sender } from "./sender.ts";

/** The booking form's own questions: the lead's field that answers each, and the question. */
const questions = [
  ["company", "Company"],
  ["job_title", "Job title"],
  ["country", "Which country are you in?"],
  ["website", "Company website"],
  ["employees", "Number of employees"],
  ["message", "Please share anything that will help prepare for our meeting."],
] as const;

const api = "https://api.calendly.com";
const meetingOf = ({ id }: CrmLead) => `${api}/scheduled_events/${id}`;
const inviteeOf = (lead: CrmLead) => `${meetingOf(lead)}/invitees/${lead.id}`;

/** Bookings. https://developer.calendly.com/docs/webhooks/overview */
export const sender: Sender = {
  leadsInRequest: 1,
  body: ([lead], _, { at }) =>
    JSON.stringify({
      event: "invitee.created",
      created_at: at.toISOString(),
      created_by: `${api}/users/AAAAAAAAAAAAAAAA`,
      payload: lead && invitee(lead, at),
    }),
  request(body, { secrets: { "signing-key": key } }, { url, at }) {
    const time = Math.floor(at.getTime() / 1000);
    const signature = key && createHmac("sha256", key).update(`${time}.${body}`).digest("hex");
    const headers = { "content-type": "application/json", "calendly-webhook-signature": `t=${time},v1=${signature}` };
    return { url, headers };
  },
  identity: (lead) => [inviteeOf(lead)],
  // https://developer.calendly.com/api-docs/overview/webhooks/webhook-errors
  delivery: {
    delays: doublingDelays(60, 4 * 3600, 24 * 3600),
    isRetried: () => true,
    answerSeconds: 15,
    stop: { status: 410, failingSeconds: 24 * 3600 },
  },
};

const invitee = (lead: CrmLead, at: Date) => ({
  uri: inviteeOf(lead),
  event: meetingOf(lead),
  name: nameOf(lead),
  first_name: null,
  last_name: null,
  email: lead.email,
  text_reminder_number: lead.phone ?? null,
  timezone: "Europe/Berlin",
  status: "active",
  rescheduled: false,
  old_invitee: null,
  new_invitee: null,
  created_at: at.toISOString(),
  questions_and_answers: questions.flatMap(([field, question], position) => {
    const value = lead[field];
    return value === undefined ? [] : [{ question, answer: String(value), position }];
  }),
  tracking: { utm_source: "newsletter", utm_medium: "email", utm_campaign: null, utm_content: null, utm_term: null },
  scheduled_event: {
    uri: meetingOf(lead),
    name: "30 Minute Demo",
    event_memberships: [
      { user: `${api}/users/AAAAAAAAAAAAAAAA`, user_email: "sam.seller@leadwire.example", user_name: "Sam Seller" },
    ],
    event_guests: [],
  },
});
