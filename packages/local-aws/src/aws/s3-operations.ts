import type { ApiCall, Parameters } from "../iam/requirement.ts";
import type { ApiRequest } from "./call.ts";
import { ServiceError } from "./service-error.ts";

export interface S3Target {
  readonly bucket: string;
  /** Decoded; empty for a call about the bucket. */
  readonly key: string;
}

/** Bucket and key of a path-style request. */
export function s3Target({ path }: Pick<ApiRequest, "path">): S3Target {
  const [, bucket = "", key = ""] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  return { bucket, key: decodeURIComponent(key) };
}

/** Operations that may name a version. */
const versioned = new Set(["GetObject", "HeadObject", "DeleteObject"]);

/** Query parameters that change nothing about which operation it is. */
const harmless = new Set(
  "x-id list-type prefix delimiter max-keys continuation-token start-after marker encoding-type fetch-owner versions uploadId partNumber uploads delete response-content-type".split(
    " ",
  ),
);

const objectOperations: Record<string, (request: ApiRequest) => string> = {
  PUT: ({ query, headers }) => {
    if (query.has("uploadId")) return "UploadPart";
    return headers["x-amz-copy-source"] === undefined ? "PutObject" : "CopyObject";
  },
  GET: () => "GetObject",
  HEAD: () => "HeadObject",
  DELETE: ({ query }) => (query.has("uploadId") ? "AbortMultipartUpload" : "DeleteObject"),
  POST: ({ query }) => (query.has("uploads") ? "CreateMultipartUpload" : "CompleteMultipartUpload"),
};

const bucketOperations: Record<string, (request: ApiRequest) => string> = {
  PUT: () => "CreateBucket",
  GET: ({ query }) => {
    if (query.has("versions")) return "ListObjectVersions";
    return query.get("list-type") === "2" ? "ListObjectsV2" : "ListObjects";
  },
  HEAD: () => "HeadBucket",
  DELETE: () => "DeleteBucket",
  POST: () => "DeleteObjects",
};

/** Parameters that stand in a header, by their names in an SDK; permissions and conditions may depend on them. */
const headerParameters = {
  IfNoneMatch: "if-none-match",
  IfMatch: "if-match",
  CopySource: "x-amz-copy-source",
  ACL: "x-amz-acl",
  Tagging: "x-amz-tagging",
  ServerSideEncryption: "x-amz-server-side-encryption",
  SSEKMSKeyId: "x-amz-server-side-encryption-aws-kms-key-id",
  StorageClass: "x-amz-storage-class",
} as const;

function parametersOf({ query, headers, body }: ApiRequest, { bucket, key }: S3Target, operation: string): Parameters {
  const inHeaders = Object.entries(headerParameters).map(([name, header]) => [name, headers[header]] as const);
  const given: Record<string, unknown> = {
    Bucket: bucket,
    Key: key === "" ? undefined : key,
    VersionId: query.get("versionId") ?? undefined,
    Prefix: query.get("prefix") ?? undefined,
    Delimiter: query.get("delimiter") ?? undefined,
    MaxKeys: query.has("max-keys") ? Number(query.get("max-keys")) : undefined,
    Delete: operation === "DeleteObjects" ? { Objects: deletedKeys(body) } : undefined,
    ...Object.fromEntries(inHeaders),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

const deletedKeys = (body: Buffer) =>
  [...body.toString("utf8").matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => ({ Key: key ?? "" }));

/**
 * What a request asks of S3.
 * @throws ServiceError NotImplemented for an operation that local-aws does not know, which fauxqs would misread
 */
export function s3Description(request: ApiRequest): ApiCall {
  const target = s3Target(request);
  const operations = target.key === "" ? bucketOperations : objectOperations;
  const operation = operations[request.method]?.(request);
  const isKnown = (name: string) => harmless.has(name) || (name === "versionId" && versioned.has(operation ?? ""));
  const unknown = [...request.query.keys()].find((name) => !isKnown(name));
  if (unknown !== undefined || operation === undefined) {
    throw new ServiceError(
      501,
      "NotImplemented",
      `local-aws does not simulate ${request.method} ?${unknown ?? ""} of S3.`,
    );
  }
  return { operation, parameters: parametersOf(request, target, operation) };
}
