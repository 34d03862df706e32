import { Hono } from "hono";
import type { AlarmStatus } from "local-aws";
import { alarmTopics } from "../../../flow.ts";
import type { Page } from "../context.ts";
import { live } from "../live.ts";
import type { AlarmNow, AlarmView } from "../shapes/alarms.ts";

function viewOf({ alarm }: AlarmStatus): AlarmView {
  const { name, description = "", metric, statisticName, comparison, threshold, actions } = alarm;
  const { evaluationPeriods: periods, datapointsToAlarm: needed = periods, periodSeconds } = alarm;
  const reaches = (topic: string) => actions.ALARM.some((arn) => arn.endsWith(`-${topic}`));
  const severity = (["page", "email"] as const).find((one) => reaches(alarmTopics[one]));
  const value = `${metric.namespace} ${metric.name}: ${statisticName} of ${periodSeconds} s`;
  const condition = `${value} ${comparison.words} ${threshold}, in ${needed} of ${periods} periods`;
  return { name, description, severity, condition, threshold };
}

/** Without the list of datapoints, which the plot shows. */
const shortened = (reason: string) => reason.replace(/ \[\d[^\]]*\]/, "");

function nowOf({ state, changed, datapoints }: AlarmStatus, now: number): AlarmNow {
  return {
    state,
    changed: changed && { at: changed.at.getTime(), from: changed.from, reason: shortened(changed.reason) },
    points: datapoints.map(({ at, value }) => [Math.round((now - at.getTime()) / 1000), Number(value.toPrecision(4))]),
  };
}

/** The stack's alarms: what each is about, its state, and its metric. */
export const alarms: Page = {
  name: "alarms",
  routes: ({ platform: { monitoring } }) =>
    new Hono()
      .get("/", (c) => c.json(monitoring.alarms.map(viewOf)))
      .get("/live", (c) => {
        // Whole seconds, so that there is one snapshot for each of the alarms' periods.
        const second = () => Math.floor(Date.now() / 1000) * 1000;
        return live(c, () => monitoring.alarms.map((status) => nowOf(status, second())));
      }),
};
