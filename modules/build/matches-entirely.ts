/** Regular expressions by their patterns, of which a numbering plan has a few. */
const expressions = new Map<string, RegExp>();

/**
 * Whether a text matches a pattern from its start to its end. Bundles have it in place of libphonenumber-js' function of this
 * name, which makes a regular expression for each call. Some patterns are as long as a page, and enrich took a twentieth of its
 * CPU time for that.
 */
export default function matchesEntirely(text: string | undefined, pattern: string): boolean {
  const expression = expressions.get(pattern) ?? new RegExp(`^(?:${pattern})$`);
  expressions.set(pattern, expression);
  return expression.test(text ?? "");
}
