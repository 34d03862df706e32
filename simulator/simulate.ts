import { difference } from "es-toolkit/array";
import { Webhook } from "standardwebhooks";
import { receivesUsedUp } from "../ops/dead-letters.ts";
import { audit, classOf, tokensOf, type Violation } from "./audit.ts";
import { LeadIndex } from "./lead-index.ts";
import { Pipeline, type Sabotage, source } from "./pipeline.ts";
import type { Arrival, Plan } from "./plan.ts";
import { leadIndex, type Programs } from "./program.ts";
import { hubspot, signedHeaders } from "./services/hubspot.ts";
import type { Message, Queue } from "./services/sqs.ts";
import { World } from "./world.ts";

/** What became of a plan. */
export interface Result {
  readonly seed: number;
  readonly accepted: number;
  readonly announcements: number;
  /** Announcements that say that they may be repeats. */
  readonly marked: number;
  /** Announcements of which nobody can say whether they must be marked. */
  readonly undecided: number;
  /** Announcements by email. */
  readonly byEmail: number;
  /** Dead letters that an operator had to redrive, but for those of a lead that ends its function. */
  readonly redriven: number;
  /** Those of them that waited for too long. */
  readonly tooLong: number;
  /** Calls to services. */
  readonly calls: number;
  /** Milliseconds from the start to the last announcement. */
  readonly lastAnnouncement: number;
  readonly violations: readonly Violation[];
}

export interface SimulationOptions {
  readonly programs: Programs;
  /** Gets every event, in order. Names and addresses of leads are not in it. */
  readonly trace?: (line: string) => void;
  /** Gets every line that functions log, as JSON. */
  readonly log?: (line: string) => void;
  readonly sabotage?: Sabotage;
  /** What an operator does when nothing is left to happen and events come again, before dead letters are redriven. */
  readonly mend?: (pipeline: Pipeline, now: Date) => Promise<unknown>;
}

/** Events after which a simulation counts as endless. */
const eventLimit = 2_000_000;
/** How often the operator redrives dead letters that used up their receives. */
const redrives = 3;

/** Runs a plan until nothing is left to happen, redrives and replays as an operator does, and looks for every lead. */
export async function simulate(
  plan: Plan,
  { programs, trace, log, sabotage = {}, mend }: SimulationOptions,
): Promise<Result> {
  const world = new World(plan.seed, plan.faults, trace, log);
  const violations: Violation[] = [];
  const violate = (kind: Violation["kind"], what: string) => {
    world.tell("AUDIT", `${kind}: ${what}`);
    violations.push({ kind, what });
  };
  const workAfterAnswer = (what: string) => violate("work after the answer", what);
  const ports = { world, plan, sabotage, workAfterAnswer };
  const pipeline = new Pipeline({ ...ports, programs });
  const indexProgram = programs[leadIndex];
  const index = indexProgram && new LeadIndex(indexProgram, pipeline, ports);
  const accepted = new Set<string>();
  const bad = new Set<string>();
  for (const arrival of plan.arrivals) {
    const accept = () => {
      for (const { token, isBad } of arrival.leads) (isBad ? bad : accepted).add(token);
    };
    world.clock.after(arrival.at, () => arrive(arrival, accept, pipeline, world));
  }
  if (plan.newRouteAt !== undefined) world.clock.after(plan.newRouteAt, () => pipeline.deploy());
  const settle = async () => {
    if (!(await world.clock.run(eventLimit))) violate("never settles", "the simulation");
  };
  await settle();
  if (mend) {
    world.clock.skip(Math.max(0, (plan.silent?.until ?? 0) - world.elapsed));
    await mend(pipeline, new Date(world.clock.now()));
    await settle();
  }
  const redriven: Message[] = [];
  for (let round = 0; round < redrives; round += 1) {
    redriven.push(...redrive([...Object.values(pipeline.queues), ...(index ? [index] : [])]));
    await settle();
  }
  const killer = plan.killer?.token ?? "none";
  const innocent = redriven.filter((letter) => !tokensOf(letter, pipeline).includes(killer));
  const tooLong = innocent.filter((letter) => classOf(letter) === outageTooLong);
  if (isCalm(plan) && !sabotage.fate) {
    for (const letter of difference(innocent, tooLong)) {
      violate("used up receives", tokensOf(letter, pipeline).join(" "));
    }
  }
  if (plan.replayAfterDays !== undefined) {
    world.clock.skip(plan.replayAfterDays * 86_400_000);
    for (const version of [...pipeline.bucket.versions]) pipeline.sendEvent(version);
    await settle();
  }
  for (const item of index?.differences() ?? []) violate("wrong index", item);
  const announcements = audit(pipeline, { accepted, bad, plan }, violate);
  const last = announcements.at(-1)?.sentAt ?? 0;
  return {
    seed: plan.seed,
    accepted: accepted.size,
    announcements: announcements.length,
    marked: announcements.filter(({ marked }) => marked).length,
    undecided: announcements.filter(({ undecided }) => undecided).length,
    byEmail: announcements.filter(({ byEmail }) => byEmail).length,
    redriven: innocent.length,
    tooLong: tooLong.length,
    calls: world.faults.calls,
    lastAnnouncement: last - (world.clock.now() - world.elapsed),
    violations,
  };
}

