import { mapValues } from "es-toolkit/object";
import { isPlainObject } from "es-toolkit/predicate";
import { getDomain } from "tldts-icann";
import { type AnySchema, boolean, type Lazy, lazy, mixed, number, object, string } from "yup";
import { erasuresPrefix, fetchedPrefix, outcomesPrefix, stages, workerNames } from "../../flow.ts";
import { fileSource, smokeSource } from "../../functions/lead/lead-id.ts";
import type { CommonSettings, SettingRule } from "../../functions/sources/declaration.ts";
import { type SourceFormats, type SourceSettings, sourceFormats } from "../../functions/sources/index.ts";
import { fieldNames } from "../../functions/sources/reading.ts";
import { rule, text, throttling } from "./rules.ts";

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

const isLine = (value: unknown, maximum: number) =>
  typeof value === "string" && value.length <= maximum && /^\S(\P{Cc}*\S)?$/u.test(value);

/** A host, of which a whole country's or everybody's, such as `.co.uk`, is none. */
const isHost = (host: unknown) =>
  typeof host === "string" &&
  /^\.?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/.test(host) &&
  getDomain(host.replace(/^\./, "")) !== null;

/** A known field whose name somebody wrote in another way: the name would become the label of an answer. */
const misspelled = (name: string) => {
  const letters = (text: string) => text.toLowerCase().replace(/[^a-z]/g, "");
  return fieldNames.some((field) => field !== name && letters(field) === letters(name));
};

/** The settings that every source has, whatever its format. */
export const commonSettings: Readonly<Record<keyof CommonSettings | "throttling", AnySchema>> = {
  fields: optional<object>(
    {
      bound:
        'at most 50 fields, each a name of at most 150 characters with the name or path of its value, of at most 200 characters, such as { budget: "form.budget" }',
      meaning: `Fields of your own: where the source's leads hold a value. A name of ${fieldNames.join(", ")} fills that field, any other one is the label of an answer.`,
      reason: `A field that Leadwire knows is written as in ${fieldNames.join(", ")}. Any other name becomes the label of an answer.`,
    },
    (fields) => {
      const all = Object.entries(fields);
      const areLines = all.every(([name, path]) => isLine(name, 150) && isLine(path, 200) && !misspelled(name));
      return areLines && all.length <= 50 && isPlainObject(fields);
    },
  ),
  crmHosts: optional<readonly unknown[]>(
    {
      bound:
        "a list of at most 20 host names in lower case, such as app.example.com or, for all of its subdomains, .example.com",
      meaning:
        "Hosts of the CRM. A lead's link to another host is not shown as a link. Unset, they are those of the format.",
      reason: "Whoever can make a lead chooses its link, so a link is shown only if it leads to the CRM.",
    },
    (hosts) => Array.isArray(hosts) && hosts.length <= 20 && hosts.every(isHost),
  ),
  testLeads: optional<string>(
    {
      bound: '"announce" or "ignore"',
      meaning: "Leads that the source marks as tests are announced as tests, or ignored. Unset, they are announced.",
    },
    (value) => value === "announce" || value === "ignore",
  ),
  title: optional<string>(
    {
      bound: "a text of at most 40 characters in one line",
      meaning: "What people call the source, for the announcement. Unset, it is the name of the format's vendor.",
    },
    (title) => isLine(title, 40),
  ),
  throttling: throttling(" from the source alone").default(undefined),
};

/** A setting that may be unset, with a check of its type and value. */
function optional<T>(
  about: { bound: string; meaning: string; reason?: string },
  check: (value: T) => boolean,
): AnySchema {
  const { bound, meaning, reason = meaning } = about;
  const holds = (value: unknown) => value !== null && check(value as T);
  return mixed().test(rule<unknown>({ bound, reason, link }, holds)).meta({ allowed: bound, meaning });
}

/** The schema of a source, for each of some formats by its name. */
const sourceSchemas = (formats: SourceFormats) =>
  mapValues(formats, ({ settings }, name) =>
    object({
      format: formatName([name]),
      ...commonSettings,
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
/** Sources must not look like a prefix of the leads bucket, the ids of dropped files, or the source of smoke tests. */
const prefixes = [...workerNames.map((name) => stages[name].prefix), fetchedPrefix, outcomesPrefix, erasuresPrefix];
const reserved = [...prefixes.flatMap((prefix) => prefix.slice(0, -1) || []), fileSource, smokeSource];
const sourceNames = rule<object>(
  {
    bound: `sources whose names match ^[a-z][a-z0-9-]{1,30}$ and are none of ${reserved.map((name) => `"${name}"`).join(", ")}`,
    reason:
      "A source's name starts its leads' keys. enriched/, fetched/, outcomes/ and erasures/ hold other objects, and file- starts ids of dropped files. " +
      "smoke is the source of smoke tests, which every environment has.",
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
