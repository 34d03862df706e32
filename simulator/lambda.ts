import crypto from "node:crypto";
import { clientClass } from "./client.ts";
import { Environment, type EnvironmentPorts } from "./environment.ts";
import type { ServiceError, ServiceName } from "./faults.ts";
import type { Program } from "./program.ts";
import type { ApiAnswer } from "./services/hubspot.ts";
import type { SlackAnswer } from "./services/messages.ts";
import type { Message, Queue } from "./services/sqs.ts";
import type { Json } from "./world.ts";

const awsServices = ["S3", "SQS", "DynamoDB", "SESv2", "SSM"] as const satisfies readonly ServiceName[];
const sdkPackage = (service: ServiceName) => `@aws-sdk/client-${service.toLowerCase()}`;

type Handler = (event: unknown, context: unknown) => Promise<unknown>;
interface Started {
  readonly environment: Environment;
  readonly handler: Handler;
}

export interface FunctionPorts extends Omit<EnvironmentPorts, "sdkError"> {
  readonly program: Program;
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** Milliseconds in which an environment starts. @default 0 */
  readonly startMilliseconds?: number;
  /** Invocations at the same time; further ones wait. @default no limit */
  readonly concurrency?: number;
  /** Gets the milliseconds of each invocation that ended, with those of its environment's start. */
  readonly billed?: (milliseconds: number) => void;
}

/** A Lambda function: one invocation at a time in each environment, as many environments as there are invocations. */
export class LambdaFunction {
  readonly #ports: FunctionPorts;
  #idle: Started[] = [];
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(ports: FunctionPorts) {
    this.#ports = ports;
  }

  /** Whether as many invocations run as can. */
  get isFull(): boolean {
    return this.#running >= (this.#ports.concurrency ?? Number.POSITIVE_INFINITY);
  }

  /** @param ended gets the function's answer, or undefined after an error, a timeout or a death */
  invoke(event: unknown, ended: (answer: unknown) => void): void {
    const { world, startMilliseconds = 0, billed } = this.#ports;
    if (this.isFull) return void this.#waiting.push(() => this.invoke(event, ended));
    this.#running += 1;
    const begun = world.clock.now();
    const end = (answer: unknown) => {
      this.#running -= 1;
      billed?.(world.clock.now() - begun);
      this.#waiting.shift()?.();
      ended(answer);
    };
    if (world.faults.accident()) this.#idle.pop();
    const warm = this.#idle.pop();
    const run = () => this.#run(warm ?? this.#start(), event, end);
    if (warm || startMilliseconds === 0) run();
    else world.clock.after(startMilliseconds, run);
  }

  #run(started: Started, event: unknown, ended: (answer: unknown) => void): void {
    const { world, timeoutSeconds } = this.#ports;
    const { environment, handler } = started;
    environment.running = true;
    environment.onDeath = () => ended(undefined);
    const deadline = world.clock.now() + timeoutSeconds * 1000;
    const cancel = environment.after(timeoutSeconds * 1000, () => environment.die("because its time is over"));
    const finish = (answer: unknown) => {
      if (environment.dead) return;
      cancel();
      environment.finish();
      this.#idle.push(started);
      ended(answer);
    };
    const context = { getRemainingTimeInMillis: () => deadline - world.clock.now() };
    handler(event, context).then(finish, () => finish(undefined));
  }

  /** Ends idle environments, as a deployment does. */
  deploy(): void {
    this.#idle = [];
  }

  #start(): Started {
    const { program, variables } = this.#ports;
    const sdkError = (service: ServiceName, error: ServiceError) => sdkErrorOf(program, service, error);
    const environment = new Environment(program.name, { ...this.#ports, sdkError });
    const { handler } = program.start(globalsOf(environment, variables), (name) =>
      packageOf(name, program, environment),
    );
    return { environment, handler: handler as Handler };
  }
}

const tooLate = new DOMException("too late", "TimeoutError");

/** What code finds in place of the machine's own: the environment's time, its variables, and Slack behind `fetch`. */
function globalsOf(environment: Environment, variables: Readonly<Record<string, string>>) {
  const { now, random } = environment;
  return {
    process: { env: variables },
    Date: class extends Date {
      static override now = now;
      constructor(value: number | string | Date = now()) {
        super(value);
      }
    },
    Math: Object.assign(Object.create(Math), { random: random.number }),
    setTimeout: (action: () => void, milliseconds = 0) => environment.after(milliseconds, action),
    clearTimeout: (cancel?: () => void) => cancel?.(),
    AbortSignal: {
      any: (signals: AbortSignal[]) => AbortSignal.any(signals),
      timeout(milliseconds: number) {
        const controller = new AbortController();
        environment.after(milliseconds, () => controller.abort(tooLate));
        return controller.signal;
      },
    },
    async fetch(url: URL, { body, signal }: RequestInit) {
      const input = { url: String(url), body: await environment.read(body) };
      const call = { service: "Slack", operation: "PostMessage", input, abortSignal: signal ?? undefined } as const;
      const { answer, stalls } = await environment.call(call);
      const { status, body: text, headers = {} } = answer as unknown as SlackAnswer;
      return { status, headers: new Headers(headers), body: bodyOf(text, stalls, signal) };
    },
  };
}

