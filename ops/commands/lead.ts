import { uniq } from "es-toolkit/array";
import { operand, text } from "../../command-line/options.ts";
import { leadIdPattern } from "../../functions/lead/lead-id.ts";
import type { EnrichedEntry } from "../../functions/lead-index/items.ts";
import {
  createAnnouncements,
  type IndexedLead,
  indexedLead,
  indexItemsOf,
  type LeadAnnouncement,
  personIn,
} from "../lead-index.ts";
import { noLeadIndex, pipelineCommand, pipelineEnv, pipelineIn } from "./command.ts";

const isLeadId = new RegExp(`^${leadIdPattern}$`);

/** Shows the state of leads and what happened to them. Throws OpsError Outputs, NoLeadIndex, NotAContact. */
export const lead = pipelineCommand({
  name: "lead",
  summary: "Shows the way of a lead, or of all leads of a person, with times.",
  options: {
    env: pipelineEnv,
    of: operand("What to find.", text("lead", "a lead's id, an email address or a phone number"), "jane@acme.example"),
  },
  async run({ env, of, outputs }, { s3, dynamo, print }) {
    const pipeline = pipelineIn(outputs, env);
    const { region, leadIndexTable } = pipeline;
    if (!leadIndexTable) throw noLeadIndex(env);
    const client = dynamo(region);
    const people = isLeadId.test(of) ? [] : personIn(of, env.settings.defaultCountry).map(({ id }) => id);
    const items = await Array.fromAsync(indexItemsOf(client, leadIndexTable, ...people));
    const ids = isLeadId.test(of) ? [of] : items.map(({ entry }) => entry);
    const announcementsOf = createAnnouncements(s3(region), client, pipeline);
    let found = 0;
    for (const id of uniq(ids)) {
      const known = await indexedLead(client, leadIndexTable, id);
      if (known.enriched.length + known.outcomes.length === 0) continue;
      found += 1;
      const announcements = (await Promise.all(known.enriched.map(announcementsOf))).flat();
      for (const line of [`${id} ${stateOf(known, announcements)}`, ...stepsOf(known, announcements)]) print(line);
    }
    if (found === 0) print("No lead. The index has leads from its deployment on, and older ones after reindex.");
    return found === 0 ? 1 : 0;
  },
});

/** Returns the state of a lead. An announcement is final; a dead letter can have been redriven since. */
function stateOf({ outcomes }: IndexedLead, announcements: readonly LeadAnnouncement[]): string {
  if (announcements.some(({ state }) => state === "sent")) return "announced";
  if (announcements.some(({ state }) => state === "unknown")) return "sent, and no answer came";
  return outcomes.at(-1)?.outcome ?? "not announced";
}

/** The lead's way, a line for each step, sorted by time. */
function stepsOf({ enriched, outcomes }: IndexedLead, announcements: readonly LeadAnnouncement[]): string[] {
  const receivedAt = Date.parse(enriched[0]?.receivedAt ?? "");
  const steps = [
    ...enriched.flatMap(({ receivedAt, source, rawKey = "unknown", enrichedAt, score, enrichedKey }: EnrichedEntry) => [
      `${receivedAt} received from ${source}: ${rawKey}`,
      `${enrichedAt} enriched with score ${score}: ${enrichedKey}`,
    ]),
    ...outcomes.map(({ happenedAt, outcome, reason }) => [happenedAt, outcome, reason].filter(Boolean).join(" ")),
    ...announcements.map(({ state, destination, ...last }) => {
      // A claim keeps what became of the attempt before.
      const { by, settledAt = "" } = state === "claimed" ? {} : last;
      const seconds = (Date.parse(settledAt) - receivedAt) / 1000;
      const where = [by && `by ${by}`, destination && `at ${destination}`];
      return [settledAt, state, ...where, settledAt && `${seconds} s after its receipt`].filter(Boolean).join(" ");
    }),
  ];
  return uniq(steps).sort();
}
