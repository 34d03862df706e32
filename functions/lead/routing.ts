import type { EnrichedLead } from "./enriched-lead.ts";

/** What a lead must be for a route to take it. Each condition that is there must hold. */
export interface RouteCondition {
  /** ISO 3166-1 alpha-2; the lead's country is one of them. */
  readonly countries?: readonly string[];
  readonly sources?: readonly string[];
  /** The minimum of the lead's score, 1 to 100. */
  readonly leastScore?: number;
  /** The minimum of people in the lead's company, from 1. */
  readonly leastEmployees?: number;
}

/** Sends the leads that fulfil a condition to a destination. */
export interface Route {
  /** The destination: a Slack channel. */
  readonly channel: string;
  readonly when: RouteCondition;
}

/** Which destination gets which lead. */
export interface Routing {
  /** Tried in their order; the first that matches takes the lead. */
  readonly routes: readonly Route[];
  /** The destination of every lead that no route takes. */
  readonly defaultChannel: string;
}

export type Routable = Pick<EnrichedLead, "source" | "score"> & Partial<Pick<EnrichedLead, "country" | "company">>;

/** Every destination that a lead can have, each once, the default first. */
export const destinationsOf = ({ routes, defaultChannel }: Routing) => [
  ...new Set([defaultChannel, ...routes.map(({ channel }) => channel)]),
];

export function destinationOf(
  { source, score, country, company }: Routable,
  { routes, defaultChannel }: Routing,
): string {
  const matching = routes.find(({ when: { countries, sources, leastScore = 0, leastEmployees = 0 } }) => {
    const employees = company?.employees ?? 0;
    const inCountry = !countries || (country !== undefined && countries.includes(country));
    return inCountry && (!sources || sources.includes(source)) && score >= leastScore && employees >= leastEmployees;
  });
  return matching?.channel ?? defaultChannel;
}
