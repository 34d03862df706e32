import { isEqual, isPlainObject } from "es-toolkit";
import { type Change, type Json, knownAfterApply, type Path } from "./plan.ts";

/** A value inside a resource that a plan changes. */
export interface AttributeChange {
  /** Steps below the resource. Inside a text of JSON they go on. An element of a list of objects has its index after the change. */
  readonly path: Path;
  /** Undefined where there is no value. */
  readonly before: unknown;
  readonly after: unknown;
  /** Only the form changes: formatting of JSON, or an order that means nothing. */
  readonly isForm: boolean;
}

/** Attributes of JSON whose lists have no order, and in which a single value is the same as a list of one. */
const unorderedJson = new Set([
  "policy",
  "assume_role_policy",
  "event_pattern",
  "redrive_allow_policy",
  "filter_policy",
]);

/** Lists in which Terraform shows a set, so their order means nothing. */
const sets = new Set([
  "alarm_actions",
  "ok_actions",
  "insufficient_data_actions",
  "matching_event_types",
  "suppressed_reasons",
  "architectures",
  "managed_policy_arns",
  "subnet_ids",
  "security_group_ids",
  "vpc_security_group_ids",
  "security_groups",
  "client_id_list",
  "cidr_blocks",
]);

/**
 * Lists what a change changes, down to single values and lists of them. Texts of JSON are compared by what they mean. Null, an
 * empty list and a missing value are the same, as they are for providers.
 */
export function attributesOf({ before, after }: Change): AttributeChange[] {
  const changes: AttributeChange[] = [];
  compare([], before, after, changes);
  return changes;
}

/** Whether a path is another one, or leads below it. */
export const isBelow = (path: Path, parent: Path): boolean =>
  parent.every((step, index) => String(path[index]) === String(step));

/** Providers tell null, an empty list and a missing value apart in JSON only. */
const isNothing = (value: unknown, inJson: boolean): boolean =>
  value === undefined || (!inJson && (value === null || (Array.isArray(value) && value.length === 0)));

function compare(path: Path, before: unknown, after: unknown, changes: AttributeChange[], inJson = false): void {
  if ((isNothing(before, inJson) && isNothing(after, inJson)) || isEqual(before, after)) return;
  const [old = {}, now = {}] = [before ?? {}, after ?? {}];
  if (isPlainObject(old) && isPlainObject(now)) {
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
      compare([...path, key], old[key], now[key], changes, inJson);
    }
    return;
  }
  const [oldList, newList] = [before ?? [], after ?? []];
  if (Array.isArray(oldList) && Array.isArray(newList) && [...oldList, ...newList].some(isPlainObject)) {
    compareLists(path, oldList, newList, changes, inJson);
    return;
  }
  const isForm = isSameForm(path, before, after);
  const [oldJson, newJson] = [parsed(before), parsed(after)];
  const isJson = typeof before === "string" && typeof after === "string" && !inJson && !isForm;
  if (isJson && oldJson !== undefined && newJson !== undefined) compare(path, oldJson, newJson, changes, true);
  else changes.push({ path, before, after, isForm });
}

/** Whether two different values mean the same: JSON that is formatted otherwise, or what has another order. */
function isSameForm(path: Path, before: unknown, after: unknown): boolean {
  const attribute = String(path.at(-1));
  const [left, right] = [parsed(before), parsed(after)];
  if (left === undefined || right === undefined) return false;
  const hasNoOrder = unorderedJson.has(attribute) || sets.has(attribute);
  return isEqual(left, right) || (hasNoOrder && isEqual(unordered(left), unordered(right)));
}

/**
 * Compares lists of objects. Elements with the same name, and equal elements, belong together wherever they stand; the others
 * belong together by their order.
 */
function compareLists(
  path: Path,
  before: readonly unknown[],
  after: readonly unknown[],
  changes: AttributeChange[],
  inJson: boolean,
): void {
  const waiting = Map.groupBy(before.keys(), (index) => identity(before[index]));
  const partners = after.map((element) => waiting.get(identity(element))?.shift());
  const found = partners.filter((index) => index !== undefined);
  if (found.some((index, i) => index < (found[i - 1] ?? 0))) {
    const [old, now] = [before.map(identity), after.map(identity)];
    changes.push({ path: [...path, "(order)"], before: old, after: now, isForm: false });
  }
  const left = [...waiting.values()].flat().toSorted((a, b) => a - b);
  const pairs = after.map((_, index) => [partners[index] ?? left.shift(), index] as const);
  for (const [old, now] of [...pairs, ...left.map((index) => [index, undefined] as const)]) {
    const count = changes.length;
    const elements = [old === undefined ? undefined : before[old], now === undefined ? undefined : after[now]] as const;
    const place = [...path, now ?? old ?? 0];
    compare(place, ...elements, changes, inJson);
    // An empty element comes or goes.
    const isWhole = changes.length === count && (old === undefined || now === undefined);
    if (isWhole) changes.push({ path: place, before: elements[0], after: elements[1], isForm: false });
  }
}

/** What an element of a list is known by: its name, or all of it. */
function identity(element: unknown): string {
  const { id, name, sid, Sid } = isPlainObject(element) ? (element as Json) : {};
  const own = [id, name, sid, Sid].find(
    (value) => typeof value === "string" && value !== "" && value !== knownAfterApply,
  );
  return typeof own === "string" ? own : JSON.stringify(element);
}

/** Parses a text that holds an object or a list in JSON. Undefined for everything else. */
export function parsed(value: unknown): unknown {
  if (isPlainObject(value) || Array.isArray(value)) return value;
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** A value with its lists sorted, and lists of one in place of single values. */
function unordered(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(unordered).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (!isPlainObject(value)) return value;
  const keys = Object.keys(value).toSorted();
  return Object.fromEntries(
    keys.map((key) => [key, isPlainObject(value[key]) ? unordered(value[key]) : unordered([value[key]].flat())]),
  );
}
