import { escape as escapeXml, mapKeys, sortBy } from "es-toolkit";
import type { ApiAnswer } from "./call.ts";
import type { Stores } from "./fauxqs-stores.ts";
import type { S3Target } from "./s3-operations.ts";
import { ServiceError } from "./service-error.ts";

type StoredObject = ReturnType<Stores["s3Store"]["headObject"]>;

/** Every version of the objects in buckets with versioning. fauxqs keeps the latest content of a key only. */
export class ObjectVersions {
  readonly #all = new Map<string, StoredObject>();

  keep(target: S3Target, versionId: string, object: StoredObject): void {
    this.#all.set(nameOf(target, versionId), object);
  }

  forget(target: S3Target, versionId: string): void {
    this.#all.delete(nameOf(target, versionId));
  }

  /**
   * The answer to GetObject and HeadObject with a version id.
   * @throws ServiceError NoSuchVersion
   */
  read(target: S3Target, versionId: string): ApiAnswer {
    const found = this.#all.get(nameOf(target, versionId));
    if (!found) throw new ServiceError(404, "NoSuchVersion", "The specified version does not exist.");
    return {
      status: 200,
      headers: {
        ...mapKeys(found.metadata, (_, name) => `x-amz-meta-${name}`),
        "content-type": found.contentType,
        "content-length": String(found.contentLength),
        etag: found.etag,
        "last-modified": found.lastModified.toUTCString(),
        "x-amz-version-id": versionId,
      },
      body: found.body,
    };
  }

  /**
   * The answer to ListObjectVersions, in one page: in the order of the keys, and of each key the newest version first. It has no
   * delete markers, but says of no version of a deleted object that it is the latest.
   * @param isThere whether the bucket has an object of a key now
   */
  list(bucket: string, prefix: string, delimiter: string, isThere: (key: string) => boolean): ApiAnswer {
    const all = [...this.#all].reverse().map(([name, object]) => ({ ...object, path: JSON.parse(name) as string[] }));
    const isBelow = (key: string) => delimiter !== "" && key.slice(prefix.length).includes(delimiter);
    const isListed = ({ path: [of, key = ""] }: (typeof all)[number]) =>
      of === bucket && key.startsWith(prefix) && !isBelow(key);
    const versions = sortBy(all.filter(isListed), [({ path: [, key = ""] }) => key]);
    const entries = versions.map(({ path: [, key = "", versionId], etag, contentLength, lastModified }, index) => {
      const isLatest = key !== versions[index - 1]?.path[1] && isThere(key);
      const name = `<Key>${escapeXml(key)}</Key><VersionId>${versionId}</VersionId><ETag>${escapeXml(etag)}</ETag>`;
      return `<Version>${name}<IsLatest>${isLatest}</IsLatest><Size>${contentLength}</Size><LastModified>${lastModified.toISOString()}</LastModified></Version>`;
    });
    const body = `<ListVersionsResult><IsTruncated>false</IsTruncated>${entries.join("")}</ListVersionsResult>`;
    return { status: 200, headers: { "content-type": "application/xml" }, body };
  }
}

const nameOf = ({ bucket, key }: S3Target, versionId: string) => JSON.stringify([bucket, key, versionId]);
