import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import type { AlarmSettings, ApiAnswer, Call } from "local-aws";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Platform } from "../../local/platform.ts";
import { testPatience, withPipeline } from "../helpers/running-pipeline.ts";
import { synthesizedStack } from "../helpers/synth.ts";
import { logLine } from "./faults/fault-fixtures.ts";

const { folder: stackDir } = await synthesizedStack("leadwire-prod");
const [sales, revops] = ["sales@example.com", "revops@example.com"] as const;

/** The team's mails; those of alarms are left out. */
async function teamMails({ mailboxUrl }: Platform): Promise<string[][]> {
  const { emails } = (await (await fetch(`${mailboxUrl}/store`)).json()) as {
    emails: { from: string; destination: { to: string[] } }[];
  };
  return emails.filter(({ from }) => from.startsWith("leadwire@")).map(({ destination }) => destination.to);
}

/** The alarm, when it fires. */
const alarmOf = ({ monitoring }: Platform, name: string) =>
  new Promise<AlarmSettings>((resolve) => {
    monitoring.on("transition", ({ alarm, to }) => {
      if (alarm.name === name && to === "ALARM") resolve(alarm);
    });
  });

const email = suite("email in the run");

email("one mailbox is gone: the other gets every lead, and an alarm says what to do", () =>
  withPipeline({ stackDir, slack: "down" }, async (platform, leadAudit) => {
    const { faultyMailboxes, crm } = platform;
    faultyMailboxes.set(sales, "BOUNCE");
    const ringing = alarmOf(platform, "leadwire-prod-email-bounces");
    for (let lead = 0; lead < 2; lead += 1) {
      await crm.sendLeads(1);
      await leadAudit.settled(testPatience);
    }
    assert.equal(await teamMails(platform), [[revops], [revops]]);
    assert.match((await ringing).description ?? "", "email status --env prod");
  }),
);

email(
  "every mailbox is gone: a lead is not taken for announced, nobody's address is in the log, and the log says what to do",
  () =>
    withPipeline({ stackDir, slack: "down" }, async (platform) => {
      const { faultyMailboxes, crm, gateway, logs, clientSettings } = platform;
      for (const address of [sales, revops]) faultyMailboxes.set(address, "BOUNCE");
      await new SESv2Client(clientSettings()).send(
        new SendEmailCommand({
          FromEmailAddress: "leadwire@leads.example.com",
          Destination: { ToAddresses: [sales, revops] },
          Content: { Simple: { Subject: { Data: "Before" }, Body: { Text: { Data: "Before" } } } },
        }),
      );
      const given = gateway.counts.get("ses:SendEmail");
      const untold = logLine(platform, ({ message }) => String(message).startsWith("neither Slack nor email"));
      const ringing = alarmOf(platform, "leadwire-prod-email-failures");
      await crm.sendLeads(1);
      const line = await untold;
      assert.equal((line.email as { errorClass: string }).errorClass, "RecipientsSuppressed");
      assert.match(String(line.remedy), "email unsuppress");
      assert.is(gateway.counts.get("ses:SendEmail"), given);
      await ringing;
      assert.not.match(await logs.text(), "@example.com");
    }),
);

email("SES throttles twice: the email is tried again until it is taken, and sent once", () => {
  let throttles = 2;
  const throttled: ApiAnswer = {
    status: 429,
    headers: { "content-type": "application/json", "x-amzn-errortype": "TooManyRequestsException" },
    body: '{"message":"Maximum sending rate exceeded."}',
  };
  const intercept = ({ operation }: Call) => {
    if (operation !== "SendEmail" || throttles === 0) return undefined;
    throttles -= 1;
    return throttled;
  };
  return withPipeline({ stackDir, slack: "down", intercept }, async (platform, leadAudit) => {
    await platform.crm.sendLeads(1);
    await leadAudit.settled(testPatience);
    assert.is(platform.gateway.counts.get("ses:SendEmail"), 3);
    assert.equal(await teamMails(platform), [[sales, revops]]);
    assert.is(leadAudit.summary("prod").email, 1);
  });
});

email.run();
