import { boundedText } from "../../lead/text.ts";
import { ignored, readerWith } from "../general-reader.ts";
import type { Reader, Reading } from "../reading.ts";
import { textAt } from "../value-at.ts";

const meeting = "payload.scheduled_event.";
const at = {
  ...ignored("", "created_by event"),
  ...ignored("payload.", "uri event cancel_url reschedule_url status rescheduled timezone invitee_scheduled_by"),
  ...ignored("payload.", "routing_form_submission reconfirmation no_show tracking.salesforce_uuid"),
  ...ignored(meeting, "uri status end_time event_type invitees_counter calendar_event event_memberships[].user"),
  [`${meeting}name`]: { label: "Meeting" },
  [`${meeting}start_time`]: { label: "Meeting starts" },
  [`${meeting}event_memberships[].user_name`]: "owner",
  [`${meeting}event_memberships[].user_email`]: "ownerEmail",
  "payload.text_reminder_number": "phone",
} as const;
const readMeeting = readerWith({ at: { ...at, ...ignored(meeting, "location") } });
const readCall = readerWith({
  at: { ...at, ...ignored(meeting, "location.type"), [`${meeting}location.location`]: "phone" },
});

/** Reads a booking. Where the host calls the invitee, the place of the meeting is the invitee's number. */
export const readLead: Reader = (lead, context) => {
  const isCall = textAt(lead, `${meeting}location.type`) === "outbound_call";
  const { answers, ...others } = (isCall ? readCall : readMeeting)(lead, context);
  return {
    ...others,
    answers: answers.map((one) => (one.path === `${meeting}start_time` ? withoutSeconds(one) : one)),
  };
};

/** A time such as `2026-03-04T15:00:00.000000Z` as people read it. */
function withoutSeconds(found: Reading["answers"][number]): Reading["answers"][number] {
  const answer = boundedText(found.answer.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):[\d.]+Z$/, "$1 $2 UTC"));
  return { ...found, answer: answer ?? found.answer };
}
