import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { availableParallelism } from "node:os";
import { ExecutionEnvironment, type Outcome } from "./environment.ts";
import type { FunctionSettings } from "./function-settings.ts";
import { recursionLimit, traceOf } from "./recursion.ts";
import type { Telemetry } from "./telemetry.ts";

/**
 * Environments of one function that are busy at the same time. AWS has no such bound; here more threads than the
 * machine has cores only make each other slow.
 */
export const machineConcurrency = Math.max(2, availableParallelism());

/** What an invocation was and how it ended; alarms count these. */
export interface Invoked {
  readonly function: string;
  readonly requestId: string;
  readonly status: "success" | "error" | "timeout" | "throttled" | "recursive";
  readonly durationMs: number;
  readonly coldStart: boolean;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors */
const refusals = {
  throttled: { errorType: "TooManyRequestsException", errorMessage: "Rate Exceeded." },
  recursive: {
    errorType: "RecursiveInvocationException",
    errorMessage:
      "Lambda has detected your function being invoked in a recursive loop with other Amazon Web Services resources and stopped your function's invocation.",
  },
} as const;

/** A function with its execution environments: warm ones are used again, the one used last first. */
export class LambdaFunction extends EventEmitter<{ invoked: [Invoked] }> {
  readonly settings: FunctionSettings;
  readonly #telemetry: Telemetry;
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #all = new Set<ExecutionEnvironment>();
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  #stopped = false;

  constructor(settings: FunctionSettings, telemetry: Telemetry) {
    super();
    this.settings = settings;
    this.#telemetry = telemetry;
  }

  /** Environments that are busy now. */
  get running(): number {
    return this.#busy;
  }

  /**
   * Invokes the function. The call waits while all environments that this machine has room for are busy.
   * @param causes trace headers of what it is invoked for, by which Lambda detects recursion
   * @param requestId the invocation's id. @default a new one
   */
  async invoke(event: unknown, causes: readonly string[] = [], requestId: string = randomUUID()): Promise<Outcome> {
    const { arn, recursionAllowed, reservedConcurrency = Number.POSITIVE_INFINITY } = this.settings;
    const trace = traceOf(arn, causes);
    if (trace.round >= recursionLimit && !recursionAllowed) return this.#refuse(requestId, "recursive");
    if (this.#busy + this.#waiting.length >= reservedConcurrency) return this.#refuse(requestId, "throttled");
    if (this.#busy >= machineConcurrency) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#stopped) return stoppedOutcome;
    this.#busy += 1;
    const warm = this.#warm();
    const environment = warm ?? this.#start();
    const started = performance.now();
    try {
      const outcome = await environment.invoke(requestId, JSON.stringify(event), trace.header);
      this.#report(environment, requestId, outcome, performance.now() - started, warm === undefined);
      return outcome;
    } finally {
      this.#busy -= 1;
      if (environment.alive) this.#idle.push(environment);
      else this.#all.delete(environment);
      this.#waiting.shift()?.();
    }
  }

  /** Ends all environments. Invocations that are under way fail. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const resume of this.#waiting.splice(0)) resume();
    await Promise.all([...this.#all].map((environment) => environment.end()));
  }

  /** Ends one busy environment in the middle of its invocation, as a fault; false when none is busy. */
  async killOne(): Promise<boolean> {
    const busy = [...this.#all].find((environment) => !this.#idle.includes(environment));
    await busy?.end();
    return busy !== undefined;
  }

  /** Ends the idle environments, as Lambda does now and then: the next invocations start cold. */
  async endIdle(): Promise<void> {
    const idle = this.#idle.splice(0);
    for (const environment of idle) this.#all.delete(environment);
    await Promise.all(idle.map((environment) => environment.end()));
  }

  #warm(): ExecutionEnvironment | undefined {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (idle.alive) return idle;
      this.#all.delete(idle);
    }
    return undefined;
  }

  #start(): ExecutionEnvironment {
    const environment = new ExecutionEnvironment(this.settings, this.#telemetry);
    this.#all.add(environment);
    return environment;
  }

  #refuse(requestId: string, status: keyof typeof refusals): Outcome {
    this.emit("invoked", { function: this.settings.name, requestId, status, durationMs: 0, coldStart: false });
    return { ok: false, error: refusals[status], status: "error" };
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#platform-report */
  #report(environment: ExecutionEnvironment, requestId: string, outcome: Outcome, elapsed: number, coldStart: boolean) {
    const initDurationMs = coldStart ? environment.initDuration : undefined;
    const status = outcome.ok ? "success" : outcome.status;
    const durationMs = Math.round((elapsed - (initDurationMs ?? 0)) * 100) / 100;
    const { memoryMb, name } = this.settings;
    const metrics = { durationMs, billedDurationMs: Math.ceil(elapsed), memorySizeMB: memoryMb, initDurationMs };
    const error = outcome.ok ? {} : { errorType: outcome.error.errorType, errorMessage: outcome.error.errorMessage };
    const record = { requestId, metrics, status, ...error };
    environment.log(requestId, JSON.stringify({ time: new Date().toISOString(), type: "platform.report", record }));
    this.emit("invoked", { function: name, requestId, status, durationMs, coldStart: initDurationMs !== undefined });
  }
}

const stoppedOutcome: Outcome = {
  ok: false,
  error: { errorType: "Stopped", errorMessage: "local-aws has ended." },
  status: "error",
};
