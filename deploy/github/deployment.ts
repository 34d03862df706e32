import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type Plan, readPlan } from "../../ops/review/plan.ts";
import { PlanFile } from "../plan.ts";
import { WorkflowError } from "./api.ts";
import { type PlanCode, planCodes } from "./pull-request.ts";
import type { Files } from "./sealed-plan.ts";

/** A review of the kept plan of an environment. */
export interface PlanReview {
  readonly code: PlanCode;
  readonly markdown: string;
  /** Applying the plan would change nothing. */
  readonly isEmpty: boolean;
}

/** The files of a plan that are kept. The plan's JSON is not: it is read from the plan itself, so the review is of that plan. */
const keptFiles = [PlanFile.plan, PlanFile.sources];

const folderOf = (outdir: string, environment: string) => join(outdir, "plans", `leadwire-${environment}`);

/** True if a plan changes nothing. It may read data sources. */
export const changesNothing = ({ changes, outputs }: Plan): boolean =>
  [...changes, ...outputs].every(({ action }) => action === "no-op" || action === "read");

/** Runs a program of the project. What it writes to standard error is the workflow's log. */
async function run(file: string, args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string }> {
  const child = spawn(process.execPath, [file, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number>((done, fail) => child.once("error", fail).once("close", (code) => done(code ?? 1)));
  const [code, stdout] = await Promise.all([ended, text(child.stdout)]);
  return { code, stdout };
}

/** What the workflows do with an environment: the same programs that people run, and the folder with the kept plan. */
export class Deployment {
  readonly #outdir: string;
  readonly #print: (text: string) => void;

  /** @param outdir folder of the synthesized stacks and of the plans */
  constructor(outdir: string, print: (text: string) => void) {
    this.#outdir = outdir;
    this.#print = print;
  }

  /** Runs `npm run plan`. @throws WorkflowError Plan when it made no plan */
  async plan(environment: string): Promise<void> {
    codeOf(await this.#run("plan", environment), `npm run plan -- ${environment}`);
  }

  /** Runs `npm run show`, which reads the kept plan anew, for `review`. @returns whether it is a plan of these sources */
  async show(environment: string): Promise<boolean> {
    const code = await this.#run("show", environment);
    return planCodes.some((one) => one === code);
  }

  /** Runs `npm run apply`, which writes outputs-ENV.json. @returns its exit code */
  apply(environment: string): Promise<number> {
    return this.#run("apply", environment);
  }

  async #run(command: "plan" | "show" | "apply", environment: string): Promise<number> {
    const { code, stdout } = await run("deploy/main.ts", [command, environment]);
    this.#print(stdout);
    return code;
  }

  /** Reviews the kept plan. @throws WorkflowError Plan when it is none */
  async review(environment: string): Promise<PlanReview> {
    const file = join(folderOf(this.#outdir, environment), PlanFile.json);
    const { code, stdout } = await run("ops/cli.ts", ["review", file, "--env", environment, "--markdown"]);
    return {
      code: codeOf(code, `npm run ops -- review ${file}`),
      markdown: stdout,
      isEmpty: changesNothing(readPlan(readFileSync(file, "utf8"))),
    };
  }

  /** Reads the files of the kept plan. */
  planFiles(environment: string): Files {
    const folder = folderOf(this.#outdir, environment);
    return Object.fromEntries(keptFiles.map((name) => [name, readFileSync(join(folder, name))]));
  }

  /** Keeps a plan, as if it had been made here. Other files than those of a plan are left out. */
  keepPlan(environment: string, files: Files): void {
    const folder = folderOf(this.#outdir, environment);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of keptFiles) {
      const content = files[name];
      if (content) writeFileSync(join(folder, name), content);
    }
  }
}

function codeOf(code: number, command: string): PlanCode {
  const known = planCodes.find((one) => one === code);
  if (known !== undefined) return known;
  throw new WorkflowError("Plan", `${command} failed with exit code ${code}: its messages are above.`);
}
