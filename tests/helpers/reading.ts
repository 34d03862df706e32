import { mapValues } from "es-toolkit/object";
import { boundedText } from "../../functions/lead/text.ts";
import type { FieldName, Reader, Reading } from "../../functions/sources/reading.ts";

/** What a reader finds in a lead that is its own event. */
export const readingOf = (
  read: Reader,
  lead: Readonly<Record<string, unknown>>,
  fields?: Readonly<Record<string, string>>,
): Reading => read(lead, { event: lead, ...(fields && { fields }) });

/** The best text of each field in a reading. */
export const textsIn = ({ fields }: Reading): Readonly<Record<string, string>> =>
  mapValues(fields as Required<Reading["fields"]>, ([best]) => best.text);

/** The answers of a reading, each as its label and its text. */
export const answersIn = ({ answers }: Pick<Reading, "answers">): (readonly [label: string, answer: string])[] =>
  answers.map(({ label, answer }) => [String(label), String(answer)]);

/** A reading of the given texts, each found at the path of its field's name. */
export function readingWith(texts: Partial<Record<FieldName, unknown>>): Reading {
  const fields = Object.entries(texts).flatMap(([path, value]) => {
    const text = boundedText(value);
    return text ? [[path, [{ text, path }]]] : [];
  });
  return { fields: Object.fromEntries(fields), answers: [], unread: [], warnings: [] };
}
