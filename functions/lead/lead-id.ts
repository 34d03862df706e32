import { hash as hashOf } from "node:crypto";
import { enrichedPrefix, fetchedPrefix } from "../../flow.ts";

/** A source's name, as the text of a regular expression. */
export const sourceNamePattern = "[a-z][a-z0-9-]{1,30}";

/**
 * A lead's id, as the text of a regular expression: `{source}-{32 hex digits}`. It is also the lead's correlation id and the
 * stem of its object keys. It is a hash, so that it is the same on every retry and replay and never shows a person's data.
 * The last eight digits check the others, because people name files `jane-roe-{MD5}.json`, and no log may take that for an id.
 */
export const leadIdPattern = `${sourceNamePattern}-[0-9a-f]{32}`;

const ownKey = new RegExp(`^((${sourceNamePattern})-([0-9a-f]{24})([0-9a-f]{8}))\\.json$`);

const digest = (digits: number, ...parts: string[]) => hashOf("sha256", parts.join("\n")).slice(0, digits);

const checkDigits = (source: string, hash: string) => digest(8, "lead id", source, hash);

const makeId = (source: string, ...identity: string[]) => {
  const hash = digest(24, source, ...identity);
  return `${source}-${hash}${checkDigits(source, hash)}`;
};

/** The id that a key is made of; undefined for any other key. */
function idInKey(key: string): string | undefined {
  const [, id, source = "", hash = "", check] = ownKey.exec(key) ?? [];
  return check === checkDigits(source, hash) ? id : undefined;
}

/** Name of the source of leads in files that people put into the bucket. */
export const fileSource = "file";

/** Name of the source of smoke tests. Every environment has it, with a secret of its own. */
export const smokeSource = "smoke";

/**
 * The id of a lead that came over a webhook. The same identity in the same source always has the same id.
 * @param identity the source's own ids of the lead, or its event's id and the lead's place in it
 */
export const webhookLeadId = (source: string, ...identity: readonly (string | number)[]) =>
  makeId(source, ...identity.map(String));

/**
 * The id of the lead in a raw object. A key that ingest made holds it. For any other key it is made of key and ETag, so that
 * a file with the same name and another content is another lead.
 */
export const rawObjectLeadId = (key: string, etag: string) =>
  idInKey(key) ?? makeId(fileSource, key, etag.replaceAll('"', ""));

/** The source that a lead's id names. Only the key says where a lead came from, and never the object's content. */
export const sourceOf = (id: string) => id.slice(0, -33);

/**
 * Whether a lead is a smoke test: announced to nobody, and in no count of leads. Its key says so, and nothing that a sender
 * wrote, so no lead of another source can be hidden.
 */
export const isSmokeTest = (id: string) => sourceOf(id) === smokeSource;

/** Whether a raw object is a file that somebody put into the bucket. Only such an object can hold several leads. */
export const isFile = (objectId: string) => sourceOf(objectId) === fileSource;

/** The id of one of several leads in one file; it is the file's own id when it is alone. */
export const memberLeadId = (objectId: string, index: number, count: number) =>
  count === 1 ? objectId : makeId(sourceOf(objectId), objectId, String(index));

/**
 * A raw object's key in the metadata of what was made of it. Metadata is in ASCII and has at most 2 KB. A key of 1,024 bytes
 * takes 1,366 of them.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
export const keyInMetadata = {
  write: (key: string) => Buffer.from(key).toString("base64url"),
  read: (text: string) => Buffer.from(text, "base64url").toString(),
};

/** The key of the raw object of a lead that came over a webhook. */
export const rawKey = (id: string) => `${id}.json`;
export const fetchedKey = (id: string) => `${fetchedPrefix}${id}.json`;

/** The key of an enriched lead: its day is the day on which the raw object was created, in UTC. */
export const enrichedKey = (id: string, createdAt: Date) =>
  `${enrichedPrefix}dt=${createdAt.toISOString().slice(0, 10)}/${id}.json`;

/** A short name for a lead where many are listed: the first 12 hex digits of its hash, unique enough to search logs by. */
export const leadRef = (id: string) => id.slice(-32, -20);
