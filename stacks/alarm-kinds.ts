import { undeliveredEvents } from "../flow.ts";
import type { ChannelAlarm } from "../functions/notify/channels/declaration.ts";
import type { MetricAlarmProps } from "../modules/metric-alarm.ts";

/**
 * The metric that an alarm watches, and the part of the stack that it is of: a queue, a function, an event rule, the API, its
 * access log, a function that writes the metric itself, or email. Names are without the stack's prefix.
 */
type Watched =
  | {
      readonly of: "queue";
      readonly part: string;
      readonly metric: "ApproximateAgeOfOldestMessage" | "ApproximateNumberOfMessagesVisible";
    }
  | { readonly of: "function"; readonly part: string; readonly metric: "Errors" | "Throttles" }
  | {
      readonly of: "rule";
      readonly part: string;
      readonly metric: "FailedInvocations" | "InvocationsFailedToBeSentToDlq";
    }
  | { readonly of: "api"; readonly part: "api"; readonly metric: "5xx" }
  | { readonly of: "access-log"; readonly part: "api"; readonly metric: "ThrottledRequests" }
  | {
      readonly of: "leadwire";
      readonly part: string;
      readonly metric: string;
      /** The channel whose metric it is, where each has its own. */
      readonly channel?: string;
      /** How the values of a period become one. @default Sum */
      readonly statistic?: "Maximum" | "p99";
    }
  | { readonly of: "ses"; readonly part: "email"; readonly metric: string };

/** An alarm, as data, like those that channels declare. It fires when its metric is above the threshold for a period. */
export interface Alarm
  extends Omit<ChannelAlarm, "metric" | "countedBy">,
    Pick<MetricAlarmProps, "periodMinutes" | "every" | "below"> {
  readonly watched: Watched;
  /** A number, the environment's latency budget, or the seconds after which an outage is a long one. */
  readonly threshold: number | "latencyBudgetSeconds" | "latencyBudgetMilliseconds" | "longOutageSeconds";
}

/** Somebody is woken at the first one, since leads are lost, late or refused. */
export const urgent = { threshold: 0, evaluationMinutes: 5, severity: "page" } as const;
/** Nobody is woken, since leads are safe or others page. It stays on for an hour, so that failures in a row are one mail. */
export const notice = { threshold: 0, evaluationMinutes: 60, severity: "email" } as const;

/** SQS sends the metrics of a queue that nobody used for six hours up to 15 minutes late. */
export const late = "SQS can report it 15 minutes late.";

/**
 * The alarms on a queue's dead letters. The third pages. Single ones can wait for working hours: a mail says which are there for
 * an hour. It looks at the depth, because the age of the oldest skips letters that people have received three times.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function deadLetterAlarms(queue: string, messages: string, consequence: string): Alarm[] {
  const part = `${queue}-dlq`;
  const alarm = (letters: string): Pick<Alarm, "watched" | "meaning" | "firstStep"> => ({
    watched: { of: "queue", part, metric: "ApproximateNumberOfMessagesVisible" },
    meaning: `${letters} ${messages} could not be processed and are dead letters in leadwire-ENV-${part}. ${late} ${consequence}`,
    firstStep:
      "Read the errorClass and reason of the dead letters, fix the cause, then redrive the queue before its retention ends.",
  });
  return [
    { ...alarm("More than 2"), name: `${part}-depth`, threshold: 2, evaluationMinutes: 1, severity: "page" },
    { ...alarm("For an hour, 1 or more"), ...notice, name: `${part}-hour`, periodMinutes: 5, every: true },
  ];
}

/** The alarm on messages that wait for longer than the latency budget to be received. A postponed message begins anew. */
export const ageAlarm = (queue: string, messages: string): Alarm => ({
  name: `${queue}-age`,
  watched: { of: "queue", part: queue, metric: "ApproximateAgeOfOldestMessage" },
  threshold: "latencyBudgetSeconds",
  evaluationMinutes: 1,
  severity: "page",
  meaning:
    `The oldest of the ${messages} in leadwire-ENV-${queue} has waited longer than the environment's latency budget since it ` +
    "was sent. A postponed message is sent again, and its age begins anew.",
  firstStep:
    "See in the dashboard whether the queue's function postpones leads, fails, is throttled or has too much work, and read " +
    "its log.",
});

/** The alarm on invocations that crash or time out. A lead that fails alone is no error of the function. */
export const errorAlarm = (name: string, consequence: string): Alarm => ({
  name: `${name}-errors`,
  watched: { of: "function", part: name, metric: "Errors" },
  ...urgent,
  meaning: `${name} timed out or crashed. ${consequence}`,
  firstStep: `Read the error in the log group /aws/lambda/leadwire-ENV-${name}, and compare its time with the last deployment's.`,
});

/** The alarm on invocations that Lambda refused for want of concurrency. */
export const throttleAlarm = (name: string, consequence: string): Alarm => ({
  name: `${name}-throttles`,
  watched: { of: "function", part: name, metric: "Throttles" },
  threshold: 0,
  evaluationMinutes: 5,
  severity: "email",
  meaning: `${name} was throttled. ${consequence}`,
  firstStep:
    "Compare the account's concurrency with its limit in Lambda's console. Raise the limit or lower maximumConcurrency.",
});

/** The queue of undelivered events. */
export const eventsQueue = `leadwire-ENV-${undeliveredEvents}`;

/**
 * The alarms on a rule's events. They do not wait for the metrics of a queue, and see what reached no queue at all.
 * @param then what to do when the cause is mended, such as "run a command"
 */
export const ruleAlarms = (rule: string, consequence: string, then: string): Alarm[] => [
  {
    ...urgent,
    name: `${rule}-failed`,
    watched: { of: "rule", part: rule, metric: "FailedInvocations" },
    meaning: `EventBridge gave up events of the rule ${rule}, which go to ${eventsQueue}. ${consequence}`,
    firstStep: `Read ERROR_CODE in the messages of ${eventsQueue}, fix what it names, then ${then}.`,
  },
  {
    ...urgent,
    name: `${rule}-lost`,
    watched: { of: "rule", part: rule, metric: "InvocationsFailedToBeSentToDlq" },
    meaning: `EventBridge gave up events of the rule ${rule}, and ${eventsQueue} did not take them: they are lost. ${consequence}`,
    firstStep: `Deploy the stack again, which restores policies, then ${then}.`,
  },
];
