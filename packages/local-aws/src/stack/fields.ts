import { isPlainObject } from "es-toolkit";
import { UnsupportedStackError } from "../errors.ts";
import type { Resource } from "./stack-file.ts";

export type Block = Readonly<Record<string, unknown>>;

/** The value below a path of nested blocks; a block that Terraform writes as a list of one is looked into. */
export function field(resource: Resource, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, key) => {
    const block = Array.isArray(inner) ? inner[0] : inner;
    return isPlainObject(block) ? block[key] : undefined;
  }, resource.values);
}

/** @throws UnsupportedStackError when the attribute is not a string */
export function textField(resource: Resource, path: string): string {
  const value = field(resource, path);
  if (typeof value !== "string") throw new UnsupportedStackError(resource.address, `${path} must be a string.`);
  return value;
}

export function optionalText(resource: Resource, path: string): string | undefined {
  return field(resource, path) === undefined ? undefined : textField(resource, path);
}

/** @throws UnsupportedStackError when the attribute is set and is not a number */
export function numberField(resource: Resource, path: string, unset: number): number {
  const value = field(resource, path) ?? unset;
  if (typeof value !== "number") throw new UnsupportedStackError(resource.address, `${path} must be a number.`);
  return value;
}

/** Repeated blocks: one object or a list of them. */
export function blocksField(resource: Resource, path: string): readonly Block[] {
  return [field(resource, path) ?? []].flat().filter(isPlainObject);
}

/** A map of strings, such as environment variables. */
export function textMap(resource: Resource, path: string): Readonly<Record<string, string>> {
  const value = field(resource, path) ?? {};
  if (!isPlainObject(value)) throw new UnsupportedStackError(resource.address, `${path} must be a map.`);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]));
}
