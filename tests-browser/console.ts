import { existsSync } from "node:fs";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
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

/** A run with its console, and a browser that looks at it. */
export interface OpenConsole {
  readonly url: string;
  readonly page: Page;
  readonly browser: Browser;
  close(): Promise<void>;
}

const defaults: RunOptions = {
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
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (url && line.includes("Console")) resolve(url);
  };
  const ended = run({ ...defaults, ...changes }, { print, interrupted: user.signal, runFolder: tempFolder() });
  const url = await Promise.race([found, ended.then(() => Promise.reject(new Error("The run ended.")))]);
  const browser = await chromium.launch({ executablePath: executablePath(), args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const close = async () => {
    await browser.close();
    user.abort();
    await ended;
  };
  return { url, page, browser, close };
}

/** Fails when axe-core finds a serious problem on the page as it is now, in light and in dark colours. */
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
}

/** Fails when a page is wider than the screen. @param width pixels */
export async function assertFits(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  const needed = await page.evaluate("document.documentElement.scrollWidth");
  assert.ok(Number(needed) <= width, `needs ${needed} pixels of ${width}`);
}
