import { GetParametersCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { LeadwireError } from "../../errors.ts";

/** An SSM parameter does not exist or is empty. */
export class SecretMissingError extends LeadwireError {
  constructor(parameter: string) {
    const cure = parameter.endsWith("/settings") ? "deploy the stack again" : "put the secret there as a SecureString";
    super("SecretMissing", `SSM parameter ${parameter} has no value: ${cure}.`);
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
}

/**
 * Reads the values of SSM parameters with one request.
 * @param parameters one to ten, which are always read together
 * @returns their values in the same order
 * @throws SecretMissingError when one of them does not exist or is empty
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
  readonly values?: readonly string[];
  readonly readAt: number;
  readonly askedAt: number;
  /** The last question failed, and there are no values to use. */
  readonly failure?: unknown;
}

/**
 * Creates what reads parameters and remembers for five minutes what was read together. While SSM fails, the last known values
 * are used, and SSM is asked once a second at most. A value that was removed or emptied is not used any more after those five
 * minutes.
 */
export function createParameterReader(ssm: SSMClient, now: () => number = Date.now): ReadParameters {
  const groups = new Map<string, Known>();
  return async (parameters, { maxAge = cacheMilliseconds, signal } = {}) => {
    const group = parameters.join();
    const known = groups.get(group) ?? { readAt: Number.NEGATIVE_INFINITY, askedAt: Number.NEGATIVE_INFINITY };
    const time = now();
    const isFresh = time - known.readAt < cacheMilliseconds;
    // A value that a caller wants earlier is asked for at that pace, also while SSM fails.
    if (time - known.askedAt < (isFresh ? maxAge : failureMilliseconds)) return answerOf(known, isFresh);
    let answer: Known;
    try {
      answer = { values: await valuesOf(ssm, parameters, signal), readAt: time, askedAt: time };
    } catch (error) {
      const isUsable = known.values !== undefined && !(error instanceof SecretMissingError);
      answer = { ...known, askedAt: time, failure: isUsable ? undefined : error };
    }
    groups.set(group, answer);
    return answerOf(answer, false);
  };
}

/** Creates what reads SecureString parameters one by one, as `createParameterReader` does. */
export function createSecretReader(ssm: SSMClient, now?: () => number): ReadSecret {
  const read = createParameterReader(ssm, now);
  return async (parameter, options) => (await read([parameter], options)).join();
}

/** @throws the failure, if there is one and the values are not fresh */
function answerOf({ values, failure }: Known, isFresh: boolean): readonly string[] {
  if (values === undefined || (failure !== undefined && !isFresh)) throw failure;
  return values;
}

/** @throws SecretMissingError */
async function valuesOf(ssm: SSMClient, names: readonly string[], signal?: AbortSignal): Promise<readonly string[]> {
  const command = new GetParametersCommand({ Names: [...names], WithDecryption: true });
  const { Parameters = [] } = await ssm.send(command, { ...(signal && { abortSignal: signal }) });
  const values = new Map(Parameters.map(({ Name, Value }) => [Name, Value?.trim()]));
  return names.map((name) => {
    const value = values.get(name);
    if (!value) throw new SecretMissingError(name);
    return value;
  });
}
