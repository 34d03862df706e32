import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client, S3ServiceException } from "@aws-sdk/client-s3";

export interface StoredObject {
  readonly body: Uint8Array;
  readonly etag: string;
  readonly createdAt: Date;
  /** User metadata, keys in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The bucket, of which functions read whole objects and write each key once. */
export interface LeadStore {
  read(key: string): Promise<StoredObject>;
  /** The object, or undefined when there is none. */
  find(key: string): Promise<StoredObject | undefined>;
  /** Writes the object unless the key exists. */
  writeOnce(key: string, json: string, metadata: Record<string, string>): Promise<"stored" | "duplicate">;
}

/** How often a write is tried again after a conflict with another write of the same key (409). */
const conflictRetries = 5;

/** A LeadStore on S3. */
export function createLeadStore(s3: S3Client, Bucket: string): LeadStore {
  const read = async (Key: string): Promise<StoredObject> => {
    const { Body, ETag, LastModified, Metadata } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    if (!Body || !LastModified) throw new Error("S3 answered GetObject without body or time");
    return {
      body: await Body.transformToByteArray(),
      etag: ETag ?? "",
      createdAt: LastModified,
      metadata: Metadata ?? {},
    };
  };
  return {
    read,
    find: (key) =>
      read(key).catch((error: unknown) => {
        if (error instanceof NoSuchKey) return undefined;
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
