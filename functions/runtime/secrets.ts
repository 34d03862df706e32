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

/**
 * Reads the value of an SSM parameter.
 * @param maxAge milliseconds for which a value that was read before is used, from 0. The default is five minutes.
 * @throws SecretMissingError when the parameter does not exist or is empty
 */
export type ReadSecret = (parameter: string, maxAge?: number) => Promise<string>;

/**
 * Creates what reads SecureString parameters and remembers each for five minutes. While SSM fails, the last known value is
 * used. A failure is never remembered. A value that was removed or emptied is not used any more after those five minutes.
 */
export function createSecretReader(ssm: SSMClient, now: () => number = Date.now): ReadSecret {
  const known = new Map<string, { value: string; readAt: number; askedAt: number }>();
  return async (parameter, maxAge = cacheMilliseconds) => {
    const cached = known.get(parameter);
    const time = now();
    // A value that a caller wants earlier is asked for at that pace, also while SSM fails.
    if (cached && time - cached.readAt < cacheMilliseconds && time - cached.askedAt < maxAge) return cached.value;
    if (cached) cached.askedAt = time;
    try {
      const answer = await ssm.send(new GetParameterCommand({ Name: parameter, WithDecryption: true }));
      const value = answer.Parameter?.Value?.trim();
      if (!value) throw new SecretMissingError(parameter);
      known.set(parameter, { value, readAt: time, askedAt: time });
      return value;
    } catch (error) {
      if (error instanceof ParameterNotFound) throw new SecretMissingError(parameter);
      if (cached && !(error instanceof SecretMissingError)) return cached.value;
      throw error;
    }
  };
}
