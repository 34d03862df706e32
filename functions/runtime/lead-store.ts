import { GetObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { maxBodyBytes } from "../lead/raw-lead.ts";
import { RejectedError } from "../lead/rejection.ts";
import { AnswerTooLargeError } from "./clients.ts";
import type { CreatedObject } from "./object-created.ts";

export interface StoredObject {
  readonly body: Uint8Array;
  readonly etag: string;
  readonly createdAt: Date;
  /** User metadata, keys in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What of an event names the content that is to be read. */
type ObjectVersion = Pick<CreatedObject, "key" | "etag" | "size" | "versionId">;

/** The bucket, of which functions read whole objects and write each key once. */
export interface LeadStore {
  /**
   * Reads the version that an event names, and never another content of the same key: people use file names again.
   * @throws RejectedError ObjectGone when the version is no longer there, TooLarge for more bytes than a lead can have
   */
  read(object: ObjectVersion): Promise<StoredObject>;
  find(key: string): Promise<StoredObject | undefined>;
  /** Writes the object unless the key exists. */
  writeOnce(key: string, json: string, metadata: Record<string, string>): Promise<"stored" | "duplicate">;
}

/** How often a write is tried again after a conflict with another write of the same key (409). */
const conflictRetries = 5;

export function createLeadStore(s3: S3Client, Bucket: string): LeadStore {
  const read = async ({ key: Key, size, ...named }: ObjectVersion): Promise<StoredObject> => {
    if (size > maxBodyBytes) throw tooLarge();
    try {
      const command = new GetObjectCommand({ Bucket, Key, ...contentOf(named) });
      const { Body, ETag, LastModified, Metadata } = await s3.send(command);
      if (!Body || !LastModified) throw new Error("S3 answered GetObject without body or time");
      const body = await Body.transformToByteArray();
      if (body.byteLength > maxBodyBytes) throw tooLarge();
      return { body, etag: ETag ?? "", createdAt: LastModified, metadata: Metadata ?? {} };
    } catch (error) {
      throw rejectionOf(error) ?? error;
    }
  };
  return {
    read,
    find: (key) =>
      read({ key, etag: "", size: 0, versionId: undefined }).catch((error: unknown) => {
        if (error instanceof RejectedError && error.code === "ObjectGone") return undefined;
        throw error;
      }),
    async writeOnce(Key, Body, Metadata) {
      const input = { Bucket, Key, Body, ContentType: "application/json", Metadata, IfNoneMatch: "*" };
      for (let retries = conflictRetries; ; retries -= 1) {
        try {
          await s3.send(new PutObjectCommand(input));
          return "stored";
        } catch (error) {
          const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
          // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
          if (status === 412) return "duplicate";
          if (status !== 409 || retries === 0) throw error;
        }
      }
    },
  };
}

const tooLarge = () => new RejectedError("TooLarge", `The object has more than ${maxBodyBytes} bytes.`);

/**
 * Names the content: by its version and its ETag, as far as the event has them. The ETag alone is enough where there are no
 * versions. It is needed beside the version `null` too, which is written again while a bucket's versioning is suspended.
 */
const contentOf = ({ versionId, etag }: Pick<ObjectVersion, "versionId" | "etag">) => ({
  ...(versionId !== undefined && { VersionId: versionId }),
  ...(etag !== "" && { IfMatch: `"${etag.replaceAll('"', "")}"` }),
});

/**
 * S3's answers for content that is no longer there; the last one is for the version of a delete marker. S3 answers 403 in place of 404 to a role that may not list the bucket;
 * the functions' roles may, so a 403 is a fault of the stack and is retried.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
const goneCodes = new Set(["NoSuchKey", "NoSuchVersion", "PreconditionFailed", "MethodNotAllowed"]);

function rejectionOf(error: unknown): RejectedError | undefined {
  if (error instanceof AnswerTooLargeError) return tooLarge();
  if (!(error instanceof S3ServiceException) || !goneCodes.has(error.name)) return undefined;
  return new RejectedError(
    "ObjectGone",
    "The content that the event names is no longer in the bucket: it was deleted, or overwritten days ago.",
  );
}
