/** Letters of scripts that are written from right to left. https://www.unicode.org/reports/tr9/#Bidirectional_Character_Types */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * First strong isolate, and pop directional isolate. The left-to-right mark before it is for lines that begin with the text:
 * HTML's `dir="auto"`, which chat tools use, looks into isolates for the direction of a line.
 * https://html.spec.whatwg.org/multipage/dom.html#auto-directionality
 */
export const isolate = { begin: "\u200e\u2068", end: "\u2069" } as const;

/**
 * A text that stands in a line with others. One with right-to-left letters is isolated, so that it cannot change the order of
 * what is around it. https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates
 */
export const isolated = (text: string): string =>
  rightToLeft.test(text) ? `${isolate.begin}${text}${isolate.end}` : text;

/** What people call the fields of which their names say too little. */
const fieldWords: Readonly<Record<string, string>> = {
  url: "Link to the CRM",
  crmId: "Number in the CRM",
  "company.domain": "Website",
  "company.employees": "Employees",
};

/** What people call a field: `job title` for `jobTitle`, and `other phones` for `otherPhones[0].e164`. */
function fieldName(field: string): string {
  const [first = ""] = field.split(/[.[]/);
  if (first.startsWith("utm")) return "Campaign";
  const words = fieldWords[field] ?? first.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const ruleWords: Readonly<Record<string, string>> = {
  "two readings": "two different values, so none is shown",
  unknown: "not understood",
  "several leads": "several leads came as one",
};

/** A warning of an enriched lead, `FIELD: words`, for people who do not know the names of fields. */
export function plainWarning(warning: string): string {
  const [, field, words] = /^([\w.[\]]+): (.+)$/u.exec(warning) ?? [];
  return field && words ? `${fieldName(field)}: ${ruleWords[words] ?? words}` : warning;
}
