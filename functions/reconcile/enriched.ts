import { leadsInObject, type Outcome, type OutcomeOf } from "../enrich/leads-in-object.ts";
import { enrichedKey, isFile, isSmokeTest, sourceOf } from "../lead/lead-id.ts";
import { RejectedError } from "../lead/rejection.ts";
import { allEnded, mapLimited } from "../runtime/concurrency.ts";
import type { LeadStore } from "../runtime/lead-store.ts";
import { loggable } from "../runtime/loggable.ts";
import { leadIdOf } from "../runtime/object-created.ts";
import type { FilledSettings } from "../sources/settings.ts";
import type { ListedObject } from "./announced.ts";
import { type Finding, grouped, isWithin, leadsAtOnce, type Window } from "./finding.ts";

/** A version of an object in a listing. Delete markers are none. */
export interface ListedVersion extends ListedObject {
  readonly versionId: string;
  /** Somebody deleted the object since. Its versions can still be read. */
  readonly isDeleted: boolean;
}

export interface EnrichedPorts extends Pick<LeadStore, "find" | "read"> {
  /** Lists every version of the objects at the bucket's root, in the order of their keys. */
  readonly rootVersions: () => AsyncIterable<ListedVersion>;
  /** Lists the objects below a prefix, in the order of their keys. */
  readonly objects: (prefix: string) => AsyncIterable<Pick<ListedObject, "key">>;
  /** The settings of a source; undefined for files and unknown sources. */
  readonly settingsOf: (source: string) => Promise<FilledSettings | undefined>;
  /** What enrich's rules make of a lead. */
  readonly outcomeOf: OutcomeOf;
}

/**
 * Compares raw objects, every version of them, with enriched ones: yields the leads that are not enriched. The listings are
 * merged, because raw and enriched keys are sorted by the lead's id. Files have other keys, so each is asked for, and then
 * its leads. Smoke tests are left out.
 */
export async function* unenriched(ports: EnrichedPorts, window: Window): AsyncGenerator<Finding> {
  const isListed = createMerge(ports.objects);
  const mayBeMissing = async (version: ListedVersion) => {
    const id = leadIdOf(version);
    if (!isWithin(version, window) || isSmokeTest(id)) return false;
    return isFile(id) || !(await isListed(enrichedKey(id, version.createdAt)));
  };
  for await (const group of grouped(ports.rootVersions(), mayBeMissing)) {
    for (const findings of await mapLimited(group, leadsAtOnce, (version) => missingOf(version, ports)))
      yield* findings;
  }
}

/** Returns whether a key is in its folder's listing. The keys of a folder must be asked for in their order. */
function createMerge(objects: EnrichedPorts["objects"]): (key: string) => Promise<boolean> {
  const folders = new Map<string, { readonly left: AsyncIterator<Pick<ListedObject, "key">>; current: string }>();
  return async (key) => {
    const prefix = key.slice(0, key.lastIndexOf("/") + 1);
    const folder = folders.get(prefix) ?? { left: objects(prefix)[Symbol.asyncIterator](), current: "" };
    folders.set(prefix, folder);
    while (folder.current < key) {
      const next = await folder.left.next();
      // After every key.
      folder.current = next.done ? "~" : next.value.key;
    }
    return folder.current === key;
  };
}

/** The leads of a raw object that are not enriched. */
async function missingOf(version: ListedVersion, { find, read, settingsOf, outcomeOf }: EnrichedPorts) {
  const { key, versionId, createdAt, isDeleted } = version;
  const objectId = leadIdOf(version);
  const isEnriched = async (id: string) => (await find(enrichedKey(id, createdAt))) !== undefined;
  const finding = (leadId: string, outcome: Outcome | { readonly failed: unknown }): Finding[] => {
    const isDecided = "ignored" in outcome || "rejected" in outcome;
    return [{ key, versionId, leadId, stage: "enrich", reason: reasonOf(outcome), isDecided, createdAt }];
  };
  if (await isEnriched(objectId)) return [];
  // A replay would store the data of an erased person again.
  if (isDeleted) return finding(objectId, { ignored: "deleted" });
  try {
    const [object, settings] = await allEnded([read(version), settingsOf(sourceOf(objectId))]);
    const leads = leadsInObject(object, objectId);
    const found = await mapLimited(leads, 1, async (lead) => {
      if (leads.length > 1 && (await isEnriched(lead.id))) return [];
      // One lead's fault must not hide the others.
      return finding(lead.id, await outcomeOf(lead, object, settings).catch((failed: unknown) => ({ failed })));
    });
    return found.flat();
  } catch (error) {
    if (error instanceof RejectedError) return finding(objectId, { rejected: error });
    throw error;
  }
}

function reasonOf(outcome: Outcome | { readonly failed: unknown }): string {
  if ("rejected" in outcome) return `rejected ${outcome.rejected.code}`;
  if ("ignored" in outcome) return `ignored: ${outcome.ignored}`;
  return "failed" in outcome ? `not enriched: ${loggable(outcome.failed).errorClass}` : "not enriched";
}
