import { versionDays } from "../../environments/environment.ts";
import { enrichedPrefix, outcomesPrefix, unannouncedSuffix } from "../../flow.ts";
import { IndexAttribute, Variable } from "../../functions/runtime/names.ts";
import { bundleFunction } from "../../modules/build/bundle.ts";
import { ExpiringTable } from "../../modules/expiring-table.ts";
import { allow } from "../../modules/policy.ts";
import { QueueWorker } from "../../modules/queue-worker.ts";
import { type Alarm, ageAlarm, deadLetterAlarms, errorAlarm, ruleAlarms, throttleAlarm } from "../alarm-kinds.ts";
import { eventQueue } from "../stages/event-queue.ts";
import { functionSettings, readObjects, sendToDeadLetters, workerVariables } from "../stages/stage.ts";
import type { Consumer } from "./consumer.ts";

const [queueName, worker, rule] = ["lead-index-events", "lead-index-worker", "lead-index-object-created"];
const events = "events for the lead index";
const consequence = "The leads are announced, and the lead index lacks them until their events come again.";

/**
 * Keeps a table of where leads are, by person and by lead. The ledger has the state of those that were announced. Its own queue
 * gets an event for each enriched lead and each object with other outcomes, and its own function writes the items, so
 * announcements never wait for it.
 */
export const leadIndex: Consumer = {
  // Nobody is woken, because every lead is announced without it.
  alarms: [
    ...deadLetterAlarms(queueName, events, consequence),
    ...ruleAlarms(rule, consequence, "run `npm run ops -- reindex ENV --outputs outputs.json`"),
    // An index may be late, so the latency budget says nothing about it.
    { ...ageAlarm(queueName, events), threshold: 3600, meaning: `The oldest of the ${events} has waited for an hour.` },
    errorAlarm(worker, "Its events are tried again and become dead letters after their last receive."),
    throttleAlarm(worker, "Each throttle uses up one of the receives after which an event becomes a dead letter."),
  ].map((alarm): Alarm => ({ ...alarm, severity: "email" })),
  async prepare(tuning) {
    const bundle = await bundleFunction("functions/lead-index/index.ts");
    return (scope, pipeline) => {
      const { prefix, environment, bucket } = pipeline;
      const queue = eventQueue(scope, pipeline, {
        event: "object-created",
        description: "A lead was enriched, or was not and it was stored why: index it.",
        prefix: [enrichedPrefix, `${outcomesPrefix}*${unannouncedSuffix}`],
        queue: "events",
        tuning,
      });
      const { table } = new ExpiringTable(scope, "table", {
        name: `${prefix}-table`,
        keyAttribute: IndexAttribute.id,
        sortAttribute: IndexAttribute.entry,
        expiryAttribute: IndexAttribute.expiresAt,
        deletionProtection: environment.deletionProtection,
      });
      // S3 acts at the midnight after a day is over: on the lead, then on its version.
      const days = environment.leadRetentionDays + versionDays(environment) + 2;
      const { worker } = new QueueWorker(scope, "worker", {
        ...functionSettings("worker", pipeline),
        description: "Indexes leads by person, and what became of them.",
        bundle,
        tuning,
        queue,
        variables: {
          ...workerVariables(pipeline, queue),
          [Variable.leadIndexTable]: table.name,
          [Variable.leadVersionDays]: String(days),
        },
        statements: [
          readObjects("ReadLeadsAndOutcomes", bucket.arn, `${enrichedPrefix}*`, `${outcomesPrefix}*`),
          allow("KeepIndex", ["dynamodb:BatchWriteItem"], [table.arn]),
          sendToDeadLetters(queue.deadLetters.queue.arn),
        ],
      });
      return { queues: { events: queue }, functions: { worker }, outputs: { table: table.name } };
    };
  },
};
