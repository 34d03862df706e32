/** A dead letter in a list. Times are milliseconds since 1970. */
export interface LetterView {
  /** The message's id. */
  readonly id: string;
  readonly leadId: string;
  readonly errorClass: string;
  readonly reason: string;
  readonly sentAt: number;
  /** When SQS deletes it. */
  readonly expiresAt: number;
}

/** The dead letters of a queue. */
export interface LetterQueueView {
  /** As `npm run ops -- dead-letters` calls the queue. */
  readonly name: string;
  readonly count: number;
  /** Those that are shown. */
  readonly letters: readonly LetterView[];
}

/** A dead letter that is opened. */
export interface OpenLetterView {
  /** Attributes and body, an event. */
  readonly message: unknown;
  /** The lead in the object that the event names, or why it cannot be shown. */
  readonly payload: string;
  /** Whether a corrected payload can take its place: it is a lead as it came. */
  readonly isRaw: boolean;
}
