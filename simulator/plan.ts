import { type WorkerName, workerNames } from "../flow.ts";
import { Choices } from "./choices.ts";
import { type FaultPlan, fates, type Outage } from "./faults.ts";
import { contactCreated } from "./services/hubspot.ts";

/** A lead that is sent. Its token is in its name and in no other lead, so that an announcement shows whose it is. */
interface SimulatedLead {
  readonly token: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Nobody can be reached: it must become a dead letter with a class. */
  readonly isBad: boolean;
}

/** Tokens of the leads that a text shows, each once. */
export const tokensIn = (text: string): string[] => [
  ...new Set(text.match(/\bL\d{5}\b/gi)?.map((token) => token.toUpperCase())),
];

/** What comes to the pipeline. */
export interface Arrival {
  /** Milliseconds after the start. */
  readonly at: number;
  /** A request of the source with leads or, of another source, with their ids, or a file that somebody drops. */
  readonly kind: "request" | "ids" | "file";
  /** The event's id or the file's key. */
  readonly name: string;
  readonly body: string;
  readonly leads: readonly SimulatedLead[];
}

/** Everything that a simulation is made of. The same plan always has the same result. */
export interface Plan {
  readonly seed: number;
  readonly arrivals: readonly Arrival[];
  readonly faults: FaultPlan;
  /** Milliseconds by which events of S3 are late, at most. */
  readonly eventDelay: number;
  /** EventBridge loses the events for these stages until some milliseconds after the start. */
  readonly silent?: { readonly until: number; readonly workers: readonly WorkerName[] };
  /** Token of a lead that ends the function that reads it, and the stage of that function. */
  readonly killer?: { readonly token: string; readonly stage: "enrich" | "notify" };
  /** Milliseconds after the start at which a deployment changes the default Slack channel. */
  readonly newRouteAt?: number;
  /** Hours after which a message is no longer postponed. @default 72 */
  readonly giveUpAfterHours?: number;
  /** Days after which the operator replays everything, up to `leadDays`. */
  readonly replayAfterDays?: number;
}

/** Days for which leads are kept. */
export const leadDays = 365;

/** A kind of trouble that a plan can hold. */
export type Trouble = (typeof usualTroubles)[number];

/** Those that plans hold where nothing else is asked for; each is on in half of the seeds. */
const usualTroubles = [
  "fates",
  "deaths",
  "accidents",
  "reusedNames",
  "oddLeads",
  "killer",
  "newRoute",
  "replay",
  "skew",
  "outage",
] as const;

/** Fields that have been trouble for some part of the pipeline. Each lead has a good email, so it must be announced. */
const oddFields: readonly ((token: string) => Readonly<Record<string, unknown>>)[] = [
  () => ({ type: "contact", data: "imported" }),
  () => ({ type: "contact", data: { a: 1 } }),
  () => ({ type: "contact", data: [{ email: "x@acme.example" }, { email: "y@acme.example" }] }),
  () => ({ phone: "03-1234-5678 12345", country: "JP" }),
  () => ({ job_title: "İ".repeat(100) }),
  (token) => ({ url: `https://crm.example.com/${token}?${"&".repeat(479)}` }),
  () => ({ company: `Acme ${"\u0315\u0300\u0327".repeat(200)}` }),
  () => ({ message: "*<!channel>* `code` ~x~ \u202e <https://example.com|x> &amp; =1+1".repeat(20) }),
];

const minute = 60_000;
/** Milliseconds by which clocks are wrong where nothing is the matter with them. */
const usualSkew = 5000;

/**
 * The plan of a seed.
 * @param count arrivals, 1 to 4 by default
 */
