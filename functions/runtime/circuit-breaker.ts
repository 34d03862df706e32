import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhenResult } from "cockatiel";
import { LeadwireError } from "../../errors.ts";
import { isDown } from "./failures.ts";
import { loggable } from "./loggable.ts";

/** Calls in a row that fail before a service counts as down. */
const failuresInARow = 3;
/** How long a service that is down is not called. */
const openSeconds = 10;

/** A service is down, so it was not called. */
class CircuitOpenError extends LeadwireError {
  constructor(service: string, lastFailure: unknown) {
    const { errorClass } = loggable(lastFailure);
    super(
      "CircuitOpen",
      `${service} failed call after call, the last one with ${errorClass}, and was not called again.`,
    );
  }
}

/** A client of the SDK. */
interface SdkClient {
  send(...call: never[]): Promise<unknown>;
}

/** What a call came to. An error is a result too: one that shows that the service is well ends a row of failures. */
interface Result {
  readonly answer?: unknown;
  readonly error?: unknown;
}

/**
 * Gives a client a circuit breaker, in the memory of its execution environment. After three calls in a row that found the
 * service down, each in all of its attempts, calls are refused at once for ten seconds. Then one is made while the
 * others wait for its result; if it fails too, they are refused for the next ten seconds. A refused call throws
 * CircuitOpenError. It is not a part of `createClient`, so that functions without it do not load its package.
 * @param service its name for the log
 * @returns the client
 */
export function withCircuitBreaker<Client extends SdkClient>(service: string, client: Client): Client {
  const send = client.send.bind(client);
  const breaker = circuitBreaker(
    handleWhenResult((result) => isDown((result as Result).error)),
    { halfOpenAfter: openSeconds * 1000, breaker: new ConsecutiveBreaker(failuresInARow) },
  );
  let lastFailure: unknown;
  const guarded = async (...call: never[]): Promise<unknown> => {
    const attempt = async (): Promise<Result> => {
      try {
        return { answer: await send(...call) };
      } catch (error) {
        if (isDown(error)) lastFailure = error;
        return { error };
      }
    };
    const result = await breaker.execute(attempt).catch((error: unknown) => {
      throw error instanceof BrokenCircuitError ? new CircuitOpenError(service, lastFailure) : error;
    });
    if ("error" in result) throw result.error;
    return result.answer;
  };
  return Object.assign(client, { send: guarded });
}
