import { type BrokenRule, BrokenRulesError } from "./broken-rule.ts";
import { functionRules, latencyRules, leastVisibilityTimeout, workerRules } from "./tuning-rules.ts";

/** Knobs of a function. Every rule about them stands in tuning-rules.ts. */
export interface FunctionTuning {
  /**
   * Longest time that one invocation may take, in seconds, 1 to 900 (behind the HTTP API: to 30).
   * @default 10
   */
  readonly timeoutSeconds: number;
  /**
   * Memory in MB, 128 to 10,240. CPU comes with it: 1,769 MB are one vCPU.
   * @default 512
   */
  readonly memoryMb: number;
  /**
   * Concurrency kept for this function alone and never exceeded, from 1; at least maximumConcurrency.
   * @default none: the function shares the account's concurrency
   */
  readonly reservedConcurrency?: number;
}

/** Knobs of a function that a queue feeds, and of the queue. */
export interface WorkerTuning extends FunctionTuning {
  /**
   * Most messages in one invocation, 1 to 10,000; above 10 only with a batching window.
   * @default 10
   */
  readonly batchSize: number;
  /**
   * How long Lambda may collect messages for a batch, in seconds, 0 to 300. With any window above 0 and little
   * traffic Lambda may wait 20 s.
   * @default 0
   */
  readonly batchingWindowSeconds: number;
  /**
   * Most invocations side by side, 2 to 1,000. It is what keeps throttles, and with them wasted receives, away.
   * @default 10
   */
  readonly maximumConcurrency: number;
  /**
   * Receives after which a message moves to the dead letter queue, 1 to 1,000.
   * @default 3
   */
  readonly maxReceiveCount: number;
  /**
   * How long a new message is held back, in seconds, 0 to 900.
   * @default 0
   */
  readonly deliveryDelaySeconds: number;
  /**
   * How long a received message stays hidden, in seconds, to 43,200; at least six times the timeout plus the window.
   * @default six times timeoutSeconds plus batchingWindowSeconds
   */
  readonly visibilityTimeoutSeconds: number;
  /**
   * How long the queue keeps a message, in seconds, 60 to 1,209,600 (14 days).
   * @default 86400 (1 day)
   */
  readonly retentionSeconds: number;
  /**
   * How long the dead letter queue keeps a message, counted from its first enqueue in the source queue, in seconds, 60
   * to 1,209,600 (14 days); more than retentionSeconds.
   * @default 345600 (4 days)
   */
  readonly deadLetterRetentionSeconds: number;
}

/** What an environment sets; the rest are defaults. */
export type FunctionKnobs = Partial<FunctionTuning>;
export type WorkerKnobs = Partial<WorkerTuning>;

const day = 86_400;
const functionDefaults: FunctionTuning = { timeoutSeconds: 10, memoryMb: 512 };
const workerDefaults: Omit<WorkerTuning, "visibilityTimeoutSeconds"> = {
  ...functionDefaults,
  batchSize: 10,
  batchingWindowSeconds: 0,
  maximumConcurrency: 10,
  maxReceiveCount: 3,
  deliveryDelaySeconds: 0,
  retentionSeconds: day,
  deadLetterRetentionSeconds: 4 * day,
};

/** A function's knobs with the defaults filled in. */
export const functionTuning = (knobs: FunctionKnobs): FunctionTuning => ({ ...functionDefaults, ...knobs });

/** A worker's knobs with the defaults filled in and the visibility timeout derived. */
export function workerTuning(knobs: WorkerKnobs): WorkerTuning {
  const tuning = { ...workerDefaults, ...knobs };
  return { visibilityTimeoutSeconds: leastVisibilityTimeout(tuning), ...tuning };
}

/** The tuning of a flow: one function behind an HTTP API, then queue workers one after the other. */
export interface FlowTuning {
  readonly http: Readonly<Record<string, FunctionTuning>>;
  readonly workers: Readonly<Record<string, WorkerTuning>>;
  /** From the accepted request to the notification when nothing fails, in seconds. */
  readonly latencyBudgetSeconds: number;
}

/** Tuning that AWS would refuse, or that would lose leads or time. */
export class TuningError extends BrokenRulesError {
  constructor(rules: readonly BrokenRule[]) {
    super("BrokenTuning", rules);
  }
}

/** Every rule that a flow's tuning breaks. @param at the path that the rules' paths start with */
export function brokenTuningRules(flow: FlowTuning, at: string): BrokenRule[] {
  return [
    ...Object.entries(flow.http).flatMap(([name, tuning]) => functionRules(tuning, `${at}.tuning.${name}`, "http")),
    ...Object.entries(flow.workers).flatMap(([name, tuning]) => workerRules(tuning, `${at}.tuning.${name}`)),
    ...latencyRules(Object.values(flow.workers), flow.latencyBudgetSeconds, `${at}.latencyBudgetSeconds`),
  ];
}

/**
 * Refuses tuning that breaks a rule.
 * @throws TuningError naming every broken rule
 */
export function checkTuning(flow: FlowTuning, at: string): void {
  const rules = brokenTuningRules(flow, at);
  if (rules.length > 0) throw new TuningError(rules);
}
