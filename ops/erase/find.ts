import { difference, uniq, uniqWith } from "es-toolkit/array";
import { mapValues } from "es-toolkit/object";
import { isEqual } from "es-toolkit/predicate";
import { outcomesPrefix } from "../../flow.ts";
import { leadsInObject } from "../../functions/enrich/leads-in-object.ts";
import { announcementId } from "../../functions/lead/announcement-id.ts";
import { checkEnrichedLead } from "../../functions/lead/enriched-lead.ts";
import { enrichedKey, fetchedKey, isFile, memberLeadId, rawKey } from "../../functions/lead/lead-id.ts";
import { personIds } from "../../functions/lead/person.ts";
import { leadInObject, maxLeads } from "../../functions/lead/raw-lead.ts";
import { RejectedError } from "../../functions/lead/rejection.ts";
import { createLedgerReader } from "../../functions/reconcile/ledger.ts";
import { createListings } from "../../functions/reconcile/listings.ts";
import { mapLimited } from "../../functions/runtime/concurrency.ts";
import { createLeadStore, type LeadStore } from "../../functions/runtime/lead-store.ts";
import { leadIdOf } from "../../functions/runtime/object-created.ts";
import { contactIdsInText, indexedLead, indexItemsOf, type personIn } from "../lead-index.ts";
import { comparisonsOf } from "../stopped-leads.ts";
import type { Place } from "./place.ts";

/** A version of an object, or all of its versions. */
export interface Version {
  readonly key: string;
  readonly versionId?: string;
}

/** What is to be deleted of a person. */
export interface Erasure {
  /** Ids of leads. */
  readonly leads: readonly string[];
  /** Ids of addresses and numbers. */
  readonly people: readonly string[];
  /** Raw objects: one version of a file, or every version. */
  readonly raw: readonly Version[];
  /** Keys of fetched and enriched objects. */
  readonly objects: readonly string[];
  /** Keys of objects of outcomes that have lines of the leads. */
  readonly outcomes: readonly string[];
  /** Ids of announcements in the ledger. */
  readonly ledger: readonly string[];
}

export interface Found {
  readonly erasure: Erasure;
  /** Ids of leads that name another address or number of the person's leads and not the given one. They are left out. */
  readonly linked: readonly string[];
  /** Keys of files with a lead of the person and others that were never enriched. The person's leads in them are left out. */
  readonly kept: readonly string[];
  /** Keys of files that enrich could not read, so nobody knows whose leads they hold. */
  readonly unread: readonly string[];
}

/** The keys of the enriched objects of each lead of the person, by the lead's id. An object need not exist. */
type Leads = Map<string, string[]>;

export type Contacts = ReturnType<typeof personIn>;

/** Keys that are looked for at the same time. */
const keysAtOnce = 20;

/** The key of the index item of an unfinished erasure. It is made of the person's first address or number. */
export const erasureKey = ([{ id }]: Contacts) => ({ id: id.replace("person#", "erasure#"), entry: "erasure" });

/**
 * Finds what is stored of a person: the leads that the index knows by an address or number, leads that were not enriched and have it
 * anywhere, and what is left of an earlier erasure.
 */
export async function findPerson(person: Contacts, place: Place): Promise<Found> {
  const { table, ports, pipeline } = place;
  const dynamo = ports.dynamo(pipeline.region);
  const store = createLeadStore(ports.s3(pipeline.region), pipeline.bucket);
  const given = person.map(({ id }) => id);
  const { leads, unread } = await unenrichedLeads(person, store, place);
  const indexed = await Array.fromAsync(indexItemsOf(dynamo, table, ...given));
  const times: string[] = [];
  for (const id of new Set([...leads.keys(), ...indexed.map(({ entry }) => entry)])) {
    const { enriched, outcomes } = await indexedLead(dynamo, table, id);
    leads.set(id, [...(leads.get(id) ?? []), ...enriched.map(({ enrichedKey }) => enrichedKey)]);
    times.push(...outcomes.map(({ happenedAt }) => happenedAt));
  }
  const { raw, kept, keptLeads } = await filesOf(leads, store, place);
  const [ids, keys] = [[...leads.keys()], [...leads.values()].flat()];
  const objects = await mapLimited(keys, keysAtOnce, store.find);
  const contents = objects.flatMap((object) => (object ? checkEnrichedLead(leadInObject(object.body)) : []));
  const people = uniq([...given, ...contents.flatMap(personIds)]);
  const items = await Array.fromAsync(indexItemsOf(dynamo, table, ...people));
  const linked = difference(uniq(items.map(({ entry }) => entry)), [...ids, ...keptLeads]);
  const { destinations, announcements } = createLedgerReader(dynamo, pipeline.ledgerTable);
  const known = await destinations();
  const ledger = uniq(contents.flatMap((lead) => known.map((destination) => announcementId(lead, destination))));
  times.push(...(await announcements(ledger)).flatMap(({ settledAt }) => settledAt ?? []));
  let erasure: Erasure = {
    leads: ids,
    people,
    raw: [...raw, ...ids.filter((id) => !isFile(id)).map((id) => ({ key: rawKey(id) }))],
    objects: uniq([...ids.map(fetchedKey), ...keys]),
    outcomes: await outcomesOf(ids, times, store, place),
    ledger,
  };
  for await (const { value } of indexItemsOf(dynamo, table, erasureKey(person).id)) {
    const earlier = JSON.parse(value ?? "");
    erasure = mapValues(erasure, (list, name) => uniqWith([...list, ...earlier[name]], isEqual)) as Erasure;
  }
  return { erasure, linked, kept, unread };
}

