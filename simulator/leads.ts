import type { Choices } from "./random.ts";

/** A lead that is sent. Its token is in its name and in no other lead, so that an announcement shows whose it is. */
export interface SimulatedLead {
  readonly token: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Tokens of the leads that a text shows, each once. */
export const tokensIn = (text: string): string[] => [
  ...new Set(text.match(/\bL\d{5}\b/gi)?.map((token) => token.toUpperCase())),
];

type Oddity = (token: string) => Readonly<Record<string, unknown>>;

/** Fields that have been trouble for some part of the pipeline. Each lead has a good email, so it must be announced. */
export const oddities = {
  plain: () => ({}),
  "own type and data": () => ({ type: "contact", data: "imported" }),
  "own type and an object in data": () => ({ type: "contact", data: { a: 1 } }),
  "two leads in its data": () => ({
    type: "contact",
    data: [{ email: "x@acme.example" }, { email: "y@acme.example" }],
  }),
  "long phone": () => ({ phone: "03-1234-5678 12345", country: "JP" }),
  "name that grows": () => ({ job_title: "İ".repeat(100) }),
  "ampersands in the link": (token) => ({ url: `https://crm.example.com/${token}?${"&".repeat(479)}` }),
  "combining marks": () => ({ company: `Acme ${"\u0315\u0300\u0327".repeat(200)}` }),
  formatting: () => ({ message: "*<!channel>* `code` ~x~ \u202e <https://example.com|x> &amp; =1+1".repeat(20) }),
} as const satisfies Readonly<Record<string, Oddity>>;
export type OddityName = keyof typeof oddities;

/** Makes leads, each with a token of its own. */
export class LeadMaker {
  readonly #choices: Choices;
  readonly #oddities: readonly OddityName[];
  #made = 0;

  constructor(choices: Choices, names: readonly OddityName[]) {
    this.#choices = choices;
    this.#oddities = names;
  }

  next(): SimulatedLead {
    this.#made += 1;
    const token = `L${String(this.#made).padStart(5, "0")}`;
    const odd = this.#choices.chance(0.2) ? this.#choices.oneOf(this.#oddities) : "plain";
    const fields = {
      email: `${token.toLowerCase()}@acme.example`,
      first_name: "Ada",
      last_name: token,
      country: this.#choices.oneOf(["US", "DE", "GB"]),
      ...oddities[odd](token),
    };
    return { token, fields };
  }
}
