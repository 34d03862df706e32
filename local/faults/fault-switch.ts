import { type Delivery, type Intercept, type Random, shuffled } from "local-aws";
import type { SlackMode } from "../options.ts";
import type { Platform } from "../platform.ts";
import { oneOf } from "../random.ts";
import { byEventBridge, type Fault, type FaultName, faults } from "./faults.ts";
import type { Outage } from "./outage.ts";

/**
 * Turns faults on and off. Hand `intercept` and `delivery` to the platform at its start, and the platform to `attach` after
 * it.
 */
export class FaultSwitch {
  readonly strikes = new Map<FaultName, number>();
  /** Events get lost: S3 sends none for minutes after they are switched on, and a disabled rule sends none. */
  losesEvents = false;
  /** Takes a service down as a whole, beside the faults. */
  outage: Pick<Outage, "intercept"> | undefined;
  readonly #random: Random;
  readonly #betweenKills: number;
  readonly #on = new Map<FaultName, number>();
  #platform: Platform | undefined;
  /** Slack's mode when no fault of Slack is on. */
  #slackMode: SlackMode = "up";
  #underWay = 0;
  #killing: NodeJS.Timeout | undefined;

  /** @param betweenKills milliseconds between two environments that are ended while `worker-killed` is on, 1,000 by default */
  constructor(random: Random, { betweenKills = 1000 } = {}) {
    this.#random = random;
    this.#betweenKills = betweenKills;
  }

  attach(platform: Platform): void {
    this.#platform = platform;
    this.#slackMode = platform.slack.mode;
    const struck = (kind: Fault["kind"]) => () => {
      const name = this.#latest(kind);
      if (name) this.#struck(name);
    };
    platform.slack.on("answered", struck("slack"));
    for (const api of platform.apis.values()) api.on("answered", struck("api"));
  }

  /** Events that a fault holds back or is about to double. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Draws whether a fault strikes this time; never while it is off. */
  hits(name: FaultName): boolean {
    const share = this.#on.get(name);
    if (share === undefined || this.#random() >= share) return false;
    this.#struck(name);
    return true;
  }

  isOn(name: FaultName): boolean {
    return this.#on.has(name);
  }

  /** @param share of the calls that the fault hits */
  async turnOn(name: FaultName, share = 1): Promise<void> {
    this.#on.set(name, share);
    await this.#apply(faults[name]);
  }

  turnOff(name: FaultName): void {
    this.#on.delete(name);
    this.#setModes();
    if (!this.#on.has("worker-killed")) clearInterval(this.#killing);
  }

  turnAllOff(): void {
    for (const name of [...this.#on.keys()]) this.turnOff(name);
  }

  readonly intercept: Intercept = async (call, proceed) => {
    if (this.losesEvents && byEventBridge(call)) return { status: 200, headers: {}, body: "" };
    const down = this.outage?.intercept(call, proceed);
    if (down) return down;
    for (const name of this.#on.keys()) {
      const fault: Fault = faults[name];
      if (fault.kind !== "calls" && fault.kind !== "cold-start") continue;
      if (!fault.hits(call) || !this.hits(name)) continue;
      this.#underWay += 1;
      try {
        return await fault.act(proceed, this.#random);
      } finally {
        this.#underWay -= 1;
      }
    }
    return undefined;
  };

  readonly delivery: Delivery = {
    duplicates: () => this.hits("messages-doubled"),
    reordered: (items) => (items.length > 1 && this.hits("messages-reordered") ? shuffled(items, this.#random) : items),
  };

  async #apply(fault: Fault): Promise<void> {
    const functions = [...(this.#platform?.functions.values() ?? [])];
    this.#setModes();
    if (fault.kind === "cold-start") await Promise.all(functions.map((each) => each.endIdle()));
    const [first, ...others] = functions;
    if (fault.kind !== "kill" || !first) return;
    clearInterval(this.#killing);
    this.#killing = setInterval(async () => {
      if (await oneOf(this.#random, [first, ...others]).killOne()) this.#struck("worker-killed");
    }, this.#betweenKills);
  }

  /** Of the faults of a kind that are on, the one that began last. */
  #latest(kind: Fault["kind"]): FaultName | undefined {
    return [...this.#on.keys()].findLast((name) => faults[name].kind === kind);
  }

  #setModes(): void {
    if (!this.#platform) return;
    const of = <Kind extends Fault["kind"]>(kind: Kind): Extract<Fault, { kind: Kind }> | undefined => {
      const name = this.#latest(kind);
      return name && (faults[name] as Extract<Fault, { kind: Kind }>);
    };
    this.#platform.slack.mode = of("slack")?.mode ?? this.#slackMode;
    for (const api of this.#platform.apis.values()) api.mode = of("api")?.mode ?? "up";
  }

  #struck(name: FaultName): void {
    this.strikes.set(name, (this.strikes.get(name) ?? 0) + 1);
  }
}
