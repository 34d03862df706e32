import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assertAccessible, type OpenConsole, shareConsole } from "./console.ts";

const faults = suite<OpenConsole>("the Faults page");
shareConsole(faults);

faults("breaks Slack with a switch, says how often it struck, and mends it", async ({ page, url }) => {
  await page.goto(`${url}/faults`);
  const row = page.getByRole("row", { name: /^slack-down/ });
  await row.getByRole("button", { name: "Turn on" }).click();
  await page.getByLabel("Leads at once").fill("1");
  await page.getByRole("button", { name: "Send them" }).click();
  await page.getByText("1 of 1 are answered.").waitFor();
  await row.getByRole("cell", { name: /^[1-9]\d*$/ }).waitFor();
  await row.getByRole("button", { name: "Turn off" }).click();
  await row.getByRole("button", { name: "Turn on" }).waitFor();
});

faults("takes services down for some minutes, and ends that early", async ({ page }) => {
  await page.getByLabel("Service").selectOption("ledger");
  await page.getByRole("button", { name: "Take it down" }).click();
  await page.getByText(/^ledger is down for another/).waitFor();
  await assertAccessible(page);
  await page.getByRole("button", { name: "End it now" }).click();
  await page.getByText(/^ledger is down/).waitFor({ state: "detached" });
  await page.getByLabel("Minutes").fill("999");
  await page.getByRole("button", { name: "Take it down" }).click();
  assert.match((await page.getByRole("alert").textContent()) ?? "", "up to 120");
});

faults.run();
