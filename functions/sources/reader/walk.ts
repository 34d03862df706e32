import { isObject, maxBodyBytes, maxDepth, maxFields, parsedText, type RawLead } from "../../lead/raw-lead.ts";
import { type BoundedText, boundedText, cut, isText } from "../../lead/text.ts";
import type { FieldName } from "../reading.ts";
import { isField, type Name, nameOf, weakRank } from "./names.ts";
import { bestKey, holdsValue, phoneIn, withCountryCode, withOther } from "./one-value.ts";
import { denies, isOfSameType, type Pair, pairOf, Questions, withOptions } from "./pairs.ts";
import { isPoor, isUsable } from "./usable.ts";
import {
  companysToo,
  entityScopes,
  meaningIn,
  personView,
  thingIn,
  type View,
  viewInside,
  viewOf,
  views,
} from "./views.ts";

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
  /** Whether an object about somebody who can be the lead, if nobody else is, was taken for another party's. */
  leftTraders = false;
  readonly #rules: ReadingRules;
  readonly #questions: Questions;
  readonly #mapped: ReadonlyMap<string, string>;
  #valuesLeft = maxFields;
  #jsonLeft = maxBodyBytes;

  readonly #readsTraders: boolean;

  /**
   * @param mapped an environment's fields and labels, by path, path without indices, or name
   * @param readsTraders whether a vendor, partner or the like can be the lead
   */
  constructor(lead: RawLead, rules: ReadingRules, mapped: ReadonlyMap<string, string>, readsTraders = false) {
    this.#readsTraders = readsTraders;
    this.#questions = new Questions(lead);
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
    const all = isOneThing ? [] : list.map((value) => pairOf(value, this.#questions));
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

  #readPair(found: Value, { valueKey, label, name }: Omit<Pair, "isQuestion">, at: Place): void {
    const { [valueKey]: value, options } = found.value as RawLead;
    const shown = shownKey(valueKey);
    const pair = { value: withOptions(value, options), key: label ?? found.key, name, label };
    this.#read({ ...found, ...pair, path: `${found.path}.${shown}`, place: `${found.place}.${shown}` }, at);
  }

  #readObject(given: Value, object: RawLead, at: Place): void {
    const found = given.name.scope === "trade" ? this.#trader(given) : given;
    const { name, target, path, place, label } = found;
    const scope = target ? undefined : name.scope;
    const meaning = target?.name ?? thingIn(at.view, name);
    const view =
      at.view === personView || target
        ? viewOf(meaning, name, object, at.container.object)
        : viewInside(at.view, meaning, scope);
    const pair = view || meaning || label || scope ? undefined : pairOf({ key: found.key, ...object }, this.#questions);
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

  #trader(found: Value): Value {
    this.leftTraders ||= !this.#readsTraders;
    return this.#readsTraders ? { ...found, name: { ...found.name, scope: "user" } } : found;
  }

  /** An object such as `{value, primary}` or `{code, name}` holds one value, and one such as `{work, home}` several. */
  #readOneOf(found: Value, object: RawLead, at: Place): void {
    const meaning = found.target?.name ?? found.name.meaning;
    const best = bestKey(object, meaning);
    if (meaning === "consent" && [object.text, object.label].some((text) => isText(text) && denies(text))) {
      this.unread.push(found.path);
      return;
    }
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

/** A name as a part of a path: at most 100 characters in one line. */
const shownKey = (key: string) =>
  key.length <= 100 && /^[ -~]+$/.test(key) ? key : cut((boundedText(cut(key, 100)) ?? "?").replace(/\s+/g, " "), 100);
