import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pickBy } from "es-toolkit/object";
import { deployCommand, lockMinutes, stack } from "./command.ts";
import { DeployError } from "./errors.ts";
import { PlanFile } from "./plan.ts";
import { openStack, type Stack, terraform } from "./stack.ts";

/** Applies the plan that `plan` made and reviewed, and nothing else. A plan can be applied once. */
export const apply = deployCommand({
  name: "apply",
  summary:
    "Applies exactly the plan of a stack that was made and reviewed. Exit codes: 0 applied, 1 not applied, or not all of it.",
  options: { stack, lockMinutes },
  async run({ stack: name, lockMinutes }, ports) {
    const stack = await openStack(name, ports);
    requirePlan(stack);
    const file = join(stack.plans, PlanFile.plan);
    const args = ["-input=false", "-no-color", `-lock-timeout=${lockMinutes}m`, file];
    await terraform(stack, ["apply", ...args], ports.print);
    rmSync(stack.plans, { recursive: true });
    const outputs = JSON.parse(await terraform(stack, ["output", "-no-color", "-json"]));
    const shown = pickBy(outputs as Record<string, { sensitive: boolean }>, ({ sensitive }) => !sensitive);
    const path = join(ports.outputs, `outputs-${name}.json`);
    writeFileSync(path, `${JSON.stringify(shown, null, 2)}\n`);
    ports.print(`The outputs are in ${path}, for npm run ops -- COMMAND --outputs ${path}.`);
    return 0;
  },
});

/** @throws DeployError NoPlan when no plan was reviewed, SourcesChanged when the plan is of other sources */
function requirePlan({ name, plans, sources }: Stack): void {
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
