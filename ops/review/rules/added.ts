import { nothing, type Rule } from "../rule.ts";

/** Finds new and imported resources. */
export const added: Rule = ({ address, action, type, imported }) => {
  if (action !== "create" && !imported) return nothing;
  const common = { kind: "added", address, before: null, after: null, why: "" } as const;
  if (imported) {
    const todo = "Compare the resource in AWS with its configuration: from now on Terraform changes it.";
    return { findings: [{ ...common, class: "look", summary: `imports an existing ${type}`, todo }], explains: [] };
  }
  return { findings: [{ ...common, class: "none", summary: `creates ${type}`, todo: "" }], explains: [[]] };
};
