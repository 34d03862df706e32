/** What an error of Leadwire, of an SDK or of `fetch` tells. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  /** Of Leadwire's own errors. */
  readonly code?: string;
  readonly retryAfterSeconds?: number;
  readonly cause?: { readonly code?: string };
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

/** The error that a call fails with; a call that succeeds fails the test. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    return error as Failure;
  }
  throw new Error("The call was expected to fail.");
}