/** The leads of raw objects that are not enriched and have an address or number of a person anywhere. */
async function unenrichedLeads(person: Contacts, { read, find }: LeadStore, { environment, ports, pipeline }: Place) {
  const countries = uniq([environment.defaultCountry, ...person.map(({ country }) => country)]);
  const leads: Leads = new Map();
  const unread: string[] = [];
  // Older leads have expired, and the index knows their last versions.
  const from = new Date(ports.now().getTime() - environment.leadRetentionDays * 86_400_000);
  const findings = comparisonsOf(pipeline, environment, ports).enriched({ from, to: ports.now() });
  for await (const { leadId, createdAt, ...version } of findings) {
    const members = await leadsIn(version, read).catch((error: unknown) => {
      if (!(error instanceof RejectedError)) throw error;
      return [];
    });
    const lead = members.find(({ id }) => id === leadId);
    if (!lead) unread.push(version.key);
    const fetched = await find(fetchedKey(leadId));
    const text = JSON.stringify(lead?.raw) + Buffer.from(fetched?.body ?? "").toString("utf8");
    const found = contactIdsInText(text, countries);
    if (person.some(({ id }) => found.includes(id))) leads.set(leadId, [enrichedKey(leadId, createdAt)]);
  }
  return { leads, unread };
}

/** The objects of outcomes with lines of leads. Their keys have the time of their first line, which is before the others. */
async function outcomesOf(ids: readonly string[], times: readonly string[], { find }: LeadStore, place: Place) {
  const { objects } = createListings(place.ports.s3(place.pipeline.region), place.pipeline.bucket);
  const minutes = times.flatMap((time) => [-2, -1, 0, 1].map((minute) => Date.parse(time) + minute * 60_000));
  const folders = uniq(minutes.map((minute) => new Date(minute).toISOString().replace(/T(..):(..).*/, "/$1$2")));
  const found: string[] = [];
  for (const folder of folders) {
    for await (const { key } of objects(`${outcomesPrefix}dt=${folder}`)) {
      const text = Buffer.from((await find(key))?.body ?? "").toString("utf8");
      if (ids.some((id) => text.includes(id))) found.push(key);
    }
  }
  return found;
}

/** The leads of a version of a raw object. @throws RejectedError */
async function leadsIn({ key, versionId }: Version, read: LeadStore["read"]) {
  const object = await read({ key, versionId, etag: "", size: 0 });
  return leadsInObject(object, leadIdOf({ key, etag: object.etag }));
}

/**
 * Finds the files that hold leads. Removes leads from the given ones whose file is kept, because a raw lead without an enriched one
 * would be enriched again.
 */
async function filesOf(leads: Leads, { read, find }: LeadStore, { ports, pipeline }: Place) {
  const { rootVersions } = createListings(ports.s3(pipeline.region), pipeline.bucket);
  const files = new Map<string, Version[]>();
  const [kept, keptLeads]: [string[], string[]] = [[], []];
  for await (const version of [...leads.keys()].some(isFile) ? rootVersions() : []) {
    const { key, versionId, createdAt } = version;
    const fileId = leadIdOf(version);
    const ids = [fileId, ...Array.from({ length: maxLeads }, (_, index) => memberLeadId(fileId, index, maxLeads))];
    const own = isFile(fileId) ? ids.filter((id) => leads.has(id)) : [];
    if (own.length === 0) continue;
    const others = (await leadsIn(version, read)).filter(({ id, isChange }) => !isChange && !leads.has(id));
    const enriched = await mapLimited(others, keysAtOnce, ({ id }) => find(enrichedKey(id, createdAt)));
    if (enriched.every(Boolean)) files.set(fileId, [...(files.get(fileId) ?? []), { key, versionId }]);
    else {
      kept.push(key);
      files.delete(fileId);
      for (const id of own) leads.delete(id);
      keptLeads.push(...own);
    }
  }
  return { raw: [...files.values()].flat(), kept, keptLeads };
}
