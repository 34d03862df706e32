import { existsSync } from "node:fs";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import type { Test } from "uvu";
import * as assert from "uvu/assert";
import type { RunOptions } from "../local/options.ts";
import { run } from "../local/run.ts";
import { tempFolder } from "../tests/helpers/temp-folder.ts";

const chromiumPaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const executablePath = () => {
  const path = process.env.CHROMIUM ?? chromiumPaths.find((each) => existsSync(each));
  if (path === undefined) throw new Error("No Chromium is installed. Install it, or name it in the variable CHROMIUM.");
  return path;
};

/** Starts Debian's Chromium, or the one that the variable CHROMIUM names. It asks nothing of the network. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: executablePath(),
    args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-quic"],
  });

/** The console's address, if a line of the run names it. */
export const consoleIn = (line: string): string | undefined =>
  line.includes("Console") ? /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] : undefined;

/** A run with its console, and a browser that looks at it. */
export interface OpenConsole {
  readonly url: string;
  readonly page: Page;
  readonly browser: Browser;
  /** Sends a lead as somebody does who pastes a command. */
  send(lead: object): Promise<void>;
  close(): Promise<void>;
}

/** A run of dev without leads, at any free port. */
export const quietRun: RunOptions = {
  env: "dev",
  source: ["all"],
  leads: 0,
  rate: undefined,
  slack: "up",
  seed: 1,
  port: 0,
  stack: undefined,
  exit: false,
  quiet: false,
  json: false,
};

/** Starts a run of this machine and opens its console. @param changes of the run's options, whose default is dev without leads */
export async function openConsole(changes: Partial<RunOptions> = {}): Promise<OpenConsole> {
  const user = new AbortController();
  const { promise: found, resolve } = Promise.withResolvers<string>();
  const print = (line: string) => {
    const url = consoleIn(line);
    if (url) resolve(url);
  };
  const ended = run({ ...quietRun, ...changes }, { print, interrupted: user.signal, runFolder: tempFolder() });
  const url = await Promise.race([found, ended.then(() => Promise.reject(new Error("The run ended.")))]);
  const browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  // Longer than Playwright's 30 s, for machines that do other work too.
  page.setDefaultTimeout(90_000);
  const send = async (lead: object) => {
    const { status } = await fetch(`${url}/crm/website`, { method: "POST", body: JSON.stringify(lead) });
    assert.is(status, 202);
  };
  const close = async () => {
    await browser.close();
    user.abort();
    await ended;
  };
  return { url, page, browser, send, close };
}

/** Gives the tests of a suite one console in their context. @param changes as `openConsole` */
export function shareConsole(tests: Test<OpenConsole>, changes?: Partial<RunOptions>): void {
  tests.before(async (context) => void Object.assign(context, await openConsole(changes)));
  tests.after(({ close }) => close());
}

/**
 * Fails when axe-core finds a serious problem on the page as it is now, in light and in dark colours, and when the page is
 * wider than the screen of a phone or of a computer.
 */
export async function assertAccessible(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // The page's policy forbids scripts from elsewhere, so axe is evaluated and not added as an element.
    await page.evaluate(axe.source);
    const { violations } = (await page.evaluate("axe.run()")) as axe.AxeResults;
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    const found = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
    assert.equal(found, [], `in ${colorScheme} colours`);
  }
  for (const width of [400, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const needed = await page.evaluate("document.documentElement.scrollWidth");
    assert.ok(Number(needed) <= width, `needs ${needed} pixels of ${width}`);
  }
}
