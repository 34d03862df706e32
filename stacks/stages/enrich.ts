import type { Construct } from "constructs";
import { enrichedPrefix, stages } from "../../flow.ts";
import { Variable } from "../../functions/runtime/names.ts";
import type { Statement } from "../../modules/policy.ts";
import { QueueWorker } from "../../modules/queue-worker.ts";
import { eventQueue } from "./event-queue.ts";
import { commonVariables, functionSettings, type Pipeline, sendToDeadLetters } from "./stage.ts";

/** Enriches raw leads: the event rule of raw leads, the queue and its function. */
export function enrichStage(scope: Construct, pipeline: Pipeline) {
  const { environment, bundles, bucket } = pipeline;
  const tuning = pipeline.tuning.enrich;
  const queue = eventQueue(scope, pipeline, {
    ...stages.enrich,
    description: "A raw lead was stored at the bucket's root: enrich it.",
    tuning,
  });
  const deadLetters = queue.deadLetters.queue;
  const { worker } = new QueueWorker(scope, "enrich", {
    ...functionSettings("enrich", pipeline),
    description: "Cleanses and enriches raw leads and stores the results.",
    bundle: bundles.enrich,
    tuning,
    queue,
    variables: {
      ...commonVariables(pipeline),
      [Variable.deadLetterQueueUrl]: deadLetters.url,
      ...(environment.defaultCountry && { [Variable.defaultCountry]: environment.defaultCountry }),
    },
    statements: [readRawLeads(bucket.arn), storeEnrichedLeads(bucket.arn), sendToDeadLetters(deadLetters.arn)],
  });
  return { lambda: worker, queue };
}

/** Any object, because a file that somebody puts into the bucket's root may have any name. */
const readRawLeads = (bucketArn: string): Statement => ({
  sid: "ReadRawLeads",
  actions: ["s3:GetObject"],
  resources: [`${bucketArn}/*`],
});

const storeEnrichedLeads = (bucketArn: string): Statement => ({
  sid: "StoreEnrichedLeads",
  actions: ["s3:PutObject"],
  resources: [`${bucketArn}/${enrichedPrefix}*`],
});
