import type { LeadOutcome } from "../../functions/lead/outcome.ts";
import type { NewOutcome, OutcomeWriter } from "../../functions/runtime/outcomes.ts";

/** An OutcomeWriter that remembers the outcomes of each object. */
export function recordedOutcomes() {
  const objects: NewOutcome[][] = [];
  const added: NewOutcome[] = [];
  const writer: OutcomeWriter = {
    add: (outcomes) => void added.push(...outcomes),
    write: async () => {
      if (added.length > 0) objects.push(added.splice(0));
    },
  };
  return { ...writer, objects };
}

/** The outcome of an announced lead, with every field that an announcement has. */
export const leadOutcome = (changes: Partial<LeadOutcome> = {}): LeadOutcome => ({
  schemaVersion: 1,
  id: `website-${"a".repeat(32)}`,
  source: "website",
  outcome: "announced",
  happenedAt: "2026-03-01T12:00:02.500Z",
  receivedAt: "2026-03-01T12:00:00.000Z",
  milliseconds: 2500,
  channel: "slack",
  destination: "sales",
  seenBefore: true,
  mayBeRepeat: true,
  ...changes,
});
