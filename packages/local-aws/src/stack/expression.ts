/** A way into the stack: `aws_sqs_queue.orders.arn` is ["aws_sqs_queue", "orders", "arn"], an index is a number. */
export type Path = readonly (string | number)[];

const reference = /^[A-Za-z_][\w-]*(?:\.[\w-]+|\[\d+\]|\["[^"\]]+"\])*$/;
const step = /([\w-]+)|\[(\d+)\]|\["([^"\]]+)"\]/g;

/** What is between `${` and its closing brace, and where it ends; quotes and inner braces are stepped over. */
function interpolation(template: string, start: number): { source: string; end: number } {
  let depth = 1;
  let quoted = false;
  for (let index = start; index < template.length; index++) {
    const character = template[index];
    if (quoted && character === "\\") index++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === "{") depth++;
    else if (!quoted && character === "}" && --depth === 0) return { source: template.slice(start, index), end: index };
  }
  throw new SyntaxError(`"\${${template.slice(start)}" is not closed`);
}

function pathOf(source: string): Path {
  const text = source.trim();
  if (!reference.test(text)) throw new SyntaxError(`local-aws has no way to work out "\${${text}}"`);
  return [...text.matchAll(step)].map(([, name, index, key]) =>
    index === undefined ? (name ?? key ?? "") : Number(index),
  );
}

const text = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));

/**
 * Puts values in the place of a template's references. A template that is one reference keeps the value's type; `$${`
 * stands for `${`, as in Terraform.
 * https://developer.hashicorp.com/terraform/language/expressions/strings
 * @throws SyntaxError for anything that is not a plain reference
 */
export function fill(template: string, lookUp: (path: Path) => unknown): unknown {
  const parts: unknown[] = [];
  let from = 0;
  for (let at = template.indexOf("${"); at !== -1; at = template.indexOf("${", from)) {
    if (template[at - 1] === "$") {
      parts.push(template.slice(from, at - 1), "${");
      from = at + 2;
      continue;
    }
    if (at > from) parts.push(template.slice(from, at));
    const { source, end } = interpolation(template, at + 2);
    parts.push(lookUp(pathOf(source)));
    from = end + 1;
  }
  if (parts.length === 0) return template;
  if (from < template.length) parts.push(template.slice(from));
  return parts.length === 1 ? parts[0] : parts.map(text).join("");
}
