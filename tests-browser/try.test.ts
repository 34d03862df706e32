import type { Locator } from "playwright-core";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assertAccessible, type OpenConsole, shareConsole } from "./console.ts";

const trying = suite<OpenConsole>("the Try page");
shareConsole(trying);

/** Waits until a field has another value. The page's policy lets Playwright wait for no condition of its own. */
async function anotherThan(before: string, field: Locator): Promise<string> {
  for (let looks = 0; looks < 600; looks += 1) {
    const value = await field.inputValue();
    if (value !== before) return value;
    await field.page().waitForTimeout(100);
  }
  throw new Error("The field did not change within a minute.");
}

trying("shows what would be announced of a source's example, and sends it signed", async ({ page, url }) => {
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
});

trying("says why a payload of one's own would be rejected, in any script", async ({ page, url }) => {
  await page.goto(`${url}/try`);
  const payload = page.getByLabel("Payload");
  const show = page.getByRole("button", { name: "Show what would be announced" });
  await payload.fill('{"name":"山田 太郎"}');
  await show.click();
  await page.getByText("NoContact").waitFor();
  await payload.fill('{"name":"山田 太郎","email":"taro@acme.example"}');
  await show.click();
  await page.getByText(/New lead: 山田 太郎/).waitFor();
});

trying("does not show what becomes of a payload that was changed in the meantime", async ({ page, url }) => {
  await page.goto(`${url}/try`);
  const payload = page.getByLabel("Payload");
  const show = page.getByRole("button", { name: "Show what would be announced" });
  await page.getByLabel("Source").waitFor();
  await payload.fill('{"name":"Ada"}');
  await page.route("**/api/try/read", async (route) => {
    const response = await route.fetch();
    await payload.fill('{"name":"Ada","email":"ada@acme.example"}');
    await route.fulfill({ response });
  });
  await Promise.all([page.waitForResponse("**/api/try/read"), show.click()]);
  // It is disabled until its answer has come.
  await show.click({ trial: true });
  assert.is(await page.getByText("NoContact").count(), 0);
});

trying.run();
