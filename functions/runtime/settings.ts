import { LeadwireError } from "../../errors.ts";

/** A setting that the stack should have given to the function and did not. */
export class MissingSettingError extends LeadwireError {
  constructor(variable: string, problem = "is not set") {
    super(
      "MissingSetting",
      `Environment variable ${variable} ${problem}: the stack sets it, so deploy the stack again.`,
    );
  }
}

/**
 * The value of an environment variable that must be there.
 * @throws MissingSettingError when it is unset or empty
 */
export function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new MissingSettingError(name);
  return value;
}

/**
 * The value of an environment variable that holds JSON.
 * @throws MissingSettingError when it is unset, empty or not JSON
 */
export function jsonSetting<T>(name: string): T {
  const text = setting(name);
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new MissingSettingError(name, "is not JSON");
  }
}
