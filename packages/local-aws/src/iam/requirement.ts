import { isPlainObject } from "es-toolkit";
import { LocalAwsError } from "../errors.ts";
import type { RequestContext } from "./context.ts";

/** One permission that a call needs; a call with several needs them all. */
export interface Requirement {
  /** For example `sqs:SendMessage`. */
  readonly action: string;
  readonly resource: string;
  /** The service's own condition keys. */
  readonly context: RequestContext;
}

/** An API call by the names of its SDK: `SendMessage` with `{ QueueUrl, MessageBody }`. */
export interface ApiCall {
  readonly operation: string;
  readonly parameters: Parameters;
}

export type Parameters = Readonly<Record<string, unknown>>;

/** What permissions depend on beside the call itself. */
export interface Surroundings {
  readonly accountId: string;
  readonly region: string;
  /** Recipients' identities are checked in the sandbox only. */
  readonly sesSandbox: boolean;
  /** Verified identities, addresses and domains. */
  readonly sesIdentities: readonly string[];
  /** A table's partition key, for `dynamodb:LeadingKeys`. */
  readonly partitionKeyOf: (tableName: string) => string | undefined;
}

/** Says which permissions a service's call needs. */
export type RequirementRule = (call: ApiCall, surroundings: Surroundings) => readonly Requirement[];

export function requirement(action: string, resource: string, context: RequestContext = {}): Requirement {
  return { action, resource, context };
}

/** A call whose permissions are not known here; it must be refused, never let through. */
export class UnmappedCallError extends LocalAwsError {
  readonly operation: string;

  constructor(operation: string, problem: string) {
    super("UnmappedCall", `${operation}: ${problem}.`);
    this.operation = operation;
  }
}

export function unmapped(service: string, operation: string): never {
  throw new UnmappedCallError(`${service} ${operation}`, "which permissions it needs is not known to local-aws");
}

export function optionalText({ parameters }: ApiCall, name: string): string | undefined {
  const value = parameters[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function text(call: ApiCall, name: string): string {
  const value = optionalText(call, name);
  if (value === undefined) throw new UnmappedCallError(call.operation, `${name} is missing`);
  return value;
}

export function texts({ parameters }: ApiCall, name: string): readonly string[] {
  const value = parameters[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** A nested object, empty when there is none. */
export function nested(parameters: Parameters, name: string): Parameters {
  return asParameters(parameters[name]);
}

export function nestedList(parameters: Parameters, name: string): readonly Parameters[] {
  const value = parameters[name];
  return Array.isArray(value) ? value.map(asParameters) : [];
}

function asParameters(value: unknown): Parameters {
  return isPlainObject(value) ? value : {};
}

/** A context with the keys that have a value. */
export function present(context: Readonly<Record<string, RequestContext[string] | undefined>>): RequestContext {
  return Object.fromEntries(
    Object.entries(context).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}
