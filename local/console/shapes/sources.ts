/** A source of the environment, and how to send something as it. */
export interface SourceView {
  readonly name: string;
  /** Its format, such as hubspot. */
  readonly format: string;
  /** Where its vendor sends to. */
  readonly endpoint: string;
  /** A command that sends a made-up lead, signed by the run. */
  readonly curl: string;
}
