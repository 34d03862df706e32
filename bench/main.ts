/** `npm run bench [-- NAME]`: runs one benchmark in this process, or every one in a process of its own. */
import { spawnSync } from "node:child_process";
import { type Command, runProgram } from "../command-line/program.ts";
import { terminal } from "../local/terminal.ts";
import { benchmarks } from "./index.ts";

const all: Command = {
  name: "all",
  summary: "Runs every benchmark, each in a process of its own. npm run bench without a name does it too.",
  options: {},
  async run() {
    const started = performance.now();
    const codes = benchmarks.map(({ name }, index) => {
      const minutes = Math.round((performance.now() - started) / 60_000);
      console.log(`\n== ${name}, ${index + 1} of ${benchmarks.length}, ${minutes} min so far`);
      const args = [import.meta.filename, name];
      return spawnSync(process.execPath, args, { stdio: "inherit" }).status;
    });
    return codes.every((code) => code === 0) ? 0 : 1;
  },
};

const bench = {
  name: "npm run bench --",
  summary:
    "Measures the pipeline on this machine. Figures stand beside a floor, the least that the same work can take.",
  commands: [...benchmarks, all],
};
const args = process.argv.slice(2);
process.exitCode = await runProgram(bench, args.length === 0 ? [all.name] : args, terminal, undefined);
