import type { Construct } from "constructs";
import { configurationSetDimension } from "../modules/email-configuration-set.ts";
import { MetricAlarm } from "../modules/metric-alarm.ts";

export interface EmailAlarmsProps {
  /** Start of every name, such as `leadwire-dev`. */
  readonly prefix: string;
  readonly environmentName: string;
  readonly alarmTopicArn: string;
  /** Name of the configuration set whose events are counted. */
  readonly configurationSet: string;
}

/** SES has accepted an email and somebody did not get it: these alarms say who that can be, and what to do. */
export function emailAlarms(scope: Construct, props: EmailAlarmsProps): void {
  const { prefix, environmentName, alarmTopicArn, configurationSet } = props;
  const status = `\`npm run ops -- email status --env ${environmentName}\``;
  const unsuppress = `\`npm run ops -- email unsuppress --env ${environmentName} --address ADDRESS\``;
  const missed = "Leads that went out by email are the lines of notify's log with channel email.";
  const watched = [
    {
      name: "email-bounces",
      metric: "Bounce",
      description:
        "An email with leads did not reach one of the team's mailboxes. An address that bounced for good is on the " +
        "account's suppression list, and SES writes to it no more, though it goes on accepting emails. " +
        `${status} names the address; mend the mailbox, then run ${unsuppress}. Nobody on the list means a mailbox that ` +
        `was full or away for hours. ${missed}`,
    },
    {
      name: "email-complaints",
      metric: "Complaint",
      description:
        "Somebody marked an email with leads as spam, so the address is on the account's suppression list and SES " +
        `writes to it no more. ${status} names it; ask whoever reads it to take the mark back, then run ${unsuppress}. ` +
        "AWS suspends accounts with many complaints.",
    },
    {
      name: "email-rejects",
      metric: "Reject",
      description:
        "SES accepted an email with leads and then did not send it to anybody, because it found a virus in it: text " +
        `that a lead wrote can be enough. ${missed} Tell the team of those of this minute by hand.`,
    },
  ];
  for (const { name, metric, description } of watched) {
    new MetricAlarm(scope, name, {
      name: `${prefix}-${name}`,
      description,
      topicArn: alarmTopicArn,
      namespace: "AWS/SES",
      metric,
      dimensions: { [configurationSetDimension]: configurationSet },
      statistic: "Sum",
      above: 0,
      // A mailbox that is gone rings once while Slack is down, and not with every email.
      calmMinutes: 60,
    });
  }
}
