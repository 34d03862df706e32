import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assertAccessible, assertFits, type OpenConsole, openConsole } from "./console.ts";

let opened: OpenConsole;
const sources = suite("the Sources page");

sources.before(async () => {
  opened = await openConsole();
});
sources.after(() => opened.close());

sources("shows a command for each source, by mouse and by keyboard", async () => {
  const { page, url } = opened;
  await page.goto(`${url}/sources`);
  await page.getByRole("button", { name: "Copy the command for crm" }).waitFor();
  assert.match((await page.getByRole("article").first().textContent()) ?? "", `curl -s ${url}/crm/crm`);
  await page.keyboard.press("Tab");
  assert.is(await page.evaluate("document.activeElement.textContent.trim()"), "Skip to the page");
});

sources("has no serious problem of accessibility, and fits a phone", async () => {
  const { page } = opened;
  await assertAccessible(page);
  for (const width of [1280, 400]) await assertFits(page, width);
});

sources.run();
