import { paragraphs, renewal, resourceLines, section } from "./document.ts";
import type { Stack } from "./stack.ts";
import { type Fields, inline, isFields, isListOfBlocks, type Tree } from "./tree.ts";

/**
 * How a stack differs from another one, as a Markdown document. A value in which only the environment's name or account is
 * another one is no difference.
 * @param consumers names of the stack's consumers; the base has no others
 */
export function differenceDocument(stack: Stack, base: Stack, consumers: readonly string[]): string {
  const neutral = (text: string, { environment, accountId }: Stack) =>
    text.replaceAll(new RegExp(`(?<![a-z0-9])${environment}(?![a-z0-9])`, "g"), "ENV").replaceAll(accountId, "ACCOUNT");
  const byNeutral = <T>(entries: readonly (readonly [string, T])[], of: Stack) =>
    new Map(entries.map(([name, value]) => [neutral(name, of), value]));
  const resourcesOf = (of: Stack) =>
    byNeutral(
      of.resources.map((resource) => [resource.address, resource]),
      of,
    );
  const [was, is] = [resourcesOf(base), resourcesOf(stack)];

  const changes = (title: string, now: Fields, before: Fields): string[] => {
    const [old, current] = [byNeutral(leaves(before), base), byNeutral(leaves(now), stack)];
    const lines = [...new Set([...old.keys(), ...current.keys()])].flatMap((path) => {
      const [from, to] = [old.get(path), current.get(path)];
      const isSame = from !== undefined && to !== undefined && neutral(from, base) === neutral(to, stack);
      return isSame ? [] : [`  ${path}: ${from ?? "(none)"} → ${to ?? "(none)"}`];
    });
    return lines.length > 0 ? [title, ...lines] : [];
  };
  return paragraphs(
    `# ${stack.name}: what differs from ${base.name}`,
    renewal,
    `Everything else is as in [${base.name}](${base.name}.md), with ${stack.environment} in place of ${base.environment} and account ${stack.accountId} in place of ${base.accountId}. Consumers of enriched leads: ${consumers.join(", ") || "none"}.`,
    ...section("Changed (was → is)", [
      ...changes("terraform", stack.settings, base.settings),
      ...[...is].flatMap(([name, { address, fields }]) => {
        const before = was.get(name);
        return before ? changes(address, fields, before.fields) : [];
      }),
      ...changes("output", stack.outputs, base.outputs),
    ]),
    ...section("Added", [...is].flatMap(([name, resource]) => (was.has(name) ? [] : resource)).flatMap(resourceLines)),
    ...section(
      "Removed",
      [...was].flatMap(([name, { address }]) => (is.has(name) ? [] : address)),
    ),
  );
}

/** Every setting of a tree by its path. A list without blocks in it is one setting. */
function leaves(tree: Tree, path = ""): [path: string, value: string][] {
  if (isListOfBlocks(tree)) {
    return tree.flatMap((item, index) => leaves(item, `${path}[${index}]`));
  }
  if (!isFields(tree) || Object.keys(tree).length === 0) return [[path, inline(tree)]];
  return Object.entries(tree).flatMap(([name, value]) => leaves(value, path ? `${path}.${name}` : name));
}
