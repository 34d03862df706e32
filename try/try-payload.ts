import { hash } from "node:crypto";
import { isEqual } from "es-toolkit/predicate";
import type { Environment } from "../environments/environment.ts";
import { environments } from "../environments/index.ts";
import { domainKind } from "../functions/enrich/email-domains.ts";
import { enrichLead } from "../functions/enrich/enrich-lead.ts";
import type { EnrichedLead } from "../functions/lead/enriched-lead.ts";
import { fileSource, memberLeadId, rawObjectLeadId, webhookLeadId } from "../functions/lead/lead-id.ts";
import { leadInObject, type RawLead } from "../functions/lead/raw-lead.ts";
import { RejectedError } from "../functions/lead/rejection.ts";
import type { SourceEvent } from "../functions/sources/door.ts";
import { readerOf } from "../functions/sources/index.ts";
import { changeReason, leadsInFile } from "../functions/sources/leads-in-body.ts";
import { sourceNamed, type TriedSource } from "./source.ts";

export interface TryOptions {
  /** A source of the environment, or a format. @default the body is read as a file that somebody put into the bucket */
  readonly source?: string | undefined;
  /** Gives the source's settings and the default country. @default dev */
  readonly environment?: Environment;
  /** The record that the source's API gives for an event, for a source whose events hold only ids, or what fetches it. */
  readonly record?: Uint8Array | ((event: RawLead) => Promise<Uint8Array>) | undefined;
}

/** What Leadwire makes of one lead in a payload. */
export interface TriedLead {
  readonly status: "enriched" | "rejected" | "ignored";
  readonly lead?: EnrichedLead;
  /** Paths of values that nothing reads. */
  readonly leftAside: readonly string[];
  /** Why the lead is rejected or ignored; it holds no value. */
  readonly reason?: string;
}

/** A lead before it is enriched. */
interface LeadToTry {
  readonly id: string;
  readonly lead: RawLead;
  readonly event: RawLead;
  readonly isTest?: boolean | undefined;
}

/** Every lead that is tried was received and enriched at this time, so that the same payload always gives the same result. */
const now = new Date("2000-01-01T00:00:00.000Z");

/**
 * What Leadwire makes of a payload: an entry for each lead and each event in it, and a single one when the whole of it is
 * rejected. It does what ingest and enrich do, but asks for no proof and calls no API.
 * @param body a request's body, a file for the bucket, or the record of a source's API
 * @throws UsageError when there is no such source
 */
export async function tryPayload(body: Uint8Array, options: TryOptions = {}): Promise<readonly TriedLead[]> {
  const { environment = environments.dev, record } = options;
  const source = options.source === undefined ? undefined : sourceNamed(options.source, environment);
  try {
    const events = source ? await eventsIn(body, source, record) : leadsOfFile(body);
    const tried: TriedLead[] = [];
    for (const event of events) tried.push("status" in event ? event : await tryLead(event, source, environment));
    return tried;
  } catch (error) {
    return [rejected(error)];
  }
}

/**
 * What Leadwire makes of the lead in a raw object that ingest stored.
 * @throws UsageError when there is no such source
 */
export async function tryStoredLead(
  body: Uint8Array,
  {
    source: name,
    environment = environments.dev,
    record,
  }: TryOptions & { readonly source: string; readonly record?: Uint8Array | undefined },
): Promise<TriedLead> {
  const source = sourceNamed(name, environment);
  try {
    const event = leadInObject(body);
    const id = webhookLeadId(name, hash("sha256", body));
    return await tryLead({ id, lead: record ? leadInObject(record) : event, event }, source, environment);
  } catch (error) {
    return rejected(error);
  }
}

/** @throws what is not a RejectedError */
function rejected(error: unknown, leftAside: readonly string[] = []): TriedLead {
  if (!(error instanceof RejectedError)) throw error;
  return { status: "rejected", leftAside, reason: `${error.code}: ${error.message}` };
}

async function tryLead(
  { id, lead, event, isTest }: LeadToTry,
  source: TriedSource | undefined,
  { defaultCountry }: Environment,
): Promise<TriedLead> {
  const { fields = {}, title, crmHosts } = source?.settings ?? {};
  const read = await readerOf(source?.format);
  const reading = read(lead, { event, fields });
  const name = source?.name ?? fileSource;
  const times = { receivedAt: now, enrichedAt: now };
  try {
    const provenance = { id, source: name, sourceTitle: title, isTest, ...times, defaultCountry, crmHosts };
    const enriched = await enrichLead(reading, provenance, domainKind);
    return { status: "enriched", lead: enriched, leftAside: reading.unread };
  } catch (error) {
    return rejected(error, reading.unread);
  }
}

function leadsOfFile(body: Uint8Array): (LeadToTry | TriedLead)[] {
  const leads = leadsInFile(body);
  const fileId = rawObjectLeadId("payload", hash("sha256", body));
  return leads.map(({ lead, isChange }, index) =>
    isChange ? ignored(changeReason) : { id: memberLeadId(fileId, index, leads.length), lead, event: lead },
  );
}

/** The leads that the source's door finds. Where it finds no event, the body is the record of a source that is fetched. */
async function eventsIn(body: Uint8Array, source: TriedSource, record: TryOptions["record"]) {
  const { name, declaration, settings } = source;
  const events = declaration.fetch ? await eventsUnlessRecord(body, source) : await split(body, source);
  if (!events) {
    const lead = leadInObject(body);
    return [{ id: webhookLeadId(name, hash("sha256", body)), lead, event: lead }];
  }
  const seen = new Set<string>();
  const toTry = events.map(async (event): Promise<LeadToTry | TriedLead> => {
    if (event.kind === "ignored") return ignored(event.reason);
    const id = webhookLeadId(name, ...event.identity);
    const isNew = seen.size < seen.add(id).size;
    if (!isNew) return ignored("it is the same lead as one before it");
    if (event.isTest && settings.testLeads === "ignore") return ignored("it is a test");
    const raw = leadInObject(Buffer.from(event.json));
    const { isTest } = event;
    if (!declaration.fetch || declaration.fetch.isThin?.(raw) === false) return { id, lead: raw, event: raw, isTest };
    const fetched = typeof record === "function" ? await record(raw) : record;
    if (fetched) return { id, lead: leadInObject(fetched), event: raw, isTest };
    const problem = "The event holds only ids, and the record is fetched. Give the API's answer with --record FILE.";
    return { status: "rejected", leftAside: [], reason: `NotFetchable: ${problem}` };
  });
  return Promise.all(toTry);
}

/** The events of a source that is fetched; undefined for a body in which the door finds no more than in an empty object. */
async function eventsUnlessRecord(body: Uint8Array, source: TriedSource): Promise<readonly SourceEvent[] | undefined> {
  const [events, none] = await Promise.all(
    [body, Buffer.from("{}")].map((one) =>
      split(one, source).catch((error: unknown) => {
        if (error instanceof RejectedError) return undefined;
        throw error;
      }),
    ),
  );
  return isEqual(events, none) ? undefined : events;
}

const ignored = (reason: string): TriedLead => ({ status: "ignored", leftAside: [], reason });

async function split(body: Uint8Array, { name, declaration, settings }: TriedSource): Promise<readonly SourceEvent[]> {
  const { door } = await declaration.door();
  return door.split(
    { method: "POST", path: `/${name}`, query: "", headers: {}, body: Buffer.from(body) },
    { settings },
  );
}
