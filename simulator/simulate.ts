import type { StageName } from "../flow.ts";
import { receivesUsedUp } from "../ops/dead-letters.ts";
import { announced, classOf, Register, tokensOfLetter, unmarkedRepeats, type Violation, versionOf } from "./audit.ts";
import { Pipeline, type Sabotage } from "./pipeline.ts";
import type { Plan } from "./plan.ts";
import type { Program } from "./program.ts";
import type { Message, Queue } from "./services/sqs.ts";
import { Sources } from "./sources.ts";
import { World } from "./world.ts";

/** What became of a plan. */
export interface Result {
  readonly accepted: number;
  readonly announcements: number;
  /** Announcements that say that they may be repeats. */
  readonly marked: number;
  /** Dead letters that an operator had to redrive. */
  readonly redriven: number;
  /** Calls to services. */
  readonly calls: number;
  /** Milliseconds from the start to the last announcement. */
  readonly lastAnnouncement: number;
  readonly violations: readonly Violation[];
}

export interface SimulationOptions {
  readonly programs: Readonly<Record<StageName, Program>>;
  /** Gets every event, in order. */
  readonly trace?: (line: string) => void;
  readonly sabotage?: Sabotage;
}

/** Events after which a simulation counts as endless. */
const eventLimit = 2_000_000;
/** How often the operator redrives dead letters that used up their receives. */
const redrives = 3;
const day = 86_400_000;

/** Runs a plan until nothing is left to happen, redrives and replays as an operator does, and looks for every lead. */
export async function simulate(plan: Plan, { programs, trace, sabotage }: SimulationOptions): Promise<Result> {
  const world = new World(plan.seed, plan.faults, trace);
  const violations: Violation[] = [];
  const violation = (kind: Violation["kind"], what: string) => {
    world.tell("AUDIT", `${kind}: ${what}`);
    violations.push({ kind, what });
  };
  const pipeline = new Pipeline(world, plan, programs, violation, sabotage);
  const sources = new Sources(world, pipeline, plan.arrivals);
  if (plan.newRouteAt !== undefined) world.clock.after(plan.newRouteAt, () => pipeline.deploy());
  const settle = async () => {
    if (!(await world.clock.run(eventLimit))) violation("never settles", "the simulation");
  };
  await settle();
  if (plan.killer && isCalm(plan)) findVictims(plan, pipeline, violation);
  let redriven = 0;
  for (let round = 0; round < redrives; round += 1) {
    redriven += redrive(pipeline);
    await settle();
  }
  if (plan.replayAfterDays !== undefined) {
    world.clock.skip(plan.replayAfterDays * day);
    for (const version of [...pipeline.bucket.versions]) pipeline.announceVersion(version);
    await settle();
  }
  const { all } = audit(plan, pipeline, sources, violation);
  return {
    accepted: sources.accepted.size,
    announcements: all.length,
    marked: all.filter(({ marked }) => marked).length,
    redriven,
    calls: world.faults.calls,
    lastAnnouncement: (all.at(-1)?.sentAt ?? 0) - (world.clock.now() - world.elapsed),
    violations,
  };
}

/** Nothing but the killer ends an invocation. */
const isCalm = ({ faults }: Plan) =>
  faults.accidents === 0 && Object.values(faults.fates).every((probability) => probability === 0);

/** Sends dead letters that used up their receives to their queues again. @returns how many */
function redrive({ queues }: Pipeline): number {
  let count = 0;
  for (const { queue, deadLetters } of Object.values(queues)) {
    for (const { body, attributes } of deadLetters.takeOut((letter) => classOf(letter) === receivesUsedUp)) {
      queue.send(body, attributes);
      count += 1;
    }
  }
  return count;
}

const lettersOf = ({ queues }: Pipeline): Message[] =>
  Object.values(queues).flatMap(({ deadLetters }: { readonly deadLetters: Queue }) => deadLetters.messages);

type Report = (kind: Violation["kind"], what: string) => void;

/** Reports leads that used up their receives although only one of their neighbours ends the function. */
function findVictims({ killer }: Plan, pipeline: Pipeline, violation: Report): void {
  const register = new Register(pipeline.bucket);
  for (const letter of lettersOf(pipeline).filter((one) => classOf(one) === receivesUsedUp)) {
    const tokens = tokensOfLetter(letter, pipeline.bucket, register);
    if (killer && !tokens.includes(killer.token))
      violation("victim of a neighbour", tokens.map((token) => register.idOf(token)).join(" "));
  }
}

function audit(plan: Plan, pipeline: Pipeline, { accepted }: Sources, violation: Report) {
  const { bucket, shown } = pipeline;
  const register = new Register(bucket);
  const { all, mixedUp } = announced(shown, register);
  for (const { kind, what } of mixedUp) violation(kind, what);
  for (const token of unmarkedRepeats(all)) violation("unmarked repeat", register.idOf(token));
  const letters = lettersOf(pipeline);
  const usedUp = new Set(
    letters.filter((one) => classOf(one) === receivesUsedUp).flatMap((one) => tokensOfLetter(one, bucket, register)),
  );
  const rejected = letters.filter((one) => classOf(one) !== receivesUsedUp);
  const seen = new Set(all.map(({ token }) => token));
  for (const token of accepted) if (!seen.has(token) && !usedUp.has(token)) violation("lost", register.idOf(token));
  for (const letter of rejected) {
    for (const token of tokensOfLetter(letter, bucket, register)) {
      violation("wrong rejection", `${classOf(letter)} ${register.idOf(token)}`);
    }
  }
  const rejectedVersions = new Set(rejected.map((letter) => versionOf(letter, bucket)?.versionId));
  const bad = new Set(plan.arrivals.flatMap((one) => (one.kind === "badFile" ? [one.text] : [])));
  for (const { text, versionId } of bucket.versions) {
    if (bad.has(text) && !rejectedVersions.has(versionId)) violation("wrong rejection", `none of ${versionId}`);
  }
  return { all };
}
