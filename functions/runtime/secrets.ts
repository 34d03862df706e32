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
 * Reads SecureString parameters and remembers each for five minutes. While SSM fails, the last known value is used. A failure
 * is never remembered. A value that was removed or emptied is not used any more after those five minutes.
 * @throws SecretMissingError when the parameter does not exist or is empty
 */
export function createSecretReader(
  ssm: SSMClient,
  now: () => number = Date.now,
): (parameter: string) => Promise<string> {
  const known = new Map<string, { value: string; readAt: number }>();
  return async (parameter) => {
    const cached = known.get(parameter);
    if (cached && now() - cached.readAt < cacheMilliseconds) return cached.value;
    try {
      const answer = await ssm.send(new GetParameterCommand({ Name: parameter, WithDecryption: true }));
      const value = answer.Parameter?.Value?.trim();
      if (!value) throw new SecretMissingError(parameter);
      known.set(parameter, { value, readAt: now() });
      return value;
    } catch (error) {
      if (error instanceof ParameterNotFound) throw new SecretMissingError(parameter);
      if (cached && !(error instanceof SecretMissingError)) return cached.value;
      throw error;
    }
  };
}
