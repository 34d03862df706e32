import { createHistogram } from "node:perf_hooks";
import { type WorkerName, workerOf } from "../flow.ts";
import type { Announcement, Moment } from "./console/shapes/numbers.ts";
import type { Entry, EntryKind } from "./journal/entry.ts";
import type { Journal } from "./journal/journal.ts";
import type { Platform } from "./platform.ts";
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

/** Adds a value to a series that may be endless. When there are too many, every second one goes, so old ones are rare. */
function keep<T>(values: T[], value: T, most: number): void {
  values.push(value);
  if (values.length <= most) return;
  const kept = values.filter((_, index) => index % 2 === 0);
  values.splice(0, values.length, ...kept);
}

const count = (counts: Partial<Record<string, number>>, name: string | number) => {
  counts[name] = (counts[name] ?? 0) + 1;
};
const text = (value: unknown) => (value as { readonly S?: string } | undefined)?.S;

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
  /** At most 1,000. */
  readonly announcements: Announcement[] = [];
  /** About one a second, at most 400. */
  readonly moments: Moment[] = [];
  readonly usage: ReturnType<typeof meterUsage>;
  /** Names of the queues that functions work on, in the order of the moments' depths. */
  readonly queues: readonly string[];
  #lookedAt = 0;

  constructor(parts: RecordedParts, journal: Pick<Journal, "on">) {
    const { api, gateway, functions, chats } = parts;
    this.queues = workQueues(parts.stack).map(({ queue }) => queue);
    this.usage = meterUsage(parts);
    api.on("answered", ({ answer }) => this.#answered("api", answer.status));
    for (const [name, chat] of Object.entries(chats)) chat.on("answered", (status) => this.#answered(name, status));
    for (const one of functions.values()) one.on("invoked", (invoked) => this.#invoked(invoked));
    gateway.on("answered", ({ call: { service, operation, parameters }, answer: { status } }) => {
      if (operation === "SendEmail") this.#answered("email", status);
      if (status === 200) this.#called(`${service}:${operation}`, parameters);
      // Whatever happens comes with calls, and a function that waits asks its queue every few seconds.
      if (Date.now() - this.#lookedAt >= 1000) this.#look(parts);
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

  #called(name: string, { Key, Item, ExpressionAttributeValues }: Readonly<Record<string, unknown>>): void {
    const worker = name === "s3:PutObject" ? workerOf(String(Key)) : undefined;
    if (worker) count(this.objects, worker);
    const written = (Item ?? ExpressionAttributeValues) as Readonly<Record<string, unknown>> | undefined;
    const state = name === "dynamodb:PutItem" ? written?.state : name === "dynamodb:UpdateItem" && written?.[":state"];
    const told = text(state);
    if (told !== undefined) count(this.ledger, told);
  }

  #entered({ kind, at, milliseconds }: Entry): void {
    count(this.entries, kind);
    if (kind !== "announced" || milliseconds === undefined) return;
    this.latency.record(Math.max(1, Math.round(milliseconds)));
    keep(this.announcements, [at, Math.round(milliseconds)], 1000);
  }

  #look({ inspectQueue }: RecordedParts): void {
    this.#lookedAt = Date.now();
    const { accepted = 0, announced = 0 } = this.entries;
    const depths = this.queues.map((queue) => {
      const { ready, delayed, inflight } = inspectQueue(queue);
      return ready.length + delayed.length + inflight.length;
    });
    keep(this.moments, { at: this.#lookedAt, accepted, announced, depths }, 400);
  }
}
