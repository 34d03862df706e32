import type { FailureKind } from "../../runtime/failures.ts";
import type { ReadSecret } from "../../runtime/secrets.ts";
import type { Log } from "../../runtime/telemetry.ts";
import type { LeadsToAnnounce } from "../lead-summary.ts";
import type { ChannelDeclaration } from "./declaration.ts";

/** Why a channel did not take a message. */
interface Refusal {
  /** A word that is fit for logs and messages: the service's own, or the class of the error. */
  readonly reason: string;
  /**
   * What the log says of the failure. It names no person.
   * @default the reason
   */
  readonly details?: Readonly<Record<string, unknown>>;
  /** What somebody must do about it, in a sentence. */
  readonly advice?: string;
}

/**
 * What became of a message: `delivered`; `refused`, so it is certain that nobody saw it; or `unknown`, because it was sent
 * and no answer came. The remedy of a refusal is to try again, to wait for as long as the service asks, or nothing. Then it
 * says what the failure calls for if no other channel takes the leads; the others pass by themselves. A service that throttles
 * is not down, so its circuit breaker does not open.
 */
export type Outcome =
  | { readonly status: "delivered"; readonly messageId?: string }
  | (Refusal & { readonly status: "refused"; readonly remedy: "retry"; readonly isThrottled?: boolean })
  | (Refusal & { readonly status: "refused"; readonly remedy: "giveUp"; readonly kind: FailureKind })
  | (Refusal & { readonly status: "refused"; readonly remedy: "wait"; readonly retryAfterSeconds: number })
  | (Refusal & { readonly status: "unknown" });

/** What one message announces. */
export interface ChannelMessage {
  /** Where a route sends its leads, such as a Slack channel; a channel with one destination ignores it. */
  readonly destination: string;
  /** Up to the channel's declared capacity. */
  readonly leads: LeadsToAnnounce;
  /** Why the leads come by this channel and not by the one before it, in a sentence. */
  readonly why?: string;
}

/** A way to announce leads. */
export interface Channel {
  /** Milliseconds for which a "wait" is waited out before the next channel gets the leads, from 0. */
  readonly patienceMilliseconds: number;
  /**
   * Composes a message, sends it once and classifies the answer. It does not throw for what the service or the network does.
   * @param signal ends the attempt when the channel's budget is used up
   */
  post(message: ChannelMessage, signal: AbortSignal): Promise<Outcome>;
}

/** What a channel is opened with. */
export interface ChannelTools {
  /** The value of one of the environment variables that the channel declares: a text, or what the JSON says. */
  readonly variable: <Value = string>(name: string) => Value;
  readonly secret: ReadSecret;
  readonly log: Log;
}

/** A line of the list of channels. */
export interface ListedChannel {
  readonly declaration: ChannelDeclaration;
  /** Loads the channel's code and makes its clients. */
  readonly open: (tools: ChannelTools) => Promise<Channel>;
}
