import {
  type ByStage,
  reconcile,
  stageNames,
  stages,
  undeliveredEvents,
  type WorkerName,
  workerNames,
} from "../flow.ts";
import type { ChannelDeclaration } from "../functions/notify/channels/declaration.ts";
import { Metric } from "../functions/runtime/names.ts";
import {
  type Alarm,
  ageAlarm,
  deadLetterAlarms,
  errorAlarm,
  eventsQueue,
  late,
  notice,
  ruleAlarms,
  throttleAlarm,
  urgent,
} from "./alarm-kinds.ts";
import { titles, ways } from "./channel-words.ts";

/** What a stage's alarms mean for leads, in sentences. */
interface Consequences {
  /** The function crashes. */
  readonly ofErrors: string;
  readonly ofThrottles: string;
}
interface WorkerConsequences extends Consequences {
  readonly ofDeadLetters: string;
  /** Why its leads are postponed. */
  readonly ofOutages: string;
  /** What to do for each cause that only a person can end, by what the log says of it. */
  readonly remedies: string;
}

const restorePolicies = "AccessDenied: deploy the stack again, which restores its policies.";

const ownRules =
  "sends them again for as long as its own rules allow. Pipedrive drops leads after ten failures, Calendly ends its webhook " +
  "after a day of them and Close after three: docs/sources/ says which answers make a source stop.";
const sentAgain = `The source got a 5xx for its leads and ${ownRules}`;
const consequencesOf = (channels: readonly ChannelDeclaration[]): ByStage<Consequences, WorkerConsequences> => ({
  ingest: { ofErrors: sentAgain, ofThrottles: sentAgain },
  enrich: {
    ofErrors: "Its leads are tried again and become dead letters after their last receive.",
    ofThrottles: "Each throttle uses up one of the receives after which a lead becomes a dead letter.",
    ofDeadLetters: "Their leads are stored as they came, and nobody works on them.",
    ofOutages: "S3, SSM or a source's API failed requests of enrich.",
    remedies:
      `${restorePolicies} SecretMissing or AccessRefused: put a valid token into the source's SSM parameter, or deploy the ` +
      "stack again if the reason names settings.",
  },
  notify: {
    ofErrors: "Its notifications are tried again and become dead letters after their last receive.",
    ofThrottles: "Each throttle uses up one of the receives after which a notification becomes a dead letter.",
    ofDeadLetters: `Their leads are enriched and stored, and were announced neither ${ways(channels, "nor")}.`,
    ofOutages: `S3 or DynamoDB, or ${titles(channels, "and")} together, failed requests of notify.`,
    remedies:
      `${restorePolicies} SecretMissing: put the webhook's URL into its SSM parameter. no_service, invalid_token or ` +
      "channel_is_archived: the webhook is revoked, put a new one there. SendingPausedException, AccountSuspendedException, " +
      "LimitExceededException, TooManyRequestsException or RecipientsSuppressedError: SES is paused, over its quota or reaches " +
      "no recipient, remedy and `npm run ops -- email status --env ENV` say what to do.",
  },
});

/** What sends leads through again whose events did not come. */
const sendAgain = "run `npm run ops -- reconcile ENV --outputs outputs.json --replay`";

const undeliveredAlarm: Alarm = {
  name: `${undeliveredEvents}-depth`,
  watched: { of: "queue", part: undeliveredEvents, metric: "ApproximateNumberOfMessagesVisible" },
  // One event can be a lead that nobody works on.
  threshold: 0,
  evaluationMinutes: 1,
  severity: "page",
  meaning:
    `EventBridge could not deliver events, which wait in ${eventsQueue}. Nobody works on leads of such events, whose ` +
    `objects are stored in the bucket. ${late}`,
  firstStep: `Read ERROR_CODE in a message's attributes, fix the queue's policy or the rule, then ${sendAgain}.`,
};

const apiAlarm: Alarm = {
  name: "api-server-errors",
  watched: { of: "api", part: "api", metric: "5xx" },
  ...urgent,
  meaning: `The endpoint answered 5xx. The source could not deliver leads and ${ownRules}`,
  firstStep:
    "See in the log group /aws/vendedlogs/apis/leadwire-ENV-api whether the function or the API failed. Then read the log " +
    "of ingest: S3 or SSM did not answer, or a source's secret or settings are missing. When it is over, look in the source " +
    "whether the webhook is still on.",
};

