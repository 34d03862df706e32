import { once } from "../runtime/once.ts";
import type { SourceDeclaration } from "./declaration.ts";
import type { Reader } from "./general-reader.ts";
import { sourceFormats } from "./index.ts";

/** Loads each format's reader once. The general reader reads leads without a format and leads of an unknown one. */
export function createReaderOf(
  formats: Readonly<Record<string, Pick<SourceDeclaration, "reader">>> = sourceFormats,
): (format: string | undefined) => Promise<Reader> {
  const general = once(async () => (await import("./general-reader.ts")).readLead);
  const readers = new Map(
    Object.entries(formats).map(([format, { reader }]) => [format, once(async () => (await reader()).readLead)]),
  );
  return (format = "") => (readers.get(format) ?? general)();
}
