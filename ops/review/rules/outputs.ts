import { nothing, type Rule, shownChange } from "../rule.ts";

/** Finds outputs that change or go: programs outside Terraform read them. */
export const outputs: Rule = ({ type, address, action, before, after }) => {
  if (type !== "output" || action === "create" || action === "no-op") return nothing;
  const summary = action === "delete" ? "is removed: what reads this output fails" : "has another value";
  const todo = "After apply, write the outputs file of the operator's commands again.";
  const values = shownChange({ before: before.value, after: after.value });
  return { findings: [{ class: "look", kind: "unknown", address, summary, ...values, why: "", todo }], explains: [[]] };
};
