import { operand, text } from "../../command-line/options.ts";
import { checkEnrichedLead } from "../../functions/lead/enriched-lead.ts";
import { enrichedKey, leadIdPattern } from "../../functions/lead/lead-id.ts";
import type { LeadOutcome } from "../../functions/lead/outcome.ts";
import { leadInObject } from "../../functions/lead/raw-lead.ts";
import { leadEntriesId } from "../../functions/lead-index/items.ts";
import { mapLimited } from "../../functions/runtime/concurrency.ts";
import { createLeadStore } from "../../functions/runtime/lead-store.ts";
import { OpsError } from "../errors.ts";
import { indexItemsOf, personIdsIn } from "../lead-index.ts";
import { environment, opsCommand, outputs, pipelineIn } from "./command.ts";

const isLeadId = new RegExp(`^${leadIdPattern}$`);
const day = 86_400_000;
/** Keys that are looked for at the same time. */
const keysAtOnce = 20;

/** Shows where leads are. Throws OpsError Outputs, NoLeadIndex, NotAContact. */
export const lead = opsCommand({
  name: "lead",
  summary: "Shows the way of a lead, or of all leads of a person, with times.",
  options: {
    env: operand("The environment.", environment, "prod"),
    of: operand("What to find.", text("lead", "a lead's id, an email address or a phone number"), "jane@acme.example"),
    outputs,
  },
  async run({ env, of, outputs }, { s3, dynamo, now, print }) {
    const { bucket, region, leadIndexTable } = pipelineIn(outputs, env);
    if (!leadIndexTable) throw new OpsError("NoLeadIndex", `${env.name} has no consumer lead-index.`);
    const items = (id: string) => indexItemsOf(dynamo(region), leadIndexTable, id);
    const store = createLeadStore(s3(region), bucket);
    const { defaultCountry, leadRetentionDays } = env.settings;
    const leads = new Map<string, readonly string[]>();
    if (isLeadId.test(of)) {
      // The index has no key for a lead's id, which would be an item more for each lead. The key has the day of its receipt.
      const times = Array.from({ length: leadRetentionDays + 2 }, (_, days) => now().getTime() - days * day);
      leads.set(
        of,
        times.map((time) => enrichedKey(of, new Date(time))),
      );
    } else {
      for (const id of personIdsIn(of, defaultCountry)) {
        for await (const { entry, value } of items(id)) leads.set(entry, [value]);
      }
    }
    let found = 0;
    for (const [id, keys] of leads) {
      const steps: string[] = [];
      for await (const { value } of items(leadEntriesId(id))) steps.push(outcomeStep(JSON.parse(value)));
      await mapLimited(keys, keysAtOnce, async (key) => {
        const object = await store.find(key);
        if (!object) return;
        const { source, receivedAt, enrichedAt, score } = checkEnrichedLead(leadInObject(object.body));
        steps.push(`${receivedAt} received from ${source}`, `${enrichedAt} enriched with score ${score}: ${key}`);
      });
      if (steps.length > 0) found += 1;
      for (const line of steps.length > 0 ? [id, ...steps.sort()] : []) print(line);
    }
    if (found === 0) print("No lead. The index has leads from its deployment on, for as long as they are kept.");
    return found === 0 ? 1 : 0;
  },
});

function outcomeStep({ happenedAt, outcome, channel, destination, reason, milliseconds }: LeadOutcome): string {
  const after = milliseconds === undefined ? undefined : `${milliseconds / 1000} s after its receipt`;
  return [happenedAt, outcome, channel, destination, reason, after].filter((word) => word !== undefined).join(" ");
}
