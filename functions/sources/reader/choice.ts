import { maxBy, partition } from "es-toolkit/array";
import { boundedText, cut } from "../../lead/text.ts";
import type { FieldName, Found, Reading } from "../reading.ts";
import { typedRank, weakRank, wordsOf } from "./names.ts";
import { type Container, type Leaf, poorRank, severalLeads, type Walk } from "./walk.ts";

/** Values of an email or phone field. */
const maxValues = 10;
const maxAnswers = 20;
const maxLabel = 150;
const maxAnswer = 1000;
const maxPath = 300;

/** What a value outside the person's own object has less right by. */
const regionRight = 1e6;

/** Objects around or in a person's own object that are only a part of it. */
const partsOfPerson = new Set(
  "contact contactinfo contactdetails contactdata profile identity traits properties attributes customattributes fields customfields mergefields merges details values answers".split(
    " ",
  ),
);
/** Those in which only the ways to reach a person stand. */
const waysToReach = new Set("contact contactinfo contactdetails contactdata communication".split(" "));
const aroundContact: ReadonlySet<FieldName> = new Set(["fullName", "message"]);
/** Those around which the record's id stands. */
const recordContents = new Set(
  "properties attributes fields fielddata traits personid contact contactinfo contactdetails".split(" "),
);

/** Fields of deals and of CRM records that have a title of their own. */
const recordField =
  /^(?:person_?id|org(?:anization)?_?id|pipeline(?:_?id)?|stage(?:_?id)?|deal_?\w*|expected_?close_?date|close_?date|amount|opportunity(?:_?id)?|assigned_by_id)$/i;

/** Chooses the values of each field from what a walk found. */
export function choose(walk: Walk): Reading {
  const home = homeOf(walk.leaves);
  const byField = new Map<FieldName, Candidate[]>();
  for (const leaf of walk.leaves) {
    const right = home ? rightOf(leaf, home.container) : leaf.rank;
    if (right === undefined) walk.leave(leaf.label, leaf.text, leaf.path);
    else {
      const others = byField.get(leaf.field);
      if (others) others.push({ leaf, right });
      else byField.set(leaf.field, [{ leaf, right }]);
    }
  }
  keepNamesOfOnePlace(byField, walk);
  const taken = new Map<FieldName, readonly [Leaf, ...Leaf[]]>();
  for (const [field, candidates] of byField) {
    const isContact = field === "email" || field === "phone";
    const chosen = isContact && home ? several(field, candidates, home, walk) : one(field, candidates, walk);
    if (chosen) taken.set(field, chosen);
  }
  // What else is in the lead is of no matter to a person who was found.
  if (home) walk.warnings.delete(severalLeads);
  if (home?.isOneOfSeveral) walk.warnings.add("email: one of several people");
  settleNames(taken);
  settlePartner(taken, walk);
  settleOwner(taken, walk);
  settleLinks(taken, walk);
  dropOwnSite(taken, walk);
  dropRecordTitle(taken, walk);
  return reading(taken, walk);
}

interface Candidate {
  readonly leaf: Leaf;
  /** The lowest is taken. */
  readonly right: number;
}

/** The object that is the person's own. */
interface Home {
  readonly container: Container;
  /** Whether the address or number in it is surely the person's. */
  readonly isSure: boolean;
  /** Whether another person's object has the same right, and the first one is taken. */
  readonly isOneOfSeveral: boolean;
}

/** The object with the best email address, or else phone number. */
function homeOf(leaves: readonly Leaf[]): Home | undefined {
  let best: Leaf | undefined;
  let bestRight = Number.POSITIVE_INFINITY;
  let isOneOfSeveral = false;
  for (const leaf of leaves) {
    if (leaf.field !== "email" && leaf.field !== "phone") continue;
    const { container, field, rank, by } = leaf;
    const right =
      (by === "name" ? 1e6 : 0) +
      (container.isForeign ? 1e5 : 0) +
      (rank >= weakRank ? 1e4 : 0) +
      container.depth * 2 +
      (field === "phone" ? 1 : 0);
    if (right < bestRight) {
      best = leaf;
      bestRight = right;
      isOneOfSeveral = false;
    } else if (right === bestRight && container !== best?.container && container.isForeign) isOneOfSeveral = true;
  }
  return best && { container: best.container, isSure: best.rank < weakRank, isOneOfSeveral };
}

