import { limitAsync } from "es-toolkit/promise";
import { fetchedKey, sourceOf } from "../lead/lead-id.ts";
import { leadInObject, type RawLead } from "../lead/raw-lead.ts";
import { RejectedError } from "../lead/rejection.ts";
import { allEnded } from "../runtime/concurrency.ts";
import { retryAfterOf, UnavailableError } from "../runtime/failures.ts";
import type { LeadStore } from "../runtime/lead-store.ts";
import { AccessRefusedError, withRotatedSecrets } from "../runtime/rotated-secrets.ts";
import type { SourceDeclaration } from "../sources/declaration.ts";
import type { ReadSource } from "../sources/source-parameters.ts";

/** Milliseconds that a lead's record gets, from its place in the queue on. The rest of enrich's ten seconds is for S3 and SSM. */
const fetchTimeout = 3000;

export interface FetchPorts {
  readonly store: Pick<LeadStore, "find" | "writeOnce">;
  /** What fetches a format's records; undefined for formats whose events are complete. */
  readonly fetchOf: (format: string | undefined) => SourceDeclaration["fetch"];
  /** The format of each source of the environment, by the source's name. */
  readonly sources: Readonly<Record<string, string>>;
  readonly readSource: ReadSource;
  readonly now: () => Date;
}

/** Asks a source's API for a record, when it may be asked. */
type Asking = (ask: () => Promise<string>) => Promise<string>;

/** Lets some requests ask an API at the same time, and none while it wants none. @throws UnavailableError */
function createAsking(concurrency: number, now: () => Date): Asking {
  let resumesAt = 0;
  return limitAsync(async (ask: () => Promise<string>) => {
    const seconds = Math.ceil((resumesAt - now().getTime()) / 1000);
    if (seconds > 0) throw new UnavailableError(`The source's API wants no request for ${seconds} seconds.`, seconds);
    try {
      return await ask();
    } catch (error) {
      resumesAt = Math.max(resumesAt, now().getTime() + (retryAfterOf(error) ?? 0) * 1000);
      throw error;
    }
  }, concurrency);
}

/**
 * Returns a function that fetches the record of a lead whose event holds only ids; a complete event is the lead itself. The
 * record is stored below `fetched/` and read from there the next time, so that a replay needs no CRM.
 * @throws RejectedError NotFetchable, and what the format's `fetchRecord` throws
 */
export function createFetchedLead({ store, fetchOf, sources, readSource, now }: FetchPorts) {
  const apis = new Map<string, Asking>();
  const apiOf = (source: string, concurrency: number): Asking => {
    const api = apis.get(source) ?? createAsking(concurrency, now);
    apis.set(source, api);
    return api;
  };
  return async (event: RawLead, id: string, format: string | undefined): Promise<RawLead> => {
    const declared = fetchOf(format);
    if (!declared || declared.isThin?.(event) === false) return event;
    const key = fetchedKey(id);
    const stored = await store.find(key);
    if (stored) return leadInObject(stored.body);
    const source = sourceOf(id);
    if (!Object.hasOwn(sources, source) || sources[source] !== format) {
      const problem = `The environment has no source ${source} of the format ${format}`;
      throw new RejectedError("NotFetchable", `${problem}, so its record cannot be fetched.`);
    }
    const api = apiOf(source, declared.concurrency);
    const signal = AbortSignal.timeout(fetchTimeout);
    const record = await withRotatedSecrets(
      (maxAge) => allEnded([declared.load(), readSource(source, declared.secrets, maxAge)]),
      (error) => error instanceof AccessRefusedError,
      ([{ fetchRecord }, parameters]) => api(() => fetchRecord(event, { ...parameters, signal })),
    );
    const lead = leadInObject(Buffer.from(record));
    await store.writeOnce(key, record, {});
    return lead;
  };
}
