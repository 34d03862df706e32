import { hash } from "node:crypto";
import type { Service, World } from "../world.ts";
import { ServiceError } from "./service-error.ts";

/** A version of an object. */
export interface Version {
  readonly key: string;
  readonly versionId: string;
  /** As events name it: without quotation marks. */
  readonly etag: string;
  readonly text: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: number;
}

/** The bucket, versioned. It tells of every new version by an event. */
export class Bucket {
  /** In the order in which they were stored. */
  readonly versions: Version[] = [];
  readonly #world: World;
  readonly #onCreated: (version: Version) => void;

  constructor(world: World, onCreated: (version: Version) => void) {
    this.#world = world;
    this.#onCreated = onCreated;
  }

  put(key: string, text: string, metadata: Readonly<Record<string, string>> = {}): Version {
    const [versionId, createdAt] = [this.#world.newId("version"), this.#world.clock.now()];
    const version = { key, versionId, etag: hash("md5", text), text, metadata, createdAt };
    this.versions.push(version);
    this.#onCreated(version);
    return version;
  }

  /** The latest version, or the one that is asked for. */
  find(key: string, versionId?: string): Version | undefined {
    return this.versions.findLast((one) => one.key === key && (versionId ?? one.versionId) === one.versionId);
  }
}

/** EventBridge's event `Object Created`. https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export const objectCreated = ({ key, versionId, etag, text }: Version): string =>
  JSON.stringify({
    version: "0",
    "detail-type": "Object Created",
    source: "aws.s3",
    detail: {
      bucket: { name: "leads" },
      object: { key, size: Buffer.byteLength(text), etag, "version-id": versionId, sequencer: versionId },
      reason: "PutObject",
    },
  });

/** S3 with one bucket. The body in its answer is text. */
export function createS3(bucket: Bucket): Service {
  return (operation, input) => {
    const { Key, VersionId, IfNoneMatch, Body, Metadata } = input as Record<string, string | undefined>;
    const key = String(Key);
    const found = bucket.find(key, VersionId);
    switch (operation) {
      case "PutObject": {
        if (IfNoneMatch === "*" && found) throw new ServiceError("PreconditionFailed", 412);
        const { etag, versionId } = bucket.put(key, String(Body), Metadata as unknown as Record<string, string>);
        return { ETag: `"${etag}"`, VersionId: versionId };
      }
      case "GetObject":
      case "HeadObject": {
        if (!found) throw new ServiceError(VersionId ? "NoSuchVersion" : "NoSuchKey", 404);
        return {
          ...(operation === "GetObject" && { Body: found.text }),
          ContentLength: Buffer.byteLength(found.text),
          ETag: `"${found.etag}"`,
          VersionId: found.versionId,
          LastModified: new Date(found.createdAt),
          Metadata: found.metadata,
        };
      }
      default:
        throw new ServiceError("NotImplemented", 501);
    }
  };
}
