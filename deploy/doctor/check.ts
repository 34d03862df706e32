import { TimeoutError } from "es-toolkit/error";
import { withTimeout } from "es-toolkit/promise";
import { credentialsProblem } from "../../command-line/credentials.ts";
import { withoutSecrets } from "../../ops/review/mask.ts";

/** What a check found, in a few words, and each problem as one sentence with what to do. */
export interface CheckResult {
  readonly found: string;
  readonly problems: readonly string[];
}

export interface Check {
  readonly title: string;
  readonly make: () => Promise<CheckResult>;
}

/** Milliseconds for one check. SES takes a call a second. */
const checkMilliseconds = 60_000;

/** Makes a check. One that cannot be made is a problem, with the reason. */
export async function made({ title, make }: Check) {
  try {
    return { title, ...(await withTimeout(make, checkMilliseconds)) };
  } catch (error) {
    return {
      title,
      found: "not checked",
      problems: [`${title} could not be checked: ${withoutSecrets(reasonOf(error))}`],
    };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof TimeoutError || error.name === "TimeoutError")
    return "no answer came in time. Try again, and look whether a proxy is in the way.";
  return credentialsProblem(error) ?? `${error.name}: ${error.message}`.replace(/\.?$/, ".");
}
