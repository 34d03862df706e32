import { setTimeout as sleep } from "node:timers/promises";
import { GetParametersCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { LeadwireError } from "../../errors.ts";
import { isThrottle } from "./failures.ts";

/** SSM parameters do not exist or are empty. */
export class SecretMissingError extends LeadwireError {
  /** @param parameters their names, one at least */
  constructor(...parameters: readonly string[]) {
    const sentences = parameters.map((name) => {
      const cure = name.endsWith("/settings") ? "deploy the stack again" : "put the secret there as a SecureString";
      return `SSM parameter ${name} has no value: ${cure}.`;
    });
    super("SecretMissing", sentences.join(" "));
  }
}

/** How long a secret is used before it is read again, so that a rotated secret is used within minutes. */
const cacheMilliseconds = 5 * 60_000;

interface ReadOptions {
  /**
   * Milliseconds for which a value that was read before is used, from 0.
   * @default five minutes
   */
  readonly maxAge?: number | undefined;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
  /**
   * Names that are read with the same request: those that are asked for, and others that will be needed; ten at most. A name
   * always comes with the same others.
   * @default those that are asked for
   */
  readonly together?: readonly string[] | undefined;
}

/**
 * Reads the values of SSM parameters with one request, or with none while they are known.
 * @param parameters one to ten
 * @returns their values in the same order
 * @throws SecretMissingError when some of them do not exist or are empty
 */
export type ReadParameters = (parameters: readonly string[], options?: ReadOptions) => Promise<readonly string[]>;

/**
 * Reads the value of an SSM parameter.
 * @throws SecretMissingError when the parameter does not exist or is empty
 */
export type ReadSecret = (parameter: string, options?: ReadOptions) => Promise<string>;

/**
 * Milliseconds from a failure to the next question: SSM answers 40 a second in an account, and anybody can send requests to a
 * source whose secret is missing.
 */
export const failureMilliseconds = 1000;

/** What is known of parameters that are read together, with times in epoch milliseconds. */
interface Known {
  /** The values by name. What does not exist or is empty is not there. */
  readonly values: ReadonlyMap<string, string>;
  readonly readAt: number;
  readonly askedAt: number;
  /** Why the last question failed. */
  readonly failure?: unknown;
}

const nothing: Known = { values: new Map(), readAt: Number.NEGATIVE_INFINITY, askedAt: Number.NEGATIVE_INFINITY };

/**
 * Creates what reads parameters and remembers for five minutes what was read together. Who asks while the same parameters are
 * being read gets what is read then. While SSM fails, the last known values are used, and SSM is asked once a second at most. A
 * throttle is waited out only where no values are known.
 */
export function createParameterReader(ssm: SSMClient, now: () => number = Date.now): ReadParameters {
  const groups = new Map<string, Known>();
  const reading = new Map<string, Promise<Known>>();
  const ask = async (
    names: readonly string[],
    known: Known,
    isUrgent: boolean,
    signal?: AbortSignal,
  ): Promise<Known> => {
    const askedAt = now();
    try {
      return { values: await valuesOf(ssm, names, isUrgent, signal), readAt: askedAt, askedAt };
    } catch (failure) {
      return { ...known, failure, askedAt };
    }
  };
  return async (parameters, { maxAge = cacheMilliseconds, signal, together = parameters } = {}) => {
    const group = together.join();
    while (reading.has(group)) await reading.get(group);
    const known = groups.get(group) ?? nothing;
    const time = now();
    const isKnown = parameters.every((name) => known.values.has(name));
    const isFresh = isKnown && time - known.readAt < cacheMilliseconds;
    // A value that a caller wants earlier is asked for at that pace, also while SSM fails.
    if (time - known.askedAt < (isFresh ? maxAge : failureMilliseconds)) return answerOf(known, parameters);
    const question = ask(together, known, !isKnown, signal).finally(() => reading.delete(group));
    reading.set(group, question);
    const answer = await question;
    // What ended with one caller's signal is no failure for the others.
    if (!signal?.aborted) groups.set(group, answer);
    return answerOf(answer, parameters);
  };
}

/** Creates what reads SecureString parameters one by one, as `createParameterReader` does. */
export function createSecretReader(ssm: SSMClient, now?: () => number): ReadSecret {
  const read = createParameterReader(ssm, now);
  return async (parameter, options) => (await read([parameter], options)).join();
}

/** @throws SecretMissingError, or the failure because of which values are not known */
function answerOf({ values, failure }: Known, names: readonly string[]): readonly string[] {
  const missing = names.filter((name) => !values.has(name));
  if (missing.length > 0) throw failure ?? new SecretMissingError(...missing);
  return names.flatMap((name) => values.get(name) ?? []);
}

/**
 * Milliseconds for a question with all of its attempts. A source waits 5 s for its answer, and storing a lead can take more than
 * half of them.
 */
const questionMilliseconds = 2200;
/** Milliseconds of the longest pause after the first throttle, and of any pause. */
const [firstPause, longestPause] = [100, 1000];

/**
 * Reads parameters.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 * @param isUrgent while SSM throttles, it is asked again after pauses with full jitter, until the time is over
 * @throws what SSM or the SDK throws; a throttle, if there was one
 */
async function valuesOf(
  ssm: SSMClient,
  names: readonly string[],
  isUrgent: boolean,
  signal?: AbortSignal,
): Promise<Known["values"]> {
  const limit = AbortSignal.timeout(questionMilliseconds);
  const abortSignal = signal ? AbortSignal.any([signal, limit]) : limit;
  let throttle: unknown;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const longest = Math.min(longestPause, firstPause * 2 ** (attempt - 1));
      if (attempt > 0) await sleep(Math.random() * longest, undefined, { signal: abortSignal });
      const command = new GetParametersCommand({ Names: [...names], WithDecryption: true });
      const { Parameters = [] } = await ssm.send(command, { abortSignal });
      return new Map(Parameters.flatMap(({ Name, Value }) => (Name && Value?.trim() ? [[Name, Value.trim()]] : [])));
    } catch (error) {
      if (isThrottle(error)) throttle = error;
      if (!isUrgent || !isThrottle(error)) throw throttle ?? error;
    }
  }
}
