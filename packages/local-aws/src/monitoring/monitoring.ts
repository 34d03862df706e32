import { EventEmitter } from "node:events";
import type { Authorize, Caller } from "../aws/call.ts";
import type { Stack } from "../stack/stack-file.ts";
import { accessLogFilters } from "./access-log-filters.ts";
import { type AlarmOrigin, alarmMessage, type Transition } from "./alarm-message.ts";
import { type AlarmSettings, type AlarmState, alarmSettings } from "./alarm-settings.ts";
import { embeddedMetrics } from "./embedded-metrics.ts";
import { evaluate, evaluationRange, type Verdict } from "./evaluate.ts";
import type { SendEmail } from "./mailbox.ts";
import { type Datapoint, MetricStore } from "./metric-store.ts";
import {
  type ApiRequested,
  apiSamples,
  emailSamples,
  lambdaSamples,
  type QueueDepth,
  queueSamples,
  ruleSamples,
} from "./service-metrics.ts";
import { stateReason } from "./state-reason.ts";
import { Topics } from "./topics.ts";

export interface MonitoringPorts {
  /** All queues as they are now; asked once a tick. */
  readonly queues: () => readonly QueueDepth[] | Promise<readonly QueueDepth[]>;
  /** Decides about `sns:Publish`. */
  readonly authorize: Authorize;
  /** Sends a mail. */
  readonly sendEmail: SendEmail;
  /** Milliseconds before an HTTPS endpoint is tried again. @default 200 */
  readonly retryPause?: number;
}

/** An alarm as it is now. */
export interface AlarmStatus {
  readonly alarm: AlarmSettings;
  readonly state: AlarmState;
  /** Its latest change; undefined until the first one after the start. */
  readonly changed: Transition | undefined;
  /** The datapoints of its metric in the latest two minutes, the oldest first. A period without samples has none. */
  readonly datapoints: readonly Datapoint[];
}

/** An alarm's status, which changes. */
interface Status extends AlarmStatus {
  state: AlarmState;
  changed: Transition | undefined;
  readonly datapoints: Datapoint[];
}

/** Milliseconds for which an alarm's datapoints can be read. */
const readable = 120_000;

/** CloudWatch and SNS: takes metrics, evaluates the stack's alarms, and publishes changes to their topics. */
export class Monitoring extends EventEmitter<{ transition: [Transition] }> {
  readonly topics: Topics;
  readonly #alarms: readonly Status[];
  readonly #metrics: MetricStore;
  readonly #queues: MonitoringPorts["queues"];
  readonly #filtered: ReturnType<typeof accessLogFilters>;
  readonly #origin: AlarmOrigin;
  readonly #underWay = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  /** @throws UnsupportedStackError naming the alarm or subscription that local-aws cannot simulate */
  constructor(stack: Stack, { queues, ...ports }: MonitoringPorts) {
    super();
    const { account, region } = stack.place;
    this.#alarms = alarmSettings(stack).map((alarm) => {
      return { alarm, state: "INSUFFICIENT_DATA", changed: undefined, datapoints: [] };
    });
    this.#metrics = new MetricStore(Math.max(0, ...this.#alarms.map(({ alarm }) => evaluationRange(alarm))));
    this.#queues = queues;
    this.#filtered = accessLogFilters(stack);
    this.#origin = { account, region, configuredAt: new Date() };
    this.topics = new Topics(stack, ports);
  }

  /** The state of every alarm, by its name. */
  get states(): ReadonlyMap<string, AlarmState> {
    return new Map(this.#alarms.map(({ alarm, state }) => [alarm.name, state]));
  }

  /** Every alarm as it is now, in the stack's order. */
  get alarms(): readonly AlarmStatus[] {
    return this.#alarms;
  }

  /** Takes a line of a function's log, which may hold metrics. */
  logged(line: string): void {
    this.#metrics.record(embeddedMetrics(line));
  }

  /** Takes the end of an invocation. */
  invoked(invoked: Parameters<typeof lambdaSamples>[0]): void {
    this.#metrics.record(lambdaSamples(invoked));
  }

  /** Takes a request that API Gateway has answered. */
  requested(requested: ApiRequested): void {
    this.#metrics.record([...apiSamples(requested), ...this.#filtered(requested.status)]);
  }

  /** Takes an event of a rule that reached no target, or not even a dead letter queue. */
  undelivered(...failed: Parameters<typeof ruleSamples>): void {
    this.#metrics.record(ruleSamples(...failed));
  }

  /** Takes an event of an email that SES had accepted. */
  emailed(event: Parameters<typeof emailSamples>[0]): void {
    this.#metrics.record(emailSamples(event));
  }

  /**
   * Gives every alarm its first state without a message. In the account alarms get it minutes after a deployment, when
   * nobody has confirmed a subscription yet.
   */
  async begin(now: Date): Promise<void> {
    await this.#closePeriod(now);
    for (const status of this.#alarms) status.state = this.#verdict(status, now)?.state ?? status.state;
  }

  /** Ticks until it is stopped, one tick after the other. */
  every(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      void this.tick(new Date()).then(() => {
        if (this.#timer) this.every(milliseconds);
      });
    }, milliseconds).unref();
  }

  /** Ends a period of all alarms, however long it is in the account, and evaluates each alarm. */
  async tick(now: Date): Promise<void> {
    await this.#closePeriod(now);
    for (const status of this.#alarms) this.#evaluate(status, now);
  }

  /** Resolves when everything that was published is delivered or given up. */
  async delivered(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.topics.stop();
    await this.delivered();
  }

  async #closePeriod(now: Date): Promise<void> {
    for (const queue of await this.#queues()) this.#metrics.record(queueSamples(queue));
    this.#metrics.closePeriod(now);
  }

  /** Evaluates an alarm, and notes the datapoint of the period that has ended. */
  #verdict({ alarm, datapoints }: Status, now: Date): Verdict | undefined {
    const range = this.#metrics.datapoints(alarm.metric, alarm.statistic, evaluationRange(alarm));
    const [latest] = range;
    if (latest) datapoints.push(latest);
    while (datapoints[0] && datapoints[0].at.getTime() < now.getTime() - readable) datapoints.shift();
    return evaluate(alarm, range);
  }

  #evaluate(status: Status, at: Date): void {
    const verdict = this.#verdict(status, at);
    const { alarm, state: from } = status;
    if (!verdict || verdict.state === from) return;
    const transition = { alarm, from, to: verdict.state, reason: stateReason(alarm, verdict), at };
    status.state = verdict.state;
    status.changed = transition;
    this.emit("transition", transition);
    if (alarm.actionsEnabled) this.#publish(transition);
  }

  #publish(transition: Transition): void {
    const { alarm, to } = transition;
    const { name, arn: sourceArn } = alarm;
    const caller: Caller = { kind: "service", name, principal: "cloudwatch.amazonaws.com", sourceArn };
    for (const topicArn of alarm.actions[to]) {
      const publishing = this.topics.publish(caller, topicArn, alarmMessage(transition, this.#origin));
      this.#underWay.add(publishing);
      void publishing.finally(() => this.#underWay.delete(publishing));
    }
  }
}
