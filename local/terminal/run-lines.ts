import type { Transition } from "local-aws";
import type { Sent } from "../crm.ts";
import { type Entry, inProgress } from "../journal/entry.ts";
import type { Journal } from "../journal/journal.ts";
import type { RunOptions } from "../options.ts";
import type { Platform } from "../platform.ts";
import { belowLine, eventLines, lineStart, type Outcome, outcomeOf, outcomes, whatToDo } from "./event-line.ts";
import type { Screen } from "./screen.ts";
import { type Style, styled, timeOfDay } from "./text.ts";

/** Lines of leads after which a summary takes their place, until no lead is on its way. */
const mostLines = 200;
/** Milliseconds between two looks at the numbers. */
const betweenLooks = 200;
/** Milliseconds without a new event after which a burst is over. */
const calm = 1000;

export interface RunLinesParts extends Pick<Platform, "monitoring" | "denials" | "desk" | "crm"> {
  readonly journal: Pick<Journal, "on" | "counts" | "row">;
}

/** Prints what happens in a run, and keeps its status line. */
export class RunLines {
  readonly #parts: RunLinesParts;
  readonly #screen: Screen;
  readonly #quiet: boolean;
  readonly #sourceWidth: number;
  readonly #timer: NodeJS.Timeout;
  /** How often there was each outcome. */
  readonly #counts: Partial<Record<Outcome, number>> = {};
  #lines = 0;
  #isBurst: boolean;
  #lastEntry = 0;
  /** Problems that were printed in this burst, and hints that were printed in this run. */
  #problems = new Set<string>();
  readonly #hints = new Set<string>();

  /** @param options the run's; more than 200 leads have no lines */
  constructor(parts: RunLinesParts, screen: Screen, { quiet, leads }: Pick<RunOptions, "quiet" | "leads">) {
    this.#parts = parts;
    this.#screen = screen;
    this.#quiet = quiet;
    this.#isBurst = leads > mostLines;
    this.#sourceWidth = Math.max(4, ...parts.crm.sources.map((name) => name.length));
    parts.journal.on("entry", (entry) => this.#happened(entry));
    parts.crm.on("sent", (sent) => this.#unanswered(sent));
    parts.monitoring.on("transition", (transition) => this.#alarm(transition));
    parts.denials.on("denied", (denial) => this.#say("red", "denied", denial));
    this.#timer = setInterval(() => this.#look(), betweenLooks).unref();
  }

  /** Ends a burst without its summary, because the run's own one follows. */
  restart(): void {
    this.#lines = 0;
    this.#isBurst = false;
    this.#problems = new Set();
  }

  /** Ends the status line. */
  stop(): void {
    clearInterval(this.#timer);
    this.#screen.show("");
  }

  #say(style: Style, label: string, text: string): void {
    this.#screen.print(`${lineStart(new Date(), style, label)}  ${text}`);
  }

  #happened(entry: Entry): void {
    const outcome = outcomeOf(entry);
    if (!outcome) return;
    this.#counts[outcome] = (this.#counts[outcome] ?? 0) + 1;
    this.#lastEntry = Date.now();
    const isProblem = entry.level !== "info";
    if (this.#quiet && !isProblem) return;
    this.#lines += 1;
    if (!this.#isBurst && this.#lines > mostLines) {
      this.#isBurst = true;
      this.#screen.print(`More than ${mostLines} lines: from here on numbers, and each problem once.`);
    }
    if (this.#isBurst) {
      const problem = `${outcome} ${entry.text.split(/[:.]/)[0]}`;
      if (!isProblem || this.#problems.has(problem)) return;
      this.#problems.add(problem);
    }
    const [line, ...below] = eventLines(entry, outcome, this.#parts.journal.row(entry.id), this.#sourceWidth);
    this.#screen.printCut(line);
    for (const one of below) this.#screen.print(one);
    this.#hint(entry);
  }

  /** Prints what to do, once for each kind of problem. */
  #hint(entry: Entry): void {
    const hint = whatToDo(entry, this.#parts.desk.url);
    const kind = `${entry.kind} ${entry.status}`;
    if (hint === undefined || this.#hints.has(kind)) return;
    this.#hints.add(kind);
    this.#screen.print(belowLine(hint));
  }

  /** A request that got no answer is in no journal. */
  #unanswered({ status, source, body, leadIds: [id = ""] }: Sent): void {
    if (status === 0) {
      const at = Date.now();
      this.#happened({ at, id, source, kind: "refused", text: `no answer: ${body}`, level: "error", status });
    }
  }

  #alarm({ alarm, to }: Transition): void {
    if (to === "ALARM") {
      this.#say("red", "alarm", alarm.name);
      this.#screen.print(belowLine(alarm.description ?? `See ${this.#parts.desk.url}/alarms`));
    } else if (to === "OK" && !this.#quiet) this.#say("green", "alarm over", alarm.name);
  }

  #look(): void {
    const open = inProgress(this.#parts.journal.counts);
    const known = (Object.keys(outcomes) as Outcome[]).filter((outcome) => this.#counts[outcome]);
    const numbers = known.map((outcome) => `${outcome} ${this.#counts[outcome]}`).join("  ");
    if (!this.#quiet) this.#screen.show(styled("dim", `in progress ${open}  ${numbers}`.trim()));
    if (open > 0 || this.#lines === 0 || Date.now() - this.#lastEntry < calm) return;
    if (this.#isBurst && !this.#quiet) {
      this.#screen.print(`${timeOfDay(new Date())}  ${numbers}  Each lead: ${this.#parts.desk.url}/leads`);
    }
    this.restart();
  }
}
