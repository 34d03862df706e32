import { createHistogram } from "node:perf_hooks";
import { type WorkerName, workerOf } from "../flow.ts";
import type { Announcement, Moment } from "./console/shapes/numbers.ts";
import type { Entry, EntryKind } from "./journal/entry.ts";
import type { Journal } from "./journal/journal.ts";
import type { Platform } from "./platform.ts";
import { messagesIn } from "./queues.ts";
import { meterUsage } from "./usage.ts";

type RecordedParts = Pick<Platform, "api" | "gateway" | "logs" | "functions" | "chats" | "inspectQueue"> & {
  readonly stack: Pick<Platform["stack"], "of">;
};

/** The queues of a stack that feed functions, each with the function's name. */
export function workQueues(stack: RecordedParts["stack"]): { readonly queue: string; readonly worker: string }[] {
  const queues = new Map(stack.of("aws_sqs_queue").map(({ values: { arn, name } }) => [arn, String(name)]));
  return stack.of("aws_lambda_event_source_mapping").flatMap(({ values: { event_source_arn, function_name } }) => {
    const queue = queues.get(event_source_arn);
    return queue === undefined ? [] : [{ queue, worker: String(function_name).split(":").at(-1) ?? "" }];
  });
}

/** Ends of a function's invocations since the start. */
export interface FunctionCounts {
  readonly invocations: number;
  readonly coldStarts: number;
  /** Faults, timeouts, and invocations that Lambda refused. */
  readonly errors: number;
}

const [keptAnnouncements, keptMoments] = [600, 300];

const count = (counts: Partial<Record<string, number>>, name: string | number) => {
  counts[name] = (counts[name] ?? 0) + 1;
};

type Attributes = Readonly<Partial<Record<string, { readonly S?: string }>>>;
/** Parameters of calls to S3 and of those that tell the ledger a state. */
interface Written {
  readonly Key?: string;
  readonly ExpressionAttributeValues?: Attributes;
}

/** Counts what a run does, from its start on. It needs the same memory however long the run is. */
export class RunRecord {
  /** Answers by status, from the API as `api` and from each channel. */
  readonly answers: Record<string, Record<string, number>> = { api: {}, email: {} };
  readonly entries: Partial<Record<EntryKind, number>> = {};
  readonly functions: Record<string, FunctionCounts> = {};
  /** Objects whose events go to a worker. */
  readonly objects: Partial<Record<WorkerName, number>> = {};
  /** How often the ledger was told each state of an announcement. */
  readonly ledger: Partial<Record<string, number>> = {};
  /** Milliseconds from the request to the first announcement. */
  readonly latency = createHistogram();
  /** At most 600, evenly chosen and in no order. */
  readonly announcements: Announcement[] = [];
  /** About one a second, at most 300. */
  moments: Moment[] = [];
  readonly usage: ReturnType<typeof meterUsage>;
  /** Names of the queues that functions work on, in the order of the moments' depths. */
  readonly queues: readonly string[];
  #lookedAt = 0;
  #nextLook: NodeJS.Timeout | undefined;

  constructor(parts: RecordedParts, journal: Pick<Journal, "on">) {
    const { api, gateway, functions, chats } = parts;
    this.queues = workQueues(parts.stack).map(({ queue }) => queue);
    this.usage = meterUsage(parts);
    api.on("answered", ({ answer }) => this.#answered("api", answer.status));
    for (const [name, chat] of Object.entries(chats)) chat.on("answered", (status) => this.#answered(name, status));
    for (const one of functions.values()) one.on("invoked", (invoked) => this.#invoked(invoked));
    gateway.on("answered", ({ call: { operation, parameters }, answer: { status } }) => {
      if (operation === "SendEmail") this.#answered("email", status);
      if (status === 200) this.#called(operation, parameters);
      // Whatever happens comes with calls. What the last one of a burst leaves is seen a second later.
      if (Date.now() - this.#lookedAt >= 1000) this.#look(parts);
      this.#nextLook ??= setTimeout(() => this.#look(parts), 1000).unref();
    });
    journal.on("entry", (entry) => this.#entered(entry));
  }

  #answered(from: string, status: number): void {
    this.answers[from] ??= {};
    count(this.answers[from], status);
  }

  #invoked({ function: name, status, coldStart }: { function: string; status: string; coldStart: boolean }): void {
    const before = this.functions[name] ?? { invocations: 0, coldStarts: 0, errors: 0 };
    this.functions[name] = {
      invocations: before.invocations + 1,
      coldStarts: before.coldStarts + Number(coldStart),
      errors: before.errors + Number(status !== "success"),
    };
  }

  #called(operation: string, { Key, ExpressionAttributeValues: values }: Written): void {
    const worker = operation === "PutObject" ? workerOf(String(Key)) : undefined;
    if (worker) count(this.objects, worker);
    const told = values?.[":state"]?.S;
    if (told !== undefined) count(this.ledger, told);
  }

  #entered({ kind, at, milliseconds }: Entry): void {
    count(this.entries, kind);
    if (kind !== "announced" || milliseconds === undefined) return;
    this.latency.record(Math.max(1, Math.round(milliseconds)));
    // Every lead has the same chance to be one of those that are kept.
    const seen = this.latency.count;
    const place = seen <= keptAnnouncements ? seen - 1 : Math.floor(Math.random() * seen);
    if (place < keptAnnouncements) this.announcements[place] = [at, Math.round(milliseconds)];
  }

  #look({ inspectQueue }: RecordedParts): void {
    this.#lookedAt = Date.now();
    clearTimeout(this.#nextLook);
    this.#nextLook = undefined;
    const { accepted = 0, announced = 0 } = this.entries;
    const depths = this.queues.map((queue) => messagesIn(inspectQueue(queue)));
    this.moments.push({ at: this.#lookedAt, accepted, announced, depths });
    // In a long run every second one goes again and again, so that old ones are rare.
    if (this.moments.length > keptMoments) this.moments = this.moments.filter((_, index) => index % 2 === 0);
  }
}
