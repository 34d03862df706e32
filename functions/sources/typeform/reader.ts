import { ignored, readerWith } from "../general-reader.ts";

/** The questions are in `definition`, where the reader finds them by the ids in the answers. */
export const readLead = readerWith({
  at: {
    ...ignored("", "event_id event_type"),
    ...ignored("form_response.", "form_id landed_at calculated variables definition ending thankyou_screen_ref"),
    "form_response.answers[].payment": "ignored",
    "form_response.token": "crmId",
    "form_response.hidden.source": "origin",
  },
});
