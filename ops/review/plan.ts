import { isPlainObject } from "es-toolkit";
import { UsageError } from "../../command-line/program.ts";
import { Mask } from "./mask.ts";

/** Leads to a value inside a resource: names of attributes, keys of maps, indexes of lists. */
export type Path = readonly (string | number)[];
export type Json = Readonly<Record<string, unknown>>;

/**
 * What Terraform will do. `replace` destroys and creates, in either order. `forget` leaves the resource in AWS and removes it
 * from the state. `other` is an action that this program does not know.
 */
type Action = "create" | "update" | "delete" | "replace" | "forget" | "read" | "no-op" | "other";

/** A planned change of one resource, or of one output: then the type is `output`. */
export interface Change {
  readonly address: string;
  readonly type: string;
  /** Name in the configuration, without module and index. */
  readonly name: string;
  readonly action: Action;
  /**
   * Values before and after. Sensitive ones, and texts that look like secrets, are masked; what is not known before apply is
   * `knownAfterApply`. Empty where the resource does not exist.
   */
  readonly before: Json;
  readonly after: Json;
  /** Paths whose changes make a replacement necessary. */
  readonly replacedBy: readonly Path[];
  /** Why Terraform chose this action, in its words: `delete_because_no_resource_config`. */
  readonly reason: string | undefined;
  /** Address before the resource was moved. */
  readonly previousAddress: string | undefined;
  readonly imported: boolean;
  /** The key of an object that an earlier, failed replacement left over. */
  readonly deposed: string | undefined;
}

/** What a plan says. */
export interface Plan {
  /** Version of Terraform or OpenTofu. */
  readonly version: string;
  /** When it was planned, as the plan says it. */
  readonly timestamp: string | undefined;
  /** Changes of resources and data sources, those without an action included. */
  readonly changes: readonly Change[];
  /** Changes of outputs. */
  readonly outputs: readonly Change[];
  /** What was changed outside Terraform: before is the state, after what Terraform found. */
  readonly drift: readonly Change[];
  /** What Terraform put off to a later plan, with its reason. */
  readonly deferred: readonly (Change & { readonly reason: string })[];
  /** Actions of providers that apply will run, by address. */
  readonly invocations: readonly string[];
  /** Checks that fail, by address. */
  readonly failedChecks: readonly string[];
  /** Planning failed: the plan holds only a part of the changes. */
  readonly errored: boolean;
  /** After apply there will be nothing left to plan. */
  readonly complete: boolean;
}

/** The file is no plan that can be read. The message says what it is and what to do. */
export class NotAPlanError extends UsageError {}

/** Stands in place of values that are not known before apply. */
export const knownAfterApply = "(known after apply)";

/**
 * Reads a plan as `terraform show -json` or `tofu show -json` prints it. Sensitive values do not leave this function.
 * Source: https://developer.hashicorp.com/terraform/internals/json-format
 * @throws NotAPlanError
 */
