import { memoize } from "es-toolkit/function";
import { capitalize } from "es-toolkit/string";
import type { EnrichedLead } from "../lead/enriched-lead.ts";
import { fileSource } from "../lead/lead-id.ts";
import { isolated, plainWarning } from "./plain-words.ts";

/** A detail of a lead, as plain text. The channel escapes it. */
export interface LeadDetail {
  readonly label: string;
  readonly value: string;
  readonly href?: string;
}

/** An earlier lead of the same person. */
export interface SeenBefore {
  /** What people call its source. */
  readonly sourceTitle: string;
  /** When it was received, in ISO 8601. */
  readonly receivedAt: string;
  /** The new lead is announced in a line, because people saw the earlier one as a card at the same destination. */
  readonly isLine: boolean;
}

/** A lead that is to be announced. */
export interface LeadToAnnounce {
  readonly lead: EnrichedLead;
  /** It may have been announced before, and the announcement says so. */
  readonly mayBeRepeat: boolean;
  /** @default no lead of the same person is known */
  readonly seenBefore?: SeenBefore;
}

/** One lead or more for one message. */
export type LeadsToAnnounce = readonly [LeadToAnnounce, ...LeadToAnnounce[]];

/** A part of a card, as plain text. A channel writes all of them in their order. */
export type CardPart =
  /** A sentence that must be seen before the rest. */
  | { readonly kind: "notice"; readonly text: string }
  | { readonly kind: "details"; readonly details: readonly LeadDetail[] }
  /** What the person wrote, with line breaks. */
  | { readonly kind: "message"; readonly text: string }
  /** A form's own questions and what the person answered, with line breaks. */
  | { readonly kind: "answers"; readonly answers: readonly LeadDetail[] }
  | { readonly kind: "link"; readonly text: string; readonly href: string }
  /** What few people need. It holds nothing that the lead says. */
  | { readonly kind: "footer"; readonly text: string };

/** All that a channel shows of a lead. */
export interface Card {
  readonly title: string;
  readonly parts: readonly CardPart[];
}

/** What a list of leads shows of one of them: `NAME · FACTS · MARKS`. */
export interface ListedLead {
  readonly name: string;
  /** The lead's page in the CRM. */
  readonly href: string | undefined;
  readonly facts: readonly LeadDetail[];
  /** Such as `seen before: Google Ads, 3 May`. */
  readonly marks: readonly string[];
}

/** Cards come first, then lines, and at the end tests. */
const place = ({ lead, seenBefore }: LeadToAnnounce) => (lead.test ? 2 : seenBefore?.isLine ? 1 : 0);

/**
 * The leads in the order of a list: first those with a card, then those with a line, and tests last. Each group is in the order
 * of the scores, the highest first. Leads with the same score are in the order in which they were received.
 */
export const byScore = <One extends LeadToAnnounce>(leads: readonly One[]): One[] =>
  leads.toSorted(
    (a, b) => place(a) - place(b) || b.lead.score - a.lead.score || (a.lead.receivedAt < b.lead.receivedAt ? -1 : 1),
  );

/** The names are made with the first lead, because they cost milliseconds. */
const namesOf = memoize((type: "region" | "language") => new Intl.DisplayNames(["en"], { type }));
const countryName = memoize((code: string) => namesOf("region").of(code) ?? code);
const languageName = memoize((code: string) => namesOf("language").of(code) ?? code);

/** The language that most people of a country speak. */
const languageOf = memoize((country: string) => new Intl.Locale(`und-${country}`).maximize().language);

const companyName = ({ company }: EnrichedLead) => company?.name ?? company?.domain;

/** The lead in a few words: who it is, and the company or else the country. */
export function headline(lead: EnrichedLead): string {
  const { name, email, phone, country } = lead;
  const who = isolated(name?.full ?? email?.address ?? phone?.e164 ?? "somebody");
  const where = companyName(lead) ?? (country && countryName(country));
  return where ? `${who}, ${isolated(where)}` : who;
}

/** What a message about one lead begins with. */
export const titleOf = (one: LeadToAnnounce): string => `${kindOf(one)}: ${headline(one.lead)}`;

const kindOf = ({ lead, seenBefore }: LeadToAnnounce) =>
  lead.test ? "Test lead" : seenBefore?.isLine ? "Same person again" : "New lead";

