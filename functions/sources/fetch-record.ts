import { request } from "undici";
import { LeadwireError } from "../../errors.ts";
import { maxBodyBytes, type RawLead } from "../lead/raw-lead.ts";
import { RejectedError } from "../lead/rejection.ts";
import { bodyStart } from "../runtime/body-start.ts";
import { AccessRefusedError } from "../runtime/rotated-secrets.ts";

/** What fetching a record needs besides the event. */
export interface FetchContext {
  /** The secrets that the format's `fetch` declares, by name. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly settings: object;
  /** Ends the request when its time is over. */
  readonly signal: AbortSignal;
}

/**
 * Fetches the record that an event names, and returns it as JSON text: one object, at most `maxBodyBytes`. It tries once. An
 * error other than a RejectedError lets the queue try again later.
 * @throws RejectedError RecordNotFound, TooLarge
 * @throws AccessRefusedError
 */
export type FetchRecord = (event: RawLead, context: FetchContext) => Promise<string>;

/**
 * A source's API answered with something else than a record. After `FetchFailed` it may answer with the record later, after
 * `FetchRefused` it would say the same again.
 */
export class FetchFailedError extends LeadwireError {
  constructor(status: number) {
    const isTemporary = status >= 500 || status === 408 || status === 425 || status === 429;
    super(isTemporary ? "FetchFailed" : "FetchRefused", `The source's API answered ${status}.`);
  }
}

/**
 * Fetches a record by a GET request. It follows no redirect, because the token would go to whoever the answer names.
 * @param headers with the token
 * @returns the answer's body
 * @throws RejectedError RecordNotFound (404, 410), TooLarge
 * @throws AccessRefusedError (401, 403)
 * @throws FetchFailedError any other status; errors of undici when there is no answer
 */
export async function getRecord(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string> {
  const { statusCode, body } = await request(url, { headers: { accept: "application/json", ...headers }, signal });
  if (statusCode === 200) {
    const record = await bodyStart(body, maxBodyBytes);
    if (record.byteLength <= maxBodyBytes) return record.toString("utf8");
    throw new RejectedError("TooLarge", `The record has more than ${maxBodyBytes} bytes.`);
  }
  await body.dump();
  if (statusCode === 404 || statusCode === 410) {
    const problem = "It was deleted, or the token may not read it. In the second case allow it and redrive.";
    throw new RejectedError("RecordNotFound", `The source's API has no such record (${statusCode}). ${problem}`);
  }
  if (statusCode === 401 || statusCode === 403)
    throw new AccessRefusedError(`The source's API refused the token (${statusCode})`);
  throw new FetchFailedError(statusCode);
}
