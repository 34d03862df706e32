import { enrichedPrefix } from "../../flow.ts";
import { bundleFunction } from "../../modules/build/bundle.ts";
import { ExpiringTable } from "../../modules/expiring-table.ts";
import { QueueWorker } from "../../modules/queue-worker.ts";
import { ageAlarm, deadLetterAlarms, errorAlarm, ruleAlarms, throttleAlarm } from "../../stacks/alarm-kinds.ts";
import type { Consumer } from "../../stacks/consumers/consumer.ts";
import { eventQueue } from "../../stacks/stages/event-queue.ts";
import { commonVariables, functionSettings, sendToDeadLetters } from "../../stacks/stages/stage.ts";

/** A consumer with everything that one can have: a queue, a worker, a table, permissions, alarms and an output. */
export const archive: Consumer = {
  alarms: [
    ...deadLetterAlarms("archive-leads", "leads for the archive", "They are not in the archive."),
    ...ruleAlarms("archive-enriched-lead-created", "The archive lacks their leads.", "copy them into it"),
    ageAlarm("archive-leads", "leads for the archive"),
    errorAlarm("archive-worker", "Its leads are tried again."),
    throttleAlarm("archive-worker", "Each throttle uses up a receive."),
  ],
  async prepare(tuning) {
    const bundle = await bundleFunction("functions/enrich/index.ts");
    return (scope, pipeline) => {
      const queue = eventQueue(scope, pipeline, {
        event: "enriched-lead-created",
        description: "An enriched lead was stored: archive it.",
        prefix: enrichedPrefix,
        queue: "leads",
        tuning,
      });
      const { table } = new ExpiringTable(scope, "table", {
        name: `${pipeline.prefix}-table`,
        keyAttribute: "id",
        expiryAttribute: "expiresAt",
        deletionProtection: pipeline.environment.deletionProtection,
      });
      const { worker } = new QueueWorker(scope, "worker", {
        ...functionSettings("worker", pipeline),
        description: "Archives enriched leads.",
        bundle,
        tuning,
        queue,
        variables: { ...commonVariables(pipeline), ARCHIVE_TABLE: table.name },
        statements: [
          { sid: "ReadLeads", actions: ["s3:GetObject"], resources: [`${pipeline.bucket.arn}/${enrichedPrefix}*`] },
          { sid: "StoreLeads", actions: ["dynamodb:PutItem"], resources: [table.arn] },
          sendToDeadLetters(queue.deadLetters.queue.arn),
        ],
      });
      return { queues: { leads: queue }, functions: { worker }, outputs: { table: table.name } };
    };
  },
};
