import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deployedNames, environments } from "../environments/index.ts";
import { readPlan } from "../ops/review/plan.ts";
import { exitCodes, textReport } from "../ops/review/report.ts";
import { review } from "../ops/review/review.ts";
import { type DeployPorts, deployCommand, lockMinutes, type StackWord, stack } from "./command.ts";
import { DeployError } from "./errors.ts";
import { openStack, type Stack, terraform } from "./stack.ts";

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
    const code = await reviewPlan(stack, ports);
    // Last of all: apply takes only a plan that was reviewed.
    writeFileSync(join(plans, PlanFile.sources), stack.sources);
    ports.warn(`The plan is in ${plans}. npm run apply -- ${name} applies it.`);
    return code;
  },
});

/** Reviews the kept plan again, as Terraform reads it from the file that `apply` applies. */
export const show = deployCommand({
  name: "show",
  summary: "Reviews the kept plan of a stack again. Exit codes: those of plan, 1 there is no plan of these sources.",
  options: { stack },
  async run({ stack: name }, ports) {
    const stack = await openStack(name, ports, requirePlan);
    return reviewPlan(stack, ports);
  },
});

/** Writes the plan as JSON, and prints its review. @returns the review's exit code */
async function reviewPlan(stack: Stack, { print }: DeployPorts): Promise<number> {
  const json = await terraform(stack, ["show", "-no-color", "-json", join(stack.plans, PlanFile.plan)]);
  writeFileSync(join(stack.plans, PlanFile.json), json);
  const result = await review(readPlan(json), environmentOf(stack.name));
  print(textReport(result));
  return exitCodes[result.class];
}

/** @throws DeployError NoPlan when no plan was reviewed, SourcesChanged when the plan is of other sources */
export function requirePlan({ name, plans, sources }: Stack): void {
  const planned = join(plans, PlanFile.sources);
  if (!existsSync(planned)) {
    throw new DeployError(
      "NoPlan",
      `There is no reviewed plan of leadwire-${name}: run npm run plan -- ${name} first.`,
    );
  }
  if (readFileSync(planned, "utf8").trim() === sources) return;
  throw new DeployError(
    "SourcesChanged",
    `The sources of leadwire-${name} are not those of the plan, so nothing was applied: run npm run plan -- ${name} again, or ` +
      "check out the commit that was planned.",
  );
}

function environmentOf(word: StackWord) {
  const name = deployedNames.find((one) => one === word);
  return name && { name, settings: environments[name] };
}
