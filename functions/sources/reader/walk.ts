import { minBy } from "es-toolkit/array";
import { maxBodyBytes, maxDepth, maxFields, parsedText, type RawLead } from "../../lead/raw-lead.ts";
import { type BoundedText, boundedText, cut } from "../../lead/text.ts";
import type { FieldName } from "../reading.ts";
import { fieldNames, type Name, nameOf, weakRank, wordsOf } from "./names.ts";
import { isPoor, isUsable } from "./usable.ts";
import { meaningIn, personView, type View, valueKeys, views } from "./views.ts";

/** What a source's reader knows of the source's payloads. */
export interface ReadingRules {
  /**
   * What stands at a path: a field, an answer with a label, or `ignored` for everything there. Paths have no indices:
   * `contacts[].title`. An object can be given as a field too: `org: "company"` says that the object is about the company.
   */
  readonly at?: Readonly<Record<string, FieldName | "ignored" | { readonly label: string }>>;
}

/** An object in which values were found. */
export interface Container {
  readonly parent: Container | undefined;
  /** The object's folded name; empty for the lead itself. */
  readonly key: string;
  readonly object: object;
  readonly depth: number;
  /** Whether nothing says that the object is about the lead's person. */
  readonly isForeign: boolean;
  /** Whether it is a list of questions and answers. */
  readonly isForm: boolean;
}

/** A value that can be a field's. */
export interface Leaf {
  readonly field: FieldName;
  /** Why it is this field: an environment's or a reader's rule says so, or its name does. */
  readonly by: "mapping" | "rule" | "name";
  /** The lowest is best. */
  readonly rank: number;
  readonly isVague: boolean;
  readonly text: BoundedText;
  readonly path: string;
  /** The value's name in the words of a form; undefined for a name that a machine gave. */
  readonly label: string | undefined;
  readonly container: Container;
}

/** The warning that a list is of several leads. */
export const severalLeads = "email: several leads";
/** What is added to the rank of a text that cannot be used. */
export const poorRank = 500;
/** Levels of objects, lists and JSON strings in a lead. */
const maxLevels = maxDepth + 8;
/** What an environment or a source's reader says a value is. */
interface Target {
  /** A field, or the label of an answer. */
  readonly name: string;
  readonly by: "mapping" | "rule";
}

/** The object in which a value stands. */
interface Place {
  readonly view: View;
  readonly container: Container;
  readonly depth: number;
  /** Added to the rank of what is found. */
  readonly penalty: number;
  /** Whether the object can be about the sender's customer, such as `account`, if it is outside the person's own object. */
  readonly isVague: boolean;
}

interface Value {
  readonly value: unknown;
  readonly key: string;
  readonly name: Name;
  /** The question that a form says the value answers. */
  readonly label?: string | undefined;
  readonly target?: Target | undefined;
  readonly path: string;
  /** The path without indices. */
  readonly place: string;
}

/** One pass over a lead. It collects what can be a field, what is an answer, and what is neither. */
export class Walk {
  readonly leaves: Leaf[] = [];
  readonly answers: { readonly label: string; readonly text: BoundedText; readonly path: string }[] = [];
  readonly unread: string[] = [];
  readonly warnings = new Set<string>();
  readonly #lead: RawLead;
  readonly #rules: ReadingRules;
  #questions: ReadonlyMap<string, string> | undefined;
  readonly #mapped: ReadonlyMap<string, string>;
  #valuesLeft = maxFields;
  #jsonLeft = maxBodyBytes;

  /** @param mapped an environment's fields and labels, by path, path without indices, or name */
  constructor(lead: RawLead, rules: ReadingRules, mapped: ReadonlyMap<string, string>) {
    this.#lead = lead;
    this.#rules = rules;
    this.#mapped = mapped;
    const container = { parent: undefined, key: "", object: lead, depth: 0, isForeign: false, isForm: false };
    this.#readMembers(lead, { view: personView, container, depth: 0, penalty: 0, isVague: false }, "", "");
  }

