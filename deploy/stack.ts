import { createHash } from "node:crypto";
import { copyFileSync, existsSync, globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { withoutSecrets } from "../ops/review/mask.ts";
import type { DeployPorts, StackWord } from "./command.ts";
import { DeployError } from "./errors.ts";
import { findTerraform, runTerraform, type Terraform, type TerraformRun } from "./terraform.ts";

/** Platforms that a provider lock file has checksums for. */
const platforms = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64"];

/** A stack that is synthesized and initialized, so that Terraform can work on it. */
export interface Stack {
  readonly name: StackWord;
  readonly program: Terraform["program"];
  /** The folder that Terraform works in. */
  readonly folder: string;
  /** SHA-256 of the JSON and the assets, which are all that Terraform reads. */
  readonly sources: string;
  /** Absolute path of the folder for the stack's plan. */
  readonly plans: string;
}

/**
 * Synthesizes a stack and runs `terraform init` in its folder. The provider must be the one of the lock file in `deploy/`.
 * Without a lock file one is written, to be committed.
 * @param check throws if there is nothing to do with what was synthesized, before Terraform needs credentials
 * @throws DeployError
 */
export async function openStack(
  name: StackWord,
  { placeholders, synthesize, outdir, lockFiles, warn }: DeployPorts,
  check: (stack: Stack) => void = () => {},
): Promise<Stack> {
  const problems = placeholders(name);
  if (problems.length > 0) throw new DeployError("PlaceholderAccount", problems.join("\n"));
  const { program } = await findTerraform();
  await synthesize(outdir, name);
  const folder = join(outdir, "stacks", `leadwire-${name}`);
  const plans = resolve(outdir, "plans", `leadwire-${name}`);
  const stack = { name, program, folder, plans, sources: hashOf(folder) };
  check(stack);

  const committed = join(lockFiles, `${program}.lock.hcl`);
  const own = join(folder, ".terraform.lock.hcl");
  const isCommitted = existsSync(committed);
  if (isCommitted) copyFileSync(committed, own);
  await terraform(stack, ["init", "-input=false", "-no-color", ...(isCommitted ? ["-lockfile=readonly"] : [])]);
  // Terraform locks no provider that a developer runs beside it.
  if (!isCommitted && existsSync(own)) {
    await terraform(stack, ["providers", "lock", ...platforms.map((platform) => `-platform=${platform}`)]);
    copyFileSync(own, committed);
    warn(`Wrote ${committed} with the provider's checksums. Commit it, so that everybody gets the same provider.`);
  }
  return stack;
}

/** SHA-256 of what was synthesized into a stack's folder. */
function hashOf(folder: string): string {
  const hash = createHash("sha256");
  for (const file of ["cdk.tf.json", ...globSync("assets/**/*.*", { cwd: folder }).sort()]) {
    const contents = readFileSync(join(folder, file));
    hash.update(`${file} ${createHash("sha256").update(contents).digest("hex")}\n`);
  }
  return hash.digest("hex");
}

/**
 * Runs Terraform in a stack's folder.
 * @param heard gets each line of standard output at once, secrets masked
 * @returns standard output, secrets not masked
 * @throws DeployError with Terraform's own words, secrets masked, and what to do
 */
export async function terraform(
  stack: Stack,
  args: readonly string[],
  heard?: (line: string) => void,
): Promise<string> {
  const run = await runTerraform(stack.program, args, stack.folder, heard);
  if (run.code === 0 && !run.interrupted) return run.stdout;
  throw failure(stack, args[0] ?? "", run);
}

function failure(stack: Stack, command: string, { code, stdout, stderr, interrupted }: TerraformRun): DeployError {
  const said = stderr.trim() || stdout.trim();
  const remedy = remedies.find(([words]) => words.test(said))?.[1](stack) ?? remedyOf(stack, command);
  const end = interrupted ? "was interrupted" : `failed with exit code ${code}`;
  const message = `${stack.program} ${command} ${end}.\n${said}\n${remedy}`;
  return new DeployError(interrupted ? "Interrupted" : "TerraformFailed", withoutSecrets(message));
}

const planAgain = ({ name }: Stack) => `Run npm run plan -- ${name} again`;

/** What to do about failures that Terraform names. */
const remedies: readonly (readonly [RegExp, (stack: Stack) => string])[] = [
  [
    /Saved plan (?:is stale|does not match)/,
    (stack) => `The plan is stale, because the state has changed since. Nothing was applied. ${planAgain(stack)}.`,
  ],
  [
    /Error acquiring the state lock/,
    ({ program, folder }) =>
      `Another run holds the lock; "Who" says whose. Wait until it ends and run this again. If that run does not exist any ` +
      `more, ${program} force-unlock ID in ${folder} removes its lock.`,
  ],
  [
    /lock file|checksums/i,
    ({ program }) =>
      `deploy/${program}.lock.hcl does not fit the provider that the stack asks for. If somebody has changed the provider's ` +
      `version, delete the file, plan again and commit the new one. Otherwise do not trust the provider.`,
  ],
];

/** What to do about any other failure. Only an apply can have changed something. */
function remedyOf(stack: Stack, command: string): string {
  if (command !== "apply") return "Nothing was changed.";
  return `What was done until then is in the state. ${planAgain(stack)}: it shows what is left to do.`;
}
