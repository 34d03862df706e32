import { ignored, readerWith } from "../general-reader.ts";
import type { Reader } from "../reading.ts";
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
export const readLead: Reader = (lead, context) =>
  (textAt(lead, `${meeting}location.type`) === "outbound_call" ? readCall : readMeeting)(lead, context);
