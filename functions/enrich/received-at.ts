import type { StoredObject } from "../runtime/lead-store.ts";
import { Metadata } from "../runtime/names.ts";

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Milliseconds by which ingest's clock may be ahead of S3's, whose times are whole seconds besides. */
const clockTolerance = 60_000;

/**
 * When a lead was received: the time that ingest wrote on its object. Metadata is anybody's who may write into the bucket,
 * so a time that ingest would not have written, or that was still to come, yields to that of the object.
 */
export function receivedAtOf({ metadata, createdAt }: Pick<StoredObject, "metadata" | "createdAt">): Date {
  const told = metadata[Metadata.receivedAt] ?? "";
  const time = isoTime.test(told) ? Date.parse(told) : Number.NaN;
  return time <= createdAt.getTime() + clockTolerance ? new Date(time) : createdAt;
}
