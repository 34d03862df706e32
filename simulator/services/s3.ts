import { hash } from "node:crypto";
import type { ReceivedCall } from "../environment.ts";
import { ServiceError } from "../faults.ts";
import type { Json, World } from "../world.ts";

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

/** The bucket, versioned. */
export class Bucket {
  /** In the order in which they were stored. */
  readonly versions: Version[] = [];
  readonly #byKey = new Map<unknown, Version[]>();
  readonly #world: World;
  readonly #listeners: ((version: Version) => void)[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** Tells a listener of every new version. */
  onCreated(listener: (version: Version) => void): void {
    this.#listeners.push(listener);
  }

  put(key: string, text: string, metadata: Readonly<Record<string, string>> = {}): Version {
    const [versionId, createdAt] = [this.#world.newId("version"), this.#world.clock.now()];
    const version = { key, versionId, etag: hash("md5", text), text, metadata, createdAt };
    this.versions.push(version);
    this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), version]);
    for (const listener of this.#listeners) listener(version);
    return version;
  }

  /** The latest version, or the one that is asked for. */
  find(key: unknown, versionId?: unknown): Version | undefined {
    return this.#byKey.get(key)?.findLast((one) => (versionId ?? one.versionId) === one.versionId);
  }

  /** Answers a call of S3. */
  readonly serve = ({ operation, input }: ReceivedCall): Json => {
    const { Key, VersionId, IfNoneMatch, Body, Metadata } = input;
    const found = this.find(Key, VersionId);
    if (operation === "PutObject") {
      if (IfNoneMatch === "*" && found) throw new ServiceError("PreconditionFailed", 412);
      this.put(String(Key), String(Body), Metadata as Version["metadata"]);
      return {};
    }
    if (!found) throw new ServiceError(VersionId ? "NoSuchVersion" : "NoSuchKey", 404);
    return {
      ...(operation === "GetObject" && { Body: found.text }),
      ContentLength: Buffer.byteLength(found.text),
      ETag: `"${found.etag}"`,
      VersionId: found.versionId,
      LastModified: new Date(found.createdAt),
      Metadata: found.metadata,
    };
  };
}

/** EventBridge's event `Object Created`. https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export const objectCreated = ({ key, versionId, etag, text }: Version): string =>
  JSON.stringify({
    "detail-type": "Object Created",
    detail: {
      bucket: { name: "leads" },
      object: { key, size: Buffer.byteLength(text), etag, "version-id": versionId, sequencer: versionId },
    },
  });
