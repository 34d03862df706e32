import { mapValuesAsync } from "es-toolkit/object";
import { sourceFormats } from "../../functions/sources/index.ts";
import type { Sender } from "./sender.ts";

/** Who sends leads in a run, by the format of the source: each format has a file of its name here. */
export const senders = await mapValuesAsync(
  sourceFormats,
  async (_, format): Promise<Sender> => ((await import(`./${format}.ts`)) as { readonly sender: Sender }).sender,
);
