import { mapValues } from "es-toolkit/object";
import { flag, optional } from "../../command-line/options.ts";
import { type Environment, messageDays, sourcesOf } from "../../environments/environment.ts";
import { type Comparisons, createComparisons } from "../../functions/reconcile/comparisons.ts";
import type { Finding, Window } from "../../functions/reconcile/finding.ts";
import { createLedgerReader } from "../../functions/reconcile/ledger.ts";
import { sourceFormats } from "../../functions/sources/index.ts";
import { filledSettings } from "../../functions/sources/settings.ts";
import type { Pipeline } from "../outputs.ts";
import { type OpsPorts, pipelineCommand, pipelineEnv, pipelineIn, time } from "./command.ts";
import { createReplay } from "./replay.ts";

const defaultHours = 48;
/** Leads that came within so many minutes are left out: they can be on their way. */
const minutesOnTheWay = 10;

/** Names the leads that stopped on their way. Throws OpsError Outputs. */
export const reconcile = pipelineCommand({
  name: "reconcile",
  summary: "Finds leads that are stored and not announced, and sends them through the pipeline again.",
  options: {
    env: pipelineEnv,
    since: optional(
      `Only leads that were stored from this time on, and not before the retention of leads. Without it, those of the last ${defaultHours} hours.`,
      time,
      "2026-03-01T09:00:00Z",
    ),
    replay: flag("Sends each of them to its stage again; what was announced is not announced again."),
  },
  async run({ env, outputs, since, replay: replays }, ports) {
    const { now, print } = ports;
    const pipeline = pipelineIn(outputs, env);
    const hoursAgo = (hours: number) => now().getTime() - hours * 3_600_000;
    const to = new Date(hoursAgo(minutesOnTheWay / 60));
    // Of older leads S3 still has raw versions, and no enriched leads. Sent again, they could be announced again.
    const oldest = hoursAgo(env.settings.leadRetentionDays * 24);
    const from = new Date(Math.max(since?.getTime() ?? hoursAgo(defaultHours), oldest));
    let [stopped, decided] = [0, 0];
    for await (const one of stoppedLeads(pipeline, env.settings, ports, { from, to, replays })) {
      print(`${one.key} ${one.stage} ${one.reason}`);
      if (one.isDecided) decided += 1;
      else stopped += 1;
    }
    print(`${stopped} stopped${replays ? " and were sent again" : ""}; rules decided about ${decided} others`);
    return stopped > 0 && !replays ? 1 : 0;
  },
});

/** The comparisons of the scheduled function, for an environment. */
export function comparisonsOf(
  { bucket, ledgerTable, region }: Pipeline,
  environment: Environment,
  ports: Pick<OpsPorts, "s3" | "dynamo">,
): Comparisons {
  const sources = sourcesOf(environment);
  const settings = mapValues(sources, (source) => filledSettings(sourceFormats[source.format], source));
  return createComparisons({
    s3: ports.s3(region),
    bucket,
    ledger: createLedgerReader(ports.dynamo(region), ledgerTable),
    sources: mapValues(sources, ({ format }) => format),
    settingsOf: async (source) => (Object.hasOwn(settings, source) ? settings[source] : undefined),
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
