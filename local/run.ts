import { once } from "node:events";
import { Output } from "../flow.ts";
import { LeadAudit } from "./lead-audit.ts";
import { newLogPath } from "./log-path.ts";
import type { RunOptions } from "./options.ts";
import { longestVisibility, type Platform } from "./platform.ts";
import { addresses, alarmLine, deniedLines, notificationLine, notSimulatedLine, summaryTable } from "./report.ts";
import type { Summary } from "./summary.ts";
import { synthesize } from "./synthesis.ts";

/** What became of all leads, and what the stack's policies did not allow, a line each. */
export interface RunResult extends Summary {
  readonly denials: readonly string[];
}

export interface RunPorts {
  print(line: string): void;
  /** Comes when the user wants the run to end. */
  readonly interrupted: AbortSignal;
  /** Where the functions' logs are kept. @default a folder of the user's in the system's temporary folder */
  readonly logFolder?: string;
}

const aborted = (signal: AbortSignal): Promise<unknown> => (signal.aborted ? Promise.resolve() : once(signal, "abort"));

/** Milliseconds that a lead may make no progress: the longest time a message can be hidden after a failure, and some more. */
const patience = (platform: Platform, leads: number): number =>
  (Math.max(30, longestVisibility(platform)) + 30) * 1000 + leads * 10;

/** Sends the leads, and waits until it is known what became of each, or until the user ends the run. */
async function sendAndFollow(
  platform: Platform,
  audit: LeadAudit,
  { leads, rate, env }: RunOptions,
  ports: RunPorts,
): Promise<Summary> {
  const companies = new Map<string, unknown>();
  platform.crm.on("sent", ({ leadIds, lead }) => {
    for (const id of leadIds) companies.set(id, (lead as { company?: unknown } | undefined)?.company);
  });
  audit.on("notified", (notification) =>
    ports.print(notificationLine(notification, companies.get(notification.leadId))),
  );
  const work = platform.crm
    .sendLeads(leads, rate)
    .then(() => audit.settled(patience(platform, leads), ports.interrupted));
  await Promise.race([work, aborted(ports.interrupted)]);
  return audit.summary(env, leads);
}

/**
 * Runs the pipeline of an environment on this machine.
 * @returns what became of all leads, and what was denied
 */
export async function run(options: RunOptions, ports: RunPorts): Promise<RunResult> {
  const { env, seed, slack, stack } = options;
  // The services take half a second to load, which the synthesis in its own process can use.
  const [synthesized, { startPlatform }] = await Promise.all([
    stack === undefined ? synthesize(env) : { stackDir: stack, remove: () => {} },
    import("./platform.ts"),
  ]);
  const { stackDir, remove } = synthesized;
  const platform = await startPlatform({ stackDir, seed, slack, logPath: newLogPath(env, ports.logFolder) }).finally(
    remove,
  );
  try {
    const notice = notSimulatedLine(platform.notSimulated);
    if (notice) ports.print(notice);
    platform.monitoring.on("transition", (transition) => ports.print(alarmLine(transition)));
    const audit = new LeadAudit(platform);
    const summary = await sendAndFollow(platform, audit, options, ports);
    ports.print(summaryTable(summary));
    if (!options.exit) {
      const [source = ""] = Object.keys(platform.stack.output(Output.sourceSecretParameters) as object);
      ports.print(addresses(platform, source));
      await aborted(ports.interrupted);
    }
    const denials = platform.denials.lines();
    for (const line of deniedLines(denials)) ports.print(line);
    return { ...summary, denials };
  } finally {
    await platform.stop();
  }
}
