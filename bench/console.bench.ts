/**
 * What a browser that looks at the console costs a burst: the same run in turn without a browser and with one that has pages
 * open, each in a tab of its own. Needs Chromium, which works on the same cores.
 */
import type { Browser } from "playwright-core";
import { never } from "../local/aborted.ts";
import { run as runPipeline } from "../local/run.ts";
import type { Summary } from "../local/summary.ts";
import { tempFolder } from "../tests/helpers/temp-folder.ts";
import { consoleIn, launchChromium, quietRun } from "../tests-browser/console.ts";
import { benchStack } from "./shared/bench-stack.ts";
import { printTable } from "./shared/print-table.ts";

/** Seconds in which a page loads and draws itself for the first time. */
const loading = 3;

/** Notes the longest task of a page's main thread while it loads and after that, in milliseconds. */
const observer = `globalThis.longest = [0, 0];
new PerformanceObserver((list) => {
  for (const { duration, startTime } of list.getEntries()) {
    const time = startTime < ${loading * 1000} ? 0 : 1;
    globalThis.longest[time] = Math.max(globalThis.longest[time], duration);
  }
}).observe({ type: "longtask" });`;

interface Measured {
  readonly summary: Summary;
  /** Milliseconds of the longest task of each page, by its name: while it loads, and after that. */
  readonly longest: Readonly<Record<string, readonly number[]>>;
  readonly rssMb: number;
}

interface BenchOptions {
  readonly leads: number;
  readonly rounds: number;
  readonly pages: readonly string[];
}

async function openPages(browser: Browser, url: string, names: readonly string[]) {
  const open = names.map(async (name) => {
    const page = await browser.newPage();
    await page.addInitScript(observer);
    await page.goto(`${url}/${name}`);
    return [name, page] as const;
  });
  return Promise.all(open);
}

/** A burst through a pipeline that has just started. @param pages that a browser has open; none is no browser */
async function burst(stack: string, leads: number, pages: readonly string[]): Promise<Measured> {
  const browser = pages.length > 0 ? await launchChromium() : undefined;
  let opened: ReturnType<typeof openPages> | undefined;
  const print = (line: string) => {
    const url = consoleIn(line);
    if (url && browser) opened = openPages(browser, url, pages);
  };
  const options = { ...quietRun, stack, leads, exit: true, quiet: true };
  const longest: Record<string, number[]> = {};
  const summary = await runPipeline(options, { print, interrupted: never, runFolder: tempFolder() });
  for (const [name, page] of (await opened) ?? []) longest[name] = await page.evaluate("globalThis.longest");
  await browser?.close();
  return { summary, longest, rssMb: Math.round(process.memoryUsage().rss / 1_048_576) };
}

export async function run({ leads, rounds, pages }: BenchOptions): Promise<void> {
  const stack = await benchStack();
  const seconds = ({ summary }: Measured) => summary.wallMs / 1000;
  for (let round = 1; round <= rounds; round += 1) {
    const without = await burst(stack, leads, []);
    const open = await burst(stack, leads, pages);
    const row = (name: string, one: Measured) => {
      const { lost, duplicates, latencyMs } = one.summary;
      return [name, seconds(one), latencyMs.p50 ?? 0, lost, duplicates, one.rssMb, seconds(one) / seconds(without)];
    };
    printTable(
      `A burst of ${leads} leads, round ${round} of ${rounds}`,
      ["", "last (s)", "p50 (ms)", "lost", "twice", "memory (MB)", "ratio"],
      [row("no browser", without), row(`open: ${pages.join(", ")}`, open)],
    );
    printTable(
      "Longest task of each page (ms); tasks below 50 ms count as 0",
      ["page", `in its first ${loading} s`, "after that"],
      Object.entries(open.longest).map(([name, times]) => [name, ...times]),
    );
  }
}
