/** `npm run screenshots`: a picture of each page of the console in docs/console/, as a run of dev shows it. It needs Chromium. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { openConsole } from "../tests-browser/console.ts";

const folder = join(import.meta.dirname, "../docs/console");
/** Milliseconds in which a page gets its data and draws it. */
const settling = 2500;

async function take(page: Page, url: string, name: string, path = `/${name}`): Promise<void> {
  await page.goto(url + path);
  await before[name]?.(page, url);
  await page.waitForTimeout(settling);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(`docs/console/${name}.png`);
}

/** What is done on a page before its picture is taken. */
const before: Readonly<Record<string, (page: Page, url: string) => Promise<unknown>>> = {
  // From here on Slack is down, so that leads go by mail.
  mail: async (page, url) => {
    await page.request.post(`${url}/api/faults/switch`, { data: { name: "slack-down", on: true } });
    for (let sent = 0; sent < 3; sent += 1) await page.request.post(`${url}/crm/crm`);
    await page.locator('a[href^="/mail/sales/"]').first().click();
  },
  "dead-letters": (page) => page.getByRole("table").getByRole("link").first().click(),
  try: (page) => page.getByRole("button", { name: "Show what would be announced" }).click(),
};

mkdirSync(folder, { recursive: true });
const { url, page, close } = await openConsole({ leads: 12, rate: 4 });
try {
  await page.request.post(`${url}/crm/website`, { data: { message: "no way to reach me" } });
  await page.goto(`${url}/leads`);
  await page.getByText("announced").nth(12).waitFor();
  const links = page.getByRole("navigation").getByRole("link");
  const paths = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
  for (const path of paths) await take(page, url, path.slice(1));
  await page.goto(`${url}/leads`);
  const lead = await page.locator('a[href^="/leads/"]').last().getAttribute("href");
  if (lead) await take(page, url, "lead", lead);
} finally {
  await close();
}
