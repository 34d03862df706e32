type Container = Record<string, unknown>;

interface LeafChange {
  readonly path: string;
  /** A copy of the whole in which one value is another one. */
  readonly changed: unknown;
}

/** What a resource holds beside its settings: CDKTF's metadata, and the hash of a function's code. */
const ignored = new Set(["//", "source_code_hash"]);

/** Every value inside of something, in turn replaced by another one. JSON in a string is gone through as well. A pattern of a metric filter begins as JSON does not: `{ $`. */
export function leafChanges(value: unknown, path = ""): LeafChange[] {
  if (typeof value === "string" && /^(?:\{["}]|\[)/.test(value)) {
    return leafChanges(JSON.parse(value), path).map((inner) => ({ ...inner, changed: JSON.stringify(inner.changed) }));
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      leafChanges(item, `${path}[${index}]`).map((inner) => ({ ...inner, changed: value.with(index, inner.changed) })),
    );
  }
  if (typeof value !== "object" || value === null) return [{ path, changed: another(value) }];
  return Object.entries(value as Container)
    .filter(([name]) => !ignored.has(name))
    .flatMap(([name, item]) =>
      leafChanges(item, `${path}.${name}`).map((inner) => ({ ...inner, changed: { ...value, [name]: inner.changed } })),
    );
}

function another(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  return typeof value === "boolean" ? !value : `${value}x`;
}
