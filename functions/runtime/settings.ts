import { LeadwireError } from "../../errors.ts";

/** The stack did not set a variable of the function, or set it to something else. */
export class MissingSettingError extends LeadwireError {
  constructor(variable: string, problem = "is not set") {
    super(
      "MissingSetting",
      `Environment variable ${variable} ${problem}: the stack sets it, so deploy the stack again.`,
    );
  }
}

/**
 * The value of a required environment variable.
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
