import { type Change, knownAfterApply, type Plan } from "./plan.ts";

/** A resource that is destroyed or replaced, as others name it. */
export interface Gone {
  readonly address: string;
  /** The same text of its replacement, if it is known before apply. */
  readonly replacement: string | undefined;
}

/** What others name a resource by. A known name comes before an id with the same text, which is known after apply. */
const namedBy = ["name", "bucket", "function_name", "arn", "url", "id"];

/** Types that are named by what they belong to. */
const isNamedByOther =
  /_(?:policy|target|mapping|permission|attachment|config|configuration|notification|versioning|block)$/;

/** Finds the texts by which others name the resources that a plan destroys or replaces. Short ones could mean anything. */
export function goneIn({ changes }: Plan): ReadonlyMap<string, Gone> {
  const gone = changes.filter(
    ({ action, type }) => (action === "delete" || action === "replace") && !isNamedByOther.test(type),
  );
  const named = gone.flatMap(({ address, before, after }) =>
    namedBy.flatMap((key): [string, Gone][] => {
      const [text, now] = [before[key], after[key]];
      if (typeof text !== "string" || text.length < 8) return [];
      return [[text, { address, replacement: typeof now === "string" && now !== knownAfterApply ? now : undefined }]];
    }),
  );
  // The first one wins.
  return new Map(named.toReversed());
}

/** The attribute that names what a resource belongs to and does not outlive. */
const owners = [
  "event_source_arn",
  "queue_url",
  "topic_arn",
  "api_id",
  "bucket",
  "role",
  "function_name",
  "rule",
  "email_identity",
];

/** The destroyed or replaced resource that this one belongs to. A function does not belong to its role. */
export function goneOwner({ type, address, before }: Change, gone: ReadonlyMap<string, Gone>): string | undefined {
  if (type === "aws_lambda_function") return undefined;
  const found = owners.map((key) => gone.get(String(before[key]))?.address);
  return found.find((owner) => owner !== undefined && owner !== address);
}