/** A person's names stand in one place: around it is the name of a record. */
function keepNamesOfOnePlace(byField: Map<FieldName, Candidate[]>, walk: Walk): void {
  const names = (["fullName", "firstName", "lastName"] as const).filter((field) => byField.has(field));
  if (names.length < 2) return;
  const regionOf = ({ right }: Candidate) => Math.max(0, Math.floor(right / regionRight));
  const all = names.flatMap((field) => byField.get(field) ?? []);
  const best = all.reduce((region, candidate) => Math.min(region, regionOf(candidate)), 2);
  for (const field of names) {
    const [kept, others] = partition(byField.get(field) ?? [], (candidate) => regionOf(candidate) === best);
    for (const { leaf } of others) walk.leave(leaf.label, leaf.text, leaf.path);
    if (kept.length > 0) byField.set(field, kept);
    else byField.delete(field);
  }
}

const isPart = ({ isForm, key }: Container) => isForm || partsOfPerson.has(key);
const isWithin = (container: Container, outer: Container): boolean => {
  for (let one: Container | undefined = container; one; one = one.parent) if (one === outer) return true;
  return false;
};

/** How good a value's place and name are; undefined if the value can be about something else. */
function rightOf(leaf: Leaf, home: Container): number | undefined {
  const { container, by, rank, isVague, field } = leaf;
  if (by !== "name") return by === "mapping" ? -2 : -1;
  const right = rank * 100 + Math.min(container.depth, 99);
  // An account can be the sender's: a company's name in a part of the person is better.
  if (container === home)
    return isRecordTitle(leaf) ? undefined : right + (field === "company" && isVague ? regionRight : 0);
  const isInside = isWithin(container, home);
  if (container.isForeign && !(home.isForeign && isInside)) return undefined;
  const isContact = field === "email" || field === "phone";
  if (isInside) {
    return isPart(container) || !(isVague || isContact) ? regionRight + right : undefined;
  }
  if (isContact) return undefined;
  if (!isVague) return 2 * regionRight + right;
  const contents = field === "crmId" ? recordContents : aroundContact.has(field) ? waysToReach : undefined;
  const isAround = contents?.has(home.key) && container === home.parent;
  return isAround ? 2 * regionRight + right : undefined;
}

const isRecordTitle = ({ field, isVague, container, path }: Leaf) =>
  field === "jobTitle" &&
  isVague &&
  !/function$/i.test(path) &&
  Object.keys(container.object).some((key) => recordField.test(key));

const same = (a: string, b: string) => a === b || plain(a) === plain(b);
const plain = (text: string) => text.trim().replace(/\s+/g, " ").toLowerCase();

/** The best value; none if two different ones are equally good. */
function one(field: FieldName, candidates: readonly Candidate[], walk: Walk): readonly [Leaf] | undefined {
  let best = candidates[0];
  let isUnclear = false;
  for (const candidate of candidates) {
    if (!best || candidate.right < best.right) {
      best = candidate;
      isUnclear = false;
    } else if (candidate.right === best.right && !same(candidate.leaf.text, best.leaf.text)) isUnclear = true;
  }
  if (!best) return undefined;
  if (isUnclear) walk.warnings.add(`${field.endsWith("Name") ? "name" : field}: two readings`);
  for (const { leaf } of candidates) {
    if (isUnclear || !same(leaf.text, best.leaf.text)) walk.leave(leaf.label, leaf.text, leaf.path);
  }
  return isUnclear ? undefined : [best.leaf];
}

