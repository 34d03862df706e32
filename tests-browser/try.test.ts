import type { Locator } from "playwright-core";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assertAccessible, assertFits, type OpenConsole, openConsole } from "./console.ts";

let opened: OpenConsole;
const trying = suite("the Try page");

trying.before(async () => {
  opened = await openConsole();
});
trying.after(() => opened.close());

/** Waits until a field has another value. The page's policy lets Playwright wait for no condition of its own. */
async function anotherThan(before: string, field: Locator): Promise<string> {
  for (let looks = 0; looks < 600; looks += 1) {
    const value = await field.inputValue();
    if (value !== before) return value;
    await field.page().waitForTimeout(100);
  }
  throw new Error("The field did not change within a minute.");
}

trying("shows what would be announced of a source's example, and sends it signed", async () => {
  const { page, url } = opened;
  await page.goto(`${url}/try`);
  const payload = page.getByLabel("Payload");
  const first = await anotherThan("", payload);
  await page.getByRole("button", { name: "Another example" }).click();
  await anotherThan(first, payload);
  await page.getByRole("button", { name: "Show what would be announced" }).click();
  await page.getByText("New lead:").waitFor();
  await page.getByRole("rowheader", { name: "crmId" }).waitFor();
  await page.getByRole("button", { name: "Sign and send it" }).click();
  const link = page.getByRole("link", { name: /^Follow crm-/ });
  assert.match((await link.getAttribute("href")) ?? "", /^\/leads\/crm-[0-9a-f]{32}$/);
  await assertAccessible(page);
  for (const width of [400, 1280]) await assertFits(page, width);
});

trying("says why a payload of one's own would be rejected, in any script", async () => {
  const { page, url } = opened;
  await page.goto(`${url}/try`);
  await anotherThan("", page.getByLabel("Payload"));
  await page.getByLabel("Payload").fill('{"name":"山田 太郎"}');
  await page.getByRole("button", { name: "Show what would be announced" }).click();
  await page.getByText("NoContact").waitFor();
  await page.getByLabel("Payload").fill('{"name":"山田 太郎","email":"taro@acme.example"}');
  await page.getByRole("button", { name: "Show what would be announced" }).click();
  await page.getByText(/New lead: 山田 太郎/).waitFor();
});

trying.run();
