import { once } from "node:events";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { withPipeline } from "../helpers/running-pipeline.ts";
import { synthesizedStack } from "../helpers/synth.ts";

const { folder: stackDir } = await synthesizedStack("leadwire-prod");

async function mails(mailboxUrl: string): Promise<{ subject: string; to: string[] }[]> {
  const answer = await fetch(`${mailboxUrl}/store`);
  const { emails } = (await answer.json()) as { emails: { subject: string; destination: { to: string[] } }[] };
  return emails.map(({ subject, destination: { to } }) => ({ subject, to }));
}

const alarms = suite("alarms in the run");

alarms("every alarm starts with a state and without a mail; three dead letters mail the platform team and page", () =>
  withPipeline({ stackDir }, async ({ monitoring, crm, deadLetters, pager, mailboxUrl }) => {
    assert.equal([...new Set(monitoring.states.values())], ["OK"]);
    const changes: string[] = [];
    monitoring.on("transition", ({ alarm, from, to }) => changes.push(`${alarm.name}: ${from} -> ${to}`));

    const paged = once(pager, "page");
    for (let poison = 0; poison < 3; poison++) {
      const arrived = once(deadLetters, "arrived");
      await crm.sendLead("website", { message: "no way to reach me" });
      await arrived;
    }
    await paged;
    await monitoring.delivered();

    // The rejections mail and do not page. Both alarms watch different metrics, so either can be first.
    const names = ["leadwire-prod-enrich-rejections", "leadwire-prod-leads-dlq-depth"];
    assert.equal(
      changes.sort(),
      names.map((name) => `${name}: OK -> ALARM`),
    );
    const sent = await mails(mailboxUrl);
    assert.equal(sent.map(({ subject }) => /^ALARM: "([^"]+)"/.exec(subject)?.[1]).sort(), names);
    for (const { to } of sent) assert.equal(to, ["platform@example.com"]);
    assert.is(pager.pages.length, 1);
  }),
);

alarms.run();
