/** An answer of an AWS service that is not a success. The client throws the SDK's own class for it. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status = 400) {
    super(code);
    this.code = code;
    this.status = status;
  }
}
