/** What a lead must be for a route to take it. Each condition that is there must hold. */
export interface RouteCondition {
  /** ISO 3166-1 alpha-2; the lead's country is one of them. */
  readonly countries?: readonly string[];
  /** The lead's source is one of them. */
  readonly sources?: readonly string[];
  /** The lead's score is at least this, 1 to 100. */
  readonly leastScore?: number;
  /** The lead's company is known to have at least this many people, from 1. */
  readonly leastEmployees?: number;
}

/** Sends the leads that a condition describes to a channel. */
export interface Route {
  readonly channel: string;
  readonly when: RouteCondition;
}

/** Which Slack channel hears of which lead. */
export interface Routing {
  /** Tried in their order; the first that matches takes the lead. */
  readonly routes: readonly Route[];
  /** The channel of every lead that no route takes. */
  readonly defaultChannel: string;
}

/** What routes look at in a lead. */
export interface Routable {
  readonly source: string;
  readonly score: number;
  readonly country?: string | undefined;
  readonly company?: { readonly employees?: number | undefined } | undefined;
}

/** Every channel that a lead can get to, each once, the default first. */
export const channelsOf = ({ routes, defaultChannel }: Routing) => [
  ...new Set([defaultChannel, ...routes.map(({ channel }) => channel)]),
];

/** The channel that a lead belongs to. */
export function channelOf({ source, score, country, company }: Routable, { routes, defaultChannel }: Routing): string {
  const matching = routes.find(({ when: { countries, sources, leastScore = 0, leastEmployees = 0 } }) => {
    const employees = company?.employees ?? 0;
    const placed = !countries || (country !== undefined && countries.includes(country));
    return placed && (!sources || sources.includes(source)) && score >= leastScore && employees >= leastEmployees;
  });
  return matching?.channel ?? defaultChannel;
}
