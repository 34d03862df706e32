import type { Construct } from "constructs";
import { enrichedPrefix, fetchedPrefix, stages } from "../../flow.ts";
import { Variable } from "../../functions/runtime/names.ts";
import type { FetchedSource } from "../../functions/sources/index.ts";
import { allow, type Statement } from "../../modules/policy.ts";
import { QueueWorker } from "../../modules/queue-worker.ts";
import { eventQueue } from "./event-queue.ts";
import { parametersOf, sourcesOf } from "./sources.ts";
import {
  functionSettings,
  type Pipeline,
  readObjects,
  readSecrets,
  sendToDeadLetters,
  workerVariables,
} from "./stage.ts";

/** Enriches raw leads: the event rule of raw leads, the queue and its function. */
export function enrichStage(scope: Construct, pipeline: Pipeline) {
  const { environment, bundles, bucket } = pipeline;
  const tuning = pipeline.tuning.enrich;
  const queue = eventQueue(scope, pipeline, {
    ...stages.enrich,
    description: "A raw lead was stored at the bucket's root: enrich it.",
    tuning,
  });
  const { variables, statements } = fetching(pipeline);
  const { worker } = new QueueWorker(scope, "enrich", {
    ...functionSettings("enrich", pipeline),
    description: "Cleanses and enriches raw leads and stores the results.",
    bundle: bundles.enrich,
    tuning,
    queue,
    variables: {
      ...workerVariables(pipeline, queue),
      ...(environment.defaultCountry && { [Variable.defaultCountry]: environment.defaultCountry }),
      ...variables,
    },
    statements: [
      // Any object, because a file that somebody puts into the bucket's root may have any name.
      readObjects("ReadRawLeads", bucket.arn, "*"),
      allow("StoreEnrichedLeads", ["s3:PutObject"], [`${bucket.arn}/${enrichedPrefix}*`]),
      sendToDeadLetters(queue.deadLetters.queue.arn),
      ...statements,
    ],
  });
  return { lambda: worker, queue };
}

/** What enrich needs to fetch records: nothing where no source's format fetches. */
function fetching(pipeline: Pipeline): { variables: Readonly<Record<string, string>>; statements: Statement[] } {
  const sources = Object.entries(sourcesOf(pipeline)).flatMap(([name, source]): [string, FetchedSource][] => {
    const { fetch } = source.declaration;
    if (!fetch) return [];
    const { format, ...settings } = source.settings;
    return [[name, { format, settings, secretParameters: parametersOf(source, fetch.secrets) }]];
  });
  if (sources.length === 0) return { variables: {}, statements: [] };
  const parameters = sources.flatMap(([, { secretParameters }]) => Object.values(secretParameters));
  return {
    variables: { [Variable.fetchedSources]: JSON.stringify(Object.fromEntries(sources)) },
    statements: [
      allow("StoreFetchedRecords", ["s3:PutObject"], [`${pipeline.bucket.arn}/${fetchedPrefix}*`]),
      readSecrets(pipeline.environment, parameters),
    ],
  };
}
