import { zipObject } from "es-toolkit/array";
import type { ReadParameters } from "../runtime/secrets.ts";
import { type FilledSettings, settingsParameter } from "./settings.ts";

/** What a function reads of a source. */
export interface SourceParameters {
  readonly settings: FilledSettings;
  /** Values of the secrets that were asked for, by name. */
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * Reads the settings of a source, and secrets of it with the same request.
 * @param secrets names of at most nine secrets
 * @param maxAge milliseconds for which values that were read before are used; without it, minutes
 * @throws SecretMissingError when one of the parameters does not exist or is empty
 */
export type ReadSource = (source: string, secrets: readonly string[], maxAge?: number) => Promise<SourceParameters>;

/**
 * Creates what reads the parameters of sources.
 * @param prefix of the parameters' names, `/leadwire/ENV/sources`
 */
export const createSourceReader =
  (prefix: string, read: ReadParameters): ReadSource =>
  async (source, names, maxAge) => {
    const parameters = [settingsParameter, ...names].map((name) => `${prefix}/${source}/${name}`);
    const [settings = "", ...values] = await read(parameters, { maxAge });
    return { settings: JSON.parse(settings) as FilledSettings, secrets: zipObject([...names], values) };
  };
