import type { AttributeChange } from "../attributes.ts";
import { type Change, knownAfterApply } from "../plan.ts";
import { type Rule, shownChange } from "../rule.ts";

/** Attributes that nothing depends on. Outside these lists nothing is noise. */
const meaningless = new Set(["tags", "tags_all", "description", "alarm_description"]);

/** What AWS gives a function anew when its code changes. */
const ofNewCode = [
  "last_modified",
  "version",
  "qualified_arn",
  "qualified_invoke_arn",
  "source_code_size",
  "code_sha256",
];

/** What AWS gives every resource anew that is replaced, as far as this pipeline's types have it. */
const ofNewResource = [
  ...ofNewCode,
  ...["id", "arn", "url", "region", "owner", "owner_id", "unique_id", "create_date", "creation_date", "name_prefix"],
  ...[
    "function_arn",
    "uuid",
    "state",
    "state_transition_reason",
    "last_processing_result",
    "stream_arn",
    "stream_label",
  ],
  ...[
    "invoke_arn",
    "execution_arn",
    "api_endpoint",
    "bucket_domain_name",
    "bucket_regional_domain_name",
    "hosted_zone_id",
  ],
];

function isNoise({ action, type }: Change, { path, before, after, isForm }: AttributeChange): boolean {
  const [attribute = ""] = path.map(String);
  if (isForm || meaningless.has(attribute)) return true;
  // The order of a bucket's rules means nothing. Their changes are at their own paths.
  if (type === "aws_s3_bucket_lifecycle_configuration" && path.join() === "rule,(order)") return true;
  if (path.length > 1 || before === undefined || after !== knownAfterApply) return false;
  return (
    (type === "aws_lambda_function" && ofNewCode.includes(attribute)) ||
    (action === "replace" && ofNewResource.includes(attribute))
  );
}

/** Finds changes that mean nothing: tags, descriptions, formatting, orders, and what AWS itself numbers. */
export const noise: Rule = (change, { attributes }) => {
  const found = attributes.filter((attribute) => isNoise(change, attribute));
  const [first] = found;
  if (first === undefined) return { findings: [], explains: [] };
  const names = [...new Set(found.map(({ path, isForm }) => `${isForm ? "form of " : ""}${path[0]}`))].join(", ");
  const common = { class: "none", kind: "noise", address: change.address, why: "", todo: "" } as const;
  return {
    findings: [{ ...common, summary: `changes ${names}`, ...shownChange(first) }],
    explains: found.map(({ path }) => path),
  };
};
