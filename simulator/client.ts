import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { ServiceName } from "./faults.ts";
import type { Json, World } from "./world.ts";

/** A call to a service. */
export interface Call {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: Json;
  /** Milliseconds for the answer's headers. @default no limit */
  readonly requestTimeout?: number | undefined;
  readonly abortSignal?: AbortSignal | undefined;
}

/** What a client needs of its execution environment. */
interface Caller {
  readonly random: World["random"];
  sleep(milliseconds: number): Promise<void>;
  call(call: Call): Promise<unknown>;
}

/** What the client hands to the network. */
interface Handler {
  handle(
    request: Command,
    options: { readonly abortSignal?: AbortSignal | undefined },
  ): Promise<{ readonly response: Response }>;
}

interface Response {
  readonly answer: Json;
  /** The rest of the answer, where it is an object, or where it stops after its first bytes. */
  body?: Readable;
}

/** What a function says of its client. */
interface Settings {
  /** @default 3 */
  readonly maxAttempts?: number;
  /** Settings of a handler, or the handler of another client. @default no limit of time */
  readonly requestHandler?: { readonly requestTimeout?: number } | Handler;
}

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: Json;
}

/** Errors after which the SDK tries again. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const isTransient = (error: unknown): boolean => {
  const { name, code, $metadata } = error as { name?: string; code?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 0;
  return name === "TimeoutError" || code === "ECONNREFUSED" || status >= 500 || status === 429 || isThrottle(name);
};
const isThrottle = (name = "") => /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/.test(name);

/** Milliseconds before the first retry; each later pause is up to twice as long. */
const retryDelay = 100;

/** Returns the class that stands for an AWS client in an environment. Attempts and timeouts are those of its settings. */
export const clientClass = (service: ServiceName, environment: Caller) =>
  class {
    readonly config: { readonly maxAttempts: number; readonly requestHandler: Handler };

    constructor({ maxAttempts = 3, requestHandler = {} }: Settings = {}) {
      const handler = "handle" in requestHandler ? requestHandler : createHandler(service, environment, requestHandler);
      this.config = { maxAttempts, requestHandler: handler };
    }

    async send(command: Command, options: { readonly abortSignal?: AbortSignal } = {}): Promise<unknown> {
      const { maxAttempts, requestHandler } = this.config;
      for (let attempt = 1; ; attempt += 1) {
        try {
          const { response } = await requestHandler.handle(command, options);
          const { answer, body } = response;
          if (answer.Body !== undefined && body) return { ...answer, Body: withBytes(body) };
          if (body) await buffer(body);
          return answer;
        } catch (error) {
          if (attempt === maxAttempts || options.abortSignal?.aborted || !isTransient(error)) throw error;
          await environment.sleep(environment.random.between(0, retryDelay * 2 ** attempt));
        }
      }
    }

    destroy(): void {}
  };

const createHandler = (
  service: ServiceName,
  environment: Caller,
  { requestTimeout }: { readonly requestTimeout?: number },
): Handler => ({
  async handle({ constructor: { name }, input }, { abortSignal }) {
    const operation = name.replace(/Command$/, "");
    const call = { service, operation, input, requestTimeout, abortSignal };
    const { answer, stalls } = (await environment.call(call)) as { answer: Json; stalls: boolean };
    const { Body } = answer;
    if (!stalls && Body === undefined) return { response: { answer } };
    const bytes = Buffer.from(String(Body ?? "an answer"));
    const chunks = stalls ? [bytes.subarray(0, 5)] : [bytes, null];
    const body = new Readable({
      read() {
        const next = chunks.shift();
        if (next !== undefined) this.push(next);
      },
    });
    body.on("error", () => {});
    abortSignal?.addEventListener("abort", () => body.destroy(abortSignal.reason as Error), { once: true });
    return { response: { answer, body } };
  },
});

/** A body as the SDK returns it. */
const withBytes = (body: Readable) =>
  Object.assign(body, { transformToByteArray: async () => new Uint8Array(await buffer(body)) });
