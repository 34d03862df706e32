import { resourceOf } from "../resources.ts";
import { nothing, type Rule } from "../rule.ts";

/** Finds resources that are new to Terraform: created or imported, and those that only get another address. */
export const added: Rule = ({ address, action, type, imported, previousAddress }) => {
  const common = { class: "none", kind: "added", address, before: null, after: null, why: "", todo: "" } as const;
  const findings = [];
  if (previousAddress !== undefined) {
    findings.push({
      ...common,
      kind: "noise" as const,
      summary: "is moved: only its address changes",
      before: previousAddress,
      after: address,
    });
  }
  if (imported) {
    const todo = "Compare the resource in AWS with its configuration: from now on Terraform changes it.";
    findings.push({ ...common, class: "look" as const, summary: "imports what exists in AWS", todo });
  }
  if (action !== "create") return { ...nothing, findings };
  if (type === "aws_apigatewayv2_api") {
    const why = "Everyone can reach it: what it accepts is decided by its function.";
    findings.push({ ...common, class: "look" as const, summary: "creates a public address", why });
  }
  if (type === "output" || resourceOf(type) !== undefined)
    return { findings: [...findings, { ...common, summary: `creates ${type}` }], explains: [[]] };
  const why = "No rule of this review knows its type, so it cannot say what it opens.";
  findings.push({
    ...common,
    class: "look" as const,
    summary: `creates ${type}`,
    why,
    todo: "Read it in the plan itself.",
  });
  return { findings, explains: [[]] };
};