/** All values that are surely the person's; where there are none, one that cannot be used, or one that is perhaps the person's. */
function several(
  field: FieldName,
  candidates: readonly Candidate[],
  { container: home, isSure }: Home,
  walk: Walk,
): readonly [Leaf, ...Leaf[]] | undefined {
  const [only] = candidates;
  if (only && candidates.length === 1 && only.leaf.container === home && isSure === only.leaf.rank < weakRank) {
    return [only.leaf];
  }
  const [sure, others] = partition(
    candidates.toSorted((a, b) => a.right - b.right),
    ({ leaf: { container, by, rank } }) =>
      by !== "name" || (rank < weakRank && (container === home || (container.isForm && container.parent === home))),
  );
  if (sure.length === 0) {
    const [possible, left] = partition(others, ({ leaf: { rank } }) => !isSure || rank < weakRank || rank >= poorRank);
    for (const { leaf } of left) walk.leave(leaf.label, leaf.text, leaf.path);
    return one(field, possible, walk);
  }
  const [named, typed] = partition(sure, ({ leaf: { by, rank } }) => by !== "name" || rank < typedRank);
  for (const { leaf } of others) walk.leave(leaf.label, leaf.text, leaf.path);
  if (named.length === 0) return one(field, typed, walk);
  for (const { leaf } of typed) walk.leave(leaf.label, leaf.text, leaf.path);
  const byText = new Map(named.toReversed().map(({ leaf }) => [plain(leaf.text), leaf]));
  const [first, ...further] = [...byText.values()].toReversed();
  return first && [first, ...further.slice(0, maxValues - 1)];
}

type Taken = Map<FieldName, readonly [Leaf, ...Leaf[]]>;

/** Beside a first name, `name` is the last name, and beside a last name it is the first, unless it holds the other one. */
function settleNames(taken: Taken): void {
  const full = taken.get("fullName");
  const [first, last] = [taken.get("firstName")?.[0], taken.get("lastName")?.[0]];
  const other = first ?? last;
  if (!full?.[0].isVague || !other || (first && last)) return;
  if (plain(full[0].text).includes(plain(other.text))) return;
  taken.delete("fullName");
  taken.set(first ? "lastName" : "firstName", full);
}

/** Beside a contact's name a partner is the contact's company. Elsewhere it can be a spouse or a reseller. */
function settlePartner(taken: Taken, walk: Walk): void {
  const [company] = taken.get("company") ?? [];
  if (!company || !/partner_?name$/i.test(company.path)) return;
  if (/contact_?name$/i.test(taken.get("fullName")?.[0].path ?? "")) return;
  taken.delete("company");
  walk.leave(company.label, company.text, company.path);
}

/** What the name or the mailbox of an owner is called besides the owner. */
const ownersWords = new Set("name full display user e email mail address value text".split(" "));
const ownerOf = ({ label, path }: Leaf) =>
  wordsOf(label ?? path)
    .filter((word) => !ownersWords.has(word))
    .join(" ");

/** A name and a mailbox of two fields or objects can be two owners': the better one is kept. */
function settleOwner(taken: Taken, walk: Walk): void {
  const [[name], [mailbox]] = [taken.get("owner") ?? [], taken.get("ownerEmail") ?? []];
  if (!name || !mailbox || ownerOf(name) === ownerOf(mailbox)) return;
  const named = [name, mailbox].filter(({ by }) => by === "name");
  const worse = maxBy(named, ({ rank, isVague }) => rank + (isVague ? 1 : 0));
  if (!worse) return;
  taken.delete(worse.field);
  walk.leave(worse.label, worse.text, worse.path);
}

/** Links to files, and those by which somebody does something. */
const notRecord =
  /\.(?:png|jpe?g|gif|svg|webp|pdf|docx?|csv)$|\b(?:avatars?|unsubscribe|cancel|reschedule|files?|uploads?|downloads?)\b/i;

