/** `npm run screenshots`: a picture of each page of the console in docs/console/, as a run of dev shows it. It needs Chromium. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { openConsole } from "../tests-browser/console.ts";

const folder = join(import.meta.dirname, "../docs/console");
/** Milliseconds in which a page gets its data and draws it. */
const settling = 2500;

async function take(page: Page, url: string, name: string): Promise<void> {
  await page.goto(url);
  await page.waitForTimeout(settling);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(`docs/console/${name}.png`);
}

mkdirSync(folder, { recursive: true });
const { url, page, close } = await openConsole({ leads: 12, rate: 4 });
try {
  await fetch(`${url}/crm/website`, { method: "POST", body: '{"message":"no way to reach me"}' });
  await page.goto(url);
  // The made-up leads are on their way: an announcement takes a moment more.
  await page.waitForTimeout(4 * settling);
  const links = page.getByRole("navigation").getByRole("link");
  const paths = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
  for (const path of paths) await take(page, url + path, path.slice(1));
  const lead = await page
    .goto(`${url}/leads`)
    .then(() => page.locator('a[href^="/leads/"]').first().getAttribute("href"));
  if (lead) await take(page, url + lead, "lead");
} finally {
  await close();
}
