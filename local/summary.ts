export type Channel = "slack" | "email";

/** A lead that was announced. */
export interface Notification {
  readonly leadId: string;
  readonly channel: Channel;
  /** From the accepted request; undefined for a lead that no request brought. */
  readonly milliseconds: number | undefined;
}

/** What the run saw of one lead. */
export interface LeadRecord {
  acceptedAt?: number;
  notifiedAt?: number;
  firstChannel?: Channel;
  stored: boolean;
  enriched: boolean;
  notifications: number;
  deadLettered: boolean;
}

/** What became of the leads of a run; the counts are of leads that got a 2xx. */
export interface Summary {
  readonly env: string;
  readonly sent: number;
  readonly accepted: number;
  readonly stored: number;
  readonly enriched: number;
  readonly slack: number;
  readonly email: number;
  readonly deadLettered: number;
  /** Neither announced nor in a dead letter queue. */
  readonly lost: number;
  /** Announcements beyond the first of each lead. */
  readonly duplicates: number;
  readonly slackMessages: number;
  readonly latencyMs: { readonly p50: number | null; readonly p99: number | null; readonly max: number | null };
  readonly wallMs: number;
}

/** Nearest rank. */
export function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

/** What is not known from the leads. */
export type Circumstances = Pick<Summary, "env" | "sent" | "slackMessages" | "wallMs">;

export function summarize(leads: readonly LeadRecord[], { env, sent, slackMessages, wallMs }: Circumstances): Summary {
  const accepted = leads.filter(({ acceptedAt }) => acceptedAt !== undefined);
  const count = (test: (lead: LeadRecord) => boolean) => accepted.filter(test).length;
  const latencies = accepted
    .flatMap(({ acceptedAt, notifiedAt }) => (acceptedAt && notifiedAt ? [Math.max(0, notifiedAt - acceptedAt)] : []))
    .sort((a, b) => a - b);
  return {
    env,
    sent,
    accepted: accepted.length,
    stored: count(({ stored }) => stored),
    enriched: count(({ enriched }) => enriched),
    slack: count(({ firstChannel }) => firstChannel === "slack"),
    email: count(({ firstChannel }) => firstChannel === "email"),
    deadLettered: count(({ deadLettered }) => deadLettered),
    lost: count(({ notifications, deadLettered }) => notifications === 0 && !deadLettered),
    duplicates: accepted.reduce((sum, { notifications }) => sum + Math.max(0, notifications - 1), 0),
    slackMessages,
    latencyMs: { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99), max: latencies.at(-1) ?? null },
    wallMs,
  };
}
