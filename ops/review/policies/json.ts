/** Part of a policy document that cannot be read. The message is the reason, without a full stop. */
export class UnreadablePolicyError extends Error {}

/** Keys and values of a JSON object. */
export function entriesOf(value: unknown): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UnreadablePolicyError("an object is missing");
  }
  return Object.entries(value);
}

/** A value or a list of values as texts. */
export function textsOf(value: unknown): string[] {
  return [value].flat().map((one) => {
    if (!["string", "number", "boolean"].includes(typeof one)) throw new UnreadablePolicyError("a text is missing");
    return String(one);
  });
}
