import { isPlainObject } from "es-toolkit/predicate";
import type { EnrichedLead } from "../../functions/lead/enriched-lead.ts";
import type { TriedLead } from "../../try/try-payload.ts";

/** What is right for a lead of a payload. */
export interface ExpectedLead {
  readonly status: TriedLead["status"];
  /** Every field that a right reading gives, but those that are the same for every lead. */
  readonly lead?: Partial<EnrichedLead>;
  /**
   * Values that are right too, by place, where there are several right readings. A place that `lead` does not have may
   * hold one of them. `answers` has the further answers by label, or `*` for any; `*` is any answer to a question.
   */
  readonly either?: Readonly<Record<string, unknown>>;
  /** `email`, `phone`: which of several comes first is a matter of taste. */
  readonly anyOrder?: readonly string[];
  /** Fields that may be left out. */
  readonly optional?: readonly string[];
  /** Fields of which a warning must speak. */
  readonly warnings?: readonly string[];
  /** Class of the rejection. */
  readonly reason?: string;
}

/** The differences between a lead and what is right, each a place with what is right and what came, for people. */
export interface Differences {
  /** Values that differ, or that should not be there. */
  readonly wrong: readonly string[];
  /** Values that a right reading gives and that are not there. */
  readonly missing: readonly string[];
}

/** The same for every lead, made of other fields, or not a value of the lead. */
const notCompared = new Set(
  "schemaVersion id source sourceTitle receivedAt enrichedAt fingerprint foundAt score scoreReasons warnings unreadFields urlAllowed".split(
    " ",
  ),
);

/** What differs between the leads of a payload and what is right. */
export function differences(expected: readonly ExpectedLead[], actual: readonly TriedLead[]): Differences {
  const wrong: string[] = [];
  const missing: string[] = [];
  if (expected.length !== actual.length) missing.push(`leads: ${expected.length} expected, ${actual.length} came`);
  for (const [index, one] of expected.entries()) {
    const at = expected.length > 1 ? `lead ${index}: ` : "";
    const found = differencesOf(one, actual[index]);
    wrong.push(...found.wrong.map((text) => at + text));
    missing.push(...found.missing.map((text) => at + text));
  }
  return { wrong, missing };
}

function differencesOf(expected: ExpectedLead, actual: TriedLead | undefined): Differences {
  const status = `status: expected ${expected.status}, came ${actual?.status ?? "nothing"} ${actual?.reason ?? ""}`;
  if (expected.status !== "enriched") {
    const code = actual?.reason?.split(":")[0];
    if (expected.status !== actual?.status) return { wrong: [status], missing: [] };
    return expected.status === "rejected" && expected.reason !== undefined && expected.reason !== code
      ? { wrong: [`reason: expected ${expected.reason}, came ${code}`], missing: [] }
      : { wrong: [], missing: [] };
  }
  const right = places(expected.lead ?? {}, expected.anyOrder);
  if (!actual?.lead) return { wrong: [], missing: [status, ...right.keys()] };
  const came = places(actual.lead, expected.anyOrder);
  return {
    wrong: [...came]
      .filter(([place, value]) => !isRight(place, value, right.get(place), expected))
      .map(([place, value]) => `${place}: expected ${shown(right.get(place))}, came ${shown(value)}`),
    missing: [
      ...[...right.keys()].filter((place) => !came.has(place) && !isOptional(place, expected)),
      ...(expected.warnings ?? [])
        .filter((field) => !actual.lead?.warnings.some((warning) => warning.startsWith(`${field}:`)))
        .map((field) => `a warning of ${field}`),
    ],
  };
}

const shown = (value: unknown) => JSON.stringify(value) ?? "nothing";

const isOptional = (place: string, { optional = [] }: ExpectedLead) =>
  optional.some((name) => place === name || place.startsWith(`${name}[`));

function isRight(place: string, value: unknown, right: unknown, { either = {} }: ExpectedLead): boolean {
  if (value === right) return true;
  if (place.startsWith("answers[")) return isFurtherAnswer(place, value, either.answers);
  // The words of a consent come from the form.
  if (place === "consent.text" && right === undefined) return true;
  return [either[place]].flat().includes(value);
}

function isFurtherAnswer(place: string, value: unknown, further: unknown): boolean {
  if (further === "*") return true;
  return Object.entries(further ?? {}).some(
    ([label, answer]) => place === answerPlace(label) && (answer === "*" || answer === value),
  );
}

/** Labels differ in how underscores and case are shown. */
const answerPlace = (label: string) =>
  `answers[${label
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()}]`;

/** The single values of a lead by their places. Of lists, each entry is a place. */
function places(lead: Partial<EnrichedLead>, anyOrder: readonly string[] = []): Map<string, unknown> {
  const { answers = [], otherPhones = [], otherEmails = [], ...one } = lead;
  const found = new Map(valuesIn(one, ""));
  for (const { label, answer } of answers) found.set(answerPlace(label), answer);
  for (const phone of otherPhones)
    for (const [name, value] of valuesIn(phone, "")) found.set(`otherPhones[${phone.e164}].${name}`, value);
  for (const address of otherEmails) found.set(`otherEmails[${address}]`, address);
  if (anyOrder.includes("phone") && lead.phone)
    inAnyOrder(
      found,
      "phone",
      otherPhones.map(({ e164 }) => e164),
      lead.phone.e164,
    );
  if (anyOrder.includes("email") && lead.email) inAnyOrder(found, "email", otherEmails, lead.email.address);
  return found;
}

/** Replaces what depends on the order by the set of values. */
function inAnyOrder(found: Map<string, unknown>, name: "phone" | "email", others: readonly string[], first: string) {
  const list = name === "phone" ? "otherPhones[" : "otherEmails[";
  for (const place of found.keys()) if (place.startsWith(`${name}.`) || place.startsWith(list)) found.delete(place);
  for (const value of [first, ...others]) found.set(`${name}[${value}]`, value);
}

const valuesIn = (value: object, at: string): (readonly [place: string, value: unknown])[] =>
  Object.entries(value).flatMap(([name, one]) =>
    at === "" && notCompared.has(name)
      ? []
      : isPlainObject(one)
        ? valuesIn(one, `${at}${name}.`)
        : [[`${at}${name}`, one] as const],
  );
