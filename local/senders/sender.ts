/** A request of a source that is about to be sent. */
interface Unsigned {
  readonly body: string;
  /** The source's id of the event; the same for a repeat. */
  readonly eventId: string;
  readonly at: Date;
}

/** What the CRMs, forms and ads of one format send. */
export interface Sender {
  /** A made-up secret, the same for the same seed. */
  makeSecret(seed: string): string;
  /**
   * A request's body with a lead, or with a list of them.
   * @param secret undefined for a source that nobody knows
   */
  body(lead: unknown, secret?: string): string;
  /**
   * A request's headers.
   * @param secret undefined for a source that nobody knows
   * @param settings of the source, with their defaults
   */
  headers(request: Unsigned, secret: string | undefined, settings: object): Readonly<Record<string, string>>;
}
