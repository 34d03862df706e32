import crypto from "node:crypto";
import { type Call, clientClass } from "./client.ts";
import type { Owner } from "./clock.ts";
import type { Fate, ServiceName } from "./faults.ts";
import type { Program } from "./program.ts";
import { ServiceError } from "./services/service-error.ts";
import { certainRefusals, type SlackAnswer, uncertainAnswers } from "./services/slack.ts";
import type { World } from "./world.ts";

/** A call as a service gets it. */
export interface ReceivedCall extends Call {
  /** The function that makes it. */
  readonly stage: string;
  /** Epoch milliseconds at which it left. */
  readonly sentAt: number;
}

export interface EnvironmentPorts {
  readonly world: World;
  readonly variables: Readonly<Record<string, string>>;
  /** Does what a call asks for. @throws ServiceError */
  readonly serve: (call: ReceivedCall) => unknown;
  /** Whether the function that gets the answer to this call dies of it. */
  readonly kills: (call: ReceivedCall) => boolean;
  /** Something that must never happen. */
  readonly violation: (kind: "work after the answer", what: string) => void;
}

const clients: Readonly<Record<string, readonly [className: string, ServiceName]>> = {
  "@aws-sdk/client-s3": ["S3Client", "s3"],
  "@aws-sdk/client-sqs": ["SQSClient", "sqs"],
  "@aws-sdk/client-dynamodb": ["DynamoDBClient", "dynamodb"],
  "@aws-sdk/client-sesv2": ["SESv2Client", "sesv2"],
  "@aws-sdk/client-ssm": ["SSMClient", "ssm"],
};
const baseErrors: Readonly<Record<ServiceName, string>> = {
  s3: "S3ServiceException",
  sqs: "SQSServiceException",
  dynamodb: "DynamoDBServiceException",
  sesv2: "SESv2ServiceException",
  ssm: "SSMServiceException",
  slack: "Error",
};

const never = new Promise<never>(() => {});

type ServiceExceptionClass = new (options: object) => Error;

/** An execution environment of Lambda: a function's code with a memory, a clock and calls of its own. It can die at any call. */
export class Environment implements Owner {
  readonly name: string;
  readonly handler: (event: unknown, context: unknown) => Promise<unknown>;
  readonly random: World["random"];
  dead = false;
  /** Whether an invocation is going on. */
  running = false;
  onDeath: () => void = () => {};
  readonly #program: Program;
  readonly #ports: EnvironmentPorts;
  /** Milliseconds by which its clock is wrong. */
  readonly #skew: number;
  /** Calls that change something and whose end this environment has not seen. */
  #changes = 0;

