import type { Request } from "playwright-core";
import { suite } from "uvu";
import { assertAccessible, type OpenConsole, shareConsole } from "./console.ts";

const flow = suite<OpenConsole>("the Flow page");
shareConsole(flow);

flow("is the first page, and counts a lead at each step while it moves", async ({ page, url, send }) => {
  await page.goto(url);
  const steps = page.getByRole("list", { name: "The way of a lead" }).getByRole("listitem");
  await steps.first().waitFor();
  await send({ email: "ada@example.com" });
  await steps.filter({ hasText: /202 accepted1/ }).waitFor();
  await steps.filter({ hasText: /raw leads.*stored1/ }).waitFor();
  await steps.filter({ hasText: /enriched leads.*stored1/ }).waitFor();
  await steps.filter({ hasText: /sent1.*200 accepted1/ }).waitFor();
  await page.getByText("announced1").waitFor();
});

flow("follows the run only while its tab is seen", async ({ page, url }) => {
  const isLive = (request: Request) => request.url().endsWith("/live");
  const setHidden = (hidden: boolean) =>
    page.evaluate((value) => {
      const { document } = globalThis as unknown as { document: EventTarget };
      Object.defineProperty(document, "hidden", { value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  const opened = page.waitForRequest(isLive);
  await page.goto(url);
  await opened;
  await Promise.all([page.waitForEvent("requestfailed", isLive), setHidden(true)]);
  await Promise.all([page.waitForRequest(isLive), setHidden(false)]);
});

flow("has no serious problem of accessibility, and is one column on a phone", ({ page }) => assertAccessible(page));

flow.run();
