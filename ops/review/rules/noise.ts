import type { AttributeChange } from "../attributes.ts";
import { knownAfterApply } from "../plan.ts";
import { type Rule, shownChange } from "../rule.ts";

/** Attributes that nothing depends on. Outside this list nothing is noise. */
const meaningless = new Set(["tags", "tags_all", "description"]);

/** What AWS gives a resource anew when it is replaced, or counts on when its code changes. */
const givenByAws = new Set([
  "id",
  "arn",
  "url",
  "unique_id",
  "create_date",
  "last_modified",
  "version",
  "qualified_arn",
  "qualified_invoke_arn",
  "source_code_size",
  "code_sha256",
  "etag",
  "version_id",
  "insecure_value",
]);

const isNoise = ({ path, after, isForm }: AttributeChange): boolean => {
  const [attribute = ""] = path;
  if (isForm || meaningless.has(String(attribute))) return true;
  return path.length === 1 && after === knownAfterApply && givenByAws.has(String(attribute));
};

/** Finds changes that mean nothing: tags, descriptions, formatting, orders of sets, what AWS itself numbers. */
export const noise: Rule = ({ address }, { attributes }) => {
  const found = attributes.filter(isNoise);
  const [first] = found;
  if (first === undefined) return { findings: [], explains: [] };
  const names = [...new Set(found.map(({ path }) => String(path[0])))].join(", ");
  const finding = { class: "none", kind: "noise", address, summary: `changes ${names}`, why: "", todo: "" } as const;
  return { findings: [{ ...finding, ...shownChange(first) }], explains: found.map(({ path }) => path) };
};
