import { rawObjectLeadId } from "../lead/lead-id.ts";
import { RejectedError } from "../lead/rejection.ts";

/** The object that an EventBridge event `Object Created` names. */
export interface CreatedObject {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  /** Bytes; 0 when the event does not say. */
  readonly size: number;
  /** The version that was created. Undefined in events that were sent before Leadwire read versions. */
  readonly versionId: string | undefined;
}

type Detail = {
  readonly bucket?: { readonly name?: unknown };
  readonly object?: Readonly<Partial<Record<"key" | "etag" | "size" | "version-id", unknown>>>;
};

/**
 * Reads the event that EventBridge put into a queue's message.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 * @throws RejectedError NotAnObjectEvent when the message holds anything else
 */
export function createdObject(record: { readonly body: string }): CreatedObject {
  let detail: Detail | undefined;
  try {
    detail = JSON.parse(record.body)?.detail;
  } catch {
    throw new RejectedError("NotAnObjectEvent", "The message's body is not JSON.");
  }
  const bucket = detail?.bucket?.name;
  const { key, etag, size, "version-id": versionId } = detail?.object ?? {};
  if (typeof bucket !== "string" || typeof key !== "string") {
    throw new RejectedError("NotAnObjectEvent", "The message has no detail.bucket.name or no detail.object.key.");
  }
  return {
    bucket,
    key,
    etag: typeof etag === "string" ? etag : "",
    size: typeof size === "number" ? size : 0,
    versionId: typeof versionId === "string" && versionId !== "" ? versionId : undefined,
  };
}

/** The id of the lead in the object that an event names, raw or enriched. It is also the correlation id. */
export const leadIdOf = ({ key, etag }: Pick<CreatedObject, "key" | "etag">) =>
  rawObjectLeadId(key.slice(key.lastIndexOf("/") + 1), etag);

/** The correlation id of a message; undefined when the message names no object. */
export function correlationIdOf(message: { readonly body: string }): string | undefined {
  try {
    return leadIdOf(createdObject(message));
  } catch {
    return undefined;
  }
}
