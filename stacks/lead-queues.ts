import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import type { Construct } from "constructs";
import { DeadLetterQueue } from "../modules/dead-letter-queue.ts";
import { EventRoute } from "../modules/event-route.ts";
import { allowEventRule } from "../modules/policy.ts";
import type { WorkerTuning } from "../modules/tuning.ts";
import { WorkQueue } from "../modules/work-queue.ts";
import { enrichedLeadCreated, rawLeadCreated } from "./event-patterns.ts";

export interface LeadQueuesProps {
  /** Start of every name, such as `leadwire-dev`. */
  readonly prefix: string;
  readonly bucket: S3Bucket;
  readonly tuning: { readonly enrich: WorkerTuning; readonly notify: WorkerTuning };
  readonly latencyBudgetSeconds: number;
  readonly alarmTopicArn: string;
}

export interface LeadQueues {
  /** Events of raw leads, for enrich. */
  readonly leads: WorkQueue;
  /** Events of enriched leads, for notify. */
  readonly notifications: WorkQueue;
  /** Events that EventBridge could not deliver to either. */
  readonly undelivered: DeadLetterQueue;
}

/** The ways from the bucket to the two workers: an event rule and a queue each, and one queue for lost events. */
export function leadQueues(scope: Construct, props: LeadQueuesProps): LeadQueues {
  const { prefix, bucket, tuning, latencyBudgetSeconds, alarmTopicArn } = props;
  const raw = new EventRoute(scope, "raw-lead-created", {
    name: `${prefix}-raw-lead-created`,
    description: "A raw lead was stored at the bucket's root: enrich it.",
    pattern: rawLeadCreated(bucket.bucket),
  });
  const enriched = new EventRoute(scope, "enriched-lead-created", {
    name: `${prefix}-enriched-lead-created`,
    description: "An enriched lead was stored: tell the sales team.",
    pattern: enrichedLeadCreated(bucket.bucket),
  });
  const shared = { latencyBudgetSeconds, alarmTopicArn };
  const leads = new WorkQueue(scope, "leads", {
    ...shared,
    name: `${prefix}-leads`,
    messages: "raw leads",
    tuning: tuning.enrich,
    statements: (queueArn) => [allowEventRule("RawLeadCreated", queueArn, [raw.rule.arn])],
  });
  const notifications = new WorkQueue(scope, "notifications", {
    ...shared,
    name: `${prefix}-notifications`,
    messages: "notifications",
    tuning: tuning.notify,
    statements: (queueArn) => [allowEventRule("EnrichedLeadCreated", queueArn, [enriched.rule.arn])],
  });
  const undelivered = new DeadLetterQueue(scope, "events-dlq", {
    name: `${prefix}-events-dlq`,
    retentionSeconds: tuning.enrich.deadLetterRetentionSeconds,
    alarmTopicArn,
    // Every event here is a lead that nobody works on.
    alarmAbove: 0,
    alarmDescription:
      `EventBridge could not deliver events of leads, which wait in ${prefix}-events-dlq while their leads stand still in ` +
      "the bucket. Read ERROR_CODE in a message's attributes, mend the queue's policy or the rule, then replay the leads.",
    statements: (queueArn) => [allowEventRule("LeadEvents", queueArn, [raw.rule.arn, enriched.rule.arn])],
  });
  raw.deliverTo(leads, undelivered);
  enriched.deliverTo(notifications, undelivered);
  return { leads, notifications, undelivered };
}
