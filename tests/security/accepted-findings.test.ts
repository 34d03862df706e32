import { existsSync, readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Block, type SynthesizedStack, shippedStacks, synthesizedStack } from "../helpers/synth.ts";

/** A check of Checkov that is skipped, and the comment above it. */
interface Accepted {
  readonly check: string;
  /** The type of resource that the finding is about. */
  readonly type: string;
  readonly reason: string;
}

/** Reads the list: a comment belongs to all checks up to the next comment. */
function acceptedFindings(yaml: string): Accepted[] {
  const groups = yaml.matchAll(/((?:^ +#.*\n)*)((?:^ +- CKV.*\n)+)/gm);
  return [...groups].flatMap(([, comment = "", checks = ""]) => {
    const text = comment
      .replaceAll(/^ +# ?/gm, "")
      .replaceAll("\n", " ")
      .trim();
    const [, type = "", reason = ""] = /^(aws_\w+): (.+)$/.exec(text) ?? [];
    return [...checks.matchAll(/- (\S+)$/gm)].map(([, check = ""]) => ({ check, type, reason }));
  });
}

const accepted = acceptedFindings(readFileSync(".checkov.yaml", "utf8"));
const stacks: readonly SynthesizedStack[] = [
  ...(await shippedStacks()).map(([, stack]) => stack),
  await synthesizedStack("leadwire-state"),
  await synthesizedStack("leadwire-ci"),
];

const lacks = (attribute: string) => (block: Block) => block[attribute] === undefined;
const hasNo = (type: string) => (_: Block, name: string, stack: SynthesizedStack) =>
  !stack.addresses.includes(`${type}.${name}`);
const allowsEverywhere = ({ policy }: Block) =>
  (JSON.parse(String(policy)) as { Statement: Block[] }).Statement.some(
    ({ Effect, Resource }) => Effect === "Allow" && [Resource].flat().includes("*"),
  );
/** What each check finds fault with, from its source in Checkov. */
const findings: Readonly<Record<string, (block: Block, name: string, stack: SynthesizedStack) => boolean>> = {
  CKV_AWS_18: hasNo("aws_s3_bucket_logging"),
  CKV_AWS_26: lacks("kms_master_key_id"),
  CKV_AWS_115: lacks("reserved_concurrent_executions"),
  CKV_AWS_116: lacks("dead_letter_config"),
  CKV_AWS_117: lacks("vpc_config"),
  CKV_AWS_119: lacks("server_side_encryption"),
  CKV_AWS_144: hasNo("aws_s3_bucket_replication_configuration"),
  CKV_AWS_145: (_, name, stack) =>
    !JSON.stringify(stack.resource(`aws_s3_bucket_server_side_encryption_configuration.${name}`)).includes("aws:kms"),
  CKV_AWS_158: lacks("kms_key_id"),
  CKV_AWS_173: lacks("kms_key_arn"),
  CKV_AWS_272: lacks("code_signing_config_arn"),
  CKV_AWS_286: allowsEverywhere,
  CKV_AWS_288: allowsEverywhere,
  CKV_AWS_289: allowsEverywhere,
  CKV_AWS_290: allowsEverywhere,
  CKV_AWS_309: lacks("authorization_type"),
  CKV_AWS_337: lacks("key_id"),
  CKV_AWS_338: ({ retention_in_days }) => Number(retention_in_days) < 365,
  CKV_AWS_355: allowsEverywhere,
  CKV2_AWS_34: ({ type }) => type !== "SecureString",
  CKV2_AWS_62: hasNo("aws_s3_bucket_notification"),
};

const suppressed = suite("security :: accepted findings");
suppressed("are each accepted once, and this test knows what each finds", () => {
  assert.equal(accepted.map(({ check }) => check).toSorted(), Object.keys(findings).toSorted());
});
for (const { check, type, reason } of accepted) {
  suppressed(`${check} has a reason, with a decision that is there`, () => {
    assert.match(reason, /^.{40,}\.$/);
    for (const [path] of reason.matchAll(/(?:docs|tests)\/[\w/.-]+\.(?:md|ts)/g)) assert.ok(existsSync(path), path);
  });
  suppressed(`${check} is still found, in a resource of the type ${type}`, () => {
    const found = stacks.flatMap((stack) =>
      stack.all(type).filter(([name, block]) => findings[check]?.(block, name, stack)),
    );
    assert.ok(found.length > 0, `No ${type} has the finding ${check} any more: remove it from .checkov.yaml.`);
  });
}
suppressed.run();
