import type { LogRecord } from "local-aws";
import { flag, optionalOperand, text } from "../../command-line/options.ts";
import type { Command } from "../../command-line/program.ts";
import { LocalRunError } from "../errors.ts";
import { linesOf } from "./lines.ts";
import { logLine, ofLead } from "./log-line.ts";

const options = {
  lead: optionalOperand(
    "Only the lines of this lead.",
    text("lead", "a lead's id or its short name"),
    "website-3622b4a0339b2b49165d44a8234fb048",
  ),
  follow: flag("Goes on until the run ends, and prints each line when it is written."),
};

/** What `npm run logs` needs. */
export interface LogsPorts {
  /** The log file of the run that is under way, or else of the last one; undefined if there was none. */
  readonly path: string | undefined;
  /** Whether the run is still under way. */
  isUnderWay(): boolean;
  wait(milliseconds: number): Promise<unknown>;
  print(line: string): void;
}

/** Milliseconds between two looks at the file. */
const betweenLooks = 200;

/** `npm run logs`. Exit code 1 when there was no run, or no line of the lead. */
export const logs: Command<typeof options, LogsPorts> = {
  name: "npm run logs --",
  summary: "Shows what the functions of the run on this machine say, or of the last run.",
  options,
  async run({ lead, follow }, { path, isUnderWay, wait, print }) {
    if (path === undefined) throw new LocalRunError("NoRun", "No run was on this machine. Start one with npm start.");
    const isWanted = lead === undefined ? () => true : ofLead(lead);
    let goesOn = follow;
    const more = async () => {
      // What is written until the run ends is read too.
      const looksAgain = goesOn;
      goesOn = isUnderWay();
      if (looksAgain) await wait(betweenLooks);
      return looksAgain;
    };
    let found = false;
    for await (const line of linesOf(path, more)) {
      const record = JSON.parse(line) as LogRecord;
      const shown = isWanted(record) ? logLine(record) : undefined;
      if (shown === undefined) continue;
      found = true;
      print(shown);
    }
    if (!found && lead !== undefined) print(`No line names ${lead}. The log is ${path}.`);
    return found || lead === undefined ? 0 : 1;
  },
};
