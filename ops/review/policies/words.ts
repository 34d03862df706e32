import type { Condition } from "./conditions.ts";
import type { Part, Statement } from "./document.ts";

/** Items of a list that are shown before `and N more`. */
const shown = 6;

/** A statement without its effect, for example `service events.amazonaws.com sqs:sendmessage on arn:… if ArnEquals …`. */
export function statementInWords({
  principal,
  action,
  resource,
  conditions,
  namesPrincipals,
  namesResources,
}: Statement): string {
  return [
    ...(namesPrincipals ? [list(principal, nameOf)] : []),
    list(action, (pattern) => (pattern === "*" ? "every action" : pattern)),
    ...(namesResources ? [`on ${list(resource, (pattern) => (pattern === "*" ? "every resource" : pattern))}`] : []),
    ...(conditions.length > 0 ? [`if ${conditionsInWords(conditions)}`] : []),
  ].join(" ");
}

export const conditionsInWords = (conditions: readonly Condition[]): string =>
  conditions.map(({ text }) => text).join(" and ");

function list(parts: readonly Part[], name: (pattern: string) => string): string {
  const names = parts.map(({ isExcept, patterns }) => `${isExcept ? "all but " : ""}${join(patterns.map(name))}`);
  return join(names);
}

function join(names: readonly string[]): string {
  const more = names.length - shown;
  return more > 1 ? `${names.slice(0, shown).join(", ")} and ${more} more` : names.join(", ");
}

function nameOf(principal: string): string {
  if (principal === "*") return "anyone";
  const account = /^AWS:arn:\*:(\d{12}):\*$/.exec(principal)?.[1];
  if (account) return `account ${account}`;
  return principal.replace(/^Service:/, "service ").replace(/^(AWS|Federated|CanonicalUser):/, "");
}
