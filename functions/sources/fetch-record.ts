import { request } from "undici";
import { LeadwireError } from "../../errors.ts";
import { maxBodyBytes, type RawLead } from "../lead/raw-lead.ts";
import { RejectedError } from "../lead/rejection.ts";
import { bodyStart } from "../runtime/body-start.ts";
import { UnavailableError } from "../runtime/failures.ts";
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

/** An API's answer: its status, and its body as far as `maxBodyBytes` or a little more. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** A source's API answered with something else than a record, and would say the same again. */
export class FetchRefusedError extends LeadwireError<"FetchRefused"> {
  constructor(status: number) {
    super("FetchRefused", `The source's API answered ${status}.`);
  }
}

/**
 * Fetches a record by a GET request. It follows no redirect, because the token would go to whoever the answer names.
 * @param headers with the token: an address can be logged on the way
 * @param statusOf the status that says what an answer means, for an API that says it in the body. @default the answer's own
 * @returns the answer's body
 * @throws RejectedError RecordNotFound (404, 410), TooLarge
 * @throws AccessRefusedError (401, 403)
 * @throws UnavailableError (408, 425, 429, 5xx), with the answer's Retry-After
 * @throws FetchRefusedError any other status; errors of undici when there is no answer
 */
export async function getRecord(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  statusOf: (answer: ApiAnswer) => number = ({ status }) => status,
): Promise<string> {
  const answer = await request(url, { headers: { accept: "application/json", ...headers }, signal });
  const body = await bodyStart(answer.body, maxBodyBytes);
  const status = statusOf({ status: answer.statusCode, body });
  if (status === 200) {
    if (body.byteLength <= maxBodyBytes) return body.toString("utf8");
    throw new RejectedError("TooLarge", `The record has more than ${maxBodyBytes} bytes.`);
  }
  if (status === 404 || status === 410) {
    const problem = "It was deleted, or the token may not read it. In the second case allow it and redrive.";
    throw new RejectedError("RecordNotFound", `The source's API has no such record (${status}). ${problem}`);
  }
  if (status === 401) throw new AccessRefusedError(`The source's API refused the token (${status})`);
  if (status === 403) {
    throw new AccessRefusedError(`The source's API refused the token (${status}), which may lack a scope`);
  }
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    throw new UnavailableError(`The source's API answered ${status}.`, secondsIn(answer.headers["retry-after"]));
  }
  throw new FetchRefusedError(status);
}

/** A record, or what stands for it when the API has none. Every other error of the fetch is thrown. */
export const orIfMissing = (record: Promise<string>, instead: string): Promise<string> =>
  record.catch((error: unknown) => {
    if (error instanceof RejectedError && error.code === "RecordNotFound") return instead;
    throw error;
  });

/** The seconds of a Retry-After header, which also can be a date (RFC 9110); undefined without a usable one. */
function secondsIn(header: string | string[] | undefined): number | undefined {
  const text = String(header ?? "");
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - Date.now()) / 1000);
  return seconds >= 0 ? seconds : undefined;
}
