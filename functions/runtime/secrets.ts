import { GetParameterCommand, ParameterNotFound, type SSMClient } from "@aws-sdk/client-ssm";
import { LeadwireError } from "../../errors.ts";

/** The SSM parameter of a secret does not exist or is empty. */
export class SecretMissingError extends LeadwireError {
  constructor(parameter: string) {
    super("SecretMissing", `SSM parameter ${parameter} has no value: put the secret there as a SecureString.`);
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
 * Reads the value of an SSM parameter.
 * @throws SecretMissingError when the parameter does not exist or is empty
 */
export type ReadSecret = (parameter: string, options?: ReadOptions) => Promise<string>;

/**
 * Milliseconds from a failure to the next question: SSM answers 40 a second in an account, and anybody can send requests to a
 * source whose secret is missing.
 */
export const failureMilliseconds = 1000;

/** What is known of a parameter, with times in epoch milliseconds. */
interface Known {
  readonly value?: string;
  readonly readAt: number;
  readonly askedAt: number;
  /** The last question failed, and there is no value to use. */
  readonly failure?: unknown;
}

/**
 * Creates what reads SecureString parameters and remembers each for five minutes. While SSM fails, the last known value is
 * used, and SSM is asked once a second at most. A value that was removed or emptied is not used any more after those five
 * minutes.
 */
export function createSecretReader(ssm: SSMClient, now: () => number = Date.now): ReadSecret {
  const parameters = new Map<string, Known>();
  return async (parameter, { maxAge = cacheMilliseconds, signal } = {}) => {
    const known = parameters.get(parameter) ?? { readAt: Number.NEGATIVE_INFINITY, askedAt: Number.NEGATIVE_INFINITY };
    const time = now();
    const isFresh = time - known.readAt < cacheMilliseconds;
    // A value that a caller wants earlier is asked for at that pace, also while SSM fails.
    if (time - known.askedAt < (isFresh ? maxAge : failureMilliseconds)) return answerOf(known, isFresh);
    let answer: Known;
    try {
      answer = { value: await readParameter(ssm, parameter, signal), readAt: time, askedAt: time };
    } catch (error) {
      const isUsable = known.value !== undefined && !(error instanceof SecretMissingError);
      answer = { ...known, askedAt: time, failure: isUsable ? undefined : error };
    }
    parameters.set(parameter, answer);
    return answerOf(answer, false);
  };
}

/** @throws the failure, if there is one and the value is not fresh */
function answerOf({ value, failure }: Known, isFresh: boolean): string {
  if (value === undefined || (failure !== undefined && !isFresh)) throw failure;
  return value;
}

/** @throws SecretMissingError */
async function readParameter(ssm: SSMClient, parameter: string, signal?: AbortSignal): Promise<string> {
  try {
    const command = new GetParameterCommand({ Name: parameter, WithDecryption: true });
    const { Parameter } = await ssm.send(command, { ...(signal && { abortSignal: signal }) });
    const value = Parameter?.Value?.trim();
    if (value) return value;
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
  }
  throw new SecretMissingError(parameter);
}
