import { runProgram } from "../../command-line/program.ts";
import { GitHub, WorkflowError } from "./api.ts";
import { workflows } from "./commands.ts";
import { Deployment } from "./deployment.ts";

const print = (text: string) => console.log(text);

function variable(name: string): string {
  const value = process.env[name];
  if (value !== undefined) return value;
  throw new WorkflowError("Variable", `${name} is not set. docs/deploy.md says what the workflows need.`);
}

const { GITHUB_API_URL = "", GITHUB_REPOSITORY = "", GITHUB_TOKEN = "", CDKTF_OUTDIR = "cdktf.out" } = process.env;

process.exitCode = await runProgram(
  workflows,
  process.argv.slice(2),
  { print, error: (problem) => console.error(problem) },
  {
    github: new GitHub(GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN),
    deployment: new Deployment(CDKTF_OUTDIR, print),
    variable,
    print,
  },
);
