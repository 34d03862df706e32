import { mapValues } from "es-toolkit/object";
import { type AnySchema, boolean, type Lazy, lazy, number, object, string } from "yup";
import { fetchedPrefix, stages, workerNames } from "../../flow.ts";
import type { SettingRule } from "../../functions/sources/declaration.ts";
import { type SourceFormats, type SourceSettings, sourceFormats } from "../../functions/sources/index.ts";
import { rule, text } from "./rules.ts";

const link = "docs/tuning.md#sources";

/**
 * The schema of a source format's or a channel's setting, from the rule that the declaration gives.
 * @param link the page of the documentation that explains it
 */
export function settingSchema({ type, bound, reason, check, default: value }: SettingRule, link: string): AnySchema {
  const schema: AnySchema = { string, number, boolean }[type]();
  const checked = schema
    .test(rule({ bound, reason, link }, check as (given: unknown) => boolean))
    .meta({ allowed: bound, meaning: reason });
  return value === undefined ? checked.defined() : checked;
}

/** The schema of a source, for each of some formats by its name. */
const sourceSchemas = (formats: SourceFormats) =>
  mapValues(formats, ({ settings }, name) =>
    object({
      format: formatName([name]),
      ...mapValues(settings, (setting) => settingSchema(setting, link)),
    }).noUnknown(),
  );

const formatName = (formats: readonly string[]) =>
  text(
    {
      bound: formats.map((name) => `"${name}"`).join(" or "),
      meaning: "How the source's requests are verified and read.",
      reason: "functions/sources/index.ts lists the formats that ingest can verify.",
      link,
    },
    (format) => formats.includes(format),
  ).required();

const named = /^[a-z][a-z0-9-]{1,30}$/;
/** Sources must not look like a prefix of the leads bucket, or like the ids of dropped files. */
const prefixes = [...workerNames.map((name) => stages[name].prefix), fetchedPrefix];
const reserved = [...prefixes.flatMap((prefix) => prefix.slice(0, -1) || []), "file"];
const sourceNames = rule<object>(
  {
    bound: `sources whose names match ^[a-z][a-z0-9-]{1,30}$ and are none of ${reserved.map((name) => `"${name}"`).join(", ")}`,
    reason:
      "A source's name starts its leads' keys. enriched/ and fetched/ hold other objects, and file- starts ids of dropped files.",
    link,
  },
  (sources) => {
    const names = Object.keys(sources);
    return names.length > 0 && names.every((name) => named.test(name) && !reserved.includes(name));
  },
);

/** Returns the schema of an environment's sources: their names, and each one's format with the settings of that format. */
export function sourcesSchema(formats: SourceFormats) {
  const schemas = sourceSchemas(formats);
  const unknownFormat = object({ format: formatName(Object.keys(formats)) });
  const source = lazy((value: { format?: unknown } | undefined) => {
    const format = String(value?.format);
    return (Object.hasOwn(schemas, format) ? schemas[format] : undefined) ?? unknownFormat;
  });
  return lazy((value: object | undefined) =>
    object(mapValues(Object(value), () => source))
      .required()
      .test(sourceNames),
  );
}

/** Sources that may post leads, by the name in their URL and in their leads' ids. The declarations of formats give the type. */
export const sources = sourcesSchema(sourceFormats) as Lazy<Readonly<Record<string, SourceSettings>>>;
