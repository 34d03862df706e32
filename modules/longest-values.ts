import { orderBy } from "es-toolkit/array";
import { LeadwireError } from "../errors.ts";

type Block = Readonly<Record<string, unknown>>;
/** The resources of a stack in Terraform's JSON, by type and name. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Block>>>>;

/**
 * Bytes that AWS accepts of a resource's attribute, by the resource's type. Only attributes that settings make longer are here.
 * Lambda measures the variables of a function as JSON, which its error message shows. Each limit is on the page of the service's quotas:
 * https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html
 */
const maximumBytes: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  aws_cloudwatch_event_rule: { name: 64 },
  aws_iam_policy: { name: 128, policy: 6144 },
  aws_iam_role: { name: 64 },
  aws_iam_role_policy: { policy: 10_240 },
  aws_lambda_function: { function_name: 64, environment: 4096 },
  aws_s3_bucket: { bucket: 63 },
  aws_sqs_queue: { name: 80 },
};

/** Values that AWS would refuse in the middle of a deployment. The message has a sentence for each. */
class ValueTooLongError extends LeadwireError<"ValueTooLong"> {}

/** Checks that no value of a stack is longer than AWS accepts. @throws ValueTooLongError */
export function checkLengths(resources: Resources): void {
  const sentences = Object.entries(maximumBytes).flatMap(([type, attributes]) =>
    Object.entries(resources[type] ?? {}).flatMap(([name, block]) =>
      Object.entries(attributes).flatMap(([attribute, maximum]) => {
        const text = withLongestReferences(textOf(block[attribute]), resources);
        const bytes = Buffer.byteLength(text);
        const problem = `${attribute} of ${type}.${name} has up to ${bytes} bytes, and AWS accepts ${maximum}`;
        return bytes > maximum ? [`${problem}. ${usesOf(text)}: shorten or remove settings that it is made of.`] : [];
      }),
    ),
  );
  if (sentences.length > 0) throw new ValueTooLongError("ValueTooLong", sentences.join("\n"));
}

/** An attribute's text. Of a function's environment it is what Lambda measures. */
const textOf = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify((value as { variables?: unknown } | undefined)?.variables ?? {});

/** Bytes of the longest text before a name in an ARN or a URL: `arn:aws:ses:ap-southeast-1:123456789012:configuration-set/`. */
const longestStart = 58;

/** Puts the values in place of references, or as many characters as the value can have that AWS makes from a name. */
const withLongestReferences = (text: string, resources: Resources): string =>
  text.replaceAll(/\$\{(aws_\w+)\.(\w+)\.(\w+)\}/g, (_, type: string, name: string, attribute: string) => {
    const block = resources[type]?.[name] ?? {};
    const named = block.name ?? block.bucket ?? block.function_name ?? block.configuration_set_name;
    const value = block[attribute] ?? `${"x".repeat(longestStart)}${named ?? block.email_identity ?? ""}`;
    return withLongestReferences(String(value), resources);
  });

/** The largest variables of a function or statements of a policy, with their bytes; of any other text itself. */
function usesOf(text: string): string {
  if (!text.startsWith("{")) return `It is ${text}`;
  const { Statement: statements, ...variables }: { Statement?: { Sid: string }[] } = JSON.parse(text);
  const parts = statements?.map((one) => [one.Sid, one] as const) ?? Object.entries(variables);
  const sizes = parts.map(([name, part]) => ({ name, bytes: Buffer.byteLength(JSON.stringify(part)) }));
  const largest = orderBy(sizes, ["bytes"], ["desc"]).map(({ name, bytes }) => `${name} with ${bytes}`);
  return `Its largest parts are ${largest.slice(0, 5).join(", ")}`;
}
