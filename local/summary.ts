import { type ChannelName, channelNames, type WebhookChannelName } from "../functions/notify/channels/index.ts";

/** A lead that was announced. */
export interface Notification {
  readonly leadId: string;
  readonly channel: ChannelName;
  /** From the accepted request; undefined for a lead that no request brought. */
  readonly milliseconds: number | undefined;
}

/** What the run saw of one lead. */
export interface LeadRecord {
  acceptedAt?: number;
  notifiedAt?: number;
  firstChannel?: ChannelName;
  stored: boolean;
  enriched: boolean;
  notifications: number;
  deadLettered: boolean;
}

/** Leads by the channel that announced them first. */
type Announced = Readonly<Record<ChannelName, number>>;

/** Messages in each chat. */
type Messages = { readonly [Name in WebhookChannelName as `${Name}Messages`]?: number };

/** What became of the leads of a run; the counts are of leads that got a 2xx. */
export interface Summary extends Announced, Messages {
  readonly env: string;
  readonly sent: number;
  readonly accepted: number;
  readonly stored: number;
  readonly enriched: number;
  readonly deadLettered: number;
  /** Neither announced nor in a dead letter queue. */
  readonly lost: number;
  /** Announcements beyond the first of each lead. */
  readonly duplicates: number;
  readonly latencyMs: { readonly p50: number | null; readonly p99: number | null; readonly max: number | null };
  readonly wallMs: number;
}

/** Nearest rank. */
export function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

/** What is not known from the leads. */
export type Circumstances = Pick<Summary, "env" | "sent" | "wallMs"> & Messages;

export function summarize(leads: readonly LeadRecord[], { env, sent, wallMs, ...messages }: Circumstances): Summary {
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
    ...(Object.fromEntries(
      channelNames.map((name) => [name, count(({ firstChannel }) => firstChannel === name)]),
    ) as Announced),
    deadLettered: count(({ deadLettered }) => deadLettered),
    lost: count(({ notifications, deadLettered }) => notifications === 0 && !deadLettered),
    duplicates: accepted.reduce((sum, { notifications }) => sum + Math.max(0, notifications - 1), 0),
    ...messages,
    latencyMs: { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99), max: latencies.at(-1) ?? null },
    wallMs,
  };
}
