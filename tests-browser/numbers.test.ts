import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assertAccessible, type OpenConsole, shareConsole } from "./console.ts";

const numbers = suite<OpenConsole>("the Numbers page");
shareConsole(numbers, { leads: 3 });

numbers("draws how long leads took, and what they cost", async ({ page, url }) => {
  await page.goto(`${url}/numbers`);
  await page.getByRole("row", { name: /^this run/ }).waitFor();
  const plot = (name: string) => page.getByRole("img", { name, exact: true });
  await plot("Seconds from request to announcement").locator("rect").first().waitFor();
  await plot("Messages in queues").getByText("leadwire-dev-leads").waitFor();
  await page.getByText(/^Lambda/).waitFor();
});

numbers("simulates the replaced system when asked, which takes ten minutes", async ({ page }) => {
  await page.getByRole("button", { name: "Simulate the replaced system" }).click();
  const row = page.getByRole("row", { name: /settings of the replaced system, 10 leads/ });
  await row.waitFor({ timeout: 120_000 });
  assert.match((await row.textContent()) ?? "", "10 min");
});

numbers("has no serious problem of accessibility, and fits a phone", ({ page }) => assertAccessible(page));

numbers.run();
