import { lazy, object, string } from "yup";
import type { SourceSettings } from "../../functions/runtime/names.ts";
import { rule } from "./rules.ts";

const link = "docs/tuning.md#sources";

const source = object({
  format: string<SourceSettings["format"]>()
    .required()
    .test(
      rule<string>(
        { bound: '"standard-webhooks"', reason: "It is the one format whose signatures ingest can check.", link },
        (format) => format === "standard-webhooks",
      ),
    ),
}).noUnknown();

const named = /^[a-z][a-z0-9-]{1,30}$/;
const reserved = ["enriched", "file"];
const sourceNames = rule<object>(
  {
    bound: 'sources whose names match ^[a-z][a-z0-9-]{1,30}$ and are neither "enriched" nor "file"',
    reason:
      "A source's name starts its leads' keys. enriched/ holds the enriched leads, and file- starts ids of dropped files.",
    link,
  },
  (sources) => {
    const names = Object.keys(sources);
    return names.length > 0 && names.every((name) => named.test(name) && !reserved.includes(name));
  },
);

/** Sources that may post leads, by the name in their URL and in their leads' ids. */
export const sources = lazy((value: object | undefined) =>
  object(Object.fromEntries(Object.keys(value ?? {}).map((name) => [name, source])))
    .required()
    .test(sourceNames),
);