  #readMembers(object: object, at: Place, path: string, place: string): void {
    for (const key of Object.keys(object)) {
      const shown = shownKey(key);
      const value: unknown = (object as RawLead)[key];
      const [own, bare] = path === "" ? [shown, shown] : [`${path}.${shown}`, `${place}.${shown}`];
      this.#read({ value, key, name: nameOf(key), path: own, place: bare }, at);
    }
  }

  #read(given: Value, at: Place): void {
    if (given.value === null || given.value === undefined || given.value === "") return;
    this.#valuesLeft -= 1;
    if (this.#valuesLeft >= 0 && at.depth <= maxLevels) this.#readWithin(given, at);
    else this.unread.push(given.path);
  }

  #readWithin(given: Value, at: Place): void {
    const value = this.#parsed(given.value);
    const target = given.target ?? this.#targetOf(given);
    if (target?.name === "ignored" || (!target && given.name.meaning === "technical")) return;
    const found = target || value !== given.value ? { ...given, value, target } : given;
    if (typeof value !== "object" || value === null) this.#readText(found, at);
    else if (Array.isArray(value)) this.#readList(found, value, { ...at, depth: at.depth + 1 });
    else this.#readObject(found, value as RawLead, { ...at, depth: at.depth + 1 });
  }

  #targetOf({ path, place, key, label }: Value): Target | undefined {
    if (this.#mapped.size > 0) {
      const given = [path, place, key, label ?? key].find((one) => this.#mapped.has(one));
      if (given !== undefined) return { name: this.#mapped.get(given) ?? "", by: "mapping" };
    }
    const { at } = this.#rules;
    const known = at && Object.hasOwn(at, place) ? at[place] : undefined;
    return known && { name: typeof known === "string" ? known : known.label, by: "rule" };
  }

  /** What a text of JSON holds; every other value as it is. */
  #parsed(value: unknown): unknown {
    if (typeof value !== "string" || !(value.startsWith("{") || value.startsWith("["))) return value;
    if (value.length > this.#jsonLeft || !/[}\]]$/.test(value.trimEnd())) return value;
    this.#jsonLeft -= value.length;
    try {
      const parsed = parsedText(value);
      return typeof parsed === "object" ? parsed : value;
    } catch {
      return value;
    }
  }

  #readText({ value, key, name, label, path, target }: Value, at: Place): void {
    const isFlag = typeof value === "boolean";
    const text = boundedText(isFlag ? (value ? "yes" : "no") : value);
    if (!text) return;
    const said = target ? target.name : meaningIn(at.view, name);
    // Some forms name their fields by numbers, and some people write into the wrong one.
    const isUnnamed = said === undefined && isNumber.test(key);
    const contact = isUnnamed || said === "email" || said === "phone" ? contactIn(text, isUnnamed) : undefined;
    const meaning = contact ?? said;
    const asked = label ?? (isHuman(key) ? key : undefined);
    const isFlagOfNothing = isFlag && meaning !== "consent" && !target;
    if (isField(meaning) && !isFlagOfNothing && isUsable(meaning, text)) {
      const isCompanys = at.view === views.company || at.view === views.companyAddress;
      const isWeak = isUnnamed || (isCompanys && companysToo.has(meaning));
      const isIndirect = at.view === views.address || at.view === views.addressAtWork || meaning !== said;
      const rank = target ? 0 : name.rank + at.penalty + (isWeak ? weakRank : isIndirect ? 1 : 0);
      this.leaves.push({
        field: meaning === "owner" && text.includes("@") ? "ownerEmail" : meaning,
        by: target?.by ?? "name",
        rank: isPoor(meaning, text) ? rank + poorRank : rank,
        isVague: !target && (at.isVague || (at.view === personView && name.isVague)),
        text: meaning === "phone" ? withCountryCode(text, at.container.object) : text,
        path,
        label: asked,
        container: at.container,
      });
    } else this.leave(isField(meaning) ? asked : (target?.name ?? asked ?? (meaning && key)), text, path);
  }

  /** Keeps what is no field: as an answer if a person was asked, and otherwise as unread. */
  leave(label: string | undefined, text: BoundedText, path: string): void {
    if (label === undefined) this.unread.push(path);
    else this.answers.push({ label: readable(label), text, path });
  }

  #readList(found: Value, list: readonly unknown[], at: Place): void {
    const { name, path, target, label } = found;
    const meaning = target?.name ?? thingIn(at.view, name);
    const items = list.map((value, index) => ({
      ...found,
      value,
      path: `${path}[${index}]`,
      place: `${found.place}[]`,
    }));
    const isPlain = !list.some((value) => typeof value === "object" && value !== null);
    // `questions` is a message, and a list of them is a form's.
    const isOneThing =
      isPlain ||
      (meaning !== undefined && meaning !== "message") ||
      at.view !== personView ||
      entityScopes.has(name.scope);
    const all = isOneThing ? [] : list.map((value) => this.#pairOf(value));
    const contact = all.findIndex((pair) => pair?.name.meaning === "email" || pair?.name.meaning === "phone");
    // People too can have a name and a value.
    const pairs = name.scope === "person" && contact === -1 ? [] : all;
    if (isPlain && list.length > 1 && !isField(meaning) && (label ?? meaning ?? isHuman(found.key))) {
      this.#read({ ...found, value: list.join(", ") }, at);
    } else if (pairs.some(Boolean)) {
      const container = this.#inner(found, list, at, { isForm: true });
      for (const [index, item] of items.entries()) {
        const pair = pairs[index];
        if (pair && !isOfSameType(item.value, list[contact])) this.unread.push(item.path);
        else if (pair) this.#readPair(item, pair, { ...at, container });
        else this.#read(item, at);
      }
    } else if (isOneThing || list.length < 2) {
      for (const item of items) this.#read(item, { ...at, penalty: at.penalty - preferenceFor(item.value) });
    } else this.#readPeople(items, at, name.scope === "person");
  }

  /** Of a list of people the primary or else the first one is the lead. Where it is not a list of people, none is read. */
  #readPeople(items: readonly Value[], at: Place, arePeople: boolean): void {
    if (items.some(({ value }) => isPerson(value))) {
      this.warnings.add(arePeople ? "name: one of several people" : severalLeads);
    }
    const primary =
      items.find(({ value }) => isPrimary(value)) ?? items.find(({ value }) => !isOrganizer(value)) ?? items[0];
    for (const item of items) {
      if (arePeople && item === primary) this.#read(item, at);
      else this.unread.push(item.path);
    }
  }

  /** The name, the question and the value of an object such as `{name, value}`; undefined for any other value. */
  #pairOf(item: unknown): Pair | undefined {
    if (!isObject(item)) return undefined;
    const { type } = item;
    const tagged = typeof type === "string" && Object.hasOwn(item, type) ? type : undefined;
    const valueKey = pairValueKeys.find((key) => Object.hasOwn(item, key)) ?? tagged;
    if (valueKey === undefined) return undefined;
    const about: RawLead = isObject(item.field) ? { ...item, ...item.field, type } : item;
    const asked = [this.#questionOf(about), ...questionKeys.map((key) => about[key])].filter(isText);
    const given = [...asked, ...nameKeys.map((key) => about[key]).filter(isText)];
    if (given.length === 0) return undefined;
    const known = given.map(nameOf);
    const first = known.find(({ meaning }) => isField(meaning)) ?? known.find(({ meaning }) => meaning);
    // Several of its names can mean the same, and one of them is plain: Google's `User Email` has the id `EMAIL`.
    const same = known.filter(({ meaning }) => first && meaning === first.meaning);
    const name = minBy(same, ({ rank }) => rank) ?? byType(type);
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

  /** The question that an item names by its id, as the lead's own definition of the form has it. */
  #questionOf(item: RawLead): string | undefined {
    const id = [item.id, item.ref, item.questionId, item.question_id].find(isText);
    if (id === undefined || questionKeys.some((key) => isText(item[key]))) return undefined;
    this.#questions ??= questionsIn(this.#lead);
    return this.#questions.get(id);
  }

  #readPair(found: Value, { valueKey, label, name }: Omit<Pair, "isQuestion">, at: Place): void {
    const { [valueKey]: value, options } = found.value as RawLead;
    const shown = shownKey(valueKey);
    const pair = { value: withOptions(value, options), key: label ?? found.key, name, label };
    this.#read({ ...found, ...pair, path: `${found.path}.${shown}`, place: `${found.place}.${shown}` }, at);
  }

  #readObject(found: Value, object: RawLead, at: Place): void {
    const { name, target, path, place, label } = found;
    const scope = target ? undefined : name.scope;
    const meaning = target?.name ?? thingIn(at.view, name);
    const view =
      at.view === personView || target
        ? viewOf(meaning, name, object, at.container.object)
        : viewInside(at.view, meaning, scope);
    const pair = view || meaning || label || scope ? undefined : this.#pairOf({ key: found.key, ...object });
    // An answer's own wrapper says nothing of a company.
    const wrapper = view && label !== undefined ? bestKey(object, meaning) : undefined;
    const isWrapped = view && wrapper !== undefined && meaningIn(view, nameOf(wrapper)) === undefined;
    if (view && view !== personView && !isWrapped) {
      this.#readMembers(object, { ...at, view, isVague: name.folded.startsWith("account") }, path, place);
    } else if ((!view || isWrapped) && (isField(meaning) || label !== undefined) && holdsValue(object, meaning)) {
      this.#readOneOf(found, object, at);
    } else if (pair) {
      const isAsked = pair.isQuestion || isHuman(pair.label ?? "");
      this.#readPair(found, { ...pair, label: isAsked ? pair.label : undefined }, at);
    } else {
      const isForeign = scope === "neutral" ? at.container.isForeign : scope !== "person" || at.view === views.company;
      const container = this.#inner(found, object, at, { isForeign });
      this.#readMembers(object, { ...at, view: personView, container }, path, place);
    }
  }

  /** An object such as `{value, primary}` or `{code, name}` holds one value, and one such as `{work, home}` several. */
  #readOneOf(found: Value, object: RawLead, at: Place): void {
    const best = bestKey(object, found.target?.name ?? found.name.meaning);
    for (const key of best === undefined ? Object.keys(object) : [best]) {
      const shown = shownKey(key);
      const value = found.name.meaning === "phone" ? phoneIn(object, key) : withOther(object, key);
      this.#read({ ...found, value, path: `${found.path}.${shown}`, place: `${found.place}.${shown}` }, at);
    }
  }

  #inner(
    { name }: Value,
    object: object,
    { container }: Place,
    how: { isForeign?: boolean; isForm?: boolean },
  ): Container {
    const { isForeign = container.isForeign, isForm = false } = how;
    return { parent: container, key: name.folded, object, depth: container.depth + 1, isForeign, isForm };
  }
}

