import { once } from "node:events";
import { numberField } from "../packages/local-aws/src/stack/fields.ts";
import { Account } from "./lead-audit.ts";
import { newLogPath } from "./log-path.ts";
import type { RunOptions } from "./options.ts";
import type { Platform } from "./platform.ts";
import { addresses, alarmLine, deniedLines, notImitatedLine, notificationLine, summaryTable } from "./report.ts";
import type { Summary } from "./summary.ts";
import { synthesize } from "./synthesis.ts";

/** The account of all leads, and what the stack's policies did not allow, a line each. */
export interface RunResult extends Summary {
  readonly denials: readonly string[];
}

export interface RunPorts {
  print(line: string): void;
  /** Comes when the user wants the run to end. */
  readonly interrupted: AbortSignal;
}

const aborted = (signal: AbortSignal): Promise<unknown> => (signal.aborted ? Promise.resolve() : once(signal, "abort"));

/** Milliseconds that a lead may make no progress: the longest time a message can be hidden after a failure, and some more. */
function patience({ stack }: Platform, leads: number): number {
  const visibility = stack.of("aws_sqs_queue").map((queue) => numberField(queue, "visibility_timeout_seconds", 30));
  return (Math.max(30, ...visibility) + 30) * 1000 + leads * 10;
}

/** Sends the leads and waits until each is accounted for, or the user has seen enough. */
async function sendAndFollow(
  platform: Platform,
  account: Account,
  { leads, rate, env }: RunOptions,
  ports: RunPorts,
): Promise<Summary> {
  const companies = new Map<string, unknown>();
  platform.crm.on("delivered", ({ leadIds, lead }) => {
    for (const id of leadIds) companies.set(id, (lead as { company?: unknown } | undefined)?.company);
  });
  account.on("notified", (notification) =>
    ports.print(notificationLine(notification, companies.get(notification.leadId))),
  );
  const work = platform.crm
    .sendLeads(leads, rate)
    .then(() => account.settled(patience(platform, leads), ports.interrupted));
  await Promise.race([work, aborted(ports.interrupted)]);
  return account.summary(env, leads);
}

/**
 * Runs the pipeline of an environment on this machine.
 * @returns the account of all leads, with what was denied
 */
export async function run(options: RunOptions, ports: RunPorts): Promise<RunResult> {
  const { env, seed, slack, stack } = options;
  // The services take half a second to load, which the synthesis in its own process can use.
  const [synthesized, { startPlatform }] = await Promise.all([
    stack === undefined ? synthesize(env) : { stackDir: stack, remove: () => {} },
    import("./platform.ts"),
  ]);
  const { stackDir, remove } = synthesized;
  const platform = await startPlatform({ stackDir, seed, slack, logPath: newLogPath(env) }).finally(remove);
  try {
    const notice = notImitatedLine(platform.notImitated);
    if (notice) ports.print(notice);
    platform.monitoring.on("transition", (transition) => ports.print(alarmLine(transition)));
    const account = new Account(platform);
    const summary = await sendAndFollow(platform, account, options, ports);
    ports.print(summaryTable(summary));
    if (!options.exit) {
      const [source = ""] = Object.keys(platform.stack.output("source_secret_parameters") as object);
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
