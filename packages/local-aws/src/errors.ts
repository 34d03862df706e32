/** Base of every error that local-aws raises: `code` is for programs, the message says what to do about it. */
export class LocalAwsError extends Error {
  /** Stable, in PascalCase; an error that stands for an answer of AWS has AWS's code. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The stack holds something that local-aws cannot work out or does not simulate. */
export class UnsupportedStackError extends LocalAwsError {
  /** @param address resource and attribute, such as `aws_sqs_queue.orders.redrive_policy` */
  constructor(address: string, message: string) {
    super("UnsupportedStack", `${address}: ${message}`);
  }
}

/** Something tried to reach a host other than this machine. */
export class NotLoopbackError extends LocalAwsError {
  constructor(host: string) {
    super("NotLoopback", `${host} is not this machine: local-aws only talks to loopback addresses.`);
  }
}
