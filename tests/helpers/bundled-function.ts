import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { unzipSync } from "fflate";
import { tempFolder } from "./temp-folder.ts";

interface Answer {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

/** A function from its deployment package, in a thread with its own environment variables. */
export class BundledFunction {
  /** What it printed. */
  output = "";
  readonly #worker: Worker;
  /** Rejects if the function does not load. */
  readonly #ready: Promise<unknown>;
  readonly #waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  #invocations = 0;

  constructor(zip: string, variables: Readonly<Record<string, string>>) {
    const folder = tempFolder();
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of Object.entries(unzipSync(readFileSync(zip))))
      writeFileSync(join(folder, name), content);
    this.#worker = new Worker(new URL("./function-thread.ts", import.meta.url), {
      execArgv: [],
      env: { ...variables },
      stdout: true,
      stderr: true,
      workerData: { entry: pathToFileURL(join(folder, "index.mjs")).href },
    });
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
      });
    }
    this.#ready = once(this.#worker, "message");
    this.#ready.catch(() => undefined);
    this.#worker.on("message", ({ id, answer, error }: Answer) => {
      const invocation = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) invocation?.resolve(answer);
      else invocation?.reject(new Error(error));
    });
    this.#worker.on("error", (error: Error) => {
      for (const { reject } of this.#waiting.values()) reject(error);
    });
  }

  /**
   * Invokes the handler, once it is loaded.
   * @param seconds the function's timeout, which its context tells it. Loading does not count, as on Lambda
   * @throws Error after the timeout, and with what the handler throws
   */
  async invoke<T>(event: unknown, seconds: number): Promise<T> {
    await this.#ready;
    const id = this.#invocations++;
    let limit: NodeJS.Timeout | undefined;
    const answer = new Promise<T>((resolve, reject) => {
      limit = setTimeout(() => reject(new Error(`The function timed out after ${seconds} s.`)), seconds * 1000);
      this.#waiting.set(id, { resolve: (answer) => resolve(answer as T), reject });
      this.#worker.postMessage({ id, event, milliseconds: seconds * 1000 });
    });
    return answer.finally(() => clearTimeout(limit));
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
