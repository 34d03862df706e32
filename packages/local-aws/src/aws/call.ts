import type { Refusal } from "../iam/access-denied.ts";
import type { ServiceName } from "../iam/actions.ts";
import type { ApiCall } from "../iam/requirement.ts";

/** Who makes a call. */
export type Caller =
  /** A function, with its role's permissions. */
  | { readonly kind: "role"; readonly name: string; readonly roleArn: string; readonly functionArn: string }
  /** AWS itself on behalf of a resource, such as EventBridge for a rule. */
  | { readonly kind: "service"; readonly name: string; readonly principal: string; readonly sourceArn: string }
  /** The person at this machine, who may do anything. */
  | { readonly kind: "operator"; readonly name: "operator" };

export const operator: Caller = { kind: "operator", name: "operator" };

/** Services that functions can call; the other services of `ServiceName` are called by AWS itself. */
export type EndpointName = Extract<ServiceName, "s3" | "sqs" | "sns" | "ses" | "dynamodb" | "ssm">;

export interface ApiRequest {
  readonly method: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** An operation with its parameters, as an SDK would name them, and who asks for it. */
export interface Call extends ApiCall {
  readonly caller: Caller;
  readonly service: ServiceName;
}

/** One AWS service. */
export interface Backend {
  readonly service: EndpointName;
  /** @throws ServiceError for a request that the service cannot read */
  describe(request: ApiRequest): ApiCall;
  handle(request: ApiRequest, call: Call): Promise<ApiAnswer>;
}

/** The first permission that a call lacks; undefined when it may go ahead. */
export type Authorize = (call: Call) => Refusal | undefined;

/** Headers of the AWS JSON protocols. */
export const jsonHeaders = { "content-type": "application/x-amz-json-1.0" } as const;

/** @throws SyntaxError when the body is not a JSON object */
export function jsonBody(request: ApiRequest): Readonly<Record<string, unknown>> {
  const value: unknown = request.body.length === 0 ? {} : JSON.parse(request.body.toString("utf8"));
  if (typeof value !== "object" || value === null) throw new SyntaxError("the body is not a JSON object");
  return value as Record<string, unknown>;
}
