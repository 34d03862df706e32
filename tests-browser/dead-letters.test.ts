import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assertAccessible, type OpenConsole, shareConsole } from "./console.ts";

const letters = suite<OpenConsole>("the Dead letters page");
shareConsole(letters);

letters("shows why a lead stopped, and corrects it as a new lead", async ({ page, url, send }) => {
  await page.goto(`${url}/dead-letters`);
  await page.getByText("No dead letters.").waitFor();
  await send({ name: "Ada", message: "no address" });
  const row = page.getByRole("row", { name: /NoContact/ });
  await row.waitFor();
  assert.match((await row.textContent()) ?? "", "neither a usable email address");
  await row.getByRole("link").click();
  const save = page.getByRole("button", { name: "Save as a new lead" });
  assert.is(await save.isDisabled(), true);
  await page.getByLabel("Payload").fill('{"name":"Ada","message":"still none"}');
  await page.getByRole("button", { name: "Show what is read" }).click();
  await page.getByText("rejected", { exact: true }).waitFor();
  await save.click();
  await page.getByRole("alert").getByText("Nothing was saved").waitFor();
  await page.getByLabel("Payload").fill('{"name":"Ada","email":"ada@acme.example"}');
  await page.getByRole("button", { name: "Show what is read" }).click();
  await page.getByRole("cell", { name: "ada@acme.example" }).waitFor();
  await assertAccessible(page);
  await save.click();
  await page.getByRole("link", { name: /^Follow file-/ }).waitFor();
  await page.getByText("No dead letters.").waitFor();
});

letters("redrives by class, and deletes one after a question", async ({ page, url, send }) => {
  await page.goto(`${url}/dead-letters`);
  await send({ name: "Ben", message: "no address" });
  await page.getByRole("button", { name: "Redrive NoContact" }).click();
  await page.getByText("1 sent back.").waitFor();
  // The lead is the same, so it is a dead letter again.
  await page
    .getByRole("row", { name: /NoContact/ })
    .getByRole("link")
    .click();
  page.once("dialog", (dialog) => void dialog.accept());
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByText("No dead letters.").waitFor();
});

letters.run();
