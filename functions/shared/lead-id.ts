import { createHash } from "node:crypto";
import { enrichedPrefix } from "./names.ts";
import { createdObject } from "./object-created.ts";

/**
 * A lead's id is also its correlation id and the stem of its object keys: `{source}-{32 hex digits}`. It is made by
 * hashing alone, so that it is the same on every retry and replay and never shows a person's data.
 */
const ownKey = /^([a-z][a-z0-9-]*-[0-9a-f]{32})\.json$/;

const digest = (...parts: string[]) => createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 32);

/** The id of a lead that came over a webhook: the same event of the same source always has the same id. */
export const webhookLeadId = (source: string, eventId: string, index: number) =>
  `${source}-${digest(source, eventId, String(index))}`;

/**
 * The id of the lead in a raw object. A key that ingest made holds it; for any other key it comes from key and ETag, so
 * that a file which is dropped again under the same name with another content is another lead.
 */
export const rawObjectLeadId = (key: string, etag: string) =>
  ownKey.exec(key)?.[1] ?? `file-${digest(key, etag.replaceAll('"', ""))}`;

/** The correlation id of what a message tells of, as far as it can be known: the id of the lead's object, raw or enriched. */
export function correlationIdOf(message: { readonly body: string }): string | undefined {
  try {
    const { key, etag } = createdObject(message);
    return rawObjectLeadId(key.slice(key.lastIndexOf("/") + 1), etag);
  } catch {
    return undefined;
  }
}

/** The id of one of several leads in one raw object; the first keeps the object's own id when it is alone. */
export const memberLeadId = (objectId: string, index: number, count: number) =>
  count === 1 ? objectId : `${objectId.slice(0, -33)}-${digest(objectId, String(index))}`;

/** The key of a raw lead that ingest stores. */
export const rawKey = (id: string) => `${id}.json`;

/** The key of an enriched lead: its day is the day on which the raw object was created, in UTC. */
export const enrichedKey = (id: string, createdAt: Date) =>
  `${enrichedPrefix}dt=${createdAt.toISOString().slice(0, 10)}/${id}.json`;

/** A short name for a lead where many are listed: the first 12 hex digits of its hash, unique enough to search logs by. */
export const leadRef = (id: string) => id.slice(-32, -20);
