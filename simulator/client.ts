import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Environment } from "./environment.ts";
import type { ServiceName } from "./faults.ts";
import type { Json } from "./world.ts";

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: Json;
}

interface Options {
  readonly abortSignal?: AbortSignal | undefined;
}

/** What the client hands to the network. The functions put their own limits around it. */
interface Handler {
  handle(
    request: Command,
    options: Options,
  ): Promise<{ readonly response: { readonly answer: Json; body?: Readable } }>;
}

/** The SDK's attempts of a call. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const attemptsOf = (service: ServiceName) => (service === "DynamoDB" ? 4 : 3);

/** What a function says of its client. Attempts are the SDK's and time is without a limit if it says nothing. */
interface Settings {
  readonly maxAttempts?: number;
  readonly requestHandler?: { readonly requestTimeout?: number } | Handler;
}

/** Errors after which the SDK tries again. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const isTransient = (error: unknown): boolean => {
  const {
    name = "",
    code,
    $metadata,
  } = error as { name?: string; code?: string; $metadata?: { httpStatusCode: number } };
  return (
    /Timeout|Throttl|TooManyRequests/.test(name) || code === "ECONNREFUSED" || ($metadata?.httpStatusCode ?? 0) >= 500
  );
};

/** The class that stands for a client of an AWS service in an environment. */
export const clientClass = (service: ServiceName, environment: Environment) =>
  class {
    readonly config: { readonly maxAttempts: number; readonly requestHandler: Handler };

    constructor({ maxAttempts = attemptsOf(service), requestHandler = {} }: Settings = {}) {
      const isHandler = "handle" in requestHandler;
      this.config = {
        maxAttempts,
        requestHandler: isHandler ? requestHandler : handler(service, environment, requestHandler),
      };
    }

    async send(command: Command, options: Options = {}): Promise<unknown> {
      const { maxAttempts, requestHandler } = this.config;
      for (let attempt = 1; ; attempt += 1) {
        try {
          const { answer, body } = (await requestHandler.handle(command, options)).response;
          if (!body) return answer;
          if (answer.Body === undefined) await buffer(body);
          const transformToByteArray = async () => new Uint8Array(await buffer(body));
          return { ...answer, Body: Object.assign(body, { transformToByteArray }) };
        } catch (error) {
          if (attempt === maxAttempts || options.abortSignal?.aborted || !isTransient(error)) throw error;
          await environment.sleep(environment.random.between(0, 100 * 2 ** attempt));
        }
      }
    }
  };

const handler = (
  service: ServiceName,
  environment: Environment,
  { requestTimeout }: { requestTimeout?: number },
): Handler => ({
  async handle({ constructor: { name }, input }, { abortSignal }) {
    const operation = name.replace(/Command$/, "");
    const { answer, stalls } = await environment.call({ service, operation, input, requestTimeout, abortSignal });
    const text = answer.Body ?? (stalls ? "an answer" : undefined);
    return { response: text === undefined ? { answer } : { answer, body: bodyOf(String(text), stalls, abortSignal) } };
  },
});

/** The body of an answer. One that stalls holds five bytes and then nothing. */
function bodyOf(text: string, stalls: boolean, signal: AbortSignal | undefined): Readable {
  const chunks = stalls ? [text.slice(0, 5)] : [text, null];
  const body = new Readable({
    read() {
      const next = chunks.shift();
      if (next !== undefined) this.push(next);
    },
  });
  body.on("error", () => {});
  signal?.addEventListener("abort", () => body.destroy(signal.reason as Error));
  return body;
}
