/** Finds leads that stopped on their way: `ops reconcile`, `ops erase`, and the end of a run with faults. */
import { mapValues } from "es-toolkit/object";
import { type Environment, messageDays, sourcesOf } from "../environments/environment.ts";
import { type Comparisons, createComparisons } from "../functions/reconcile/comparisons.ts";
import type { Finding, Window } from "../functions/reconcile/finding.ts";
import { createLedgerReader } from "../functions/reconcile/ledger.ts";
import { sourceFormats } from "../functions/sources/index.ts";
import { filledSettings } from "../functions/sources/settings.ts";
import type { OpsPorts } from "./commands/command.ts";
import type { Pipeline } from "./outputs.ts";
import { createReplay } from "./replay.ts";

/** The comparisons of the scheduled function, for an environment. */
export function comparisonsOf(
  { bucket, ledgerTable, region }: Pipeline,
  environment: Environment,
  ports: Pick<OpsPorts, "s3" | "dynamo">,
): Comparisons {
  const sources = sourcesOf(environment);
  const settings = new Map(
    Object.entries(sources).map(([name, source]) => [name, filledSettings(sourceFormats[source.format], source)]),
  );
  return createComparisons({
    s3: ports.s3(region),
    bucket,
    ledger: createLedgerReader(ports.dynamo(region), ledgerTable),
    sources: mapValues(sources, ({ format }) => format),
    settingsOf: async (source) => settings.get(source),
    messageDays: messageDays(environment),
    defaultCountry: environment.defaultCountry,
  });
}

/**
 * Yields the leads that stopped on their way, as the scheduled function finds them: those that are enriched and not announced,
 * then those that are not enriched. With `replays`, each that no rule stopped is sent to its stage again, and a file with
 * several of them once.
 */
export async function* stoppedLeads(
  pipeline: Pipeline,
  environment: Environment,
  ports: Pick<OpsPorts, "s3" | "dynamo" | "sqs">,
  { replays, ...window }: Window & { readonly replays: boolean },
): AsyncGenerator<Finding> {
  const { announced, enriched } = comparisonsOf(pipeline, environment, ports);
  const replay = replays ? createReplay(pipeline, ports.s3(pipeline.region), ports.sqs(pipeline.region)) : undefined;
  let sent = "";
  for (const compare of [announced, enriched]) {
    for await (const finding of compare(window)) {
      const object = JSON.stringify([finding.key, finding.versionId]);
      if (!finding.isDecided && object !== sent) {
        await replay?.(finding.key, finding.versionId);
        sent = object;
      }
      yield finding;
    }
  }
}
