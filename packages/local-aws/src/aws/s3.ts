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
  readonly versionId: string;
  /** The operation that made it: `PutObject`. */
  readonly reason: string;
}

const creating = new Set(["PutObject", "CopyObject", "CompleteMultipartUpload"]);
const newVersionId = () => randomBytes(24).toString("base64url");

/** S3 on fauxqs, with what it lacks: conditional writes, version ids, and word of every created object. */
export function s3Backend({ call, stores }: Fauxqs, onCreated: (object: CreatedObject) => void): Backend {
  const { s3Store } = stores;
  const versions = new WeakMap<object, string>();
  const writing = new Map<string, Promise<unknown>>();

  /** Writes of one key happen one after the other, so that of two conditional ones only the first succeeds. */
  const inTurn = async (path: string, write: () => Promise<ApiAnswer>): Promise<ApiAnswer> => {
    const turn = (writing.get(path) ?? Promise.resolve()).then(write, write);
    writing.set(path, turn);
    try {
      return await turn;
    } finally {
      if (writing.get(path) === turn) writing.delete(path);
    }
  };

  const find = ({ bucket, key }: S3Target) => {
    try {
      return s3Store.headObject(bucket, key);
    } catch {
      return undefined;
    }
  };

  const checkConditions = (target: S3Target, { headers }: ApiRequest) => {
    const { "if-none-match": noneMatch, "if-match": match } = headers;
    if (noneMatch === undefined && match === undefined) return;
    const found = find(target);
    if (match !== undefined && !found) throw new ServiceError(404, "NoSuchKey", "The specified key does not exist.");
    if ((noneMatch === "*" && found) || (match !== undefined && match !== found?.etag)) {
      throw new ServiceError(
        412,
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold",
      );
    }
  };

  const create = async (request: ApiRequest, operation: string): Promise<ApiAnswer> => {
    const target = s3Target(request);
    checkConditions(target, request);
    const answer = await call(request);
    const made = answer.status === 200 ? find(target) : undefined;
    if (!made) return answer;
    const versionId = newVersionId();
    versions.set(made, versionId);
    onCreated({
      ...target,
      size: made.contentLength,
      etag: made.etag.replaceAll('"', ""),
      versionId,
      reason: operation,
    });
    return withVersion(answer, versionId);
  };

  return {
    service: "s3",
    describe: s3Description,
    handle: async (request: ApiRequest, { operation }: Call) => {
      if (creating.has(operation)) return inTurn(request.path, () => create(request, operation));
      const answer = await call(request);
      const found = answer.status === 200 ? find(s3Target(request)) : undefined;
      return withVersion(answer, found && versions.get(found));
    },
  };
}

const withVersion = (answer: ApiAnswer, versionId: string | undefined): ApiAnswer =>
  versionId === undefined ? answer : { ...answer, headers: { ...answer.headers, "x-amz-version-id": versionId } };
