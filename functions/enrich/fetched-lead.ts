import { fetchedKey, sourceOf } from "../lead/lead-id.ts";
import { leadInObject, type RawLead } from "../lead/raw-lead.ts";
import { RejectedError } from "../lead/rejection.ts";
import { allEnded, mapValuesEnded } from "../runtime/concurrency.ts";
import type { LeadStore } from "../runtime/lead-store.ts";
import { AccessRefusedError, withRotatedSecrets } from "../runtime/rotated-secrets.ts";
import type { ReadSecret } from "../runtime/secrets.ts";
import type { SourceDeclaration } from "../sources/declaration.ts";
import type { FetchedSource } from "../sources/index.ts";

/** Milliseconds that an API gets for its answer. The rest of enrich's ten seconds is for S3 and SSM. */
const fetchTimeout = 3000;

export interface FetchPorts {
  readonly store: Pick<LeadStore, "find" | "writeOnce">;
  /** What fetches a format's records; undefined for formats whose events are complete. */
  readonly fetchOf: (format: string | undefined) => SourceDeclaration["fetch"];
  /** The environment's sources whose records are fetched, by name. */
  readonly sources: Readonly<Record<string, FetchedSource>>;
  readonly secret: ReadSecret;
}

/**
 * Returns a function that fetches the record of a lead whose event holds only ids; a complete event is the lead itself. The
 * record is stored next to the raw lead and read from there the next time, so that a replay needs no CRM.
 * @throws RejectedError NotFetchable, and what the format's `fetchRecord` throws
 */
export function createFetchedLead({ store, fetchOf, sources, secret }: FetchPorts) {
  return async (event: RawLead, id: string, format: string | undefined): Promise<RawLead> => {
    const declared = fetchOf(format);
    if (!declared || declared.isThin?.(event) === false) return event;
    const key = fetchedKey(id);
    const stored = await store.find(key);
    if (stored) return leadInObject(stored.body);
    const source = Object.hasOwn(sources, sourceOf(id)) ? sources[sourceOf(id)] : undefined;
    if (!source || source.format !== format) {
      const problem = `The environment has no source ${sourceOf(id)} of the format ${format}`;
      throw new RejectedError("NotFetchable", `${problem}, so its record cannot be fetched.`);
    }
    const { secretParameters, settings } = source;
    const record = await withRotatedSecrets(
      (maxAge) => allEnded([declared.load(), mapValuesEnded(secretParameters, (name) => secret(name, { maxAge }))]),
      (error) => error instanceof AccessRefusedError,
      ([{ fetchRecord }, secrets]) =>
        fetchRecord(event, { secrets, settings, signal: AbortSignal.timeout(fetchTimeout) }),
    );
    const lead = leadInObject(Buffer.from(record));
    await store.writeOnce(key, record, {});
    return lead;
  };
}
