import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { withoutSecrets } from "../ops/review/mask.ts";
import { DeployError } from "./errors.ts";

/** Minor version of the first release with `use_lockfile`: 1.10, of Terraform and of OpenTofu. */
const minimumMinor = 10;

/** Terraform or OpenTofu, as it is found on the PATH. */
export interface Terraform {
  readonly program: "terraform" | "tofu";
  /** Such as 1.11.4. */
  readonly version: string;
}

/** What a run of Terraform wrote. */
export interface TerraformRun {
  /** The exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Somebody asked it to stop. */
  readonly interrupted: boolean;
}

/** Finds Terraform, or else OpenTofu. @throws DeployError NoTerraform when neither is there in version 1.10 or newer */
export async function findTerraform(): Promise<Terraform> {
  const tooOld: string[] = [];
  for (const program of ["terraform", "tofu"] as const) {
    const version = await versionOf(program);
    if (version === undefined) continue;
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major > 1 || (major === 1 && minor >= minimumMinor)) return { program, version };
    tooOld.push(`${program} ${version} is too old`);
  }
  const found = tooOld.join(" and ") || "neither terraform nor tofu is on the PATH";
  throw new DeployError("NoTerraform", `Install Terraform or OpenTofu 1.${minimumMinor} or newer: ${found}.`);
}

async function versionOf(program: Terraform["program"]): Promise<string | undefined> {
  try {
    const { stdout } = await runTerraform(program, ["version", "-json"], ".");
    return JSON.parse(stdout).terraform_version;
  } catch {
    return undefined;
  }
}

/**
 * Runs Terraform. Ctrl-C asks it to stop, once however often it is pressed: Terraform ends what it has begun, writes the state
 * and releases the lock. After a second signal it would do neither, so it runs in a process group of its own.
 * @param folder a stack's folder
 * @param heard gets each line of standard output at once, secrets masked
 */
export async function runTerraform(
  program: Terraform["program"],
  args: readonly string[],
  folder: string,
  heard: (line: string) => void = () => {},
): Promise<TerraformRun> {
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, TF_IN_AUTOMATION: "1", TF_INPUT: "0", CHECKPOINT_DISABLE: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let interrupted = false;
  const stop = () => {
    if (!interrupted) child.kill("SIGINT");
    interrupted = true;
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, stop);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    heard(withoutSecrets(line));
  });
  try {
    const ended = new Promise<number | null>((done, fail) => child.once("error", fail).once("close", done));
    const [code, stderr] = await Promise.all([ended, text(child.stderr)]);
    return { code, stdout: lines.join("\n"), stderr, interrupted };
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
