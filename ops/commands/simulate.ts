import { readFileSync } from "node:fs";
import { join } from "node:path";
import { number, oneOf, operand, optional, repeatable, text, wholeNumber } from "../../command-line/options.ts";
import { UsageError } from "../../command-line/program.ts";
import { fixedCost } from "../../cost/fixed.ts";
import { environmentNames, environments } from "../../environments/index.ts";
import type { Load } from "../../simulator/load/simulate-load.ts";
import { jsonReport, textReport } from "../simulate/report.ts";
import { brokenRules, readAssignments, withKnobs } from "../simulate/settings.ts";
import { json, type OpsPorts, opsCommand } from "./command.ts";

const defaultBurst = 100;
/** Seconds of a steady load: two minutes, and as long as ten leads take. */
const secondsOf = (rate: number) => Math.max(120, 10 / rate);
const [daysOfMonth, secondsOfMonth] = [30, 30 * 86_400];

/** Simulates a load with an environment's settings, and with changed ones beside them. It asks nothing of AWS. */
export const simulateSettings = opsCommand({
  name: "simulate",
  summary:
    "Simulates how fast leads are announced with an environment's settings, or with other ones, and what that costs.",
  options: {
    env: operand("The environment whose settings hold.", oneOf(environmentNames), "prod"),
    burst: optional(`Leads that come all at once; ${defaultBurst} without --rate.`, wholeNumber(1, 20_000), "1000"),
    rate: optional("Leads a second that come one after the other.", number(0.001, 100), "0.5"),
    set: repeatable(
      "Settings to compare with those of the environment. Each --set is a column.",
      text("settings", "STAGE.knob=value, several with commas between them"),
      "enrich.batchSize=5,notify.batchSize=5",
    ),
    json,
  },
  async run({ env, burst, rate, set, json }, { print, synthesize }) {
    if (burst !== undefined && rate !== undefined) throw new UsageError("Give --burst or --rate, not both.");
    const load: Load =
      rate === undefined ? { burst: burst ?? defaultBurst } : { ratePerSecond: rate, seconds: secondsOf(rate) };
    const settings = ["", ...set].map((one) => ({
      set: one,
      environment: withKnobs(environments[env], one === "" ? [] : readAssignments(one)),
    }));
    const [{ simulateLoad }, fixed] = await Promise.all([
      import("../../simulator/load/simulate-load.ts"),
      fixedCostOf(env, synthesize),
    ]);
    const columns = [];
    for (const { set, environment } of settings) {
      const result = await simulateLoad(environment, load);
      columns.push({ set, result, brokenRules: brokenRules(env, environment) });
    }
    const described =
      "burst" in load
        ? { load: `${load.burst} leads at once`, leadsAMonth: load.burst * daysOfMonth }
        : { load: `${rate} leads a second`, leadsAMonth: Math.round(load.ratePerSecond * secondsOfMonth) };
    const simulation = { environment: env, ...described, fixed, columns };
    print(json ? jsonReport(simulation) : textReport(simulation));
    return 0;
  },
});

async function fixedCostOf(env: string, synthesize: OpsPorts["synthesize"]) {
  const { stackDir, remove } = await synthesize(env);
  try {
    return fixedCost(JSON.parse(readFileSync(join(stackDir, "cdk.tf.json"), "utf8")));
  } finally {
    remove();
  }
}