  constructor(name: string, program: Program, ports: EnvironmentPorts) {
    this.name = name;
    this.random = ports.world.random;
    this.#program = program;
    this.#ports = ports;
    this.#skew = this.random.whole(-500, 500);
    const { handler } = program.start(this.#globals(), (name) => this.#package(name));
    this.handler = handler as Environment["handler"];
  }

  readonly now = () => this.#ports.world.clock.now() + this.#skew;

  tell(what: string, details?: unknown): void {
    this.#ports.world.tell(this.name, what, details);
  }

  after(milliseconds: number, action: () => void): () => void {
    return this.#ports.world.clock.after(milliseconds, action, this);
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  die(why: string): void {
    if (this.dead) return;
    this.dead = true;
    this.tell(`dies: ${why}`);
    this.onDeath();
  }

  /** Ends an invocation. */
  finish(): void {
    this.running = false;
    if (this.#changes > 0) this.#ports.violation("work after the answer", `${this.#changes} calls of ${this.name}`);
  }

  /** Makes a call. What becomes of it is up to the faults. */
  call(call: Call): Promise<unknown> {
    if (this.dead) return never;
    const { world } = this.#ports;
    const { service, operation, input, requestTimeout, abortSignal } = call;
    const fate = world.faults.fateOf(service);
    this.tell(`${operation}${fate === "done" ? "" : ` (${fate})`}`, input);
    if (!this.running && isChange(operation))
      this.#ports.violation("work after the answer", `${operation} of ${this.name}`);
    if (fate === "diesBefore") {
      this.die(`before ${operation}`);
      return never;
    }
    if (isChange(operation)) this.#changes += 1;
    return new Promise((resolve, reject) => {
      let open = true;
      const settle = (act: () => void) => {
        if (!open) return;
        open = false;
        if (isChange(operation)) this.#changes -= 1;
        cancelTimeout();
        act();
      };
      const cancelTimeout =
        requestTimeout === undefined
          ? () => {}
          : this.after(requestTimeout, () => settle(() => reject(named("TimeoutError", "no answer in time"))));
      const abort = () => settle(() => reject(abortSignal?.reason));
      if (abortSignal?.aborted) return abort();
      abortSignal?.addEventListener("abort", abort, { once: true });
      this.#send(call, fate, settle, resolve, reject);
    });
  }

  #send(
    call: Call,
    fate: Fate,
    settle: (act: () => void) => void,
    resolve: (answer: unknown) => void,
    reject: (error: unknown) => void,
  ): void {
    const { clock } = this.#ports.world;
    const sentAt = clock.now();
    const answer = (act: () => void) => clock.after(this.random.between(1, 20), () => settle(act), this);
    const refusal = this.#refusal(call.service, fate);
    if (refusal)
      return void answer(refusal instanceof Error ? () => reject(refusal) : () => resolve({ answer: refusal }));
    if (fate === "silent") return;
    const delay = fate === "late" ? this.random.between(1000, 20_000) : this.random.between(1, 20);
    clock.after(delay, () => {
      let act: () => void;
      try {
        const received = { ...call, stage: this.#program.stage, sentAt };
        const answer = this.#ports.serve(received);
        if (this.#ports.kills(received)) return this.die("of the lead that it reads");
        act = () => resolve({ answer, stalls: fate === "stalled" });
      } catch (error) {
        act = () => reject(this.#sdkError(call.service, error));
      }
      if (fate === "late") this.tell(`${call.operation} has its effect now`, call.input);
      if (fate === "diesAfter") this.die(`after ${call.operation}`);
      else if (fate === "failedAfterwards") answer(this.#failure(call.service, resolve, reject));
      else if (fate !== "unanswered") answer(act);
    });
  }

  /** What the environment gets of a call that has no effect: an error, or Slack's answer. */
  #refusal(service: ServiceName, fate: Fate): Error | SlackAnswer | undefined {
    if (fate === "refused") {
      const cause = Object.assign(named("Error", "refused"), { code: "ECONNREFUSED", syscall: "connect" });
      return service === "slack" ? Object.assign(new TypeError("fetch failed"), { cause }) : cause;
    }
    if (fate === "throttled") {
      return service === "slack" ? this.random.oneOf(certainRefusals) : this.#sdkError(service, throttle(service));
    }
    if (fate !== "failed") return undefined;
    return service === "slack" ? this.random.oneOf(uncertainAnswers) : this.#sdkError(service, serverError());
  }

  #failure(service: ServiceName, resolve: (answer: unknown) => void, reject: (error: unknown) => void): () => void {
    if (service === "slack") return () => resolve({ answer: this.random.oneOf(uncertainAnswers) });
    return () => reject(this.#sdkError(service, serverError()));
  }

  /** The error that the SDK throws for a service's answer. */
  #sdkError(service: ServiceName, error: unknown): Error {
    if (!(error instanceof ServiceError)) return error as Error;
    const [name = ""] = Object.entries(clients).find(([, [, own]]) => own === service) ?? [];
    const sdk = this.#program.used(name);
    const Known = (sdk[error.code] ?? sdk[baseErrors[service]] ?? Error) as ServiceExceptionClass;
    return Object.assign(
      new Known({
        name: error.code,
        $fault: "client",
        message: error.code,
        $metadata: { httpStatusCode: error.status },
      }),
      { name: error.code, $metadata: { httpStatusCode: error.status } },
    );
  }

  #package(name: string): unknown {
    const client = clients[name];
    if (client) return { ...this.#program.used(name), [client[0]]: clientClass(client[1], this) };
    if (name === "@aws-lambda-powertools/logger") return { Logger: loggerClass(this) };
    if (name === "@aws-lambda-powertools/metrics") return { ...this.#program.used(name), Metrics: SilentMetrics };
    if (name === "node:timers/promises") return { setTimeout: (milliseconds: number) => this.sleep(milliseconds) };
    if (name === "node:crypto") return { ...crypto, randomUUID: () => this.#ports.world.newId("uuid") };
    return this.#program.used(name);
  }

  #globals() {
    const { now, random } = this;
    return {
      process: { env: this.#ports.variables },
      Date: class extends Date {
        static override now = now;
        constructor(value: number | string | Date = now()) {
          super(value);
        }
      },
      Math: Object.assign(Object.create(Math), { random: random.number }),
      setTimeout: (action: () => void, milliseconds = 0) => this.after(milliseconds, action),
      clearTimeout: (cancel?: () => void) => cancel?.(),
      AbortSignal: {
        any: (signals: AbortSignal[]) => AbortSignal.any(signals),
        timeout: (milliseconds: number) => {
          const controller = new AbortController();
          this.after(milliseconds, () => controller.abort(new DOMException("The time is over.", "TimeoutError")));
          return controller.signal;
        },
      },
      fetch: (url: URL, request: RequestInit) => this.#fetch(url, request),
      performance: { now },
    };
  }

  async #fetch(url: URL, { body, signal }: RequestInit) {
    const input = { url: String(url), body: await this.#ports.world.clock.hold(new Response(body).text()) };
    const abortSignal = signal ?? undefined;
    const call = { service: "slack", operation: "PostMessage", input, abortSignal } as const;
    const { answer, stalls } = (await this.call(call)) as { answer: SlackAnswer; stalls?: boolean };
    const headers = new Headers(answer.retryAfter === undefined ? {} : { "retry-after": String(answer.retryAfter) });
    const text = () => (stalls ? aborted(signal) : Promise.resolve(answer.body));
    return { status: answer.status, headers, ok: answer.status < 300, text };
  }
}

const isChange = (operation: string) => !/^(Get|Head|Receive|Query)/.test(operation);
const serverError = () => new ServiceError("InternalServerError", 500);
const throttle = (service: ServiceName) =>
  service === "s3" ? new ServiceError("SlowDown", 503) : new ServiceError("ThrottlingException", 400);
const named = (name: string, message: string) => Object.assign(new Error(message), { name });

const aborted = (signal: RequestInit["signal"]) =>
  new Promise<never>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));

/** The functions' log, as a part of the simulation's events. */
const loggerClass = (environment: Environment) => {
  const tell = (message: string, context: unknown) => environment.tell(`"${message}" ${classIn(context)}`, context);
  return class {
    readonly info = tell;
    readonly warn = tell;
    readonly error = tell;
  };
};
const classIn = (context: unknown) => {
  const { errorClass = "", reason = "" } = context as { readonly errorClass?: string; readonly reason?: string };
  return `${errorClass} ${reason}`;
};

class SilentMetrics {
  addMetric(): void {}
  hasStoredMetrics(): boolean {
    return false;
  }
}
