import type { Construct } from "constructs";
import { enrichedPrefix, fetchedPrefix, stages } from "../../flow.ts";
import { Variable } from "../../functions/runtime/names.ts";
import { allow } from "../../modules/policy.ts";
import { QueueWorker } from "../../modules/queue-worker.ts";
import { eventQueue } from "./event-queue.ts";
import { functionSettings, type Pipeline, readObjects, workerStatements, workerVariables } from "./stage.ts";

/** Enriches raw leads: the event rule of raw leads, the queue and its function. */
export function enrichStage(scope: Construct, pipeline: Pipeline) {
  const { environment, bundles, bucket, sources } = pipeline;
  const tuning = pipeline.tuning.enrich;
  const queue = eventQueue(scope, pipeline, {
    ...stages.enrich,
    description: "A raw lead was stored at the bucket's root: enrich it.",
    tuning,
  });
  const isFetching = Object.values(sources.byName).some(({ declaration }) => declaration.fetch);
  const { worker } = new QueueWorker(scope, "enrich", {
    ...functionSettings("enrich", pipeline),
    description: "Cleanses and enriches raw leads and stores the results.",
    bundle: bundles.enrich,
    tuning,
    queue,
    variables: {
      ...workerVariables(pipeline, queue),
      ...(environment.defaultCountry && { [Variable.defaultCountry]: environment.defaultCountry }),
      ...sources.variables,
    },
    statements: [
      // Any object, because a file that somebody puts into the bucket's root may have any name.
      readObjects("ReadRawLeads", bucket.arn, "*"),
      allow("StoreEnrichedLeads", ["s3:PutObject"], [`${bucket.arn}/${enrichedPrefix}*`]),
      ...workerStatements(pipeline, queue),
      sources.allowReading(({ fetch }) => fetch?.secrets ?? []),
      ...(isFetching ? [allow("StoreFetchedRecords", ["s3:PutObject"], [`${bucket.arn}/${fetchedPrefix}*`])] : []),
    ],
  });
  return { lambda: worker, queue };
}
