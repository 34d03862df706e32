import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assertAccessible, type OpenConsole, openConsole } from "./console.ts";

const messages = suite<OpenConsole>("the pages Slack, Mail and Alarms");

messages.before.each(async (context) => {
  const slack = context.__test__.startsWith("Slack down") ? "down" : "up";
  Object.assign(context, await openConsole({ slack }));
});
messages.after.each(({ close }) => close());

messages("a lead appears in its channel as it arrives, at the end", async ({ page, url, send }) => {
  await page.setViewportSize({ width: 1280, height: 400 });
  await page.goto(`${url}/slack`);
  await page.getByText("No messages yet.").waitFor();
  for (const name of ["Ada", "山田太郎", "ليلى"]) {
    await send({ first_name: name, email: "lead@example.com", company: `Company of ${name}` });
    await page.getByRole("article").filter({ hasText: name }).waitFor();
  }
  assert.match((await page.getByRole("article").last().textContent()) ?? "", "ليلى");
  const end =
    "(({ scrollHeight, scrollTop, clientHeight }) => [scrollHeight > clientHeight, scrollHeight - scrollTop - clientHeight])";
  assert.equal(await page.evaluate(`${end}(document.querySelector("[role=log]"))`), [true, 0]);
  await assertAccessible(page);
});

messages(
  "Slack down: a banner says so, and the lead is a mail, with HTML, text and headers",
  async ({ page, url, send }) => {
    await page.goto(`${url}/slack`);
    const banner = page.getByRole("status").filter({ hasText: "Slack is down" });
    await banner.waitFor();
    await send({ first_name: "Grace", email: "grace@example.com", company: "Flow-Matic" });
    await banner.getByRole("link").click();
    await page.getByRole("link", { name: /Grace/ }).first().click();
    await page.frameLocator("iframe").getByText("Flow-Matic").first().waitFor();
    await page.getByText("Text part").click();
    await page.getByText("Headers").click();
    await page.locator("pre").filter({ hasText: "From: " }).waitFor();
    await assertAccessible(page);
  },
);

messages(
  "an alarm that rings comes first, with its plot, and its mail is apart from those to sales",
  async ({ page, url, send }) => {
    await page.goto(`${url}/alarms`);
    await page.getByText(/^In alarm: 0 of/).waitFor();
    await send({ message: "no way to reach me" });
    const first = page.getByRole("listitem").first();
    await first.getByText("In alarm", { exact: true }).waitFor({ timeout: 60_000 });
    assert.match((await first.textContent()) ?? "", "Threshold Crossed");
    assert.match((await first.getByRole("img").getAttribute("aria-label")) ?? "", /Latest [1-9]/);
    await assertAccessible(page);
    await page.goto(`${url}/mail/alarms`);
    await page
      .getByRole("link", { name: /ALARM: / })
      .first()
      .click();
    await page.locator("pre").filter({ hasText: "Threshold Crossed" }).first().waitFor();
  },
);

messages.run();
