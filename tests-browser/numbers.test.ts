import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assertAccessible, assertFits, type OpenConsole, openConsole } from "./console.ts";

let opened: OpenConsole;
const numbers = suite("the Numbers page");

numbers.before(async () => {
  opened = await openConsole({ leads: 3 });
});
numbers.after(() => opened.close());

numbers("draws how long leads took, and what they cost", async () => {
  const { page, url } = opened;
  await page.goto(`${url}/numbers`);
  await page.getByRole("row", { name: /^this run/ }).waitFor();
  const plot = (name: string) => page.getByRole("img", { name, exact: true });
  await plot("Seconds from request to announcement").locator("rect").first().waitFor();
  await plot("Messages in queues").getByText("leadwire-dev-leads").waitFor();
  await page.getByText(/^Lambda/).waitFor();
});

numbers("simulates the replaced system when asked, which takes ten minutes", async () => {
  const { page } = opened;
  await page.getByRole("button", { name: "Simulate the replaced system" }).click();
  const row = page.getByRole("row", { name: /settings of the replaced system, 10 leads/ });
  await row.waitFor({ timeout: 120_000 });
  assert.match((await row.textContent()) ?? "", "10 min");
});

numbers("has no serious problem of accessibility, and fits a phone", async () => {
  const { page } = opened;
  await assertAccessible(page);
  for (const width of [1280, 400]) await assertFits(page, width);
});

numbers.run();
