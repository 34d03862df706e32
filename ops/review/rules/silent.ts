import { always, type Guard, type Guards, type Judge, judged, unless, unlessAdded } from "../guards.ts";
import type { Rule } from "../rule.ts";

/** A threshold further away is looser. Which way that is depends on the alarm's comparison. */
const unlessTighter: Judge = (before, after, { after: { comparison_operator } }) => {
  const [old, now] = [Number(before), Number(after)];
  const isTighter = String(comparison_operator).startsWith("Greater") ? now < old : now > old;
  return isTighter && String(comparison_operator).match(/^(?:Greater|Less)\w*Threshold$/) ? "none" : "look";
};

/** Lambda drops lines without a level, such as metrics, above INFO. */
const unlessVerbose: Judge = (_, after) => (["INFO", "DEBUG", "TRACE"].includes(String(after)) ? "look" : "approve");

/** A log group without retention keeps its lines for good. */
const unlessLonger: Judge = (before, after) =>
  Number(after ?? 0) === 0 || (Number(before) > 0 && Number(after) > Number(before)) ? "none" : "look";

const stillSeen = "Make sure that somebody still sees when something fails.";

/** What an alarm watches, and whom it notifies. */
const alarm: readonly Guard[] = [
  [/^actions_enabled$/, unless("approve", true, null), "switches the alarm's actions off: nobody is notified"],
  [/^alarm_actions$/, unlessAdded("look", "approve"), "removes actions: their receivers are no longer notified"],
  [
    /^(?:ok_actions|insufficient_data_actions)$/,
    unlessAdded("look"),
    "removes actions: their receivers no longer hear that the alarm ended",
  ],
  [/^threshold$/, unlessTighter, "loosens the alarm: it fires later, or not at all"],
  [
    /^datapoints_to_alarm$/,
    (before, after) => (Number(after) < Number(before) ? "none" : "look"),
    "loosens the alarm: it fires later",
  ],
  [/^(?:evaluation_periods|period)$/, always("look"), "changes how long the alarm waits"],
  [/^treat_missing_data$/, unless("look", "breaching"), "changes what the alarm makes of missing data"],
  [
    /^(?:metric_name|namespace|dimensions|statistic|extended_statistic|metric_query|comparison_operator|threshold_metric_id|unit|evaluate_low|alarm_rule|actions_suppressor)/,
    always("look"),
    "changes what the alarm watches",
  ],
];

/** What lets people see that something fails. */
const guards: Guards = {
  cloudwatch_composite_alarm: alarm,
  cloudwatch_metric_alarm: alarm,
  sns_topic_subscription: [
    [
      /^(?:filter_policy|filter_policy_scope)/,
      always("look"),
      "changes the filter: alarms outside it are not delivered",
    ],
  ],
  cloudwatch_log_group: [[/^retention_in_days$/, unlessLonger, "deletes older log lines"]],
  cloudwatch_log_metric_filter: [
    [/^(?:pattern|metric_transformation)/, always("look"), "changes a metric that alarms may watch"],
  ],
  cloudwatch_dashboard: [[/^dashboard_body/, always("look"), "changes what the dashboard shows"]],
  lambda_function: [
    [
      /^logging_config.*(?:application_log_level|system_log_level)$/,
      unlessVerbose,
      "changes which log lines are kept: above INFO, metrics are lost",
    ],
    [/^logging_config.*(?:log_group|log_format)$/, always("look"), "changes where or how the function logs"],
    [/^tracing_config.*mode$/, unless("look", "Active"), "ends traces"],
  ],
  sesv2_configuration_set_event_destination: [
    [/enabled$/, unless("look", true), "no longer counts bounces and complaints"],
    [/matching_event_types$/, unlessAdded("look"), "counts fewer events of email"],
  ],
  apigatewayv2_stage: [
    [/^access_log_settings/, always("look"), "changes the log of requests"],
    [/detailed_metrics_enabled$/, unless("look", true), "ends the metrics of routes"],
  ],
};

/** Finds alarms that are loosened or notify nobody, filters, and logs and metrics that go missing. */
export const silent: Rule = (change, { attributes }) => judged("silent", guards, stillSeen, { change, attributes });