/** A `url` is a link to the CRM if it names a record; the one of a company's site is the website. */
function settleLinks(taken: Taken, walk: Walk): void {
  const [link] = taken.get("url") ?? [];
  const url = link?.isVague ? URL.parse(link.text) : null;
  if (!link || !url) return;
  const website = taken.get("website")?.[0].text.toLowerCase();
  const domain = /@([^\s>;,]+)/.exec(taken.get("email")?.[0].text ?? "")?.[1]?.toLowerCase();
  const host = url.hostname.replace(/^www\./, "");
  const place = url.pathname + (/[?&](?:utm_|gclid|fbclid)/.test(url.search) ? "" : url.search) + url.hash;
  const id = taken.get("crmId")?.[0].text;
  const isSite = website?.includes(host) || domain === host;
  const isRecord = !isSite && !notRecord.test(url.pathname) && (/\d/.test(place) || (id && place.includes(id)));
  if (isRecord) return;
  taken.delete("url");
  if (website === undefined && isSite) taken.set("website", [link]);
  else walk.leave(link.label, link.text, link.path);
}

/** The site on which the form stands is the sender's, and not that of the person's company. */
function dropOwnSite(taken: Taken, walk: Walk): void {
  const [site] = taken.get("website") ?? [];
  const page = hostOf(taken.get("landingPage")?.[0].text);
  if (!site || !page || hostOf(site.text) !== page) return;
  taken.delete("website");
  walk.leave(site.label, site.text, site.path);
}

const hostOf = (address = "") =>
  URL.parse(address.replace(/^(?!https?:)/i, "https://"))?.hostname.replace(/^www\./, "");

/** How titles of deals, forms and mails begin and end. No job's title does. */
const titleOfOther =
  /^\d|[!?]|^(?:re|fwd?|aw|wg): |^(?:anfrage|angebot|demande|devis|solicitud|richiesta|request|get|thank|welcome|download|follow[- ]?up|interest(?:ed)?|contact us)\b|^(?:new|website|web|online) (?:lead|contact|submission|enquiry|inquiry|request|form|message)\b|(?:^|\s)(?:deal|opportunity|inquiry|enquiry|form|submission|request|question|quote|(?:top|bottom|center)(?:-(?:left|right))?)$/;

/** `shop_manager` and `submitForm` are words of programs. */
const word = /^(?:[a-z]+(?:_[a-z]+)+|[a-z]+[A-Z]\w*)$/;

/** CRMs give a record a title such as "Acme deal" or "Jane Roe, Acme", and forms have one of their own. */
function dropRecordTitle(taken: Taken, walk: Walk): void {
  const [title] = taken.get("jobTitle") ?? [];
  if (!title?.isVague) return;
  const text = plain(title.text);
  const names = [taken.get("company")?.[0], taken.get("fullName")?.[0], taken.get("firstName")?.[0]];
  const isNamed = names.some((name) => name && name.text.length > 2 && text.startsWith(plain(name.text)));
  if (!isNamed && !titleOfOther.test(text) && !word.test(title.text)) return;
  taken.delete("jobTitle");
  walk.leave(title.label, title.text, title.path);
}

function reading(taken: Taken, walk: Walk): Reading {
  const fields: { [Name in FieldName]?: readonly [Found, ...Found[]] } = {};
  for (const [field, [first, ...others]] of taken) fields[field] = [found(first), ...others.map(found)];
  const answers: Reading["answers"][number][] = [];
  const unread = [...walk.unread];
  for (const { label, text, path } of walk.answers) {
    const [shownLabel, answer] = [boundedText(cut(label, maxLabel)), boundedText(cut(text, maxAnswer))];
    if (answers.length < maxAnswers && shownLabel && answer)
      answers.push({ label: shownLabel, answer, path: cut(path, maxPath) });
    else unread.push(path);
  }
  return { fields, answers, unread, warnings: [...walk.warnings] };
}

const found = ({ text, path }: Leaf): Found => ({ text, path: cut(path, maxPath) });
