import { wholeNumber, withDefault } from "../../command-line/options.ts";
import { textTable } from "../../command-line/table.ts";
import { stages } from "../../flow.ts";
import { type SmokeResult, smokeTest, whereToLook } from "../smoke-test.ts";
import { json, pipelineCommand, pipelineEnv, pipelineIn } from "./command.ts";

/** Sends a test lead through a deployed pipeline. Throws OpsError Outputs, SmokeSecret. */
export const smoke = pipelineCommand({
  name: "smoke",
  summary: "Sends a signed test lead through the endpoint and follows it to the ledger. It is announced to nobody.",
  options: {
    env: pipelineEnv,
    timeout: withDefault("60", "Seconds for all of it.", wholeNumber(5, 900), "120"),
    json,
  },
  async run({ env, outputs, timeout, json }, ports) {
    const result = await smokeTest(pipelineIn(outputs, env), timeout, ports);
    const { stopped } = result;
    const look = stopped && whereToLook(env.name, stopped.stage);
    ports.print(
      json
        ? JSON.stringify({ environment: env.name, ...result, stopped: stopped ? { ...stopped, ...look } : null })
        : report(env.name, result),
    );
    return stopped ? 1 : 0;
  },
});

function report(environmentName: string, { leadId, seen, stopped }: SmokeResult): string {
  const rows = seen.map(({ what, seconds, detail }) => [what, `${seconds.toFixed(1)} s`, detail]);
  const table = rows.length > 0 ? [textTable(rows, 2)] : [];
  const lead = leadId ?? "the lead";
  if (!stopped) {
    const seconds = seen.at(-1)?.seconds.toFixed(1);
    return [`Smoke test of ${environmentName}: ${lead} came all the way in ${seconds} s.`, ...table].join("\n");
  }
  const { stage, problem } = stopped;
  const { logGroup, alarms } = whereToLook(environmentName, stage);
  const part = stages[stage];
  return [
    `Smoke test of ${environmentName}: ${lead} stopped at ${stage}: ${problem}.`,
    ...table,
    `Look for the lead's id in the log group ${logGroup}, and at the alarms ${alarms.join(", ")}.`,
    ...(part.kind === "worker"
      ? [`It can be a dead letter: npm run ops -- dead-letters list --outputs FILE --queue ${part.queue}`]
      : []),
  ].join("\n");
}
