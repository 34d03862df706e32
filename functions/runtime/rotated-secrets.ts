import { isEqual } from "es-toolkit/predicate";
import { LeadwireError } from "../../errors.ts";

/** A service refused a secret. That ends when somebody puts a valid one into its SSM parameter. */
export class AccessRefusedError extends LeadwireError {
  constructor(problem: string) {
    super("AccessRefused", `${problem}: put a valid one into its SSM parameter.`);
  }
}

/**
 * Milliseconds from one reading of secrets to the next while they are refused. SSM answers 40 requests a second in an
 * account, and anybody can send requests that fit no secret.
 */
const rereadMilliseconds = 10_000;

/**
 * Does work with secrets. If they are refused, they may have been rotated since they were read. Then they are read again, at
 * most every ten seconds, and the work is done once more if they have changed.
 * @param read reads the secrets, which are at most `maxAge` milliseconds old
 * @param isRefusal whether an error of the work says that the secrets do not fit
 * @throws what the work throws, or `read`
 */
export async function withRotatedSecrets<Secrets, Result>(
  read: (maxAge?: number) => Promise<Secrets>,
  isRefusal: (error: unknown) => boolean,
  work: (secrets: Secrets) => Result | Promise<Result>,
): Promise<Result> {
  const known = await read();
  try {
    return await work(known);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const current = await read(rereadMilliseconds);
    if (isEqual(current, known)) throw error;
    return await work(current);
  }
}
