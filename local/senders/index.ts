import { hash } from "node:crypto";
import { mapValuesAsync } from "es-toolkit/object";
import { type SourceFormat, sourceFormats } from "../../functions/sources/index.ts";
import type { Sender } from "./sender.ts";

/** Who sends leads in a run, by the format of the source: each format has a file of its name here. */
export const senders = await mapValuesAsync(
  sourceFormats,
  async (_, format): Promise<Sender> => ((await import(`./${format}.ts`)) as { readonly sender: Sender }).sender,
);

/** A made-up value for each of some secrets of a format by its name, the same for the same seed. */
export function makeSecrets<Name extends string>(
  format: SourceFormat,
  names: readonly Name[],
  seed: string,
): Readonly<Record<Name, string>> {
  const { makeSecret = (name: string) => hash("sha256", `${seed} ${name}`) } = senders[format];
  return Object.fromEntries(names.map((name) => [name, makeSecret(name, seed)])) as Record<Name, string>;
}
