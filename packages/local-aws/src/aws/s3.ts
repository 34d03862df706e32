import { randomBytes } from "node:crypto";
import type { ApiAnswer, ApiRequest, Backend, Call } from "./call.ts";
import type { Fauxqs } from "./fauxqs.ts";
import { type S3Target, s3Description, s3Target } from "./s3-operations.ts";
import { ServiceError } from "./service-error.ts";

/** An object that has just been made. */
export interface CreatedObject {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Undefined in a bucket without versioning. */
  readonly versionId: string | undefined;
  /** The operation that made it: `PutObject`. */
  readonly reason: string;
}

const creating = new Set(["PutObject", "CopyObject", "CompleteMultipartUpload"]);
const newVersionId = () => randomBytes(24).toString("base64url");

/** Runs the writes of one key one after the other, so that of two conditional ones only the first succeeds. */
function inTurn(): (path: string, write: () => Promise<ApiAnswer>) => Promise<ApiAnswer> {
  const writing = new Map<string, Promise<unknown>>();
  return async (path, write) => {
    const turn = (writing.get(path) ?? Promise.resolve()).then(write, write);
    writing.set(path, turn);
    try {
      return await turn;
    } finally {
      if (writing.get(path) === turn) writing.delete(path);
    }
  };
}

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 * @param found the object that is there
 * @throws ServiceError when a condition of the request does not hold
 */
function checkConditions({ headers }: ApiRequest, found: { readonly etag: string } | undefined): void {
  const { "if-none-match": noneMatch, "if-match": match } = headers;
  if (match !== undefined && !found) throw new ServiceError(404, "NoSuchKey", "The specified key does not exist.");
  if ((noneMatch === "*" && found) || (match !== undefined && match !== found?.etag)) {
    throw new ServiceError(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
  }
}

/**
 * S3 on fauxqs, with what fauxqs lacks: conditional writes, versions, and a call for every created object.
 * @param versioned names of the buckets that keep every version
 */
export function s3Backend(
  { call, stores, versions }: Fauxqs,
  versioned: ReadonlySet<unknown>,
  onCreated: (object: CreatedObject) => void,
): Backend {
  const versionIds = new WeakMap<object, string>();
  const writeInTurn = inTurn();

  const find = ({ bucket, key }: S3Target) => {
    try {
      return stores.s3Store.headObject(bucket, key);
    } catch {
      return undefined;
    }
  };

  const create = async (request: ApiRequest, reason: string): Promise<ApiAnswer> => {
    const target = s3Target(request);
    checkConditions(request, find(target));
    const answer = await call(request);
    const made = answer.status === 200 ? find(target) : undefined;
    if (!made) return answer;
    const versionId = versioned.has(target.bucket) ? newVersionId() : undefined;
    if (versionId !== undefined) {
      versionIds.set(made, versionId);
      versions.keep(target, versionId, made);
    }
    onCreated({ ...target, size: made.contentLength, etag: made.etag.replaceAll('"', ""), versionId, reason });
    return withVersion(answer, versionId);
  };

  const deleteVersion = (target: S3Target, versionId: string): ApiAnswer => {
    const found = find(target);
    if (found && versionIds.get(found) === versionId) stores.s3Store.deleteObject(target.bucket, target.key);
    versions.forget(target, versionId);
    return { status: 204, headers: { "x-amz-version-id": versionId }, body: "" };
  };

  return {
    service: "s3",
    describe: s3Description,
    handle: async (request: ApiRequest, { operation, parameters: { Prefix = "", Delimiter = "" } }: Call) => {
      if (operation === "ListObjectVersions") {
        const { bucket } = s3Target(request);
        return versions.list(bucket, `${Prefix}`, `${Delimiter}`, (key) => find({ bucket, key }) !== undefined);
      }
      if (creating.has(operation)) return writeInTurn(request.path, () => create(request, operation));
      const versionId = request.query.get("versionId");
      if (versionId !== null) {
        const answered = operation === "DeleteObject" ? deleteVersion : versions.read.bind(versions);
        return answered(s3Target(request), versionId);
      }
      const answer = await call(request);
      const found = answer.status === 200 ? find(s3Target(request)) : undefined;
      return withVersion(answer, found && versionIds.get(found));
    },
  };
}

const withVersion = (answer: ApiAnswer, versionId: string | undefined): ApiAnswer =>
  versionId === undefined ? answer : { ...answer, headers: { ...answer.headers, "x-amz-version-id": versionId } };
