import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assertAccessible, assertFits, type OpenConsole, openConsole } from "./console.ts";

let opened: OpenConsole;
const leads = suite("the Leads page");

leads.before(async () => {
  opened = await openConsole();
});
leads.after(() => opened.close());

const send = (lead: object) =>
  fetch(`${opened.url}/crm/website`, { method: "POST", body: JSON.stringify(lead) }).then(({ status }) => status);

leads("a lead that is sent appears by itself and moves until it is announced", async () => {
  const { page, url } = opened;
  await page.goto(`${url}/leads`);
  await page.getByText("No lead yet.").waitFor();
  assert.is(await send({ name: "نور 🌟", email: "nour@example.com", company: "Oasis", shoe_size: 44 }), 202);
  const row = page.getByRole("row", { name: /نور 🌟, Oasis announced website slack/ });
  await row.waitFor();
});

leads("a click on a lead opens its path, with what was read and where, the message and the log", async () => {
  const { page } = opened;
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
  for (const width of [1280, 400]) await assertFits(page, width);
});

leads("a dead-lettered lead and a refused request say why, and are found by their state", async () => {
  const { page, url } = opened;
  assert.is(await send({ message: "no way to reach me" }), 202);
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
  for (const width of [1280, 400]) await assertFits(page, width);
});

leads.run();