interface Pair {
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
  "Name",
  "Attribute",
  "slug",
  "property",
  "ref",
  "id",
];

/** A phone number whose country code, area code or extension stands apart. */
function phoneIn(object: RawLead, key: string): unknown {
  const { [key]: number, area, extension } = object;
  if (typeof number === "object") return number;
  const local = boundedText(key === "phone" && area ? `(${area}) ${number}` : number);
  const dialled = local && withCountryCode(local, object);
  return dialled && extension ? `${dialled} ext. ${extension}` : dialled;
}

/** The choices of a question, with the one that a person wrote. */
const withOther = (object: RawLead, key: string) =>
  key === "labels" && isText(object.other) ? [object[key], object.other].flat() : object[key];

/** Names of a phone number's country code that stands beside the number. */
const countryCodes = new Set(
  "callingcode countrycallingcode countrycode countryphonecode dialcode dialingcode mobilecountrycode phonecode phonecountrycode phoneprefix telephonecountrycode".split(
    " ",
  ),
);

/** A number with the country code that stands beside it. Without it, the number would be read as one of another country. */
function withCountryCode(text: BoundedText, object: object): BoundedText {
  if (/^\s*(?:\+|00)/.test(text)) return text;
  const codes = Object.entries(object).filter(
    ([key, value]) => /^(?:\+[1-9]\d{0,2}|[1-9]\d?)$/.test(String(value)) && countryCodes.has(nameOf(key).folded),
  );
  const code = String(codes[0]?.[1] ?? "").replace("+", "");
  const digits = text.replace(/\D/g, "");
  const isWhole = digits.startsWith(code) && digits.length > 10;
  return code === "" || isWhole ? text : (boundedText(`+${code} ${text}`) ?? text);
}

