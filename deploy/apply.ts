import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pickBy } from "es-toolkit/object";
import { deployCommand, lockMinutes, stack } from "./command.ts";
import { PlanFile, requirePlan } from "./plan.ts";
import { openStack, terraform } from "./stack.ts";

/** Applies the plan that `plan` made and reviewed, and nothing else. A plan can be applied once. */
export const apply = deployCommand({
  name: "apply",
  summary:
    "Applies exactly the plan of a stack that was made and reviewed. Exit codes: 0 applied, 1 not applied, or not all of it.",
  options: { stack, lockMinutes },
  async run({ stack: name, lockMinutes }, ports) {
    const stack = await openStack(name, ports, requirePlan);
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
