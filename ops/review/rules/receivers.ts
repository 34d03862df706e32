import { difference, omit, uniq } from "es-toolkit";
import { isPart } from "../owners.ts";
import type { Change, Plan } from "../plan.ts";
import { type Finding, nothing, type Rule } from "../rule.ts";
import { documentsOf } from "./permissions.ts";

/** Ways out of AWS that a subscription can take. The others name a resource by its ARN. */
const outward = /^(?:https?|email|email-json|sms)$/;

/**
 * Finds resources that begin to name another account, such as an event target or a subscription with a queue in it, and new
 * subscriptions of addresses outside AWS. Policy documents have a rule of their own.
 */
export const receivers: Rule = (change, { plan }) => {
  const { address, type, action, before, after } = change;
  if (type === "output" || !["create", "update", "replace"].includes(action)) return nothing;
  const named = difference(accountsIn(change, after), accountsIn(change, before));
  const foreign = named.length > 0 ? difference(named, ownAccounts(plan)) : [];
  const finding = (summary: string, why: string): Finding => ({
    class: "look",
    kind: "exposed",
    address,
    summary,
    before: null,
    after: null,
    why,
    todo: "Make sure that this receiver is meant.",
  });
  const { protocol } = after;
  const isOutward = type === "aws_sns_topic_subscription" && action === "create" && outward.test(String(protocol));
  return {
    findings: [
      ...foreign.map((account) =>
        finding(`names a resource of account ${account}`, "No resource of this plan is known to be in this account."),
      ),
      ...(isOutward ? [finding(`subscribes an address outside AWS by ${protocol}`, "")] : []),
    ],
    explains: [],
  };
};

/** Accounts in the ARNs of a resource's values, those in policy documents left out. */
function accountsIn(change: Change, values: Change["after"]): string[] {
  const text = JSON.stringify(omit(values, [...documentsOf(change, values).keys()]));
  return uniq([...text.matchAll(/\barn:aws[\w-]*:[\w-]+:[\w-]*:(\d{12}):/g)].map(([, account = ""]) => account));
}

/** Accounts of the plan's own resources, as far as it knows their ARNs. The `arn` of a part is that of another resource. */
function ownAccounts({ changes }: Plan): string[] {
  const own = changes.filter(({ type, action }) => action !== "read" && !isPart(type));
  return own.flatMap(({ before, after }) => [before.arn, after.arn].map((arn) => String(arn).split(":")[4] ?? ""));
}
