/** What can go wrong with the run on this machine, by `code`; the message says what to do about it. */
export class LocalRunError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = `${code}Error`;
    this.code = code;
  }
}

/** A flag of `npm start` with a value that it does not take. */
export class OptionError extends LocalRunError {
  constructor(message: string) {
    super("Option", message);
  }
}

/** The stack holds something that the run cannot work out: a reference, an attribute, an operator. */
export class UnsupportedStackError extends LocalRunError {
  constructor(address: string, message: string) {
    super("UnsupportedStack", `${address}: ${message}`);
  }
}

/** Something tried to reach a host other than this machine. */
export class NotLoopbackError extends LocalRunError {
  constructor(host: string) {
    super(
      "NotLoopback",
      `${host} is not this machine: the run only talks to loopback addresses, never to AWS or Slack.`,
    );
  }
}
