import type { RawLead } from "../../lead/raw-lead.ts";
import { isText } from "../../lead/text.ts";
import type { FieldName } from "../reading.ts";
import { isField, type Meaning, type Name, nameOf, type Scope } from "./names.ts";

/** How the names in an object are understood. */
export interface View {
  /** What the name of a field means here; one that is not listed means nothing. */
  readonly fields: { readonly [Name in Meaning]?: Meaning };
  /** What other names mean here. */
  readonly others?: Readonly<Record<string, FieldName>>;
}

const everywhere = {
  utmSource: "utmSource",
  utmMedium: "utmMedium",
  utmCampaign: "utmCampaign",
  utmTerm: "utmTerm",
  utmContent: "utmContent",
  landingPage: "landingPage",
} as const;

const asValue = (field: FieldName) => ({ value: field, text: field, label: field, title: field, displayvalue: field });

/** In a person's own object every name means what it says. */
export const personView: View = { fields: {} };

export const views = {
  company: {
    fields: {
      fullName: "company",
      company: "company",
      website: "website",
      url: "website",
      employees: "employees",
      country: "country",
      phone: "phone",
      email: "email",
    },
    others: { ...asValue("company"), size: "employees" },
  },
  owner: {
    fields: { fullName: "owner", owner: "owner", email: "ownerEmail", ownerEmail: "ownerEmail" },
    others: asValue("owner"),
  },
  address: { fields: { country: "country", company: "company" } },
  addressAtWork: { fields: { country: "country", company: "company", phone: "phone" } },
  companyAddress: { fields: { country: "country" } },
  utm: {
    fields: { ...everywhere, fullName: "utmCampaign" },
    others: {
      source: "utmSource",
      medium: "utmMedium",
      campaign: "utmCampaign",
      term: "utmTerm",
      keyword: "utmTerm",
      content: "utmContent",
    },
  },
  page: { fields: { ...everywhere, url: "landingPage" }, others: { href: "landingPage", uri: "landingPage" } },
  name: {
    fields: { firstName: "firstName", lastName: "lastName", fullName: "fullName" },
    others: { ...asValue("fullName"), full: "fullName", given: "firstName", family: "lastName" },
  },
  other: { fields: everywhere, others: { locale: "language" } },
  party: { fields: {} },
} as const satisfies { readonly [Name in Scope | "name" | "addressAtWork" | "companyAddress"]?: View };

/** What a name means in an object. */
export const meaningIn = (view: View, { meaning, folded }: Name): Meaning | undefined => {
  if (view === personView) return meaning;
  return (
    (meaning && view.fields[meaning]) ??
    (view.others && Object.hasOwn(view.others, folded) ? view.others[folded] : undefined)
  );
};

/** What field an object or a list is. A CRM's object `person_id` holds more than an id, and `questions` more than a message. */
export const thingIn = (view: View, name: Name) =>
  name.scope === "neutral" || name.scope === "person" ? undefined : meaningIn(view, name);

/** What a company has as well as its people. */
export const companysToo: ReadonlySet<FieldName> = new Set(["email", "phone", "country"]);

/** Objects of these names are each about one thing, in a list too. */
export const entityScopes: ReadonlySet<unknown> = new Set([
  "company",
  "address",
  "owner",
  "utm",
  "page",
  "party",
  "trade",
  "other",
]);

/** How the names in an object are understood; undefined for one that is about the person or holds one value. */
export function viewOf(
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
  if (scope === "trade") return views.party;
  return scope === "page" || scope === "party" || scope === "other" ? views[scope] : undefined;
}

/** An address can be another person's, or, with a name and an id, a place of the sender's. With a company it has the person's number. */
function addressView(address: RawLead, around: object): View {
  const emails = textsOf(address, "email");
  const [given, known] =
    emails.length > 0
      ? [emails, textsOf(around, "email")]
      : [textsOf(address, "fullName", "firstName", "lastName"), textsOf(around, "fullName", "firstName", "lastName")];
  const isOthers = given.some((text) => !known.join(" ").includes(text));
  if (isOthers || ("name" in address && "id" in address)) return views.other;
  return textsOf(address, "company").length > 0 ? views.addressAtWork : views.address;
}

const textsOf = (object: object, ...meanings: readonly Name["meaning"][]) =>
  Object.entries(object).flatMap(([key, text]) =>
    isText(text) && meanings.includes(nameOf(key).meaning) ? [text.trim().toLowerCase()] : [],
  );

/** The same for an object in such an object; undefined for an object that holds one value. */
export function viewInside(view: View, meaning: string | undefined, scope: Name["scope"]): View | undefined {
  if (view === views.party) return view;
  if ((view === views.other || view === views.company) && scope === "person") return personView;
  if (view === views.other && (scope === "utm" || scope === "page")) return views[scope];
  if (isField(meaning)) return undefined;
  if (scope === "neutral") return view;
  if (view === views.company && scope === "address") return views.companyAddress;
  return views.other;
}