export function planOf(seed: number, troubles: readonly Trouble[] = usualTroubles, count?: number): Plan {
  const choices = new Choices(seed);
  const on = new Set(troubles.filter(() => choices.chance(0.5)));
  const spread = choices.oneOf([0, 2000, minute, 5 * minute]);
  const lead = leadMaker(choices, on.has("oddLeads"));
  const arrivals = Array.from({ length: count ?? choices.whole(1, 4) }, (_, index): Arrival => {
    const leads = Array.from({ length: choices.chance(0.003) ? 60 : choices.oneOf([1, 1, 1, 3]) }, lead);
    const isFile = choices.chance(0.4);
    const name = on.has("reusedNames") ? choices.oneOf(["lead.json", "today.json"]) : `file-${index}.json`;
    const at = choices.between(0, spread);
    return isFile ? arrival(at, "file", name, leads) : arrival(at, "request", `event-${index}`, leads);
  });
  const tokens = arrivals.flatMap(({ leads }) => leads.map(({ token }) => token));
  const hasKiller = on.has("killer") && tokens.length > 0;
  return {
    seed,
    arrivals,
    faults: faultsOf(choices, on),
    eventDelay: choices.oneOf([50, 1000, 10_000]),
    ...(hasKiller && { killer: { token: choices.oneOf(tokens), stage: choices.oneOf(["enrich", "notify"]) } }),
    ...(on.has("newRoute") && { newRouteAt: choices.between(0, 2 * minute) }),
    ...(on.has("replay") && { replayAfterDays: choices.oneOf([0, 1, leadDays]) }),
  };
}

/**
 * A plan in which leads arrive one after the other, and nothing goes wrong but outages.
 * @param every milliseconds between two leads
 * @param kind whether leads are complete, or their records are fetched
 */
export function steadyPlan(
  seed: number,
  count: number,
  every: number,
  outages: readonly Outage[] = [],
  kind: "request" | "ids" = "request",
): Plan {
  const lead = leadMaker(new Choices(seed), false);
  return {
    seed,
    arrivals: Array.from({ length: count }, (_, index) => arrival(index * every, kind, `event-${index}`, [lead()])),
    faults: { until: 0, fates: {}, accidents: 0, skew: usualSkew, outages },
    eventDelay: 1000,
  };
}

/** One lead alone or a list of them. */
function arrival(at: number, kind: Arrival["kind"], name: string, leads: readonly SimulatedLead[]): Arrival {
  const fields = leads.map((lead) => (kind === "ids" ? contactCreated(lead.token) : lead.fields));
  return { at, kind, name, body: JSON.stringify(fields.length === 1 ? fields[0] : fields), leads };
}

function leadMaker(choices: Choices, areOdd: boolean): () => SimulatedLead {
  let made = 0;
  return () => {
    made += 1;
    const token = `L${String(made).padStart(5, "0")}`;
    const odd = areOdd && choices.chance(0.2) ? choices.oneOf(oddFields)(token) : {};
    const country = choices.oneOf(["US", "DE", "GB"]);
    const isBad = areOdd && choices.chance(0.05);
    const email = isBad ? "none" : `${token.toLowerCase()}@acme.example`;
    return {
      token,
      isBad,
      fields: { ...odd, ...(isBad && { phone: "" }), email, first_name: "Ada", last_name: token, country },
    };
  };
}

/** A short outage for the workers: ingest would accept nothing. */
function outageOf(choices: Choices): Outage {
  const services = choices.oneOf([["Slack", "SESv2"], ["Slack"], ["S3"], ["DynamoDB"], ["SSM", "SESv2"]] as const);
  const from = choices.between(0, 2 * minute);
  const manners = choices.oneOf([undefined, ["denied"], ["failed", "silent"]] as const);
  const to = from + choices.oneOf([0.5, 3]) * minute;
  return { services, callers: workerNames, from, to, ...(manners && { manners }) };
}

function faultsOf(choices: Choices, on: ReadonlySet<Trouble>): FaultPlan {
  const drawn = (trouble: Trouble, levels: readonly number[]) => (on.has(trouble) ? choices.oneOf(levels) : 0);
  const each = drawn("fates", [0.003, 0.01, 0.05]);
  const death = drawn("deaths", [0.005, 0.02, 0.05]);
  const probability = (fate: (typeof fates)[number]) => (fate.startsWith("dies") ? death : choices.oneOf([0, each]));
  return {
    until: choices.oneOf([minute, 10 * minute]),
    fates: Object.fromEntries(fates.map((fate) => [fate, probability(fate)])),
    accidents: drawn("accidents", [0.01, 0.1]),
    skew: drawn("skew", [minute]) || usualSkew,
    outages: on.has("outage") ? [outageOf(choices)] : [],
  };
}
