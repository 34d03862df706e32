import type { Construct } from "constructs";
import { Metric } from "../functions/runtime/names.ts";
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

/**
 * Email is the last way to tell of a lead. These alarms say that SES did not take one, or that it did and somebody has
 * not got it, and what to do.
 */
export function emailAlarms(scope: Construct, props: EmailAlarmsProps): void {
  const { prefix, environmentName, alarmTopicArn, configurationSet } = props;
  const status = `\`npm run ops -- email status --env ${environmentName}\``;
  const unsuppress = `\`npm run ops -- email unsuppress --env ${environmentName} --address ADDRESS\``;
  const missed = "Leads that went out by email are the lines of notify's log with channel email.";
  const counted = {
    namespace: "AWS/SES",
    dimensions: { [configurationSetDimension]: configurationSet },
    // A mailbox that is gone rings once while Slack is down, and not with every email.
    calmMinutes: 60,
  };
  const watched = [
    {
      name: "email-failures",
      metric: Metric.emailFailures,
      namespace: Metric.namespace,
      dimensions: { service: "notify", [Metric.environmentDimension]: environmentName },
      calmMinutes: 5,
      description:
        "Neither Slack nor email took leads: they are tried again twice and then end in the dead letter queue of " +
        `notifications. \`remedy\` in notify's log says what is wrong with email, and ${status} shows it.`,
    },
    {
      name: "email-bounces",
      metric: "Bounce",
      ...counted,
      description:
        "An email with leads did not reach one of the team's mailboxes. An address that bounced for good is on the " +
        "account's suppression list, and SES writes to it no more, though it goes on accepting emails. " +
        `${status} names the address; mend the mailbox, then run ${unsuppress}. Nobody on the list means a mailbox that ` +
        `was full or away for hours. ${missed}`,
    },
    {
      name: "email-complaints",
      metric: "Complaint",
      ...counted,
      description:
        "Somebody marked an email with leads as spam, so the address is on the account's suppression list and SES " +
        `writes to it no more. ${status} names it; ask whoever reads it to take the mark back, then run ${unsuppress}. ` +
        "AWS suspends accounts with many complaints.",
    },
    {
      name: "email-rejects",
      metric: "Reject",
      ...counted,
      description:
        "SES accepted an email with leads and then did not send it to anybody, because it found a virus in it: text " +
        `that a lead wrote can be enough. ${missed} Tell the team of those of this minute by hand.`,
    },
  ];
  for (const { name, ...alarm } of watched) {
    new MetricAlarm(scope, name, {
      name: `${prefix}-${name}`,
      topicArn: alarmTopicArn,
      ...alarm,
      statistic: "Sum",
      above: 0,
    });
  }
}