/** The alarms on refused requests. Anybody can send some, so nobody is woken for them. */
const requestAlarms: readonly Alarm[] = [
  {
    ...notice,
    name: "signatures-refused",
    watched: { of: "leadwire", part: "ingest", metric: Metric.signaturesRefused },
    meaning:
      "Requests without a source's proof got 401: they are not of the source, or its secret was changed on one side.",
    firstStep:
      "Read source in the lines `request not accepted` of ingest's log. Put its secret into SSM if its leads are missing.",
  },
  {
    ...notice,
    name: "api-throttled",
    watched: { of: "access-log", part: "api", metric: "ThrottledRequests" },
    meaning: `More requests came than the environment's throttling allows, and got 429. The source ${ownRules}`,
    firstStep:
      "Read sourceIp of the lines with status 429 in /aws/vendedlogs/apis/leadwire-ENV-api. If it is a source's, raise the limit.",
  },
];

/** The alarm on announcements that came late. Their leads are announced: the age alarms page for what still waits. */
const latencyAlarm = ({ name, title }: ChannelDeclaration): Alarm => ({
  ...notice,
  name: `${name}-latency`,
  watched: { of: "leadwire", part: "notify", metric: Metric.ingestToNotification, statistic: "p99", channel: name },
  // Of fewer than 100 leads p99 is the slowest, so an hour's leads are judged together.
  periodMinutes: 60,
  threshold: "latencyBudgetMilliseconds",
  meaning: `The 99th percentile of an hour's leads came later than the latency budget by ${title}.`,
  firstStep:
    "After an outage, a redrive or a replay, do nothing. Otherwise see in the dashboard where leads wait or functions are slow.",
});

/** The alarm on leads that never come. Every other alarm is silent then: the fault is outside, or it is a holiday. */
const silenceAlarm = (hours: number): Alarm => ({
  ...notice,
  name: "no-leads",
  watched: { of: "leadwire", part: "enrich", metric: Metric.leadsEnriched },
  threshold: 1,
  below: true,
  periodMinutes: 60,
  evaluationMinutes: hours * 60,
  meaning:
    "No new lead has come for the hours that alarmAfterHoursWithoutLeads says. The alarm ends with the next one.",
  firstStep:
    "Look in each source whether its webhook is still on, then run `npm run ops -- smoke ENV --outputs outputs.json`.",
});

/** The alarms that a channel declares. */
const channelAlarms = (channel: ChannelDeclaration, index: number, all: readonly ChannelDeclaration[]): Alarm[] =>
  channel.alarms.map(({ metric, countedBy, meaning, ...alarm }) => ({
    ...alarm,
    meaning: meaning
      .replace(/\bEARLIER\b/, titles(all.slice(0, index), "nor"))
      .replace(/\bNEXT\b/, ways(all.slice(index + 1), "or")),
    watched: countedBy === "ses" ? { of: "ses", part: "email", metric } : { of: "leadwire", part: countedBy, metric },
    threshold: 0,
  }));

/** The alarm on leads that are dead-lettered at once. Others of the same kind may follow, before the third one pages. */
const rejectionAlarm = (name: WorkerName): Alarm => ({
  ...notice,
  name: `${name}-rejections`,
  watched: { of: "leadwire", part: name, metric: Metric.leadsRejected },
  meaning: `${name} rejected leads, which are dead letters in leadwire-ENV-${stages[name].queue}-dlq and not tried again.`,
  firstStep: `Read errorClass and reason of the lines \`lead rejected\` in the log group /aws/lambda/leadwire-ENV-${name}.`,
});

/** The alarm on attempts that use up receives. Such a lead is no error of its function. */
const retryAlarm = (name: WorkerName): Alarm => ({
  name: `${name}-retries`,
  watched: { of: "leadwire", part: name, metric: Metric.leadsRetried },
  threshold: 0,
  evaluationMinutes: 5,
  severity: "email",
  meaning:
    `Leads of ${name} used up receives: by a fault, or because SQS did not take a message that was to wait or to be a dead ` +
    "letter. They are tried again, and become dead letters after their last receive.",
  firstStep: `Read errorClass in the log group /aws/lambda/leadwire-ENV-${name}, and compare the time with the last deployment's.`,
});

/**
 * Minutes for which the alarms on postponed leads stay on after the last one. A lead that waits is tried every 15 minutes at
 * the latest, so they do not go off between two attempts.
 */
const outageMinutes = 20;

