import { sum, sumBy } from "es-toolkit";
import { type ChannelName, channelNames, type WebhookChannelName } from "../functions/notify/channels/index.ts";

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

type Announced = Readonly<Record<ChannelName, number>>;

type Messages = { readonly [Name in WebhookChannelName as `${Name}Messages`]?: number };

/** What became of the leads of a run; unless it says otherwise, the counts are of leads that got a 2xx. */
export interface Summary extends Announced, Messages {
  readonly env: string;
  /** Requests. */
  readonly sent: number;
  /** Requests whose last answer was no 2xx, by its status. Status 0 is no answer. */
  readonly refused: Readonly<Record<string, number>>;
  readonly accepted: number;
  readonly stored: number;
  readonly enriched: number;
  readonly deadLettered: number;
  /** Requests and leads that nothing was known of yet when the run was ended. */
  readonly inProgress: number;
  /** Neither announced nor in a dead letter queue, although the run waited long enough. */
  readonly lost: number;
  /** Announcements beyond the first of each lead. */
  readonly duplicates: number;
  readonly latencyMs: { readonly p50: number | null; readonly p99: number | null; readonly max: number | null };
  /** Calls that the stack's policies did not allow. */
  readonly deniedCalls: number;
  readonly wallMs: number;
}

export const isAccepted = (status: number): boolean => status >= 200 && status <= 299;

export const refusedRequests = ({ refused }: Pick<Summary, "refused">): number => sum(Object.values(refused));

/** Nearest rank. */
export function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

/** What is not known from the leads. */
export interface Circumstances extends Pick<Summary, "env" | "sent" | "refused" | "deniedCalls" | "wallMs">, Messages {
  readonly unanswered: number;
  /** Whether the run was ended before it was known what becomes of every lead. */
  readonly endedEarly: boolean;
}

export function summarize(leads: readonly LeadRecord[], circumstances: Circumstances): Summary {
  const { unanswered, endedEarly, ...known } = circumstances;
  const accepted = leads.filter(({ acceptedAt }) => acceptedAt !== undefined);
  const count = (test: (lead: LeadRecord) => boolean) => accepted.filter(test).length;
  const latencies = accepted
    .flatMap(({ acceptedAt, notifiedAt }) => (acceptedAt && notifiedAt ? [Math.max(0, notifiedAt - acceptedAt)] : []))
    .sort((a, b) => a - b);
  const open = count(({ notifications, deadLettered }) => notifications === 0 && !deadLettered);
  return {
    ...known,
    accepted: accepted.length,
    stored: count(({ stored }) => stored),
    enriched: count(({ enriched }) => enriched),
    ...(Object.fromEntries(
      channelNames.map((name) => [name, count(({ firstChannel }) => firstChannel === name)]),
    ) as Announced),
    deadLettered: count(({ deadLettered }) => deadLettered),
    inProgress: unanswered + (endedEarly ? open : 0),
    lost: endedEarly ? 0 : open,
    duplicates: sumBy(accepted, ({ notifications }) => Math.max(0, notifications - 1)),
    latencyMs: { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99), max: latencies.at(-1) ?? null },
  };
}