export function readPlan(text: string): Plan {
  const plan = planObject(text);
  const mask = new Mask();
  const changes = (key: string) =>
    listOf(plan, key).map((change, index) => readChange(change, `${key}[${index}]`, mask));
  const outputs = isPlainObject(plan.output_changes) ? Object.entries(plan.output_changes) : [];
  return {
    version: textOf(plan.terraform_version) ?? "of an unknown version",
    timestamp: textOf(plan.timestamp),
    changes: changes("resource_changes"),
    drift: changes("resource_drift"),
    outputs: outputs.map(([name, change]) =>
      readChange({ address: `output.${name}`, type: "output", name, change }, `output_changes.${name}`, mask),
    ),
    deferred: listOf(plan, "deferred_changes").map((deferred, index) => ({
      ...readChange(objectOf(deferred).resource_change, `deferred_changes[${index}].resource_change`, mask),
      reason: textOf(objectOf(deferred).reason) ?? "unknown",
    })),
    invocations: listOf(plan, "action_invocations").map((action) => textOf(objectOf(action).address) ?? "unknown"),
    failedChecks: listOf(plan, "checks").flatMap((check) => {
      const { status, address } = objectOf(check);
      return status === "fail" || status === "error" ? (textOf(objectOf(address).to_display) ?? "unknown") : [];
    }),
    errored: plan.errored === true,
    complete: plan.complete !== false,
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const objectOf = (value: unknown): Json => (isPlainObject(value) ? value : {});

const howToMake = "Make one with: terraform plan -out plan.bin, then terraform show -json plan.bin > plan.json";

function planObject(text: string): Json {
  let plan: unknown;
  try {
    plan = JSON.parse(text);
  } catch {
    throw new NotAPlanError(`This is not a plan: ${describeText(text)}. ${howToMake}`);
  }
  const keys = objectOf(plan);
  const version = textOf(keys.format_version);
  const isPlan =
    version !== undefined && ["resource_changes", "planned_values", "configuration"].some((key) => key in keys);
  if (!isPlan) throw new NotAPlanError(`This is not a plan: ${describeJson(keys)}. ${howToMake}`);
  if (!/^1\.\d+$/.test(version)) {
    const problem = `This plan has the format ${version}, and this program reads format 1.x`;
    throw new NotAPlanError(`${problem}. Use Terraform 1.1 or newer, or OpenTofu.`);
  }
  return keys;
}

const aLog = "it is a log of terraform plan -json or apply -json";

function describeText(text: string): string {
  if (text.trim() === "") return "it is empty";
  if (text.startsWith("PK")) return "it is a plan file in Terraform's own binary format";
  if (/^\s*\{.*"@level"/.test(text)) return aLog;
  return "it is not JSON";
}

function describeJson(keys: Json): string {
  if ("lineage" in keys || "values" in keys) return "it is a state";
  if ("@level" in keys) return aLog;
  if ("terraform" in keys || "resource" in keys) return "it is a configuration";
  return "it has no planned changes in the form of terraform show -json";
}

function listOf(plan: Json, key: string): readonly unknown[] {
  const list = plan[key] ?? [];
  if (!Array.isArray(list)) throw damaged(key, "a list");
  return list;
}

const damaged = (place: string, expected: string) =>
  new NotAPlanError(`The plan is damaged: ${place} is not ${expected}. ${howToMake}`);

const actions: Readonly<Record<string, Action>> = {
  "no-op": "no-op",
  create: "create",
  read: "read",
  open: "read",
  update: "update",
  delete: "delete",
  forget: "forget",
  "delete,create": "replace",
  "create,delete": "replace",
  "create,forget": "replace",
  "forget,create": "replace",
};

function readChange(given: unknown, place: string, mask: Mask): Change {
  const { address, type, name, change, action_reason, previous_address, deposed } = objectOf(given);
  if (typeof address !== "string" || !isPlainObject(change) || !Array.isArray(change.actions)) {
    throw damaged(place, "a change with an address and actions");
  }
  const before = mask.value(change.before, change.before_sensitive);
  const after = mask.value(withUnknown(change.after, change.after_unknown), change.after_sensitive);
  const isOutput = type === "output";
  return {
    address,
    type: textOf(type) ?? "",
    name: textOf(name) ?? "",
    action: actions[change.actions.join(",")] ?? "other",
    before: isOutput ? outputValue(before) : objectOf(before),
    after: isOutput ? outputValue(after) : objectOf(after),
    replacedBy: pathsIn(change.replace_paths, change.before_sensitive, change.after_sensitive),
    reason: textOf(action_reason),
    previousAddress: textOf(previous_address),
    imported: isPlainObject(change.importing),
    deposed: textOf(deposed),
  };
}

const outputValue = (value: unknown): Json => (value === null || value === undefined ? {} : { value });

/** Puts `knownAfterApply` where a plan says that the value is unknown. */
function withUnknown(value: unknown, unknown: unknown): unknown {
  if (unknown === true) return knownAfterApply;
  if (Array.isArray(unknown)) {
    const list = Array.isArray(value) ? value : [];
    return Array.from({ length: Math.max(list.length, unknown.length) }, (_, i) => withUnknown(list[i], unknown[i]));
  }
  if (isPlainObject(unknown) && Object.keys(unknown).length > 0) {
    const entries = Object.entries(unknown).map(([key, mark]) => [key, withUnknown(objectOf(value)[key], mark)]);
    return { ...objectOf(value), ...Object.fromEntries(entries) };
  }
  return value;
}

/** Paths end before the first step that is no name or index, such as an element of a set, or that is below a sensitive value. */
function pathsIn(paths: unknown, ...sensitive: readonly unknown[]): Path[] {
  if (!Array.isArray(paths)) return [];
  return paths.filter(Array.isArray).map((path) => {
    let marks = sensitive;
    const end = path.findIndex((step) => {
      if (marks.includes(true) || (typeof step !== "string" && typeof step !== "number")) return true;
      marks = marks.map((mark) => (Array.isArray(mark) ? mark[Number(step)] : objectOf(mark)[step]));
      return false;
    });
    return end === -1 ? path : path.slice(0, end);
  });
}
