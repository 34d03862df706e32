/** Base of every error that Leadwire itself raises: `code` is for programs, the message for people. */
export abstract class LeadwireError<Code extends string = string> extends Error {
  /** Stable, in PascalCase; it stands in logs and in dead letters' `errorClass`. */
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}