/** What says whether a person agreed. The text beside it says to what. */
const consentKeys = ["given", "accepted", "agreed", "granted", "value", "checked", "is_checked", "status"];
const bestKey = (object: RawLead, meaning: string | undefined) =>
  (meaning === "consent" ? consentKeys : valueKeys).find(
    (key) => Object.hasOwn(object, key) && object[key] !== null && object[key] !== "",
  );
const holdsValue = (object: RawLead, meaning: string | undefined) =>
  meaning === "email" || meaning === "phone" || bestKey(object, meaning) !== undefined;

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

/** What field an object or a list is. A CRM's object `person_id` holds more than an id, and `questions` more than a message. */
const thingIn = (view: View, name: Name) => {
  const meaning = meaningIn(view, name);
  const isMore = name.scope === "neutral" || name.scope === "person" || (name.scope && meaning === "crmId");
  return isMore ? undefined : meaning;
};

/** What a company has as well as its people. */
const companysToo: ReadonlySet<FieldName> = new Set(["email", "phone", "country"]);

/** Objects of these names are each about one thing, in a list too. */
const entityScopes: ReadonlySet<unknown> = new Set(["company", "address", "owner", "utm", "page", "other"]);

/** How the names in an object are understood; undefined for one that is about the person or holds one value. */
function viewOf(
  meaning: string | undefined,
  { scope, folded }: Name,
  object: RawLead,
  around: object,
): View | undefined {
  // An event's account is the one of the sender with the tool.
  if (folded === "account" && "event" in around) return views.other;
  if (meaning === "company" || scope === "company") return views.company;
  if (meaning === "owner" || meaning === "ownerEmail" || scope === "owner") return views.owner;
  if (meaning === "fullName") return Object.hasOwn(object, "value") ? undefined : views.name;
  if (scope === "utm") return meaning && !("source" in object) && !("medium" in object) ? undefined : views.utm;
  if (scope === "address") return addressView(object, around);
  return scope === "page" || scope === "other" ? views[scope] : undefined;
}

