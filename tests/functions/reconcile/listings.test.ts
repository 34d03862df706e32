import { S3Client } from "@aws-sdk/client-s3";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createListings } from "../../../functions/reconcile/listings.ts";
import { type Answers, scriptedAws } from "../scripted-aws.ts";

const about = "<ETag>&quot;e1&quot;</ETag><Size>10</Size><LastModified>2026-03-05T12:00:00.000Z</LastModified>";
const createdAt = new Date("2026-03-05T12:00:00.000Z");
const listed = (key: string) => ({ key, etag: "e1", size: 10, createdAt });

/** Lists a bucket whose pages are scripted, and returns what was asked for them. */
async function inPages<Listed>(
  pages: readonly string[],
  list: (listings: ReturnType<typeof createListings>) => AsyncIterable<Listed>,
) {
  const answers: Answers = ({ operation }, count) => ({
    body: `<${operation}><EncodingType>url</EncodingType>${pages[count - 1]}</${operation}>`,
  });
  await using aws = await scriptedAws((call) => answers(call, aws.calls.length));
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const s3 = new S3Client({ endpoint: aws.url, region: "us-east-1", forcePathStyle: true, credentials });
  const all: Listed[] = [];
  for await (const one of list(createListings(s3, "leads"))) all.push(one);
  s3.destroy();
  return { all, asked: aws.calls.map(({ query }) => query) };
}

const named =
  (...names: readonly string[]) =>
  (query: URLSearchParams) =>
    names.map((name) => query.get(name));

const suiteOfListings = suite("reconcile listings");

suiteOfListings("lists objects below a prefix and after a key, page after page", async () => {
  const { all, asked } = await inPages(
    [
      `<IsTruncated>true</IsTruncated><NextContinuationToken>t1</NextContinuationToken><Contents><Key>enriched/a</Key>${about}</Contents>`,
      `<IsTruncated>false</IsTruncated><Contents><Key>enriched/b</Key>${about}</Contents>`,
    ],
    ({ objects }) => objects("enriched/", "enriched/0"),
  );
  assert.equal(all, [listed("enriched/a"), listed("enriched/b")]);
  assert.equal(asked.map(named("prefix", "start-after", "continuation-token", "encoding-type")), [
    ["enriched/", "enriched/0", null, "url"],
    ["enriched/", "enriched/0", "t1", "url"],
  ]);
});

suiteOfListings(
  "lists every version at the root, of whatever name, and with those of deleted objects marked",
  async () => {
    const { all, asked } = await inPages(
      [
        `<IsTruncated>true</IsTruncated><NextKeyMarker>Jan%C3%A9+%2B%01.json</NextKeyMarker><NextVersionIdMarker>v2</NextVersionIdMarker>
       <DeleteMarker><Key>gone.json</Key><VersionId>v9</VersionId><IsLatest>true</IsLatest></DeleteMarker>
       <Version><Key>Jan%C3%A9+%2B%01.json</Key><VersionId>v2</VersionId><IsLatest>true</IsLatest>${about}</Version>`,
        `<IsTruncated>true</IsTruncated><NextKeyMarker>enriched%2F</NextKeyMarker><NextVersionIdMarker></NextVersionIdMarker>
       <Version><Key>Jan%C3%A9+%2B%01.json</Key><VersionId>v1</VersionId><IsLatest>false</IsLatest>${about}</Version>
       <Version><Key>gone.json</Key><VersionId>v8</VersionId><IsLatest>false</IsLatest>${about}</Version>
       <CommonPrefixes><Prefix>enriched%2F</Prefix></CommonPrefixes>`,
        `<IsTruncated>false</IsTruncated>
       <Version><Key>gone.json</Key><VersionId>v7</VersionId><IsLatest>false</IsLatest>${about}</Version>`,
      ],
      ({ rootVersions }) => rootVersions(),
    );
    const name = "Jané +\u0001.json";
    assert.equal(all, [
      { ...listed(name), versionId: "v2", isDeleted: false },
      { ...listed(name), versionId: "v1", isDeleted: false },
      { ...listed("gone.json"), versionId: "v8", isDeleted: true },
      { ...listed("gone.json"), versionId: "v7", isDeleted: true },
    ]);
    assert.equal(asked.map(named("delimiter", "key-marker", "version-id-marker", "encoding-type")), [
      ["/", null, null, "url"],
      ["/", name, "v2", "url"],
      ["/", "enriched/", null, "url"],
    ]);
  },
);

suiteOfListings(
  "lists the versions and delete markers of one key, page after page, and those of no other",
  async () => {
    const entry = (kind: string, key: string, version: string) =>
      `<${kind}><Key>${key}</Key><VersionId>${version}</VersionId>${kind === "Version" ? about : ""}</${kind}>`;
    const { all, asked } = await inPages(
      [
        `<IsTruncated>true</IsTruncated><NextKeyMarker>a+b.json</NextKeyMarker><NextVersionIdMarker>v3</NextVersionIdMarker>
       ${entry("DeleteMarker", "a+b.json", "v4")}${entry("Version", "a+b.json", "v3")}`,
        `<IsTruncated>false</IsTruncated>${entry("Version", "a+b.json", "v2")}${entry("DeleteMarker", "a+b.json", "v1")}
       ${entry("Version", "a+b.json.old", "v0")}`,
      ],
      async function* ({ entriesOf }) {
        yield await entriesOf("a b.json");
      },
    );
    assert.equal(all, [{ versions: ["v3", "v2"], markers: ["v4", "v1"] }]);
    assert.equal(asked.map(named("prefix", "delimiter", "key-marker", "version-id-marker", "encoding-type")), [
      ["a b.json", null, null, null, "url"],
      ["a b.json", null, "a b.json", "v3", "url"],
    ]);
  },
);
suiteOfListings.run();