interface ApiRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** undici's `request`, by which the record of an event is fetched. */
async function requestOfApi(environment: Environment, url: string, { headers, signal }: ApiRequest) {
  const input = { url, authorization: headers.authorization };
  const call = { service: "HubSpot", operation: "GetContact", input, abortSignal: signal } as const;
  const { answer, stalls } = await environment.call(call);
  const { status, body, headers: given = {} } = answer as unknown as ApiAnswer;
  return { statusCode: status, headers: given, body: bodyOf(body, stalls, signal) };
}

async function* bodyOf(text: string, stalls: boolean | undefined, signal: RequestInit["signal"]) {
  if (stalls) await aborted(signal);
  yield Buffer.from(text);
}

const aborted = (signal: RequestInit["signal"]) =>
  new Promise<never>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));

/** A package as an environment's code finds it. */
function packageOf(name: string, program: Program, environment: Environment): unknown {
  const exports = program.packageOf(name);
  const service = awsServices.find((one) => sdkPackage(one) === name);
  if (service) return { ...exports, [`${service}Client`]: clientClass(service, environment) };
  const tell = (message: string, context: Json) => environment.log(message, context);
  switch (name) {
    case "@aws-lambda-powertools/logger":
      return {
        Logger: class {
          info = tell;
          warn = tell;
          error = tell;
          appendKeys() {}
        },
      };
    case "@aws-lambda-powertools/metrics":
      return {
        ...exports,
        Metrics: class {
          addMetric() {}
          hasStoredMetrics = () => false;
        },
      };
    case "undici":
      return { request: (url: string, options: ApiRequest) => requestOfApi(environment, url, options) };
    case "node:timers/promises":
      return { setTimeout: (milliseconds: number) => environment.sleep(milliseconds) };
    case "node:crypto":
      return { ...crypto, randomUUID: () => `uuid-${environment.random.number()}` };
    default:
      return exports;
  }
}

/** The error of the SDK: of its own class, or of the service's base class. The code can tell no other classes apart. */
function sdkErrorOf(program: Program, service: ServiceName, { name, status }: ServiceError): Error {
  const sdk = program.packageOf(sdkPackage(service));
  const SdkError = (sdk[name] ?? sdk[`${service}ServiceException`] ?? Error) as new (options: object) => Error;
  const $metadata = { httpStatusCode: status };
  return Object.assign(new SdkError({ $fault: "client", $metadata }), { name, message: name, $metadata });
}

export interface MappingSettings {
  readonly batchSize: number;
  readonly maximumConcurrency: number;
  /** Sees the receipts of a batch before the function gets it. */
  readonly before: (receipts: readonly string[]) => void;
}

/** An event source mapping: it hands a queue's messages to a function, and deletes those of the batch that did not fail. */
export function mapQueue(
  queue: Queue,
  fn: LambdaFunction,
  settings: MappingSettings,
  { clock, random }: FunctionPorts["world"],
): void {
  let running = 0;
  const poll = () => {
    const messages = running < settings.maximumConcurrency ? queue.receive(random.whole(1, settings.batchSize)) : [];
    if (messages.length === 0) return;
    running += 1;
    settings.before(messages.map(({ receipt }) => receipt));
    fn.invoke({ Records: messages.map(asRecord) }, (answer) => {
      for (const { receipt } of succeeded(messages, answer)) queue.delete(receipt);
      running -= 1;
      clock.after(0, poll);
    });
    clock.after(0, poll);
  };
  queue.onVisible = () => clock.after(random.between(0, 50), poll);
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html */
export function succeeded(messages: readonly Message[], answer: unknown): readonly Message[] {
  if (answer === undefined) return [];
  const { batchItemFailures } = answer as {
    readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
  };
  return messages.filter(({ id }) => !batchItemFailures.some(({ itemIdentifier }) => itemIdentifier === id));
}

/** A message as Lambda hands it to a function. */
export const asRecord = ({ id, receipt, body, receives, sentAt, attributes }: Message) => ({
  messageId: id,
  receiptHandle: receipt,
  body,
  attributes: { ApproximateReceiveCount: String(receives), SentTimestamp: String(sentAt) },
  messageAttributes: Object.fromEntries(
    Object.entries(attributes).map(([name, { StringValue }]) => [
      name,
      { stringValue: StringValue, dataType: "String" },
    ]),
  ),
});
