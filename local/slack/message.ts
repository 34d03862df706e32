/** A message that a channel shows. */
export interface SlackMessage {
  readonly channel: string;
  readonly at: number;
  readonly leadIds: readonly string[];
  /** Short names of leads, as digests use them. */
  readonly leadRefs: readonly string[];
  readonly payload: Readonly<Record<string, unknown>>;
}
