import type { FieldName } from "../reading.ts";
import type { Meaning, Name, Scope } from "./names.ts";

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
  technical: "technical",
} as const;

/** The keys of an object that holds one value, the best first. */
export const valueKeys =
  "value values answer textQuestionAnswer multipleChoiceAnswer plain_text full e164 international number phone_number phone email address label labels text name formatted display displayName title code url href raw other".split(
    " ",
  );

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
} as const satisfies { readonly [Name in Scope | "name" | "addressAtWork" | "companyAddress"]?: View };

/** What a name means in an object. */
export const meaningIn = (view: View, { meaning, folded }: Name): Meaning | undefined => {
  if (view === personView) return meaning;
  return (
    (meaning && view.fields[meaning]) ??
    (view.others && Object.hasOwn(view.others, folded) ? view.others[folded] : undefined)
  );
};
