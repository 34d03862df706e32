import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deployedNames, environments } from "../environments/index.ts";
import { readPlan } from "../ops/review/plan.ts";
import { exitCodes, textReport } from "../ops/review/report.ts";
import { review } from "../ops/review/review.ts";
import { deployCommand, lockMinutes, type StackWord, stack } from "./command.ts";
import { openStack, terraform } from "./stack.ts";

/** Files in a stack's folder of plans. */
export const PlanFile = {
  /** What Terraform applies. */
  plan: "plan.tfplan",
  /** The same plan as JSON, for `npm run ops -- review`. */
  json: "plan.json",
  /** SHA-256 of the sources that the plan is of. */
  sources: "sources.sha256",
} as const;

/** Plans a stack and reviews the plan. The plan is kept for `apply`, in place of an older one. */
export const plan = deployCommand({
  name: "plan",
  summary:
    "Synthesizes a stack, plans it and reviews the plan. Exit codes: 0 nothing above noise, 10 look at it, 20 needs a second " +
    "approval, 1 no plan was made.",
  options: { stack, lockMinutes },
  async run({ stack: name, lockMinutes }, ports) {
    const stack = await openStack(name, ports);
    const { plans } = stack;
    rmSync(plans, { recursive: true, force: true });
    // A plan holds the values of secrets.
    mkdirSync(plans, { recursive: true, mode: 0o700 });
    const args = ["-input=false", "-no-color", `-lock-timeout=${lockMinutes}m`, `-out=${join(plans, PlanFile.plan)}`];
    const sayWhenWaiting = (line: string) => /state lock/i.test(line) && ports.warn(line);
    await terraform(stack, ["plan", ...args], sayWhenWaiting);
    const json = await terraform(stack, ["show", "-no-color", "-json", join(plans, PlanFile.plan)]);
    writeFileSync(join(plans, PlanFile.json), json);
    const result = await review(readPlan(json), environmentOf(name));
    ports.print(textReport(result));
    // Last of all: apply takes only a plan that was reviewed.
    writeFileSync(join(plans, PlanFile.sources), stack.sources);
    ports.warn(`The plan is in ${plans}. npm run apply -- ${name} applies it.`);
    return exitCodes[result.class];
  },
});

function environmentOf(word: StackWord) {
  const name = deployedNames.find((one) => one === word);
  return name && { name, settings: environments[name] };
}
