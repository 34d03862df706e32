import { type BoundedText, boundedText } from "../lead/text.ts";
import type { Found, Reading } from "../sources/reading.ts";

const entity = /&(?:#\d+|#x[\da-f]+|[a-z][a-z\d]*);/i;

/**
 * A reading with the characters of HTML that forms write as entities, such as `O&#039;Brien`. They are decoded once, so that
 * `&amp;lt;` stays what the person wrote: `&lt;`. The table of entities is loaded with the first one.
 */
export async function withoutEntities(reading: Reading): Promise<Reading> {
  const { fields, answers } = reading;
  const isWithEntity =
    Object.values(fields).some((found) => found.some(({ text }) => entity.test(text))) ||
    answers.some(({ label, answer }) => entity.test(label) || entity.test(answer));
  if (!isWithEntity) return reading;
  const { decode } = await import("html-entities");
  const decoded = (text: BoundedText) => (entity.test(text) ? boundedText(decode(text, { scope: "strict" })) : text);
  const decodedFields = Object.entries(fields).flatMap(([name, found]) => {
    const rest = found.flatMap((one): Found[] => {
      const text = decoded(one.text);
      return text ? [{ ...one, text }] : [];
    });
    return rest.length > 0 ? [[name, rest]] : [];
  });
  return {
    ...reading,
    fields: Object.fromEntries(decodedFields),
    answers: answers.flatMap((one) => {
      const [label, answer] = [decoded(one.label), decoded(one.answer)];
      return label && answer ? [{ ...one, label, answer }] : [];
    }),
  };
}
