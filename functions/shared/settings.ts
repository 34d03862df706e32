import { MissingSettingError } from "./errors.ts";

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