/** Milliseconds before each further attempt of the source. */
const pauses = [1000, 5000, 30_000, 120_000, 600_000];

/** Drops a file, or sends a request until it is answered with 2xx or the source gives up. */
export function arrive(arrival: Arrival, accept: () => void, pipeline: Pipeline, world: World, attempt = 0): void {
  const { kind, name, body } = arrival;
  if (kind === "file") {
    world.tell("somebody", `drops ${name} as ${pipeline.bucket.put(name, body).versionId}`);
    accept();
    return;
  }
  world.tell("source", `sends ${name}`);
  const at = new Date(world.clock.now());
  const [sender, headers] =
    kind === "ids"
      ? [hubspot.name, signedHeaders(body, at)]
      : [
          source.name,
          {
            "webhook-id": name,
            "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
            "webhook-signature": new Webhook(source.secret).sign(name, at, body),
          },
        ];
  const requestContext = { requestId: name, http: { method: "POST", path: `/${sender}` } };
  const pathParameters = { source: sender };
  pipeline.ingest(name, { requestContext, pathParameters, rawQueryString: "", headers, body }, (answer) => {
    const { statusCode = 500 } = (answer ?? {}) as { readonly statusCode?: number };
    world.tell("source", `is answered ${statusCode}`, answer);
    if (statusCode === 503) pipeline.unavailable.add(name);
    const isAccepted = statusCode >= 200 && statusCode < 300;
    if (isAccepted) accept();
    const pause = pauses[attempt];
    const isLost = world.faults.accident();
    if (pause === undefined || (isAccepted && !isLost)) return;
    world.clock.after(pause, () => arrive(arrival, accept, pipeline, world, attempt + 1));
  });
}

/** Whether nothing goes wrong but outages, clocks, and a lead that ends its function. */
const isCalm = ({ faults }: Plan) => faults.accidents === 0 && Object.values(faults.fates).every((each) => each === 0);

/** Class of a message that was postponed for too long. */
const outageTooLong = "OutageTooLong";

/** Sends dead letters that no person has to correct to their queues again. @returns them */
function redrive(queues: readonly { readonly queue: Queue; readonly deadLetters: Queue }[]): Message[] {
  const classes = [receivesUsedUp, outageTooLong];
  return queues.flatMap(({ queue, deadLetters }) =>
    deadLetters
      .takeOut((letter) => classes.includes(classOf(letter)))
      .map((letter) => {
        queue.send(letter.body);
        return letter;
      }),
  );
}
