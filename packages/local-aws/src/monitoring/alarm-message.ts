import type { AlarmSettings, AlarmState } from "./alarm-settings.ts";
import { datapointsNeeded } from "./evaluate.ts";
import type { Publication } from "./notification.ts";
import { regionName } from "./region-names.ts";
import { decimal } from "./state-reason.ts";

/** An alarm that has gone from one state to another. */
export interface Transition {
  readonly alarm: AlarmSettings;
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
  readonly at: Date;
}

/** What CloudWatch knows beside the transition. */
export interface AlarmOrigin {
  readonly account: string;
  readonly region: string;
  readonly configuredAt: Date;
}

const timestamp = (at: Date) => at.toISOString().replace("Z", "+0000");

function trigger(alarm: AlarmSettings): Readonly<Record<string, unknown>> {
  const { metric, statisticName, datapointsToAlarm } = alarm;
  const extended = statisticName.startsWith("p");
  return {
    MetricName: metric.name,
    Namespace: metric.namespace,
    ...(extended
      ? { StatisticType: "ExtendedStatistic", ExtendedStatistic: statisticName }
      : { StatisticType: "Statistic", Statistic: statisticName.toUpperCase() }),
    Unit: null,
    Dimensions: Object.entries(metric.dimensions).map(([name, value]) => ({ value, name })),
    Period: alarm.periodSeconds,
    EvaluationPeriods: alarm.evaluationPeriods,
    ...(datapointsToAlarm !== undefined && { DatapointsToAlarm: datapointsToAlarm }),
    ComparisonOperator: alarm.operator,
    Threshold: alarm.threshold,
    TreatMissingData: alarm.missingData,
    EvaluateLowSampleCountPercentile: "",
  };
}

function json({ alarm, from, to, reason, at }: Transition, { account, region, configuredAt }: AlarmOrigin): string {
  return JSON.stringify({
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: account,
    AlarmConfigurationUpdatedTimestamp: timestamp(configuredAt),
    NewStateValue: to,
    NewStateReason: reason,
    StateChangeTime: timestamp(at),
    Region: regionName(region),
    AlarmArn: alarm.arn,
    OldStateValue: from,
    OKActions: alarm.actions.OK,
    AlarmActions: alarm.actions.ALARM,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    Trigger: trigger(alarm),
  });
}

const dayFormat = new Intl.DateTimeFormat("en-US", {
  timeZone: "UTC",
  weekday: "long",
  day: "2-digit",
  month: "long",
  year: "numeric",
});

/** Monday 05 August, 2019 17:04:03 UTC */
function longTime(at: Date): string {
  const parts = dayFormat.formatToParts(at).map(({ type, value }) => [type, value] as const);
  const { weekday, day, month, year } = Object.fromEntries(parts);
  return `${weekday} ${day} ${month}, ${year} ${at.toISOString().slice(11, 19)} UTC`;
}

function emailText({ alarm, from, to, reason, at }: Transition, { account, region }: AlarmOrigin): string {
  const { metric, threshold, evaluationPeriods, periodSeconds, actions } = alarm;
  const dimensions = Object.entries(metric.dimensions).map(([name, value]) => `[${name} = ${value}]`);
  const named = (arns: readonly string[]) => arns.map((arn) => `[${arn}]`).join(" ");
  return `You are receiving this email because your Amazon CloudWatch Alarm "${alarm.name}" in the ${regionName(region)} region has entered the ${to} state, because "${reason}" at "${longTime(at)}".

Alarm Details:
- Name:                       ${alarm.name}
- Description:                ${alarm.description ?? ""}
- State Change:               ${from} -> ${to}
- Reason for State Change:    ${reason}
- Timestamp:                  ${longTime(at)}
- AWS Account:                ${account}
- Alarm Arn:                  ${alarm.arn}

Threshold:
- The alarm is in the ALARM state when the metric is ${alarm.operator} ${decimal(threshold)} for at least ${datapointsNeeded(alarm)} of the last ${evaluationPeriods} period(s) of ${periodSeconds} seconds.

Monitored Metric:
- MetricNamespace:            ${metric.namespace}
- MetricName:                 ${metric.name}
- Dimensions:                 ${dimensions.join(", ")}
- Period:                     ${periodSeconds} seconds
- Statistic:                  ${alarm.statisticName}
- Unit:                       not specified
- TreatMissingData:           ${alarm.missingData}

State Change Actions:
- OK: ${named(actions.OK)}
- ALARM: ${named(actions.ALARM)}
- INSUFFICIENT_DATA: ${named(actions.INSUFFICIENT_DATA)}
`;
}

/** What CloudWatch publishes to a topic when an alarm changes its state; email has a text of its own. */
export function alarmMessage(transition: Transition, origin: AlarmOrigin): Publication {
  const { alarm, to } = transition;
  return {
    subject: `${to}: "${alarm.name}" in ${regionName(origin.region)}`,
    message: json(transition, origin),
    email: emailText(transition, origin),
  };
}
