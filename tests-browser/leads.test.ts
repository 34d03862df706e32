import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assertAccessible, type OpenConsole, shareConsole } from "./console.ts";

const leads = suite<OpenConsole>("the Leads page");
shareConsole(leads);

leads("a lead that is sent appears by itself and moves until it is announced", async ({ page, url, send }) => {
  await page.goto(`${url}/leads`);
  await page.getByText("No lead yet.").waitFor();
  await send({ name: "نور 🌟", email: "nour@example.com", company: "Oasis", shoe_size: 44 });
  const row = page.getByRole("row", { name: /نور 🌟, Oasis announced website slack/ });
  await row.waitFor();
});

leads("a click on a lead opens its path, with what was read and where, the message and the log", async ({ page }) => {
  await page.getByRole("link", { name: /نور/ }).click();
  for (const step of ["accepted", "stored", "enriched", "being announced", "announced"]) {
    await page.getByRole("listitem").getByText(step, { exact: true }).first().waitFor();
  }
  await page.getByText("What the reader found, and where").click();
  assert.match((await page.getByRole("row", { name: /^email.address/ }).textContent()) ?? "", "nour@example.comemail");
  await page.getByText("shoe_size", { exact: true }).waitFor();
  await page.getByText(/Message by slack/).click();
  await page.getByText(/notify lead announced/).waitFor();
  await assertAccessible(page);
});

leads(
  "a dead-lettered lead and a refused request say why, and are found by their state",
  async ({ page, url, send }) => {
    await send({ message: "no way to reach me" });
    const [source] = (await (await fetch(`${url}/api/sources`)).json()) as { endpoint: string }[];
    assert.is((await fetch(source?.endpoint ?? "", { method: "POST", body: "{}" })).status, 401);
    await page.goto(`${url}/leads`);
    for (const [state, why] of [
      ["dead-lettered", "NoContact"],
      ["refused", "401"],
    ] as const) {
      await page.getByLabel("State").selectOption(state);
      await page.getByRole("row", { name: new RegExp(why) }).waitFor();
      await page.getByText("1 row", { exact: true }).waitFor();
    }
    await assertAccessible(page);
  },
);

leads.run();
