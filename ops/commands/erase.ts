import { PutObjectCommand } from "@aws-sdk/client-s3";
import { flag, operand, text } from "../../command-line/options.ts";
import { erasuresPrefix } from "../../flow.ts";
import { createItemWriter } from "../../functions/lead-index/table.ts";
import { erasureKey, findPerson } from "../erase/find.ts";
import type { Place } from "../erase/place.ts";
import { stepsOf } from "../erase/steps.ts";
import { personIn } from "../lead-index.ts";
import { noLeadIndex, pipelineCommand, pipelineEnv, pipelineIn } from "./command.ts";

/** Deletes what is stored of a person. Throws OpsError Outputs, NoLeadIndex, NotAContact, DeadLettersHeld. */
export const erase = pipelineCommand({
  name: "erase",
  summary: "Deletes what is stored of a person, in every version, and names what is left.",
  options: {
    env: pipelineEnv,
    who: operand(
      "The person.",
      text("person", "email addresses and phone numbers, separated by commas"),
      "jane@acme.example",
    ),
    dryRun: flag("Says what would be deleted and changes nothing."),
  },
  async run({ env, who, outputs, dryRun }, ports) {
    const { print, warn } = ports;
    const pipeline = pipelineIn(outputs, env);
    const { leadIndexTable: table } = pipeline;
    if (!table) throw noLeadIndex(env);
    const person = personIn(who, env.settings.defaultCountry);
    const place: Place = { pipeline, table, environment: env.settings, ports };
    const { erasure, linked, kept, unread } = await findPerson(person, place);
    for (const id of erasure.leads) print(id);
    for (const id of linked) warn(`${id} is left: it names only another address or number of these leads.`);
    for (const key of kept) warn(`${key} is kept with its leads: it holds others that were never enriched.`);
    for (const key of unread) warn(`${key} cannot be read. Look yourself whether it says something of the person.`);
    if (!dryRun) {
      const expiresAt = Math.ceil(ports.now().getTime() / 1000) + env.settings.leadRetentionDays * 86_400;
      const item = { ...erasureKey(person), value: JSON.stringify(erasure) };
      await createItemWriter(ports.dynamo(pipeline.region), table)([item], expiresAt);
    }
    const deleted: Record<string, number> = {};
    for (const [what, run, waitSeconds = 0] of stepsOf(erasure, person, dryRun, place)) {
      if (!dryRun && erasure.leads.length > 0) await ports.wait(waitSeconds * 1000);
      try {
        deleted[what] = await run();
      } catch (error) {
        warn(`Stopped at ${what}. These and all later steps are left. Run the command again to continue.`);
        throw error;
      }
      print(`${dryRun ? "would delete" : "deleted"} ${deleted[what]} ${what}`);
    }
    if (!dryRun) print(`record: ${await writeRecord({ leads: erasure.leads.length, deleted }, place)}`);
    print("Not deleted: Slack messages, sent emails, copies in a warehouse, and Athena's results until they expire.");
    return kept.length + linked.length > 0 ? 1 : 0;
  },
});

/** Writes the record of an erasure, which says nothing of the person. @returns its key */
async function writeRecord(record: object, { pipeline, ports }: Place): Promise<string> {
  const s3 = ports.s3(pipeline.region);
  const erasedAt = ports.now().toISOString();
  const Key = `${erasuresPrefix}${erasedAt.replaceAll(/[-:.]/g, "")}.json`;
  // CloudTrail names its owner.
  const { accessKeyId } = await s3.config.credentials();
  const Body = JSON.stringify({ erasedAt, accessKeyId, ...record });
  await s3.send(new PutObjectCommand({ Bucket: pipeline.bucket, Key, Body, ContentType: "application/json" }));
  return Key;
}
