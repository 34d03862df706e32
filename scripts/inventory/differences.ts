import { fenced, renewal, resourceLines, section } from "./document.ts";
import type { Stack } from "./stack.ts";
import { type Fields, inline, isFields, type Tree } from "./tree.ts";

/**
 * How a stack differs from another one, as a Markdown document. A value in which only the environment's name or account is
 * another one is no difference.
 */
export function differenceDocument(stack: Stack, base: Stack): string {
  const neutral = (text: string, { environment, accountId }: Stack) =>
    text.replaceAll(new RegExp(`(?<![a-z0-9])${environment}(?![a-z0-9])`, "g"), "ENV").replaceAll(accountId, "ACCOUNT");
  const before = new Map(base.resources.map((resource) => [neutral(resource.address, base), resource]));
  const now = new Map(stack.resources.map((resource) => [neutral(resource.address, stack), resource]));
  const added = [...now].filter(([address]) => !before.has(address)).map(([, resource]) => resource);
  const removed = [...before].filter(([address]) => !now.has(address)).map(([, { address }]) => address);

  const changes = (title: string, is: Fields, was: Fields): string[] => {
    const old = new Map(leaves(was).map(([path, value]) => [neutral(path, base), value]));
    const current = new Map(leaves(is).map(([path, value]) => [neutral(path, stack), value]));
    const lines = [...new Set([...old.keys(), ...current.keys()])].flatMap((path) => {
      const [from, to] = [old.get(path), current.get(path)];
      const isSame = from !== undefined && to !== undefined && neutral(from, base) === neutral(to, stack);
      return isSame ? [] : [`  ${path}: ${from ?? "(none)"} → ${to ?? "(none)"}`];
    });
    return lines.length > 0 ? [title, ...lines] : [];
  };
  const changed = [...now].flatMap(([address, { address: title, fields }]) => {
    const other = before.get(address);
    return other ? changes(title, fields, other.fields) : [];
  });
  const sections = [
    `# ${stack.name}: what differs from ${base.name}`,
    renewal,
    `Everything else is as in [${base.name}](${base.name}.md), with ${stack.environment} in place of ${base.environment} and account ${stack.accountId} in place of ${base.accountId}.`,
    ...part("Changed (was → is)", [
      ...changes("terraform", stack.settings, base.settings),
      ...changed,
      ...changes("output", stack.outputs, base.outputs),
    ]),
    ...part("Added", added.flatMap(resourceLines)),
    ...part("Removed", removed),
  ];
  return `${sections.join("\n\n")}\n`;
}

const part = (title: string, lines: readonly string[]) => (lines.length > 0 ? section(title, fenced(lines)) : []);

/** Every setting of a tree by its path. A list without blocks in it is one setting. */
function leaves(tree: Tree, path = ""): [path: string, value: string][] {
  if (Array.isArray(tree)) {
    const items = tree as readonly Tree[];
    if (!items.some((item) => isFields(item) || Array.isArray(item))) return [[path, inline(items)]];
    return items.flatMap((item, index) => leaves(item, `${path}[${index}]`));
  }
  if (!isFields(tree) || Object.keys(tree).length === 0) return [[path, inline(tree)]];
  return Object.entries(tree).flatMap(([name, value]) => leaves(value, path ? `${path}.${name}` : name));
}
