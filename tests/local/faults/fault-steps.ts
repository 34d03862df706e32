import { DynamoDBClient, ScanCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { Random } from "local-aws";
import { Output, queueNames, queueOutputs } from "../../../flow.ts";
import { dropFile } from "../../../local/faults/invalid-leads.ts";
import type { Platform } from "../../../local/platform.ts";
import { makeVisible } from "../../helpers/make-visible.ts";
import type { FaultyPipeline } from "./fault-fixtures.ts";

let people = 0;

/** A lead that nobody has sent yet. */
export function newLead() {
  people += 1;
  return { first_name: "Ada", email: `ada.${people}@acme.example` };
}

/** A webhook that is sent each time the test asks for it, as a CRM sends it again. */
export function webhook({ crm }: Pick<Platform, "crm">) {
  const data = newLead();
  const signed = crm.signLeads("website", [data]);
  return () => crm.send(signed, "website", [data], 1);
}

/** Puts a lead into the bucket as a person would: no function has met it before enrich does. */
export async function dropLead(pipeline: FaultyPipeline): Promise<void> {
  const lead = newLead();
  const key = `${lead.email}.json`;
  pipeline.runAudit.addFile(key, await dropFile(pipeline, key, JSON.stringify(lead)));
}

/** Milliseconds: a send slot that is later is one after a pause that Slack asked for, and not only the next one. */
const soon = 2000;

/**
 * Lets minutes pass at once: hidden messages can be seen, claims of dead invocations have ended, and so has a pause that
 * Slack asked for. Nothing may be under way.
 */
export async function timePasses(pipeline: FaultyPipeline): Promise<void> {
  await endClaims(pipeline);
  await messagesReturn(pipeline);
}

/** Lets hidden messages be seen at once. Claims go on. */
export async function messagesReturn(pipeline: FaultyPipeline): Promise<void> {
  const urls = queueNames.map((queue) => String(pipeline.stack.output(queueOutputs(queue).url)));
  await makeVisible(
    pipeline,
    urls.map((url) => url.slice(url.lastIndexOf("/") + 1)),
  );
}

async function endClaims(pipeline: FaultyPipeline): Promise<void> {
  const dynamo = new DynamoDBClient(pipeline.clientSettings());
  const TableName = String(pipeline.stack.output(Output.ledgerTable));
  const { Items = [] } = await dynamo.send(new ScanCommand({ TableName }));
  for (const { id, claimedUntil, nextTurnAt } of Items) {
    const time = claimedUntil ? "claimedUntil" : nextTurnAt ? "nextTurnAt" : undefined;
    if (!id || !time || Number(nextTurnAt?.N ?? Number.POSITIVE_INFINITY) < Date.now() + soon) continue;
    const past = { ":past": { N: "0" } };
    await dynamo.send(
      new UpdateItemCommand({
        TableName,
        Key: { id },
        UpdateExpression: `SET ${time} = :past`,
        ExpressionAttributeValues: past,
      }),
    );
  }
  dynamo.destroy();
}

/** Draws the numbers one after the other, and the last one for ever. */
export function drawing(first: number, ...others: number[]): Random {
  let drawn = first;
  const left = [first, ...others];
  return () => {
    drawn = left.shift() ?? drawn;
    return drawn;
  };
}
