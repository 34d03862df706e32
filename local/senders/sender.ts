import type { CrmLead } from "./leads.ts";

/** What a sender knows of its source. */
export interface SimulatedSource {
  /** Values of the format's secrets by name, those for its API included. Empty for a source that nobody knows. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The source's settings, defaults included. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** An event that is about to be sent. */
interface SentEvent {
  /** Where the source's requests go, without a query: the endpoint with the source's name. */
  readonly url: string;
  /** The same for every attempt. */
  readonly eventId: string;
  /** When the attempt is made. */
  readonly at: Date;
}

export interface SenderRequest {
  /** @default POST */
  readonly method?: "POST" | "GET";
  /** The event's URL, with a query if the source has one. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, when it holds the proof. @default the body that was given */
  readonly body?: string;
}

/**
 * How a vendor delivers an event. Times are the vendor's own. The run shortens all of them but `answerSeconds`. Each
 * vendor's sender links to the vendor's pages.
 */
export interface DeliveryRules {
  /** Whether the vendor takes an answer for success. @default every 2xx */
  readonly isSuccess?: (status: number, body: string) => boolean;
  /** Whether the vendor sends again after an answer that is no success. It does so after no answer. @default 429 and 5xx */
  readonly isRetried?: (status: number) => boolean;
  /** Seconds from each attempt to the next. After the last one the event is lost. */
  readonly delays: readonly number[];
  /** Whether an answer's Retry-After makes a delay longer. @default no */
  readonly honoursRetryAfter?: true;
  /** Seconds that an answer may take. */
  readonly answerSeconds: number;
  /** What makes the vendor stop sending to the source: events that wait then, and those that come meanwhile, are lost. */
  readonly stop?: {
    /** After so many events in a row whose first attempt failed. */
    readonly firstFailures?: number;
    /** After failures without a success in between for so many seconds. */
    readonly failingSeconds?: number;
    /** After an answer with this status. */
    readonly status?: number;
    /** For how long it stops. @default for ever */
    readonly seconds?: number;
  };
}

/** What the CRMs, forms and ads of one format send. */
export interface Sender {
  /**
   * Whether the format takes a lead of any shape, so that anybody can make up a body.
   * @default it takes what its vendor sends
   */
  readonly takesAnyShape?: true;
  /** A made-up secret, the same for the same seed. @default 64 hex digits */
  makeSecret?(name: string, seed: string): string;
  /** Leads that one request can hold. */
  readonly leadsInRequest: number;
  /** The body of a request with leads, one or up to `leadsInRequest`. They can lack every field but the id. */
  body(leads: readonly CrmLead[], source: SimulatedSource, event: SentEvent): string;
  /** The request around a body, with its proof. The body may be of any kind. */
  request(body: string, source: SimulatedSource, event: SentEvent): SenderRequest;
  /**
   * The parts of the lead's identity, as the format's door has them.
   * @default the answer names the leads
   */
  identity?(lead: CrmLead, source: SimulatedSource): readonly string[];
  readonly delivery: DeliveryRules;
}

/** The full name of a lead; empty if it has none. */
export const nameOf = ({ first_name, last_name }: CrmLead): string => [first_name, last_name].filter(Boolean).join(" ");

/**
 * Delays in seconds, each twice the one before.
 * @param longest maximum of a delay
 * @param total maximum of their sum
 */
export function doublingDelays(first: number, longest: number, total: number): number[] {
  const delays: number[] = [];
  for (let delay = first, sum = delay; sum <= total; sum += delay) {
    delays.push(delay);
    delay = Math.min(delay * 2, longest);
  }
  return delays;
}

/** The rules of senders that are no single vendor's: they send again for two and a half hours, first after 2.5 seconds. */
export const longDelivery: DeliveryRules = {
  delays: doublingDelays(2.5, 80, 9000),
  honoursRetryAfter: true,
  answerSeconds: 30,
};
