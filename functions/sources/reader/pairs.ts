import { minBy } from "es-toolkit/array";
import { isObject, type RawLead } from "../../lead/raw-lead.ts";
import { isText } from "../../lead/text.ts";
import { isField, type Name, nameOf, typedRank, wordsOf } from "./names.ts";

/** A question and its answer, or the name and the value of a field, in an object of their own such as `{name, value}`. */
export interface Pair {
  readonly valueKey: string;
  readonly label: string | undefined;
  readonly isQuestion: boolean;
  readonly name: Name;
}

const pairValueKeys = [
  "value",
  "values",
  "answer",
  "answers",
  "string_value",
  "stringValue",
  "response",
  "raw_value",
  "answerDetails",
  "answer_text",
  "Value",
  "fieldValue",
  "FieldValue",
  "field_value",
  "FIELD_VALUE",
];
const questionKeys = ["question", "question_text", "label", "title", "column_name", "columnName"];
const nameKeys = [
  "column_id",
  "columnId",
  "name",
  "key",
  "field",
  "fieldName",
  "field_name",
  "FIELD_NAME",
  "FieldName",
  "Name",
  "Attribute",
  "slug",
  "property",
  "ref",
  "id",
];

/**
 * Reads the name, the question and the key of the value of an object such as `{name, value}`; undefined for any other value.
 * @param questions those of the object's lead
 */
export function pairOf(item: unknown, questions: Questions): Pair | undefined {
  if (!isObject(item)) return undefined;
  const { type } = item;
  const tagged = typeof type === "string" && Object.hasOwn(item, type) ? type : undefined;
  const valueKey = pairValueKeys.find((key) => Object.hasOwn(item, key)) ?? tagged;
  if (valueKey === undefined) return undefined;
  const about: RawLead = isObject(item.field) ? { ...item, ...item.field, type } : item;
  const asked = [questions.of(about), ...questionKeys.map((key) => about[key])].filter(isText);
  const given = [...asked, ...nameKeys.map((key) => about[key]).filter(isText)];
  if (given.length === 0) return undefined;
  const known = given.map((one) => {
    const name = nameOf(one);
    return name.meaning === "consent" && asked.some(denies) ? nameOf("") : name;
  });
  const first = known.find(({ meaning }) => isField(meaning)) ?? known.find(({ meaning }) => meaning);
  // Several of its names can mean the same, and one of them is plain: Google's `User Email` has the id `EMAIL`.
  const same = known.filter(({ meaning }) => first && meaning === first.meaning);
  const name = minBy(same, ({ rank }) => rank) ?? byType(type, asked);
  const isQuestion = asked.length > 0;
  // The last word of a question does not say what an answer is about.
  const { scope, ...unknown } = name ?? known[0] ?? nameOf("");
  return {
    valueKey,
    label: given[0] ?? "",
    isQuestion,
    name: scope && !isQuestion ? { ...unknown, scope } : unknown,
  };
}

const denial =
  /(?<!\p{L})(?:not|don['’]?t|never|no|without|opt(?:ing|ed)?[- ]?out|unsubscribe|withdraw\p{L}*|revoke|object to|decline|refuse|reject|stop|nicht|kein\p{L}*|ohne|wider(?:spr|ruf)\p{L}*|ablehn\p{L}*|pas|sans|não|nao|non|senza|sin|niet|geen|nie|inte|ikke|ne(?:souhlas|chc|přej)\p{L}*|\p{L}*m[iıuü]yorum|не|нет)(?!\p{L})|(?:しない|ません|不同意)/iu;

/** Whether an agreement to a text is a refusal. What follows its first sentence is information, such as how to opt out. */
export const denies = (text: string) => denial.test(text.split(/[.;!?(\n]/, 1)[0] ?? "");

/** People besides the one who fills in a form. */
const otherPerson =
  /\b(?:manager|boss|supervisor|assistant|colleague|coworker|friend|spouse|partner|guests?|host|referr\w+|emergency|someone|accountant)(?:['’]?s)?\b/i;

/** An input for an email address, a phone number or a consent, whatever its question is. */
function byType(type: unknown, asked: readonly string[]): Name | undefined {
  const words = typeof type === "string" && type.length < 50 ? wordsOf(type) : [];
  const meaning = words.includes("email")
    ? "email"
    : words.includes("phone") || words.includes("tel")
      ? "phone"
      : words.includes("acceptance") || words.includes("consent") || words.includes("gdpr")
        ? "consent"
        : undefined;
  const isOthers = asked.some((question) => (meaning === "consent" ? denies(question) : otherPerson.test(question)));
  return meaning && !isOthers ? { folded: "", meaning, rank: typedRank, isVague: false } : undefined;
}

/** Whether two pairs are fields of one type of record. A form can ask for the fields of a contact and of its company. */
export function isOfSameType(pair: unknown, contact: unknown): boolean {
  const [type, contacts] = [pair, contact].map((one) => isObject(one) && (one.objectTypeId ?? one.objectType));
  return !type || !contacts || type === contacts;
}

/** A choice as people see it: some forms send the ids of options. */
export function withOptions(value: unknown, options: unknown): unknown {
  if (!Array.isArray(options)) return value;
  const texts = new Map(options.filter(isObject).map(({ id, text, label, name }) => [id, text ?? label ?? name ?? id]));
  return Array.isArray(value) ? value.map((one) => texts.get(one) ?? one) : (texts.get(value) ?? value);
}

/** The questions of the forms that a lead defines. They are looked for only when an item needs one. */
export class Questions {
  readonly #lead: RawLead;
  #byId: ReadonlyMap<string, string> | undefined;

  constructor(lead: RawLead) {
    this.#lead = lead;
  }

  /** The question that an item names by its id, as the lead's own definition of the form has it. */
  of(item: RawLead): string | undefined {
    const id = [item.id, item.ref, item.questionId, item.question_id].find(isText);
    if (id === undefined || questionKeys.some((key) => isText(item[key]))) return undefined;
    this.#byId ??= questionsIn(this.#lead);
    return this.#byId.get(id);
  }
}

/** A question without emphasis, and without the earlier answers that people see in it. */
const plain = (question: string) => question.replace(/\{\{[^{}]*\}\}/g, "…").replaceAll("*", "");

/** Objects of a definition that are looked at. */
const maxDefined = 1000;

/** The questions of the forms that a lead defines, by their ids. */
function questionsIn(lead: RawLead): ReadonlyMap<string, string> {
  const questions = new Map<string, string>();
  const open: unknown[] = [lead];
  for (let count = 0; count < open.length && count < maxDefined; count += 1) {
    const one = open[count];
    if (!isObject(one)) {
      if (Array.isArray(one)) open.push(...one.slice(0, maxDefined));
      continue;
    }
    const question = questionKeys.map((key) => one[key]).find(isText);
    for (const id of [one.id, one.ref, one.questionId]) if (question && isText(id)) questions.set(id, plain(question));
    open.push(
      ...Object.values(one)
        .slice(0, maxDefined)
        .filter((value) => typeof value === "object"),
    );
  }
  return questions;
}
