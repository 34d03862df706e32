import type { LeadReading } from "./leads.ts";

/** What Leadwire makes of a lead in a payload. */
export interface TriedView extends LeadReading {
  readonly status: "enriched" | "rejected" | "ignored";
  /** What would be announced. */
  readonly card?: string;
}

/** How the endpoint answered. */
export interface SentView {
  /** 0 for no answer. */
  readonly status: number;
  readonly body: string;
  readonly leadIds: readonly string[];
}
