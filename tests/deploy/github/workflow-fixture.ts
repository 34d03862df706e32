import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../../../command-line/program.ts";
import { workflows } from "../../../deploy/github/commands.ts";
import type { PlanReview } from "../../../deploy/github/deployment.ts";
import type { Files } from "../../../deploy/github/sealed-plan.ts";
import { tempFolder } from "../../helpers/temp-folder.ts";
import { fakeGitHub, repository } from "./fake-github.ts";

export const key = Buffer.alloc(32, 7).toString("base64");
/** The files of every plan. */
export const planned: Files = { "plan.tfplan": Buffer.from("a secret") };
const lookAtIt: PlanReview = { code: 10, markdown: "look knob: dev's window", isEmpty: false };

/** A GitHub and a deployment that a command works with, and what it did. */
export async function workflow(
  changes: { readonly review?: Partial<PlanReview>; readonly applyCode?: number; readonly isOfSources?: boolean } = {},
) {
  const { state, github, [Symbol.asyncDispose]: dispose } = await fakeGitHub();
  const folder = tempFolder();
  const files = { GITHUB_OUTPUT: join(folder, "output"), GITHUB_STEP_SUMMARY: join(folder, "summary") };
  for (const file of Object.values(files)) writeFileSync(file, "");
  const variables: Record<string, string> = {
    ...files,
    GITHUB_REPOSITORY: repository,
    GITHUB_SERVER_URL: "https://github.example",
    GITHUB_RUN_ID: "77",
    GITHUB_ACTOR: "author",
    HEAD_REPOSITORY: repository,
    RUNNER_TEMP: folder,
    LEADWIRE_PLAN_KEY: key,
  };
  const applied: string[] = [];
  const kept: Files[] = [];
  const printed: string[] = [];
  const ports = {
    github,
    variable: (name: string) => variables[name] ?? "",
    print: (line: string) => printed.push(line),
    deployment: {
      plan: async () => {},
      show: async () => changes.isOfSources ?? true,
      review: async () => ({ ...lookAtIt, ...changes.review }),
      planFiles: () => planned,
      keepPlan: (_: string, plan: Files) => kept.push(plan),
      apply: async (environment: string) => {
        applied.push(environment);
        return changes.applyCode ?? 0;
      },
    },
  };
  const terminal = { print: ports.print, error: (problem: unknown) => printed.push(String(problem)) };
  return {
    state,
    variables,
    applied,
    kept,
    printed,
    run: (line: string) => runProgram(workflows, line.split(" "), terminal, ports),
    outputs: () => readFileSync(files.GITHUB_OUTPUT, "utf8"),
    summary: () => readFileSync(files.GITHUB_STEP_SUMMARY, "utf8"),
    [Symbol.asyncDispose]: dispose,
  };
}
