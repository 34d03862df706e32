import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../../command-line/program.ts";
import { apply } from "../../deploy/apply.ts";
import type { DeployPorts } from "../../deploy/command.ts";
import { plan, show } from "../../deploy/plan.ts";
import { tempFolder } from "../helpers/temp-folder.ts";
import { withVariables } from "../helpers/variables.ts";

/** Records its arguments and answers from files; `plan` writes its plan file, and `init` a lock file if there is none. */
const script = (folder: string) => `#!/bin/sh
cd_at=$(basename "$PWD")
[ "$1" = version ] || echo "$cd_at: $*" >> "${folder}/calls"
[ -f "${folder}/$1.sh" ] && . "${folder}/$1.sh"
for word in "$@"; do case "$word" in -out=*) echo "plan of $cd_at" > "\${word#-out=}" ;; esac; done
[ -f "${folder}/$1.out" ] && cat "${folder}/$1.out"
[ -f "${folder}/$1.err" ] && cat "${folder}/$1.err" >&2
exit "$(cat "${folder}/$1.code" 2>/dev/null || echo 0)"
`;

/** What the fake answers to a command. `script` is a part of a shell script that runs before. */
interface Answer {
  readonly out?: string;
  readonly err?: string;
  readonly code?: number;
  readonly script?: string;
}

const nothingToDo = { format_version: "1.2", terraform_version: "1.11.4", resource_changes: [] };
/** A plan that changes one attribute which no rule of the review covers. */
export const planOf = (before: object, after: object) => ({
  ...nothingToDo,
  resource_changes: [
    {
      address: "aws_example.one",
      mode: "managed",
      type: "aws_example",
      name: "one",
      change: { actions: ["update"], before, after, after_unknown: {}, before_sensitive: {}, after_sensitive: {} },
    },
  ],
});

/** Variables of a process of a team whose dev and state have account ids of their own. */
export const ownAccounts = {
  NODE_OPTIONS: `--import=${join(import.meta.dirname, "../helpers/own-accounts.ts")}`,
} as const;

/** A folder with a fake `terraform` on the PATH, and what the commands need. */
export class Workplace {
  readonly folder = tempFolder();
  readonly outdir = join(this.folder, "cdktf.out");
  readonly plans = join(this.outdir, "plans", "leadwire-dev");
  /** What is synthesized: change it to change the sources. */
  sources = "{}";
  /** What is wrong with account ids. */
  placeholders: readonly string[] = [];
  /** Called for each line that a command prints. */
  printed: (line: string) => void = () => {};

  constructor(program = "terraform", version = "1.11.4") {
    mkdirSync(join(this.folder, "bin"));
    mkdirSync(join(this.folder, "deploy"));
    writeFileSync(join(this.folder, "bin", program), script(this.folder));
    chmodSync(join(this.folder, "bin", program), 0o755);
    this.answer("version", { out: JSON.stringify({ terraform_version: version }) });
    this.answer("show", { out: JSON.stringify(nothingToDo) });
    this.answer("output", { out: "{}" });
  }

  answer(command: string, { out, err, code, script: before }: Answer): void {
    const files = { out, err, code, sh: before };
    for (const [end, text] of Object.entries(files)) {
      if (text !== undefined) writeFileSync(join(this.folder, `${command}.${end}`), String(text));
    }
  }

  /** What Terraform was called with, `FOLDER: ARGUMENTS`, without its version. */
  get calls(): readonly string[] {
    const file = join(this.folder, "calls");
    if (!existsSync(file)) return [];
    const text = readFileSync(file, "utf8").replaceAll(this.plans, "PLANS");
    return text.trimEnd().split("\n");
  }

  file(...path: readonly string[]): string {
    return readFileSync(join(this.folder, ...path), "utf8");
  }

  /** Runs a command line with only the fake on the PATH, besides the system's own programs. */
  async run(line: string) {
    const lines: string[] = [];
    const warned: string[] = [];
    const print = (text: string) => {
      lines.push(text);
      this.printed(text);
    };
    const warn = (problem: unknown) => void warned.push(problem instanceof Error ? String(problem) : String(problem));
    const ports: DeployPorts = {
      print,
      warn,
      outdir: this.outdir,
      placeholders: () => this.placeholders,
      lockFiles: join(this.folder, "deploy"),
      outputs: this.folder,
      synthesize: async (outdir, name) => {
        const stack = join(outdir, "stacks", `leadwire-${name}`);
        mkdirSync(join(stack, "assets"), { recursive: true });
        writeFileSync(join(stack, "cdk.tf.json"), this.sources);
        writeFileSync(join(stack, "assets", "enrich.zip"), `zip of ${this.sources}`);
      },
    };
    return withVariables({ PATH: `${join(this.folder, "bin")}:/usr/bin:/bin` }, async () => {
      const program = { name: "npm run", summary: "Test.", commands: [plan, show, apply] };
      const code = await runProgram(program, line.split(" "), { print, error: warn }, ports);
      return { code, printed: lines.join("\n"), warned: warned.join("\n") };
    });
  }
}
