import { suite } from "uvu";
import { assertAccessible, assertFits, type OpenConsole, openConsole } from "./console.ts";

let opened: OpenConsole;
const flow = suite("the Flow page");

flow.before(async () => {
  opened = await openConsole();
});
flow.after(() => opened.close());

flow("is the first page, and counts a lead at each step while it moves", async () => {
  const { page, url } = opened;
  await page.goto(url);
  const steps = page.getByRole("list", { name: "The way of a lead" }).getByRole("listitem");
  await steps.first().waitFor();
  await fetch(`${url}/crm/website`, { method: "POST", body: JSON.stringify({ email: "ada@example.com" }) });
  await steps.filter({ hasText: /202 accepted1/ }).waitFor();
  await steps.filter({ hasText: /raw leads.*stored1/ }).waitFor();
  await steps.filter({ hasText: /enriched leads.*stored1/ }).waitFor();
  await steps.filter({ hasText: /sent1.*200 accepted1/ }).waitFor();
  await page.getByText("announced1").waitFor();
});

flow("has no serious problem of accessibility, and is one column on a phone", async () => {
  const { page } = opened;
  await assertAccessible(page);
  for (const width of [1280, 400]) await assertFits(page, width);
});

flow.run();
