import {
  type Faker,
  fakerAR,
  fakerDE,
  fakerEN_GB,
  fakerEN_US,
  fakerES,
  fakerFR,
  fakerIT,
  fakerJA,
  fakerPL,
  fakerPT_BR,
} from "@faker-js/faker";
import { type CountryCode, getExampleNumber, parsePhoneNumberFromString } from "libphonenumber-js";
import examples from "libphonenumber-js/mobile/examples";

/** A made-up lead, with the fields of `LeadSource.next`, or anything else that has an id. */
export interface CrmLead {
  readonly id: string;
  readonly [field: string]: unknown;
}

interface Market {
  readonly faker: Faker;
  readonly country: CountryCode;
  /** How people of this market write their country. */
  readonly countryNames: readonly string[];
}

const markets: readonly Market[] = [
  { faker: fakerEN_US, country: "US", countryNames: ["US", "United States", "USA"] },
  { faker: fakerEN_GB, country: "GB", countryNames: ["GB", "United Kingdom", "gb"] },
  { faker: fakerDE, country: "DE", countryNames: ["DE", "Germany", "de"] },
  { faker: fakerFR, country: "FR", countryNames: ["FR", "France"] },
  { faker: fakerES, country: "ES", countryNames: ["ES", "Spain"] },
  { faker: fakerIT, country: "IT", countryNames: ["IT", "Italy"] },
  { faker: fakerPL, country: "PL", countryNames: ["PL", "Poland"] },
  { faker: fakerPT_BR, country: "BR", countryNames: ["BR", "Brazil"] },
  { faker: fakerJA, country: "JP", countryNames: ["JP", "Japan"] },
  { faker: fakerAR, country: "AE", countryNames: ["AE", "United Arab Emirates"] },
];

const jobTitles = [
  "Head of Sales",
  "CTO",
  "Leiterin Einkauf",
  "Directeur général",
  "VP Marketing & Growth",
  "Founder 🚀",
  "営業部長",
];
const requests = [
  "We would like a demo for our team of 40.",
  "Can you call me back <b>tomorrow</b> before 10:00? Thanks & best regards",
  "Interested in the enterprise plan 👍🏽 — what does onboarding look like?",
  "Precisamos de uma proposta até sexta-feira.",
  "*Urgent*: our contract with <https://example.com|the other vendor> ends this month.",
  '=HYPERLINK("https://example.com","see here")',
];

const plain = (text: string) =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^a-zA-Z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .toLowerCase();

/** A domain's label has at most 63 characters. */
const label = (company: string) => plain(company).slice(0, 63).replace(/-$/, "") || "company";

/** Makes the same leads for the same seed, varied as people are: all valid, many of them odd. */
export class LeadSource {
  readonly #faker: Faker = fakerEN_US;

  constructor(seed: number) {
    for (const { faker } of markets) faker.seed(seed);
  }

  next(): CrmLead {
    const pick = this.#faker.helpers;
    const { faker, country, countryNames } = pick.arrayElement(markets);
    const firstName = faker.person.firstName();
    const lastName = faker.person.lastName();
    const company = faker.company.name();
    const email = this.#email(firstName, lastName, company);
    const id = this.leadId();
    return {
      id,
      url: `https://crm.example.com/leads/${id}`,
      first_name: this.#odd(firstName),
      last_name: lastName,
      email,
      phone: pick.maybe(() => this.#phone(country), { probability: 0.7 }),
      company: pick.maybe(() => company, { probability: 0.9 }),
      country: pick.arrayElement(countryNames),
      job_title: pick.maybe(() => pick.arrayElement(jobTitles), { probability: 0.7 }),
      message: pick.maybe(() => this.#message(), { probability: 0.6 }),
      website: pick.maybe(() => `https://www.${label(company)}.example.com`, { probability: 0.5 }),
      employees: pick.maybe(() => this.#faker.number.int({ min: 1, max: 25_000 }), { probability: 0.5 }),
    };
  }

  /** An id that a lead has. */
  leadId(): string {
    return `lead_${this.#faker.string.alphanumeric(14)}`;
  }

  /** An id that a webhook's event has. */
  eventId(): string {
    return `msg_${this.#faker.string.alphanumeric(27)}`;
  }

  #odd(name: string): string {
    return this.#faker.helpers.arrayElement([name, name, name, name.toUpperCase(), `  ${name} `, `${name} 🌟`]);
  }

  #email(first: string, last: string, company: string): string {
    const { helpers, string } = this.#faker;
    const local = [plain(first), plain(last)].filter(Boolean).join(".") || `lead.${string.alphanumeric(6)}`;
    const domain = helpers.arrayElement([`${label(company)}.example.com`, "example.org", "gmail.com", "outlook.com"]);
    const address = `${local}${helpers.maybe(() => "+newsletter", { probability: 0.1 }) ?? ""}@${domain}`;
    return helpers.arrayElement([address, address, address.toUpperCase(), ` ${address}`]);
  }

  /** A number of the person's own: another one with the same would be the same person again. */
  #phone(country: CountryCode): string | undefined {
    const example = getExampleNumber(country, examples)?.nationalNumber ?? "";
    const number = parsePhoneNumberFromString(`${example.slice(0, -5)}${this.#faker.string.numeric(5)}`, country);
    return this.#faker.helpers.arrayElement([number?.formatNational(), number?.formatInternational(), number?.number]);
  }

  #message(): string {
    const { helpers, lorem } = this.#faker;
    return helpers.maybe(() => lorem.paragraphs(12), { probability: 0.15 }) ?? helpers.arrayElement(requests);
  }
}
