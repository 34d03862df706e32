import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { operand, optional } from "../../command-line/options.ts";
import { enrichedPrefix, outcomesPrefix, unannouncedSuffix } from "../../flow.ts";
import type { ListedObject } from "../../functions/reconcile/announced.ts";
import { grouped } from "../../functions/reconcile/finding.ts";
import { createListings } from "../../functions/reconcile/listings.ts";
import { OpsError } from "../errors.ts";
import { environment, pipelineCommand, pipelineIn, time } from "./command.ts";
import { replayedEvent } from "./replay.ts";

/** Sends what is stored to the lead index. Throws OpsError Outputs, NoLeadIndex. */
export const reindex = pipelineCommand({
  name: "reindex",
  summary:
    "Sends the events of stored leads to the lead index: those of before its deployment, and those that were lost.",
  options: {
    env: operand("The environment.", environment, "prod"),
    since: optional("Only leads and outcomes of this day on, in UTC. Without it, all.", time, "2026-03-01"),
  },
  async run({ env, outputs, since }, { s3, sqs, print }) {
    const { bucket, region, queues } = pipelineIn(outputs, env);
    const queue = queues["lead-index-events"];
    if (!queue) throw new OpsError("NoLeadIndex", `${env.name} has no consumer lead-index.`);
    const { objects } = createListings(s3(region), bucket);
    const send = ({ key, etag, size }: ListedObject) => {
      const MessageBody = JSON.stringify(replayedEvent(bucket, key, { etag, size }));
      return sqs(region).send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody }));
    };
    let sent = 0;
    for (const prefix of [enrichedPrefix, outcomesPrefix]) {
      const day = `${prefix}dt=${since?.toISOString().slice(0, 10) ?? ""}`;
      const isWanted = ({ key }: ListedObject) => prefix === enrichedPrefix || key.endsWith(unannouncedSuffix);
      for await (const group of grouped(objects(`${prefix}dt=`, day), isWanted)) {
        await Promise.all(group.map(send));
        sent += group.length;
      }
    }
    print(`sent ${sent} events to ${queue.url}`);
    return 0;
  },
});
