import { flag, optional } from "../../command-line/options.ts";
import { stoppedLeads } from "../stopped-leads.ts";
import { pipelineCommand, pipelineEnv, pipelineIn, time } from "./command.ts";

const defaultHours = 48;
/** Leads that came within so many minutes are left out: they can be on their way. */
const minutesOnTheWay = 10;

/** Names the leads that stopped on their way. Throws OpsError Outputs. */
export const reconcile = pipelineCommand({
  name: "reconcile",
  summary: "Finds leads that are stored and not announced, and sends them through the pipeline again.",
  options: {
    env: pipelineEnv,
    since: optional(
      `Only leads that were stored from this time on, and not before the retention of leads. Without it, those of the last ${defaultHours} hours.`,
      time,
      "2026-03-01T09:00:00Z",
    ),
    replay: flag("Sends each of them to its stage again; what was announced is not announced again."),
  },
  async run({ env, outputs, since, replay: replays }, ports) {
    const { now, print } = ports;
    const pipeline = pipelineIn(outputs, env);
    const hoursAgo = (hours: number) => now().getTime() - hours * 3_600_000;
    const to = new Date(hoursAgo(minutesOnTheWay / 60));
    // Of older leads S3 still has raw versions, and no enriched leads. Sent again, they could be announced again.
    const oldest = hoursAgo(env.settings.leadRetentionDays * 24);
    const from = new Date(Math.max(since?.getTime() ?? hoursAgo(defaultHours), oldest));
    let [stopped, decided] = [0, 0];
    for await (const one of stoppedLeads(pipeline, env.settings, ports, { from, to, replays })) {
      print(`${one.key} ${one.stage} ${one.reason}`);
      if (one.isDecided) decided += 1;
      else stopped += 1;
    }
    print(`${stopped} stopped${replays ? " and were sent again" : ""}; rules decided about ${decided} others`);
    return stopped > 0 && !replays ? 1 : 0;
  },
});
