import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import type { AlarmSettings, ApiAnswer, Call } from "local-aws";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Platform } from "../../local/platform.ts";
import { queuesEmpty } from "../../local/queues.ts";
import { type AuditedPipeline, startAudited, testPatience } from "../helpers/running-pipeline.ts";
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

const throttled: ApiAnswer = {
  status: 429,
  headers: { "content-type": "application/json", "x-amzn-errortype": "TooManyRequestsException" },
  body: '{"message":"Maximum sending rate exceeded."}',
};

/** Calls of SendEmail that SES throttles from now on. */
let throttles = 0;
const intercept = ({ operation }: Call) => {
  if (operation !== "SendEmail" || throttles === 0) return undefined;
  throttles -= 1;
  return throttled;
};

/** The pipeline of all tests, in their order. Slack is down. */
let prod: AuditedPipeline;
const email = suite("email in the run");

email.before(async () => {
  prod = await startAudited({ stackDir, slack: "down", intercept });
});
email.after(() => prod.stop());

/** Sends leads one after the other. */
async function send(leads: number): Promise<void> {
  for (let lead = 0; lead < leads; lead += 1) {
    await prod.crm.sendLeads(1);
    await prod.leadAudit.settled(testPatience);
  }
}

email("SES throttles twice: the email is tried again until it is taken, and sent once", async () => {
  throttles = 2;
  await send(1);
  assert.is(prod.gateway.counts.get("ses:SendEmail"), 3);
  assert.equal(await teamMails(prod), [[sales, revops]]);
  assert.is(prod.leadAudit.summary("prod").email, 1);
});

email("one mailbox is gone: the other gets every lead, and an alarm says what to do", async () => {
  prod.faultyMailboxes.set(sales, "BOUNCE");
  const earlier = (await teamMails(prod)).length;
  const ringing = alarmOf(prod, "leadwire-prod-email-bounces");
  await send(2);
  assert.equal((await teamMails(prod)).slice(earlier), [[revops], [revops]]);
  assert.match((await ringing).description ?? "", "email status --env prod");
});

email(
  "every mailbox is gone: a lead is not taken for announced, nobody's address is in the log, and the log says what to do",
  async () => {
    const { faultyMailboxes, crm, functions, gateway, logs, clientSettings } = prod;
    for (const address of [sales, revops]) faultyMailboxes.set(address, "BOUNCE");
    await new SESv2Client(clientSettings()).send(
      new SendEmailCommand({
        FromEmailAddress: "leadwire@leads.example.com",
        Destination: { ToAddresses: [sales, revops] },
        Content: { Simple: { Subject: { Data: "Before" }, Body: { Text: { Data: "Before" } } } },
      }),
    );
    // A warm notify remembers for a minute who was not on the suppression list. It is idle when its queue is empty.
    assert.ok(await queuesEmpty(prod, { patience: testPatience }));
    await functions.get("leadwire-prod-notify")?.endIdle();
    const given = gateway.counts.get("ses:SendEmail");
    const untold = logLine(prod, ({ message }) => String(message).startsWith("neither Slack nor email"));
    const ringing = alarmOf(prod, "leadwire-prod-email-failures");
    await crm.sendLeads(1);
    const line = await untold;
    assert.equal((line.email as { errorClass: string }).errorClass, "RecipientsSuppressed");
    assert.match(String(line.remedy), "email unsuppress");
    assert.is(gateway.counts.get("ses:SendEmail"), given);
    await ringing;
    assert.not.match(await logs.text(), "@example.com");
  },
);

email.run();
