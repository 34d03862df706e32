import { type Fate, ServiceError, type ServiceName } from "./faults.ts";
import type { FunctionName } from "./program.ts";
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

/** A call as a service gets it. */
export interface ReceivedCall extends Call {
  /** The function that makes it. */
  readonly stage: FunctionName;
  /** Epoch milliseconds at which it left. */
  readonly sentAt: number;
}

interface Answer {
  readonly answer: Json;
  /** The answer stops after its first bytes. */
  readonly stalls: boolean;
}

export interface EnvironmentPorts {
  readonly world: World;
  /** Does what a call asks for. @throws ServiceError */
  readonly serve: (call: ReceivedCall) => Json;
  /** Decides what becomes of a call; undefined leaves it to the plan. */
  readonly fate?: ((call: ReceivedCall) => Fate | undefined) | undefined;
  /** What a service answers to a call that fails or is throttled. */
  readonly failure: (service: ServiceName, fate: Fate) => Json | ServiceError;
  /** The SDK's error for an answer. */
  readonly sdkError: (service: ServiceName, error: ServiceError) => Error;
  /** Sees every call, and what becomes of it. */
  readonly called: (environment: Environment, call: ReceivedCall, fate: Fate) => void;
  readonly died: (environment: Environment) => void;
  /** Whether the function that gets the answer to this call dies of it. */
  readonly kills: (call: ReceivedCall) => boolean;
  /** The function changes something after it has answered. */
  readonly workAfterAnswer: (what: string) => void;
  /** Milliseconds of the environment's only thread that each call takes, one call after the other. @default 0 */
  readonly callMilliseconds?: number | undefined;
}

const named = (name: string) => Object.assign(new Error(name), { name });

/** An execution environment of Lambda, with a clock and calls of its own. It can die at any call. */
export class Environment {
  readonly name: string;
  readonly stage: FunctionName;
  readonly random: World["random"];
  dead = false;
  /** Whether an invocation is going on. */
  running = false;
  onDeath: () => void = () => {};
  readonly #ports: EnvironmentPorts;
  /** Milliseconds by which its clock is wrong. */
  readonly #skew: number;
  /** Calls that change something and whose end this environment has not seen. */
  #changes = 0;
  /** When its thread has worked off all calls. */
  #busyUntil = 0;

  constructor(stage: FunctionName, ports: EnvironmentPorts) {
    this.name = ports.world.newId(stage);
    this.stage = stage;
    this.random = ports.world.random;
    this.#ports = ports;
    this.#skew = ports.world.faults.skew();
  }

  /** Whole epoch milliseconds, like those of Node. */
  readonly now = () => Math.floor(this.#ports.world.clock.now() + this.#skew);

  tell(what: string, details?: unknown): void {
    this.#ports.world.tell(this.name, what, details);
  }

  /** Writes a line of the function's log. */
  log(message: string, context: Json): void {
    this.#ports.world.log?.(JSON.stringify([message, context]));
    this.tell(`"${message}" ${context.errorClass ?? ""} ${context.reason ?? ""}`, context);
  }

  after(milliseconds: number, action: () => void): () => void {
    return this.#ports.world.clock.after(milliseconds, action, this);
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  /** Reads a stream that is not simulated. */
  read(body: RequestInit["body"]): Promise<string> {
    return this.#ports.world.clock.hold(new Response(body).text());
  }

  die(why: string): void {
    if (this.dead) return;
    this.dead = true;
    this.tell(`dies ${why}`);
    this.#ports.died(this);
    this.onDeath();
  }

  /** Ends an invocation. */
  finish(): void {
    this.running = false;
    if (this.#changes > 0) this.#ports.workAfterAnswer(`${this.#changes} calls of ${this.name}`);
  }

  /** Makes a call. What becomes of it is up to the faults. */
  call(call: Call): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    if (this.dead) return promise;
    const { world, fate: decided } = this.#ports;
    const { operation, requestTimeout, abortSignal } = call;
    const received = { ...call, stage: this.stage, sentAt: world.clock.now() };
    const fate = decided?.(received) ?? world.faults.fateOf(call.service, this.stage);
    this.tell(fate === "done" ? operation : `${operation} (${fate})`, call.input);
    this.#ports.called(this, received, fate);
    const isChange = !/^(Get|Head|Receive|Query|BatchGet)/.test(operation);
    if (isChange && !this.running) this.#ports.workAfterAnswer(`${operation} of ${this.name}`);
    if (fate === "diesBefore") {
      this.die(`before ${operation}`);
      return promise;
    }
    const giveUp = (error: unknown) => {
      this.tell(`gives up ${operation}`);
      reject(error);
    };
    const cancel = requestTimeout && this.after(requestTimeout, () => giveUp(named("TimeoutError")));
    const onAbort = () => giveUp(abortSignal?.reason);
    if (abortSignal?.aborted) onAbort();
    else this.#whenIdle(() => this.#send(received, fate, resolve, reject));
    abortSignal?.addEventListener("abort", onAbort);
    if (isChange) this.#changes += 1;
    return promise.finally(() => {
      if (isChange) this.#changes -= 1;
      if (cancel) cancel();
      abortSignal?.removeEventListener("abort", onAbort);
    });
  }

  /** Does something when the thread has worked off all calls, the one that this is for included. */
  #whenIdle(action: () => void): void {
    const { callMilliseconds = 0, world } = this.#ports;
    this.#busyUntil = Math.max(this.#busyUntil, world.clock.now()) + callMilliseconds;
    if (callMilliseconds === 0) action();
    else this.after(this.#busyUntil - world.clock.now(), action);
  }

  #send(call: ReceivedCall, fate: Fate, resolve: (answer: Answer) => void, reject: (error: unknown) => void): void {
    const { service, operation, input } = call;
    const { world, serve, failure, sdkError, kills } = this.#ports;
    const answer = (got: Json | Error) =>
      this.after(this.random.between(1, 20), () => {
        if (got instanceof ServiceError) reject(sdkError(service, got));
        else if (got instanceof Error) reject(got);
        else resolve({ answer: got, stalls: fate === "stalled" });
      });
    if (fate === "refused") answer(Object.assign(named("Error"), { code: "ECONNREFUSED", syscall: "connect" }));
    if (fate === "failed" || fate === "throttled" || fate === "denied") answer(failure(service, fate));
    if (/^(refused|failed|throttled|denied|silent)$/.test(fate)) return;
    const isLate = fate === "late";
    world.clock.after(isLate ? 1000 + 60_000 * this.random.number() ** 2 : this.random.between(1, 20), () => {
      if (isLate) this.tell(`${operation} has its effect now`, input);
      let got: Json | Error;
      try {
        got = serve(call);
      } catch (error) {
        got = error as Error;
      }
      if (kills(call)) this.die("of the lead that it reads");
      else if (fate === "diesAfter") this.die(`after ${operation}`);
      else if (fate === "stalled" && got instanceof Error) this.tell(`the answer to ${operation} stops`);
      else if (fate !== "unanswered") answer(fate === "failedAfterwards" ? failure(service, fate) : got);
    });
  }
}
