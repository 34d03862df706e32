import { goneOwner } from "../owners.ts";
import type { Change } from "../plan.ts";
import { lossOf } from "../resources.ts";
import { type Finding, nothing, type Rule, shown } from "../rule.ts";

/** Why Terraform destroys or replaces, in words. Other reasons are shown as Terraform writes them. */
const reasons: Readonly<Record<string, string>> = {
  delete_because_no_resource_config: "It is no longer in the configuration.",
  delete_because_no_module: "Its module is no longer in the configuration.",
  delete_because_count_index: "Its count is lower.",
  delete_because_each_key: "Its key is no longer in for_each.",
  replace_because_tainted: "It is tainted: an earlier apply failed, or somebody tainted it.",
  replace_because_cannot_update: "This attribute cannot be changed in place.",
  replace_by_request: "Whoever planned asked for it with -replace.",
  replace_by_triggers: "replace_triggered_by asks for it.",
};

/** Finds resources that are destroyed, replaced or forgotten, and says what is lost with them. */
export const destroyed: Rule = (change, { plan, gone }) => {
  const { address, type, action, replacedBy, reason, deposed } = change;
  if (type === "output" || !["delete", "replace", "forget"].includes(action)) return nothing;
  const why = reason === undefined ? "" : (reasons[reason] ?? `Terraform says ${reason}.`);
  const common = { class: "look", kind: "lost", address, why, todo: "", ...forced(change) } as const;
  const explains = action === "replace" ? replacedBy : [[]];
  const one = (finding: Partial<Finding> & { summary: string }) => ({
    findings: [{ ...common, ...finding }],
    explains,
  });
  if (action === "forget") {
    const summary = "is forgotten by Terraform and stays in AWS: it works on, costs money and is in no plan any more";
    return one({ summary, todo: "Say who looks after it from now on." });
  }
  const verb = action === "delete" ? "destroys" : "replaces";
  if (deposed !== undefined) {
    const todo = `Look at the deposed object ${deposed} in the state: it may hold data.`;
    return one({ class: "approve", summary: `${verb} what an earlier, failed replacement left over`, todo });
  }
  const owner = goneOwner(change, gone);
  if (owner !== undefined) return one({ summary: `${verb} what belongs to ${owner}` });
  const { noun, kind, attention, loss } = lossOf(change, plan);
  const todo = kind === "silent" ? "Make sure that somebody still sees when something fails." : saveFirst;
  return one({ class: attention, kind, summary: `${verb} the ${noun}: ${loss}`, todo });
};

const saveFirst = "Make sure that this is meant, and save what is still needed before apply.";

/** The values of the attribute that makes the replacement necessary, or what an alarm says. */
function forced({ before, after, replacedBy }: Change): Pick<Finding, "before" | "after"> {
  const attribute = replacedBy[0]?.[0];
  if (attribute === undefined) return { before: shown(before.alarm_description), after: null };
  return { before: shown(before[attribute]), after: shown(after[attribute]) };
}
