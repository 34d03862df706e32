import { isPlainObject } from "es-toolkit/predicate";
import type { RawLead } from "../../lead/raw-lead.ts";
import { ignored, readerWith } from "../general-reader.ts";

/** The titles of each response's questions, by the questions' ids. */
const titles = new WeakMap<RawLead, ReadonlyMap<unknown, string>>();

/** The questions are in `definition`, and an answer has the id of its own. */
export const readLead = readerWith({
  at: {
    ...ignored("", "event_id event_type"),
    ...ignored("form_response.", "form_id landed_at calculated variables definition ending thankyou_screen_ref"),
    "form_response.answers[].payment": "ignored",
    "form_response.token": "crmId",
    "form_response.hidden.source": "origin",
  },
  questionOf({ field }, lead) {
    if (!isPlainObject(field)) return undefined;
    const known = titles.get(lead) ?? titlesIn(lead);
    titles.set(lead, known);
    return known.get(field.id);
  },
});

function titlesIn({ form_response: response }: RawLead): ReadonlyMap<unknown, string> {
  const definition = isPlainObject(response) ? response.definition : undefined;
  const fields = isPlainObject(definition) && Array.isArray(definition.fields) ? definition.fields : [];
  return new Map(
    fields.filter(isPlainObject).flatMap(({ id, title }) => (typeof title === "string" ? [[id, plain(title)]] : [])),
  );
}

/** A title without emphasis, and without the earlier answers that people see in it. */
const plain = (title: string) => title.replace(/\{\{[^{}]*\}\}/g, "…").replaceAll("*", "");
