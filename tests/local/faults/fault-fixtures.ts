import type { EnvironmentName } from "../../../environments/index.ts";
import { Account } from "../../../local/account.ts";
import { FaultSwitch } from "../../../local/faults/fault-switch.ts";
import { seededRandom } from "../../../local/faults/random.ts";
import { Reckoner } from "../../../local/faults/reckoning.ts";
import { synthesizeForFaults } from "../../../local/faults/stack.ts";
import type { LogRecord } from "../../../local/lambda/logs.ts";
import { operatorAccessKeyId, type Platform, startPlatform } from "../../../local/platform.ts";
import type { Synthesized } from "../../../local/synthesis.ts";

let synthesized: Promise<Synthesized> | undefined;

/** The stack with short timeouts; all tests of a process share one synthesis. */
export async function faultStack(env: EnvironmentName = "dev"): Promise<string> {
  synthesized ??= synthesizeForFaults(env, { enrich: 2, notify: 15 }).then((made) => {
    process.once("exit", () => made.remove());
    return made;
  });
  return (await synthesized).stackDir;
}

/** A pipeline whose faults a test turns on and off. */
export interface FaultyPipeline extends Platform {
  readonly switches: FaultSwitch;
  readonly account: Account;
  readonly reckoner: Reckoner;
}

export async function startFaulty(): Promise<FaultyPipeline> {
  const switches = new FaultSwitch(seededRandom(1));
  const platform = await startPlatform({ stackDir: await faultStack(), intercept: switches.intercept });
  switches.attach(platform);
  return Object.assign(platform, { switches, account: new Account(platform), reckoner: new Reckoner(platform) });
}

/** Settings of an SDK client with the operator's credentials. */
export const operatorClient = ({ gateway, stack }: Platform) => ({
  endpoint: gateway.url,
  region: stack.place.region,
  credentials: { accessKeyId: operatorAccessKeyId, secretAccessKey: "made-up" },
});

/** A log line's JSON. */
export type Line = Readonly<Record<string, unknown>>;

/** The next log line of a function that fits; the test fails when none comes in time. */
export function logLine({ logs }: Platform, fits: (line: Line) => boolean, milliseconds = 20_000): Promise<Line> {
  return new Promise((resolve, reject) => {
    const onLine = ({ line }: LogRecord) => {
      const parsed = parse(line);
      if (!parsed || !fits(parsed)) return;
      finish();
      resolve(parsed);
    };
    const finish = () => {
      clearTimeout(limit);
      logs.off("line", onLine);
    };
    const limit = setTimeout(() => {
      finish();
      reject(new Error("No such log line came."));
    }, milliseconds);
    logs.on("line", onLine);
  });
}

function parse(line: string): Line | undefined {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
}
