import {
  type _Object,
  type DeleteMarkerEntry,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { ListedObject } from "./announced.ts";
import type { ListedVersion } from "./enriched.ts";

/** Lists a bucket. A page of 1,000 entries is in memory at a time. */
export function createListings(s3: S3Client, Bucket: string) {
  async function* pages(where: Pick<ListObjectVersionsCommandInput, "Prefix" | "Delimiter">) {
    let page: ListObjectVersionsCommandOutput | undefined;
    do {
      const KeyMarker = page && decoded(page.NextKeyMarker, page);
      // S3 refuses an empty one.
      const VersionIdMarker = page?.NextVersionIdMarker || undefined;
      const input = { Bucket, ...where, EncodingType: "url", KeyMarker, VersionIdMarker } as const;
      page = await s3.send(new ListObjectVersionsCommand(input));
      yield page;
    } while (page.IsTruncated);
  }
  return {
    /** The objects below a prefix and after a key, in the order of their keys. */
    async *objects(Prefix: string, StartAfter?: string): AsyncGenerator<ListedObject> {
      const input = { Bucket, Prefix, StartAfter, EncodingType: "url" } as const;
      for await (const page of paginateListObjectsV2({ client: s3 }, input)) {
        for (const object of page.Contents ?? []) yield listedOf(object, page);
      }
    },
    /** Every version of the objects at the bucket's root, in the order of their keys. */
    async *rootVersions(): AsyncGenerator<ListedVersion> {
      let object = { key: "", isDeleted: false };
      for await (const page of pages({ Delimiter: "/" })) {
        for (const version of page.Versions ?? []) {
          const listed = listedOf(version, page);
          // The newest version comes first. If it is not the latest one, a delete marker is.
          if (listed.key !== object.key) object = { key: listed.key, isDeleted: version.IsLatest === false };
          yield { ...listed, versionId: version.VersionId ?? "", isDeleted: object.isDeleted };
        }
      }
    },
    /** Ids of the versions of a key and of its delete markers, the newest first. */
    async entriesOf(key: string): Promise<{ readonly versions: string[]; readonly markers: string[] }> {
      const found = { versions: [] as string[], markers: [] as string[] };
      for await (const page of pages({ Prefix: key })) {
        const idsOf = (entries: readonly (ObjectVersion | DeleteMarkerEntry)[] = []) =>
          entries.flatMap(({ Key, VersionId }) => (VersionId && decoded(Key, page) === key ? [VersionId] : []));
        found.versions.push(...idsOf(page.Versions));
        found.markers.push(...idsOf(page.DeleteMarkers));
      }
      return found;
    },
  };
}

/** What a page says of how keys are written in it. */
type Encoded = Pick<ListObjectVersionsCommandOutput, "EncodingType">;

function listedOf({ Key, ETag = "", Size = 0, LastModified }: _Object | ObjectVersion, page: Encoded): ListedObject {
  if (!LastModified) throw new Error("S3 listed an object without its time");
  return { key: decoded(Key, page), etag: ETag.replaceAll('"', ""), size: Size, createdAt: LastModified };
}

/**
 * Keys can hold characters that XML cannot, so S3 is asked to encode them, as in a form: a space is a plus.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
const decoded = (text = "", { EncodingType }: Encoded) =>
  EncodingType === "url" ? decodeURIComponent(text.replaceAll("+", " ")) : text;