/** The alarms on postponed leads: somebody is woken by a long outage, or by one that only a person can end. */
const outageAlarms = (name: WorkerName, { ofOutages, remedies }: WorkerConsequences): Alarm[] => {
  const common = { threshold: 0, evaluationMinutes: outageMinutes } as const;
  const lines = "the lines `message postponed`";
  const logGroup = `the log group /aws/lambda/leadwire-ENV-${name}`;
  return [
    {
      ...common,
      name: `${name}-postponed`,
      watched: { of: "leadwire", part: name, metric: Metric.leadsPostponed },
      severity: "email",
      meaning: `${ofOutages} Its leads wait and are tried again by themselves, every 15 minutes at the latest.`,
      firstStep: `Nothing while it is short: the alarm ends when the service is back. If it lasts, read errorClass of ${lines} in ${logGroup}.`,
    },
    {
      ...common,
      name: `${name}-long-outage`,
      watched: { of: "leadwire", part: name, metric: Metric.oldestFirstAttempt, statistic: "Maximum" },
      threshold: "longOutageSeconds",
      severity: "page",
      meaning:
        `A lead has been tried by ${name} in vain for longer than an hour, or than half of giveUpAfterHours if that is less. ` +
        "Leads are still tried again. After giveUpAfterHours they become dead letters with the errorClass OutageTooLong.",
      firstStep:
        `Read errorClass of ${lines} in ${logGroup}. If the service's status page says that it is down, tell the sales team ` +
        "that leads are late, and wait. Otherwise mend what the errorClass names.",
    },
    {
      ...common,
      name: `${name}-person-needed`,
      watched: { of: "leadwire", part: name, metric: Metric.personNeeded },
      severity: "page",
      meaning: `Leads of ${name} wait for something that only a person can end. Then they are tried again by themselves.`,
      firstStep: `Read errorClass, reason and remedy of ${lines} with needsPerson true in ${logGroup}. ${remedies}`,
    },
  ];
};

/**
 * The alarm on leads that a comparison of stored leads finds missing. It stays on beyond the next comparison, which can come or
 * last longer than the one before: otherwise it would end and ring again although the leads are still missing.
 */
const stoppedAlarm = (stage: WorkerName, metric: string, leads: string, rest: Pick<Alarm, "name" | Rest>): Alarm => ({
  ...rest,
  watched: { of: "leadwire", part: reconcile.name, metric, statistic: "Maximum" },
  threshold: 0,
  meaning: `${leads} Their objects are stored: the events of new objects did not come, they are dead letters, or they wait.`,
  firstStep:
    `Look whether the rule leadwire-ENV-${stages[stage].event} is enabled, and whether ${stage} has dead letters. Then ` +
    "`npm run ops -- reconcile ENV --outputs outputs.json` names each lead, and with --replay it sends them again.",
});
type Rest = "periodMinutes" | "evaluationMinutes" | "severity";
const uncounted = "Leads that stopped are not counted meanwhile.";
const countNow = "run `npm run ops -- reconcile ENV --outputs outputs.json`, which names them";

const stoppedAlarms = [
  // No other alarm shows that a rule is disabled, which stops every lead.
  stoppedAlarm("notify", Metric.unannouncedLeads, "Leads were enriched more than an hour ago and announced nowhere.", {
    name: "unannounced-leads",
    evaluationMinutes: 80,
    severity: "page",
  }),
  // A comparison that comes once a day need not wake anybody.
  stoppedAlarm("enrich", Metric.unenrichedLeads, "Leads were stored more than an hour ago and not enriched.", {
    name: "unenriched-leads",
    periodMinutes: 60,
    evaluationMinutes: 26 * 60,
    severity: "email",
  }),
];

/**
 * Every alarm of an environment without consumers and with some channels, in the order of README and dashboard.
 * @param hoursWithoutLeads after which there is an alarm. @default there is none
 */
export function alarmsOf(channels: readonly ChannelDeclaration[], hoursWithoutLeads?: number): readonly Alarm[] {
  const consequences = consequencesOf(channels);
  return [
    ...workerNames.flatMap((name) => {
      const { queue, messages } = stages[name];
      return [...deadLetterAlarms(queue, messages, consequences[name].ofDeadLetters), ageAlarm(queue, messages)];
    }),
    ...workerNames.flatMap((name) =>
      ruleAlarms(stages[name].event, `${name} does not work on their leads.`, sendAgain),
    ),
    undeliveredAlarm,
    ...stageNames.flatMap((name) => [
      errorAlarm(name, consequences[name].ofErrors),
      throttleAlarm(name, consequences[name].ofThrottles),
    ]),
    apiAlarm,
    ...requestAlarms,
    ...(hoursWithoutLeads === undefined ? [] : [silenceAlarm(hoursWithoutLeads)]),
    // Nobody is woken: leads pass without reconciliation, and only what counts them has stopped.
    ...[
      errorAlarm(reconcile.name, uncounted),
      ...Object.keys(reconcile.schedules).flatMap((compare) =>
        ruleAlarms(`${reconcile.name}-${compare}`, uncounted, countNow),
      ),
    ].map((alarm): Alarm => ({ ...alarm, severity: "email" })),
    ...stoppedAlarms,
    ...channels.map(latencyAlarm),
    ...channels.flatMap(channelAlarms),
    ...workerNames.flatMap((name) => [
      rejectionAlarm(name),
      retryAlarm(name),
      ...outageAlarms(name, consequences[name]),
    ]),
  ];
}
