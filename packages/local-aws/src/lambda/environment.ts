import { randomBytes } from "node:crypto";
import { Worker } from "node:worker_threads";
import { compileCache } from "./code.ts";
import type { FunctionSettings } from "./function-settings.ts";
import type { FromEnvironment, FunctionError, Invocation, WorkerData } from "./protocol.ts";
import type { LogStream, Telemetry } from "./telemetry.ts";

export type Outcome =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly error: FunctionError; readonly status: "error" | "timeout" };

const runtime = new URL("./lambda-runtime.ts", import.meta.url);

/** Lambda ends an initialization that takes longer. */
const initMilliseconds = 10_000;

/** V8's default of 48 MB would cost a quarter of the memory and saves no time in handlers this short. */
const youngGenerationMb = 16;

const logStreamName = () =>
  `${new Date().toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]${randomBytes(16).toString("hex")}`;

/** How a thread's end looks from outside. https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html */
function endOf(error: Error & { code?: string }): FunctionError {
  if (error.code === "ERR_WORKER_OUT_OF_MEMORY") {
    return { errorType: "Runtime.OutOfMemory", errorMessage: "Runtime exited with error: signal: killed" };
  }
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split("\n") ?? [] };
}

/** One execution environment: a thread of its own that initializes once and takes one invocation at a time. */
export class ExecutionEnvironment {
  /** False once the thread has ended; such an environment is never used again. */
  alive = true;
  /** Milliseconds of the initialization; undefined until it is over. */
  initDuration: number | undefined;
  readonly #worker: Worker;
  readonly #settings: FunctionSettings;
  readonly #ready: Promise<Outcome | undefined>;
  #settle: ((outcome: Outcome) => void) | undefined;

  /** Where its lines go, and those that Lambda writes about it. */
  readonly log: LogStream;

  constructor(settings: FunctionSettings, telemetry: Telemetry) {
    this.#settings = settings;
    const stream = logStreamName();
    this.log = telemetry.openStream(stream);
    const { taskRoot, handler, arn, environment } = settings;
    const cache = compileCache();
    const started = performance.now();
    this.#worker = new Worker(runtime, {
      execArgv: [],
      env: { NODE_COMPILE_CACHE: cache, ...environment, AWS_LAMBDA_LOG_STREAM_NAME: stream },
      resourceLimits: { maxOldGenerationSizeMb: settings.memoryMb, maxYoungGenerationSizeMb: youngGenerationMb },
      workerData: { taskRoot, handler, functionArn: arn, compileCache: cache } satisfies WorkerData,
    });
    this.#ready = new Promise((resolve) => {
      const failed = (error: FunctionError) => resolve({ ok: false, error, status: "error" });
      const limit = setTimeout(() => {
        failed({
          errorType: "Sandbox.Timedout",
          errorMessage: `Initialization timed out after ${initMilliseconds / 1000} s`,
        });
        void this.end();
      }, initMilliseconds);
      this.#settle = (outcome) => {
        clearTimeout(limit);
        if (!outcome.ok) failed(outcome.error);
      };
      this.#worker.on("message", (message: FromEnvironment) => {
        if (message.type === "output") return this.#write(message.requestId, message.text);
        if (message.type === "ready") {
          clearTimeout(limit);
          this.initDuration = performance.now() - started;
          return resolve(undefined);
        }
        if (message.type === "result") return this.#settle?.({ ok: true, payload: message.payload });
        this.#settle?.({ ok: false, error: message.error, status: "error" });
        if (message.type === "initError") void this.end();
      });
    });
    this.#worker.on("error", (error) => this.#ended(endOf(error)));
    this.#worker.on("exit", (code) => {
      this.#ended({ errorType: "Runtime.ExitError", errorMessage: `Runtime exited with error: exit status ${code}` });
    });
  }

  /** @param event the event as JSON */
  async invoke(requestId: string, event: string, traceHeader: string): Promise<Outcome> {
    const broken = await this.#ready;
    if (broken) return broken;
    const { timeoutSeconds } = this.#settings;
    return new Promise((resolve) => {
      const limit = setTimeout(() => {
        const errorMessage = `${new Date().toISOString()} ${requestId} Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
        this.#settle?.({ ok: false, error: { errorType: "Sandbox.Timedout", errorMessage }, status: "timeout" });
        void this.end();
      }, timeoutSeconds * 1000);
      this.#settle = (outcome) => {
        clearTimeout(limit);
        this.#settle = undefined;
        resolve(outcome);
      };
      const deadline = Date.now() + timeoutSeconds * 1000;
      this.#worker.postMessage({ requestId, event, deadline, traceHeader } satisfies Invocation);
    });
  }

  #write(requestId: string | undefined, text: string): void {
    for (const line of text.split("\n")) {
      if (line !== "") this.log(requestId, line);
    }
  }

  async end(): Promise<void> {
    this.alive = false;
    await this.#worker.terminate();
  }

  #ended(error: FunctionError): void {
    this.alive = false;
    this.#settle?.({ ok: false, error, status: "error" });
  }
}
