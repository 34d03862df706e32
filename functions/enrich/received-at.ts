import type { StoredObject } from "../runtime/lead-store.ts";
import { Metadata } from "../runtime/names.ts";

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Milliseconds by which ingest's clock may be ahead of S3's. S3's times are whole seconds. */
const clockTolerance = 60_000;

/**
 * When a lead was received: the time that ingest wrote into its object's metadata. Everybody who may write into the bucket
 * can set metadata. So the object's own time is used if the metadata holds another format or a time in the future.
 */
export function receivedAtOf({ metadata, createdAt }: Pick<StoredObject, "metadata" | "createdAt">): Date {
  const written = metadata[Metadata.receivedAt] ?? "";
  const time = isoTime.test(written) ? Date.parse(written) : Number.NaN;
  return time <= createdAt.getTime() + clockTolerance ? new Date(time) : createdAt;
}
