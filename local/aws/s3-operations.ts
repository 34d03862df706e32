import type { ApiRequest, CallDescription, Permission } from "./call.ts";
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

/** Query parameters that change nothing about which operation it is. */
const harmless = new Set(
  "x-id list-type prefix delimiter max-keys continuation-token start-after marker encoding-type fetch-owner uploadId partNumber uploads delete attributes response-content-type".split(
    " ",
  ),
);

const objectOperations: Record<string, (request: ApiRequest) => string> = {
  PUT: ({ query, headers }) => {
    if (query.has("uploadId")) return "UploadPart";
    return headers["x-amz-copy-source"] === undefined ? "PutObject" : "CopyObject";
  },
  GET: ({ query }) => (query.has("attributes") ? "GetObjectAttributes" : "GetObject"),
  HEAD: () => "HeadObject",
  DELETE: ({ query }) => (query.has("uploadId") ? "AbortMultipartUpload" : "DeleteObject"),
  POST: ({ query }) => (query.has("uploads") ? "CreateMultipartUpload" : "CompleteMultipartUpload"),
};

const bucketOperations: Record<string, (request: ApiRequest) => string> = {
  PUT: () => "CreateBucket",
  GET: ({ query }) => (query.get("list-type") === "2" ? "ListObjectsV2" : "ListObjects"),
  HEAD: () => "HeadBucket",
  DELETE: () => "DeleteBucket",
  POST: () => "DeleteObjects",
};

/** The IAM action of each operation. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html */
const actions: Record<string, string> = {
  PutObject: "s3:PutObject",
  CopyObject: "s3:PutObject",
  UploadPart: "s3:PutObject",
  CreateMultipartUpload: "s3:PutObject",
  CompleteMultipartUpload: "s3:PutObject",
  AbortMultipartUpload: "s3:AbortMultipartUpload",
  GetObject: "s3:GetObject",
  HeadObject: "s3:GetObject",
  GetObjectAttributes: "s3:GetObjectAttributes",
  DeleteObject: "s3:DeleteObject",
  DeleteObjects: "s3:DeleteObject",
  ListObjectsV2: "s3:ListBucket",
  ListObjects: "s3:ListBucket",
  HeadBucket: "s3:ListBucket",
  CreateBucket: "s3:CreateBucket",
  DeleteBucket: "s3:DeleteBucket",
};

const objectArn = ({ bucket, key }: S3Target) => `arn:aws:s3:::${bucket}${key === "" ? "" : `/${key}`}`;

function permissions(request: ApiRequest, operation: string): Permission[] {
  const target = s3Target(request);
  const action = actions[operation] ?? `s3:${operation}`;
  if (operation === "CopyObject") {
    const source = s3Target({ path: `/${(request.headers["x-amz-copy-source"] ?? "").replace(/^\//, "")}` });
    return [
      { action: "s3:GetObject", resource: objectArn(source) },
      { action, resource: objectArn(target) },
    ];
  }
  if (operation === "DeleteObjects") {
    const keys = [...request.body.toString("utf8").matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key ?? "");
    return keys.map((key) => ({ action, resource: objectArn({ bucket: target.bucket, key }) }));
  }
  return [{ action, resource: objectArn(target) }];
}

/**
 * What a request asks of S3, and the permissions that takes.
 * @throws ServiceError NotImplemented for an operation that the run does not know, which fauxqs would misread
 */
export function s3Description(request: ApiRequest): CallDescription {
  const unknown = [...request.query.keys()].find((name) => !harmless.has(name));
  const operations = s3Target(request).key === "" ? bucketOperations : objectOperations;
  const operation = operations[request.method]?.(request);
  if (unknown !== undefined || operation === undefined) {
    throw new ServiceError(
      501,
      "NotImplemented",
      `The run does not imitate ${request.method} ?${unknown ?? ""} of S3.`,
    );
  }
  const prefix = request.query.get("prefix");
  return {
    operation,
    permissions: permissions(request, operation),
    context: prefix === null ? {} : { "s3:prefix": prefix },
  };
}