/** An address can be another person's, or, with a name and an id, a place of the sender's. With a company it has the person's number. */
function addressView(address: RawLead, around: object): View {
  const emails = textsOf(address, "email");
  const [given, known] =
    emails.length > 0
      ? [emails, textsOf(around, "email")]
      : [textsOf(address, "firstName", "lastName"), textsOf(around, "fullName", "firstName", "lastName")];
  const isOthers = given.some((text) => !known.join(" ").includes(text));
  if (isOthers || ("name" in address && "id" in address)) return views.other;
  return textsOf(address, "company").length > 0 ? views.addressAtWork : views.address;
}

const textsOf = (object: object, ...meanings: readonly Name["meaning"][]) =>
  Object.entries(object).flatMap(([key, text]) =>
    isText(text) && meanings.includes(nameOf(key).meaning) ? [text.trim().toLowerCase()] : [],
  );

/** The same for an object in such an object; undefined for an object that holds one value. */
function viewInside(view: View, meaning: string | undefined, scope: Name["scope"]): View | undefined {
  if ((view === views.other || view === views.company) && scope === "person") return personView;
  if (view === views.other && (scope === "utm" || scope === "page")) return views[scope];
  if (isField(meaning)) return undefined;
  if (scope === "neutral") return view;
  if (view === views.company && scope === "address") return views.companyAddress;
  return views.other;
}

