import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { interruption } from "../../command-line/interruption.ts";
import { runCommand } from "../../command-line/program.ts";
import { findCurrentRun } from "../current-run.ts";
import { terminal } from "../terminal.ts";
import { dev, type StartedRun } from "./command.ts";
import { watchFolders } from "./watch.ts";

const local = dirname(import.meta.dirname);
const args = process.argv.slice(2);
const interrupted = interruption();

function start(more: readonly string[]): StartedRun {
  const program = [...process.execArgv, join(local, "main.ts"), ...args, ...more];
  const child = spawn(process.execPath, program, { stdio: "inherit" });
  return {
    ended: once(child, "exit").then(([code]) => code ?? 1),
    port: () => {
      const run = findCurrentRun();
      return run?.processId === child.pid ? Number(new URL(run?.address ?? "").port) : undefined;
    },
    stop: () => void child.kill("SIGTERM"),
  };
}

const folders = ["functions", "environments", "stacks", "modules"];
const nextChange = watchFolders(dirname(local), folders, interrupted);

/** Exit codes: those of npm start. */
process.exitCode = await runCommand(dev, args, terminal, { start, nextChange, interrupted, print: terminal.print });
