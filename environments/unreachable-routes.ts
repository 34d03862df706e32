import type { RouteCondition, Routing } from "../functions/lead/routing.ts";
import type { RuleViolation } from "../modules/tuning/rule-violation.ts";
import type { Environment } from "./environment.ts";
import { isCountry } from "./schema/rules.ts";

/**
 * Routes that no lead can take. Other leads need no rule, because there is always a default channel.
 * @param at path of the settings with the routes
 */
export function unreachableRoutes(
  { routes }: Routing,
  knownSources: Environment["sources"],
  at: string,
): RuleViolation[] {
  return routes.flatMap(({ when }, index) => {
    const earlier = routes.slice(0, index).findIndex((route) => takesAllOf(route.when, when));
    const problems = [
      ...(Object.keys(when).length === 0 ? ["with a condition: the default channel is the route for every lead"] : []),
      ...unknownValues("countries", when.countries, isCountry),
      ...unknownValues("sources", when.sources, (name) => Object.hasOwn(knownSources ?? {}, name)),
      ...(earlier === -1 ? [] : [`a route that leads can reach: routes[${earlier}] takes all of its leads`]),
    ];
    return problems.map((bound) => ({
      path: `${at}.routes[${index}].when`,
      value: when,
      bound,
      reason: "Whoever wrote a route that no lead can take waits for leads that go elsewhere.",
      link: "docs/tuning.md#channels",
    }));
  });
}

function unknownValues(name: string, values: readonly string[] | undefined, isKnown: (value: string) => boolean) {
  if (values === undefined) return [];
  if (values.length === 0) return [`with at least one of ${name}, or without ${name}`];
  const unknown = values.filter((value) => !isKnown(value));
  return unknown.length === 0 ? [] : [`with ${name} that exist, unlike ${unknown.join(", ")}`];
}

/** Every lead of the later condition also meets the earlier one. */
function takesAllOf(earlier: RouteCondition, later: RouteCondition): boolean {
  const within = (outer: readonly string[] | undefined, inner: readonly string[] | undefined) =>
    !outer || inner?.every((value) => outer.includes(value)) === true;
  return (
    within(earlier.countries, later.countries) &&
    within(earlier.sources, later.sources) &&
    (later.leastScore ?? 0) >= (earlier.leastScore ?? 0) &&
    (later.leastEmployees ?? 0) >= (earlier.leastEmployees ?? 0)
  );
}