/** What a message about several leads begins with: how many there are, tests apart. */
export function titleOfMany(leads: readonly LeadToAnnounce[]): string {
  const tests = leads.filter(({ lead }) => lead.test).length;
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? "" : "s"}`;
  const parts = [
    ...(leads.length > tests ? [count(leads.length - tests, "new lead")] : []),
    ...(tests > 0 ? [count(tests, "test lead")] : []),
  ];
  return parts.join(" and ");
}

/** A mailto link. An address can hold `?` and `&`, which the link must not take for more recipients, a subject or a text. */
function mailto(address: string): string {
  const at = address.lastIndexOf("@");
  return `mailto:${encodeURIComponent(address.slice(0, at))}@${address.slice(at + 1)}`;
}

type Phone = NonNullable<EnrichedLead["phone"]>;
const phoneText = ({ e164, extension }: Phone) => (extension ? `${e164} ext. ${extension}` : e164);

/** @see https://www.rfc-editor.org/rfc/rfc3966 */
const phoneDetail = (phone: Phone): LeadDetail => ({
  label: "Phone",
  value: phoneText(phone),
  href: `tel:${phone.e164}${phone.extension ? `;ext=${phone.extension}` : ""}`,
});
const emailDetail = ({ address, disposable, freeMail }: NonNullable<EnrichedLead["email"]>): LeadDetail => ({
  label: "Email",
  value: `${isolated(address)}${disposable ? " (throw-away address)" : freeMail ? " (free mail)" : ""}`,
  href: mailto(address),
});

const scoreWord = (score: number) => (score >= 70 ? "High" : score >= 40 ? "Medium" : "Low");

function scoreText({ score, scoreReasons = [] }: EnrichedLead): string {
  const reasons = scoreReasons.length > 0 ? `: ${scoreReasons.map(isolated).join(", ")}` : "";
  return `${scoreWord(score)} (${score} of 100)${reasons}`;
}

/** The name and what stands in brackets after it, as far as they are known. */
const withMore = (name: string | undefined, ...more: readonly (string | false | undefined)[]) => {
  const known = more.filter(Boolean).join(", ");
  if (!name) return known;
  return known ? `${isolated(name)} (${known})` : isolated(name);
};

function companyText({ name, domain, employees }: NonNullable<EnrichedLead["company"]>): string {
  const size = employees !== undefined && `${employees} people or more`;
  return name ? withMore(name, domain, size) : withMore(domain, size);
}

const listText = (texts: readonly string[] | undefined) => texts?.map(isolated).join(", ");

/** The details that have a value. The others are not shown. */
const known = (details: Readonly<Record<string, string | false | undefined>>): LeadDetail[] =>
  Object.entries(details).flatMap(([label, value]) => (value ? [{ label, value }] : []));

/** The ways to reach the person, the quickest first. */
const reachOf = ({ phone, email }: EnrichedLead): LeadDetail[] => [
  ...(phone ? [phoneDetail(phone)] : []),
  ...(email ? [emailDetail(email)] : []),
];

/** Who the person is and how to reach them. What to act on comes first. */
function personDetails(lead: EnrichedLead): LeadDetail[] {
  const { email, phone, company, country, language } = lead;
  const [spoken] = language?.split("-") ?? [];
  const isUseful = language && !(country && languageOf(country) === spoken);
  return [
    ...(email ? [emailDetail(email)] : []),
    ...(phone ? [phoneDetail(phone)] : []),
    ...known({
      "Other emails": listText(lead.otherEmails),
      "Other phones": listText(lead.otherPhones?.map(phoneText)),
      Company: company && companyText(company),
      "Job title": lead.jobTitle && isolated(lead.jobTitle),
      Country: country && countryName(country),
      Language: isUseful && languageName(language),
    }),
  ];
}

/** The few details that are shown of a lead that is announced in a line. */
const lineDetails = (lead: EnrichedLead): LeadDetail[] => [
  ...reachOf(lead).slice(0, 1),
  ...known({
    Country: lead.country && countryName(lead.country),
    Source: isolated(sourceTitleOf(lead)),
    Score: scoreText(lead),
  }),
];

/** What people call a lead's source. A file in the bucket has no settings, and so no title of its own. */
export const sourceTitleOf = ({ sourceTitle, source }: EnrichedLead): string =>
  sourceTitle ?? (source === fileSource ? "File" : source);

/** An origin for people: a constant such as `ORGANIC_SEARCH` as `Organic search`, and any other as it is. */
const originText = (origin: string) =>
  /^[A-Z]+(_[A-Z]+)+$/.test(origin) ? capitalize(origin.replaceAll("_", " ")) : origin;

/** Where the lead comes from, who has it, and what it is worth. */
function originDetails(lead: EnrichedLead): LeadDetail[] {
  const { origin, utm, landingPage, owner, consent } = lead;
  const source = isolated(sourceTitleOf(lead));
  const consentText =
    consent && `${consent.given ? "Given" : "Not given"}${consent.text ? `: ${isolated(consent.text)}` : ""}`;
  return known({
    Source: origin ? `${source}: ${isolated(originText(origin))}` : source,
    Campaign: utm && withMore(utm.campaign, listText([utm.source, utm.medium].filter((part) => part !== undefined))),
    "Landing page": landingPage && URL.parse(landingPage)?.host,
    Owner: owner && withMore(owner.name, owner.email),
    Score: scoreText(lead),
    Consent: consentText?.replaceAll(/\s+/g, " "),
  });
}

/** The lead's page in the CRM, if its host is one of the source's. */
const crmLink = ({ url, urlAllowed }: EnrichedLead) => (urlAllowed ? url : undefined);

const monthNames = "January February March April May June July August September October November December".split(" ");

/**
 * The day of a time in words, in UTC. The year is left out if it is that of `now`.
 * @param time in ISO 8601
 * @param now in ISO 8601
 */
function dayInWords(time: string, now: string): string {
  const [year, month, day] = time.slice(0, 10).split("-");
  const words = `${Number(day)} ${monthNames[Number(month) - 1]}`;
  return now.startsWith(`${year}-`) ? words : `${words} ${year}`;
}

const seenBeforeText = ({ sourceTitle, receivedAt }: SeenBefore, { receivedAt: now }: EnrichedLead) =>
  `${isolated(sourceTitle)}, ${dayInWords(receivedAt, now)}`;

/**
 * Everything that is shown of a lead, in this order. Fields without a value are left out. The card of a lead that is announced in
 * a line has the few details of the line.
 */
export function cardOf(one: LeadToAnnounce): Card {
  const { lead, mayBeRepeat, seenBefore } = one;
  const { message, answers = [], warnings } = lead;
  const href = crmLink(lead);
  const received = lead.receivedAt.slice(0, 16).replace("T", " ");
  const reference = [`Lead ${lead.id}`, `received ${received} UTC`, ...(mayBeRepeat ? ["may be a repeat"] : [])];
  const content: (CardPart | false)[] = seenBefore?.isLine
    ? [{ kind: "details", details: lineDetails(lead) }]
    : [
        { kind: "details", details: personDetails(lead) },
        message !== undefined && { kind: "message", text: message },
        answers.length > 0 && {
          kind: "answers",
          answers: answers.map(({ label, answer }) => ({ label, value: answer })),
        },
        { kind: "details", details: originDetails(lead) },
      ];
  const parts: (CardPart | false)[] = [
    lead.test === true && { kind: "notice", text: "This is a test. No person is behind it." },
    seenBefore !== undefined && { kind: "notice", text: `Seen before: ${seenBeforeText(seenBefore, lead)}` },
    ...content,
    href !== undefined && { kind: "link", text: "Open in CRM", href },
    warnings.length > 0 && { kind: "footer", text: `Please check: ${warnings.map(plainWarning).join("; ")}` },
    { kind: "footer", text: reference.join(" · ") },
  ];
  return { title: titleOf(one), parts: parts.filter((part) => part !== false) };
}

/** A lead for a list: name, company, score, one way to reach the person, and country. */
export function listed({ lead, seenBefore }: LeadToAnnounce): ListedLead {
  const { country, warnings } = lead;
  const fields = warnings.map((warning) => plainWarning(warning).split(":")[0]?.toLowerCase());
  return {
    name: lead.test ? `Test lead: ${headline(lead)}` : headline(lead),
    href: crmLink(lead),
    facts: [
      ...known({ Score: `${scoreWord(lead.score).toLowerCase()} score` }),
      ...reachOf(lead).slice(0, 1),
      // The headline of a lead without a company has it.
      ...known({ Country: country && companyName(lead) && countryName(country) }),
    ],
    marks: [
      ...(seenBefore ? [`seen before: ${seenBeforeText(seenBefore, lead)}`] : []),
      ...(fields.length > 0 ? [`please check: ${[...new Set(fields)].join(", ")}`] : []),
    ],
  };
}

/** A lead for a list that shows more of it: every way to reach the person, the job title and the message. */
export function featured(one: LeadToAnnounce): ListedLead & { readonly message: string | undefined } {
  const { jobTitle, message } = one.lead;
  const { facts, ...rest } = listed(one);
  const isReach = ({ href }: LeadDetail) => href !== undefined;
  return {
    ...rest,
    facts: [
      ...reachOf(one.lead),
      ...known({ "Job title": jobTitle && isolated(jobTitle) }),
      ...facts.filter((fact) => !isReach(fact)),
    ],
    message: message && isolated(message.replace(/\s+/g, " ")),
  };
}
