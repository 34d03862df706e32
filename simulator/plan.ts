import { type Fate, type FaultPlan, fates, type Outage } from "./faults.ts";
import { LeadMaker, type OddityName, oddities, type SimulatedLead } from "./leads.ts";
import { Choices } from "./random.ts";

/** What comes to the pipeline. */
export type Arrival = {
  /** Milliseconds after the start. */
  readonly at: number;
} & (
  | { readonly kind: "request"; readonly eventId: string; readonly leads: readonly SimulatedLead[] }
  | { readonly kind: "file"; readonly key: string; readonly leads: readonly SimulatedLead[] }
  /** A file that is no lead: it must become a dead letter with a class. */
  | { readonly kind: "badFile"; readonly key: string; readonly text: string }
);

/** Everything that a simulation is made of. The same plan always has the same result. */
export interface Plan {
  readonly seed: number;
  readonly arrivals: readonly Arrival[];
  readonly faults: FaultPlan;
  /** Milliseconds by which events of S3 are late, at most. */
  readonly eventDelay: number;
  /** Token of a lead that ends the function that reads it, and the stage of that function. */
  readonly killer?: { readonly token: string; readonly stage: "enrich" | "notify" };
  /** Milliseconds after the start at which the default Slack channel changes by a deployment. */
  readonly newRouteAt?: number;
  /** Days after which the operator replays everything. */
  readonly replayAfterDays?: number;
}

const minute = 60_000;

/** A kind of trouble that a plan can hold. */
export type Trouble = "fates" | "deaths" | "accidents" | "reusedNames" | "oddities" | "killer" | "newRoute" | "replay";

/** Those that plans hold where nothing else is asked for; each is on in half of the seeds. */
const usualTroubles: readonly Trouble[] = ["fates", "deaths", "accidents"];

export interface PlanOptions {
  /** @default those of every day: calls that fail, deaths of environments, accidents */
  readonly troubles?: readonly Trouble[];
  /** @default 1 to 6 */
  readonly arrivals?: number;
}

/** The plan of a seed. */
export function planOf(seed: number, { troubles: allowed = usualTroubles, arrivals }: PlanOptions = {}): Plan {
  const choices = new Choices(seed);
  const on = new Set(allowed.filter(() => choices.chance(0.5)));
  const spread = choices.oneOf([0, 2000, minute, 5 * minute]);
  const leads = new LeadMaker(choices, on.has("oddities") ? (Object.keys(oddities) as OddityName[]) : ["plain"]);
  const coming = Array.from({ length: arrivals ?? choices.whole(1, 6) }, (_, index) =>
    arrival(index, choices.between(0, spread), choices, leads, on.has("reusedNames")),
  );
  const victims = coming.flatMap((one) => (one.kind === "badFile" ? [] : one.leads));
  return {
    seed,
    arrivals: coming,
    faults: faultsOf(choices, on),
    eventDelay: choices.oneOf([50, 1000, 10_000]),
    ...(on.has("killer") &&
      victims.length > 0 && {
        killer: { token: choices.oneOf(victims).token, stage: choices.oneOf(["enrich", "notify"] as const) },
      }),
    ...(on.has("newRoute") && { newRouteAt: choices.between(0, 2 * minute) }),
    ...(on.has("replay") && { replayAfterDays: choices.oneOf([0, 1, 31, 200]) }),
  };
}

function arrival(index: number, at: number, choices: Choices, maker: LeadMaker, reuses: boolean): Arrival {
  const several = () => Array.from({ length: choices.oneOf([1, 1, 1, 3]) }, () => maker.next());
  const key = reuses ? choices.oneOf(["lead.json", "today.json"]) : `file-${index}.json`;
  const kind = choices.oneOf(["request", "request", "file", "badFile"] as const);
  switch (kind) {
    case "request":
      return { at, kind, eventId: `event-${index}`, leads: several() };
    case "file":
      return { at, kind, key, leads: several() };
    case "badFile":
      return { at, kind, key, text: choices.oneOf([`not JSON ${index}`, `{"nobody": ${index}}`, "[]"]) };
  }
}

function faultsOf(choices: Choices, on: ReadonlySet<Trouble>): FaultPlan {
  const drawn = (isOn: boolean, ...levels: number[]) => (isOn ? choices.oneOf(levels) : 0);
  const each = drawn(on.has("fates"), 0.003, 0.01, 0.05);
  const death = drawn(on.has("deaths"), 0.005, 0.02, 0.05);
  const some = fates.filter(() => choices.chance(0.5));
  const probability = (fate: Fate) =>
    fate === "diesBefore" || fate === "diesAfter" ? death : some.some((one) => one === fate) ? each : 0;
  return {
    until: choices.oneOf([minute, 10 * minute]),
    fates: Object.fromEntries(fates.map((fate) => [fate, probability(fate)])),
    accidents: drawn(on.has("accidents"), 0.01, 0.1),
    outages: [],
  };
}

/** A plan in which services are down for a time and leads arrive meanwhile, a request every `every` milliseconds. */
export function outagePlan(seed: number, outage: Outage, every: number): Plan {
  const choices = new Choices(seed);
  const leads = new LeadMaker(choices, ["plain"]);
  const count = Math.ceil(outage.to / every);
  return {
    seed,
    arrivals: Array.from({ length: count }, (_, index) => ({
      at: index * every,
      kind: "request",
      eventId: `event-${index}`,
      leads: [leads.next()],
    })),
    faults: { until: 0, fates: {}, accidents: 0, outages: [outage] },
    eventDelay: 1000,
  };
}
