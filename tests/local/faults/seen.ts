import { partialDeepStrictEqual } from "node:assert";
import { embeddedMetrics } from "local-aws";
import * as assert from "uvu/assert";
import { leadRef } from "../../../functions/lead/lead-id.ts";
import { announcementsIn } from "../../../local/faults/announcements.ts";
import type { Platform } from "../../../local/platform.ts";
import { Changes } from "../../helpers/changes.ts";

/** A log line's JSON, or a part of it. */
export type Line = Readonly<Record<string, unknown>>;

interface Mail {
  readonly body: { readonly text: string };
}

/** Periods after which an alarm that nothing feeds any more is OK again: those on postponed leads look back on 20. */
const calmPeriods = 64;

/** What people see of a pipeline from the moment at which this is made or restarted: log lines, metrics, alarms, Slack, and mails. */
export class Seen {
  readonly #platform: Platform;
  readonly #lines: Line[] = [];
  readonly #metrics = new Map<string, number>();
  readonly #fired = new Set<string>();
  /** Short names of this pipeline's leads: runs of one process share a mailbox. */
  readonly #leads = new Set<string>();
  readonly #changes = new Changes();
  /** Slack messages from before. */
  #earlier = 0;

  constructor(platform: Platform) {
    this.#platform = platform;
    const { logs, functions, api, monitoring } = platform;
    const name = (full: string) => full.replace(/^leadwire-dev-/, "");
    logs.on("line", ({ function: of, line }) => {
      const parsed = { service: name(of), ...parsedLine(line) };
      this.#lines.push(parsed);
      if (typeof parsed.correlationId === "string") this.#leads.add(leadRef(parsed.correlationId));
      for (const { name: metric, dimensions, value } of embeddedMetrics(line)) {
        this.#count([dimensions.service, metric, dimensions.channel].filter(Boolean).join(" "), value);
      }
      this.#changes.announce();
    });
    for (const running of functions.values()) {
      running.on("invoked", ({ function: of, status }) => {
        this.#count(`${name(of)} Invocations`, 1);
        this.#count(`${name(of)} Errors`, status === "success" ? 0 : 1);
        this.#changes.announce();
      });
    }
    api.on("answered", ({ answer }) => {
      this.#count("api 5xx", answer.status >= 500 ? 1 : 0);
      this.#changes.announce();
    });
    monitoring.on("transition", ({ alarm, to }) => {
      if (to === "ALARM") this.#fired.add(name(alarm.name));
    });
    platform.deadLetters.on("arrived", (_leads, queue) => {
      this.#count(`${name(queue)} letters`, 1);
      this.#changes.announce();
    });
  }

  /** Forgets what has been seen: what comes from now on counts. */
  restart(): void {
    for (const seen of [this.#metrics, this.#fired, this.#leads]) seen.clear();
    this.#lines.length = 0;
    this.#earlier = this.#platform.slack.messages.length;
  }

  /** Waits for a log line that has these fields. */
  line(fields: Line): Promise<Line> {
    const fits = (line: Line) => {
      try {
        partialDeepStrictEqual(line, fields);
        return true;
      } catch {
        return false;
      }
    };
    return this.#changes.until(
      () => this.#lines.find(fits),
      () => `the line ${JSON.stringify(fields)}; ${this.#summary()}`,
    );
  }

  /** Waits until metrics have come to these sums, such as `notify LeadsNotified email` or `enrich Errors`. */
  async metrics(sums: Readonly<Record<string, number>>): Promise<void> {
    const now = () => Object.fromEntries(Object.keys(sums).map((name) => [name, this.#metrics.get(name) ?? 0]));
    const reached = () => Object.entries(now()).every(([name, sum]) => sum >= (sums[name] ?? 0));
    await this.#changes.until(
      () => reached() || undefined,
      () => `metrics ${JSON.stringify(sums)}; ${this.#summary()}`,
    );
    assert.equal(now(), sums);
  }

  /** Waits until a metric has counted something; how much depends on the time, if messages are postponed again and again. */
  async counted(name: string): Promise<void> {
    await this.#changes.until(
      () => (this.#metrics.get(name) ?? 0) > 0 || undefined,
      () => `the metric ${name}; ${this.#summary()}`,
    );
  }

  /** These alarms have fired, and no others. */
  async alarms(...names: readonly string[]): Promise<void> {
    await this.#platform.monitoring.tick(new Date());
    assert.equal([...this.#fired].sort(), names.toSorted());
  }

  /** Every alarm is OK again once some periods have passed. */
  async calm(): Promise<void> {
    assert.equal(await this.#loudAfterCalm(), []);
  }

  /** Whether every alarm is OK once some periods have passed. */
  async quietAlarms(): Promise<boolean> {
    return (await this.#loudAfterCalm()).length === 0;
  }

  async #loudAfterCalm() {
    const { monitoring } = this.#platform;
    for (let period = 0; period < calmPeriods; period++) await monitoring.tick(new Date());
    return [...monitoring.states].filter(([, state]) => state !== "OK");
  }

  /** How many announcements came by which way, and how many of them say "may be a repeat". */
  async announced(): Promise<{ slack: number; email: number; marked: number }> {
    const bySlack = this.slackTexts().flatMap(announcementsIn);
    const byEmail = (await this.emails()).flatMap(announcementsIn);
    const marked = [...bySlack, ...byEmail].filter((announcement) => announcement.marked).length;
    return { slack: bySlack.length, email: byEmail.length, marked };
  }

  /** What the channel shows, the oldest first. */
  slackTexts(): string[] {
    return this.#platform.slack.messages.slice(this.#earlier).map(({ payload }) => JSON.stringify(payload));
  }

  /** The sales team's mails. */
  async emails(): Promise<string[]> {
    const answer = await fetch(`${this.#platform.mailboxUrl}/store`);
    const { emails } = (await answer.json()) as { emails: Mail[] };
    return emails
      .map(({ body }) => body.text)
      .filter((text) => announcementsIn(text).some(({ ref }) => this.#leads.has(ref)));
  }

  /** For a test that waited in vain. */
  #summary(): string {
    const latest = this.#lines.slice(-10).map((line) => JSON.stringify(line));
    return `there are ${JSON.stringify(Object.fromEntries(this.#metrics))} and\n${latest.join("\n")}`;
  }

  #count(metric: string, value: number): void {
    this.#metrics.set(metric, (this.#metrics.get(metric) ?? 0) + value);
  }
}

/** A log line as JSON; one that is none has it as `text`. */
export function parsedLine(line: string): Line & { readonly correlationId?: unknown } {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return { text: line };
  }
}
