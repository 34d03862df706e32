/** Who makes a call. */
export type Caller =
  | { readonly kind: "role"; readonly name: string; readonly roleArn: string; readonly sessionArn: string }
  /** AWS itself on behalf of a resource, such as EventBridge for a rule. */
  | { readonly kind: "service"; readonly name: string; readonly principal: string; readonly sourceArn: string }
  /** The person at this machine, who may do anything. */
  | { readonly kind: "operator"; readonly name: "operator" };

export const operator: Caller = { kind: "operator", name: "operator" };

export const serviceNames = ["s3", "sqs", "sns", "ses", "dynamodb", "ssm"] as const;
export type ServiceName = (typeof serviceNames)[number];

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

/** One IAM permission that a call needs. */
export interface Permission {
  /** As in a policy: `s3:PutObject`. */
  readonly action: string;
  /** ARN, or `*` where the action knows no resource. */
  readonly resource: string;
}

/** A call as IAM sees it. */
export interface Call {
  readonly caller: Caller;
  readonly service: ServiceName;
  /** The API's operation: `SendMessageBatch`. */
  readonly operation: string;
  readonly permissions: readonly Permission[];
  /** Condition keys and their values: `aws:SourceArn`, `ses:FromAddress`. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** What a backend makes of a request before anyone decides about it. */
export type CallDescription = Pick<Call, "operation" | "permissions" | "context">;

/** One AWS service. */
export interface Backend {
  readonly service: ServiceName;
  /** @throws ServiceError for a request that the service cannot read */
  describe(request: ApiRequest): CallDescription;
  handle(request: ApiRequest, call: Call): Promise<ApiAnswer>;
}

export type Decision =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly denied: Permission;
      /** Why, in AWS's words: `no identity-based policy allows the s3:PutObject action`. */
      readonly reason: string;
    };

/** Decides whether a caller may make a call. */
export type Authorize = (call: Call) => Decision;

/** Lets every caller whose credentials the gateway knows do everything. */
export const allowAll: Authorize = () => ({ allowed: true });

/** Headers of the AWS JSON protocols. */
export const jsonHeaders = { "content-type": "application/x-amz-json-1.0" } as const;

/** @throws SyntaxError when the body is not a JSON object */
export function jsonBody(request: ApiRequest): Readonly<Record<string, unknown>> {
  const value: unknown = request.body.length === 0 ? {} : JSON.parse(request.body.toString("utf8"));
  if (typeof value !== "object" || value === null) throw new SyntaxError("the body is not a JSON object");
  return value as Record<string, unknown>;
}