/** An input for an email address, a phone number or a consent, whatever its question is. */
function byType(type: unknown): Name | undefined {
  const words = typeof type === "string" && type.length < 50 ? wordsOf(type) : [];
  const meaning = words.includes("email")
    ? "email"
    : words.includes("phone") || words.includes("tel")
      ? "phone"
      : words.includes("acceptance") || words.includes("consent") || words.includes("gdpr")
        ? "consent"
        : undefined;
  return meaning && { folded: "", meaning, rank: weakRank, isVague: false };
}

const isField = (meaning: string | undefined): meaning is FieldName => meaning !== undefined && fieldNames.has(meaning);
const isObject = (value: unknown): value is RawLead =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";
/** Of several values the primary one is best, and then the one at work. It never outweighs a better name. */
function preferenceFor(value: unknown): number {
  if (isPrimary(value)) return 0.5;
  const kinds = isObject(value) ? [value.type, value.category, value.kind] : [];
  return kinds.some((kind) => typeof kind === "string" && /^(?:work|business|office)$/i.test(kind)) ? 0.25 : 0;
}

const isPrimary = (value: unknown): boolean =>
  isObject(value) && [value.primary, value.is_primary, value.isPrimary].some((flag) => flag === true || flag === 1);
/** Whoever holds a meeting is the sender's. */
const isOrganizer = (value: unknown): boolean =>
  isObject(value) &&
  ["organizer", "is_organizer", "isOrganizer", "is_host", "isHost"].some((key) => value[key] === true);
const isPerson = (value: unknown): boolean =>
  isObject(value) && Object.keys(value).some((key) => ["email", "phone"].includes(nameOf(key).meaning ?? ""));

/** People write names with spaces and question marks, and not only in ASCII. */
const isHuman = (name: string) => /[ ?]|[^ -~]/.test(name);
const isNumber = /^\d+(?:\.\d+)?$/;
const isPhone = /^(?=[+(0]|\d+[\s./-])[+(]?\d[\d\s()./-]{6,20}$/;
const isEmail = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
/** Which of the two a text wholly is. @param isUnnamed a number without a country code can then be anything */
function contactIn(text: string, isUnnamed: boolean): "email" | "phone" | undefined {
  if (isEmail.test(text)) return "email";
  return isPhone.test(text) && !(isUnnamed && !text.startsWith("+")) ? "phone" : undefined;
}
const readable = (label: string) => (/\s/.test(label) ? label : sentence(label.replace(/[_-]+/g, " ").trim()));
/** `PREFERRED CONTACT TIME` as `Preferred contact time`. One word alone can be an abbreviation. */
const sentence = (text: string) => (/^[A-Z0-9]+ [A-Z0-9 ]+$/.test(text) ? text[0] + text.slice(1).toLowerCase() : text);

/** Whether two pairs are fields of one type of record. A form can ask for the fields of a contact and of its company. */
function isOfSameType(pair: unknown, contact: unknown): boolean {
  const [type, contacts] = [pair, contact].map((one) => isObject(one) && (one.objectTypeId ?? one.objectType));
  return !type || !contacts || type === contacts;
}

/** A choice as people see it: some forms send the ids of options. */
function withOptions(value: unknown, options: unknown): unknown {
  if (!Array.isArray(options)) return value;
  const texts = new Map(options.filter(isObject).map(({ id, text, label, name }) => [id, text ?? label ?? name ?? id]));
  return Array.isArray(value) ? value.map((one) => texts.get(one) ?? one) : (texts.get(value) ?? value);
}

/** A name as a part of a path: at most 100 characters in one line. */
const shownKey = (key: string) =>
  key.length <= 100 && /^[ -~]+$/.test(key) ? key : cut((boundedText(cut(key, 100)) ?? "?").replace(/\s+/g, " "), 100);
