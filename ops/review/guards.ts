import { difference } from "es-toolkit";
import type { AttributeChange } from "./attributes.ts";
import { type Change, knownAfterApply } from "./plan.ts";
import { type FindingClass, type FindingKind, pathText, type RuleResult, shownChange } from "./rule.ts";

/** How much attention a change of a value needs. Undefined leaves the change to other rules. */
export type Judge = (before: unknown, after: unknown, change: Change) => FindingClass | undefined;

/** An attribute that a kind of finding is about. */
export type Guard = readonly [
  /** Matches the path as `pathText` writes it. */
  path: RegExp,
  judge: Judge,
  /** What happens when the change needs attention, as a finding's summary. */
  says: string | ((change: Change, attribute: AttributeChange) => string),
  /** What to do then. @default the kind's advice */
  todo?: string,
];

/** Guards by the type of their resource, without `aws_`. */
export type Guards = Readonly<Record<string, readonly Guard[]>>;

/** Everything but this value needs attention. */
export const unless =
  (attention: FindingClass, ...good: readonly unknown[]): Judge =>
  (_, after) =>
    good.includes(after) ? "none" : attention;

/** Every change needs attention. */
export const always =
  (attention: FindingClass): Judge =>
  () =>
    attention;

/** What is not certainly more needs attention. Numbers may stand in texts. */
export const unlessMore =
  (attention: FindingClass): Judge =>
  (before, after) =>
    Number(after) > Number(before) ? "none" : attention;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Removing an element of a list needs attention, and removing the last one perhaps more. */
export const unlessAdded =
  (removed: FindingClass, empty = removed): Judge =>
  (before, after) => {
    const [old, now] = [listOf(before), listOf(after)];
    if (old.length > 0 && now.length === 0 && after !== knownAfterApply) return empty;
    return Array.isArray(after) && difference(old, now).length === 0 ? "none" : removed;
  };

/**
 * Judges the attributes of a change by a table. The first line that has an attribute's path and an opinion counts.
 * @param advice what to do where the line does not say it
 */
export function judged(
  kind: FindingKind,
  guards: Guards,
  advice: string,
  { attributes, change }: { readonly attributes: readonly AttributeChange[]; readonly change: Change },
): RuleResult {
  const type = change.type.replace(/^aws_/, "");
  const own = (Object.hasOwn(guards, type) ? guards[type] : undefined) ?? [];
  const found = attributes.flatMap((attribute) => {
    const text = pathText(attribute.path);
    for (const [path, judge, says, todo = advice] of attribute.isForm ? [] : own) {
      const attention = path.test(text) ? judge(attribute.before, attribute.after, change) : undefined;
      if (attention === undefined) continue;
      const attended = typeof says === "string" ? says : says(change, attribute);
      const words =
        attention === "none"
          ? { summary: `changes ${text}, and takes nothing away`, why: "", todo: "" }
          : { summary: attended, why: `The attribute is ${text}.`, todo };
      const common = { class: attention, kind, address: change.address };
      return [{ path: attribute.path, finding: { ...common, ...words, ...shownChange(attribute) } }];
    }
    return [];
  });
  return { findings: found.map(({ finding }) => finding), explains: found.map(({ path }) => path) };
}
