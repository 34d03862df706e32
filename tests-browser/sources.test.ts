import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assertAccessible, type OpenConsole, shareConsole } from "./console.ts";

const sources = suite<OpenConsole>("the Sources page");
shareConsole(sources);

sources("shows a command for each source, by mouse and by keyboard", async ({ page, url }) => {
  await page.goto(`${url}/sources`);
  await page.getByRole("button", { name: "Copy the command for crm" }).waitFor();
  assert.match((await page.getByRole("article").first().textContent()) ?? "", `curl -s ${url}/crm/crm`);
  await page.keyboard.press("Tab");
  assert.is(await page.evaluate("document.activeElement.textContent.trim()"), "Skip to the page");
});

sources("has no serious problem of accessibility, and fits a phone", ({ page }) => assertAccessible(page));

sources.run();
