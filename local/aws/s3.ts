import { randomBytes } from "node:crypto";
import type { ApiAnswer, ApiRequest, Backend, Call } from "./call.ts";
import type { Fauxqs } from "./fauxqs.ts";
import { s3Description, s3Target } from "./s3-operations.ts";
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
export function s3Backend(fauxqs: Fauxqs, onCreated: (object: CreatedObject) => void): Backend {
  const versions = new Map<string, string>();
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

  const head = ({ path, headers }: ApiRequest) =>
    fauxqs.call({
      method: "HEAD",
      path,
      query: new URLSearchParams(),
      headers: { authorization: headers.authorization ?? "" },
      body: Buffer.alloc(0),
    });

  const checkConditions = async (request: ApiRequest) => {
    const { "if-none-match": noneMatch, "if-match": match } = request.headers;
    if (noneMatch === undefined && match === undefined) return;
    const { status, headers } = await head(request);
    const exists = status === 200;
    if (match !== undefined && !exists) throw new ServiceError(404, "NoSuchKey", "The specified key does not exist.");
    if ((noneMatch === "*" && exists) || (match !== undefined && match !== headers.etag)) {
      throw new ServiceError(
        412,
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold",
      );
    }
  };

  const create = async (request: ApiRequest, operation: string): Promise<ApiAnswer> => {
    await checkConditions(request);
    const answer = await fauxqs.call(request);
    if (answer.status !== 200) return answer;
    const versionId = newVersionId();
    const { bucket, key } = s3Target(request);
    const { headers } = await head(request);
    versions.set(request.path, versionId);
    onCreated({
      bucket,
      key,
      size: Number(headers["content-length"]),
      etag: (headers.etag ?? "").replaceAll('"', ""),
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
      const answer = await fauxqs.call(request);
      return withVersion(answer, answer.status === 200 ? versions.get(request.path) : undefined);
    },
  };
}

const withVersion = (answer: ApiAnswer, versionId: string | undefined): ApiAnswer =>
  versionId === undefined ? answer : { ...answer, headers: { ...answer.headers, "x-amz-version-id": versionId } };
