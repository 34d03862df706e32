import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { optional } from "../../command-line/options.ts";
import { enrichedPrefix, outcomesPrefix } from "../../flow.ts";
import { isIndexed } from "../../functions/lead-index/items.ts";
import type { ListedObject } from "../../functions/reconcile/announced.ts";
import { grouped } from "../../functions/reconcile/finding.ts";
import { createListings } from "../../functions/reconcile/listings.ts";
import { replayedEvent } from "../replay.ts";
import { noLeadIndex, pipelineCommand, pipelineEnv, pipelineIn, time } from "./command.ts";

/** Sends what is stored to the lead index. Throws OpsError Outputs, NoLeadIndex. */
export const reindex = pipelineCommand({
  name: "reindex",
  summary:
    "Sends an event for each stored lead to the lead index, for leads from before its deployment and for lost events.",
  options: {
    env: pipelineEnv,
    since: optional("Only leads and outcomes from this day on, in UTC. Without it, all.", time, "2026-03-01"),
  },
  async run({ env, outputs, since }, { s3, sqs, print }) {
    const { bucket, region, queues } = pipelineIn(outputs, env);
    const queue = queues["lead-index-events"];
    if (!queue) throw noLeadIndex(env);
    const { objects } = createListings(s3(region), bucket);
    const send = ({ key, etag, size }: ListedObject) => {
      const MessageBody = JSON.stringify(replayedEvent(bucket, key, { etag, size }));
      return sqs(region).send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody }));
    };
    let sent = 0;
    for (const prefix of [enrichedPrefix, outcomesPrefix]) {
      const day = `${prefix}dt=${since?.toISOString().slice(0, 10) ?? ""}`;
      for await (const group of grouped(objects(`${prefix}dt=`, day), ({ key }) => isIndexed(key))) {
        await Promise.all(group.map(send));
        sent += group.length;
      }
    }
    print(`sent ${sent} events to ${queue.url}`);
    return 0;
  },
});
