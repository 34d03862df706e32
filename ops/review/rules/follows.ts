import { type AttributeChange, isBelow } from "../attributes.ts";
import type { Gone } from "../owners.ts";
import { knownAfterApply } from "../plan.ts";
import { nothing, pathText, type Rule, shownChange } from "../rule.ts";

/** Policies can become wider in the same step. Their own rule judges them. */
const isPolicy = /^(?:policy|assume_role_policy|inline_policy)$/;

/** Finds attributes that change only because they name a resource that this plan destroys or replaces. */
export const follows: Rule = ({ address, type, replacedBy }, { attributes, gone }) => {
  if (type === "output") return nothing;
  const found = attributes.flatMap((attribute) => {
    if (isPolicy.test(String(attribute.path[0])) || replacedBy.some((path) => isBelow(attribute.path, path))) return [];
    const cause = causeOf(attribute, gone);
    return cause === undefined || cause.address === address ? [] : [{ attribute, cause }];
  });
  const findings = found.map(({ attribute, cause }) => ({
    class: "look" as const,
    kind: "lost" as const,
    address,
    summary: `follows ${cause.address}: it names what is destroyed or replaced`,
    ...shownChange(attribute),
    why: `The attribute is ${pathText(attribute.path)}.`,
    todo: "",
  }));
  return { findings, explains: found.map(({ attribute }) => attribute.path) };
};

/** What names a resource that goes, and then its replacement or something that is not known yet. */
function causeOf({ before, after }: AttributeChange, gone: ReadonlyMap<string, Gone>): Gone | undefined {
  const text = JSON.stringify(before) ?? "";
  for (const [name, cause] of gone) {
    // Short names could mean anything.
    if (name.length < 8 || !text.includes(name)) continue;
    const { replacement } = cause;
    if (after === knownAfterApply) return cause;
    if (replacement !== undefined && text.replaceAll(name, replacement) === JSON.stringify(after)) return cause;
  }
  return undefined;
}
