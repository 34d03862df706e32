import type { BoundedText } from "../../lead/text.ts";
import type { FieldName } from "../reading.ts";

/** What stands in a field that is empty: a form's or a tool's word for it, or a placeholder that nobody replaced. */
const empty =
  /^(?:n\/?a|N\/?A|null|NULL|undefined|[Nn]one|nil|[Uu]nassigned|\(?not set\)?|\(none\)|\[*(?:[Nn]ot (?:provided|specified|given|applicable)|[Uu]nknown|[Uu]nspecified)\]*|[-–—.?_\s]+|\{\{.*\}\}|\$?\{[^{}]*\}|\[[\w.-]+\]|<[^<>@]+>|__\w+__|\[object Object\]|<test lead: dummy data for [^<>]*>|%+\w+%+|(?:(?:null|undefined)\s*)+)$/;
/** What stands in a list before somebody chooses, or in an input before somebody writes. */
const unchosen =
  /^[-–—.\s]*(?:(?:please )?(?:select|choose|enter)(?: (?:an?|one|your|country|language|option|company|size)\b.*)?|bitte (?:aus)?wählen|sélectionne[rz]|choisi(?:r|ssez)|seleccion[ae]r?|selecion[ae]r?|seleziona(?:re)?|wybierz|seçiniz|選択してください|请选择)[-–—.…:\s]*$/i;
/** An answer to another question. */
const yesOrNo = /^(?:yes|no|true|false|ja|nein|oui|non)$/i;
/** A number, a UUID, or a long word of letters and digits, as systems make them. */
const identifier = /^(?:[\d\s.,#_-]+|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?=\D*\d)[0-9A-Za-z_-]{15,})$/;
const letter = /\p{L}/u;
const webAddress = /^https?:\/\/\S+$/i;
/** Salutations and academic titles. */
const salutation =
  /^(?:(?:mr|mrs|ms|miss|mx|sir|madam|herr|frau|monsieur|madame|mademoiselle|m|mme|mlle|sr|sra|srta|senor|senora|señor|señora|sig|sigra|signor|signora|dhr|mevr|pan|pani|hr|fr|lady|lord|rev|reverend|capt|dr|prof|med|phil|dipl|ing|phd|&|and|und)(?:[\s./]+|$))+$/i;
/** What CRMs call the people in them. */
const kindOfPerson =
  /^(?:lead|contact|customer|client|user|visitor|prospect|subscriber|member|person|guest|other|unknown|admin|administrator|end-?user|\P{L}*)$/iu;

const legalForm = /\s(?:gmbh|ltd|limited|llc|inc|corp|plc|pty|s\.?r\.?l|s\.p\.a|b\.v)\.?$/i;
/** Short legal forms, as companies write them, and marks of HTML and templates. */
const notInNames = /[<>{}]|\s(?:AG|KG|OHG|UG|GbR|NV|SARL|Oyj?|ApS|A\/S|Kft\.?|s\.r\.o\.|& Co\.?(?: KG)?)$/;
/** In a name in capitals these can be family names. */
const legalFormOrName = /\s(?:SA|SAS|SE|SL|AB|AS)$/;

/** What tools write in place of a name that they do not have. */
const nobody =
  /^(?:(?:(?:unknown|anonymous|new|website|web|facebook|instagram|linkedin|google|wireless) )*(?:unknown|anonymous|no name|guest|user|customer|client|caller|subscriber|lead(?: from .*)?|visitor(?: \S+)?)|[a-z]\d+)$/i;

const isName = (text: string) =>
  letter.test(text) &&
  !text.includes("@") &&
  !identifier.test(text) &&
  !webAddress.test(text) &&
  !legalForm.test(text) &&
  !notInNames.test(text) &&
  !(legalFormOrName.test(text) && /\p{Ll}/u.test(text)) &&
  !nobody.test(text.trim());

/** Whether a text can be what a field's name promises. Nothing is said of other fields. */
const tests: { readonly [Name in FieldName]?: (text: string) => boolean } = {
  fullName: isName,
  firstName: isName,
  lastName: isName,
  email: (text) => !/^\s*(?:no-?_?reply|do-?not-?reply|mailer-daemon)@/i.test(text),
  company: (text) => ![identifier, yesOrNo, /^\S+@\S+$/].some((test) => test.test(text.trim())),
  owner: (text) => letter.test(text) && ![identifier, yesOrNo, nobody].some((test) => test.test(text.trim())),
  ownerEmail: (text) => text.includes("@"),
  jobTitle: (text) => ![salutation, kindOfPerson, identifier, yesOrNo].some((test) => test.test(text.trim())),
  country: (text) => letter.test(text),
  origin: (text) => letter.test(text) && !identifier.test(text),
  website: (text) => /[^\s.]\.[^\s.]/.test(text) && !text.includes("@"),
  landingPage: (text) => webAddress.test(text),
  url: (text) =>
    !text.startsWith("/") &&
    !/^https?:\/\/(?:[\w-]+\.)*(?:linkedin|facebook|twitter|x|xing|instagram)\.com\//i.test(text),
  language: (text) => letter.test(text) && text.length <= 40,
  message: (text) => !identifier.test(text),
};

/** Whether a text can be a field's value. If not, it is not read. */
export const isUsable = (field: FieldName, text: BoundedText) =>
  !(text.length <= 100 && saysNothing(field, text.trim())) && (tests[field]?.(text) ?? true);
const saysNothing = (field: FieldName, text: string) => empty.test(text) || (!free.has(field) && unchosen.test(text));
/** Fields of which no list is made. */
const free: ReadonlySet<FieldName> = new Set(["email", "phone", "message"]);

/** Texts that are taken for a field only if there is no better one: enrich says why they cannot be used. */
export const isPoor = (field: FieldName, text: string): boolean =>
  (field === "email" && !text.includes("@")) ||
  (field === "phone" && !/\p{Nd}\P{Nd}*\p{Nd}\P{Nd}*\p{Nd}\P{Nd}*\p{Nd}\P{Nd}*\p{Nd}/u.test(text)) ||
  (field === "employees" && !/\p{Nd}/u.test(text)) ||
  (field === "url" && !webAddress.test(text));
