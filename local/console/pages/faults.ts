import { Hono } from "hono";
import { LocalRunError } from "../../errors.ts";
import { type FaultName, faultNames, faults as kinds } from "../../faults/faults.ts";
import { Outage, type OutageName } from "../../faults/outage.ts";
import type { ConsoleContext, Page } from "../context.ts";
import { live } from "../live.ts";
import type { FaultsView } from "../shapes/faults.ts";
import { slackTroubles } from "./slack.ts";

/** What each fault does. */
const does: Readonly<Record<Exclude<FaultName, "crm-twice">, string>> = {
  "slack-down": slackTroubles.down,
  "slack-slow": slackTroubles.slow,
  "slack-limited": slackTroubles.limited,
  "slack-resetting": slackTroubles.resetting,
  "slack-silent": slackTroubles.silent,
  "slack-uncertain": slackTroubles.uncertain,
  "api-down": "The sources' APIs answer 503, so no record can be fetched.",
  "api-limited": "The sources' APIs want no request for 30 seconds.",
  "ses-throttling": "SES takes no email, because too many were sent in a second.",
  "ses-rejecting": "SES rejects every email, because an address is not verified.",
  "ses-paused": "SES sends no email, because the account is paused.",
  "ses-answer-lost": "SES sends the email, and its answer is lost.",
  "ses-aborted": "SES sends the email, and says that the request was aborted.",
  "s3-unavailable": "S3 answers every call with 503.",
  "s3-slow": "S3 answers up to four seconds late.",
  "s3-answer-lost": "S3 stores objects, and its answers are lost.",
  "dynamodb-throttling": "DynamoDB refuses every call, because there are too many.",
  "dynamodb-answer-lost": "DynamoDB does its work, and its answers are lost.",
  "ssm-failing": "Functions start cold, and SSM fails when they ask for their secrets.",
  "worker-killed": "Each second, a function is ended in the middle of its work.",
  "events-doubled": "EventBridge delivers every event twice.",
  "events-reordered": "EventBridge delivers events up to three seconds late, in another order.",
  "messages-doubled": "SQS delivers every message twice.",
  "messages-reordered": "SQS delivers messages in another order.",
};

const outageDoes: Readonly<Record<OutageName, string>> = {
  "slack+email": "Slack and SES: nothing can be announced.",
  storage: "S3 for enrich and notify: leads are accepted, and wait.",
  ledger: "DynamoDB: notify cannot say what was announced, so leads wait.",
  secrets: "SSM for enrich and notify, which start cold and wait for their secrets.",
};

/** The faults of what the run has: an environment can have no source with an API. */
const faultsOf = ({ platform: { apis } }: ConsoleContext) =>
  faultNames.filter((name) => name !== "crm-twice").filter((name) => kinds[name].kind !== "api" || apis.size > 0);

/** @throws LocalRunError */
function demand(isPossible: boolean, sentence: string): void {
  if (!isPossible) throw new LocalRunError("NotPossible", sentence);
}

/** What somebody made go wrong. */
class Trouble {
  outage: { readonly name: OutageName; readonly until: number; end(): Promise<void> } | undefined;
  burst: { readonly leads: number; readonly before: number } | undefined;
  readonly #context: ConsoleContext;

  constructor(context: ConsoleContext) {
    this.#context = context;
  }

  view(): FaultsView {
    const { faults, platform } = this.#context;
    const { outage, burst } = this;
    const remaining = outage && Math.ceil((outage.until - Date.now()) / 1000) * 1000;
    const answered = burst && platform.crm.requests.settled - burst.before;
    return {
      faults: faultsOf(this.#context).map((name) => ({
        name,
        does: does[name],
        isOn: faults.isOn(name),
        strikes: faults.strikes.get(name) ?? 0,
      })),
      outages: Object.entries(outageDoes).map(([name, does]) => ({ name, does })),
      ...(outage && remaining && { outage: { name: outage.name, remaining } }),
      ...(burst && { burst: { leads: burst.leads, answered: Math.min(burst.leads, answered ?? 0) } }),
    };
  }

  /** Takes a service down until the minutes are over. An outage that lasts ends before. */
  async takeDown(name: OutageName, minutes: number): Promise<void> {
    const { faults, platform } = this.#context;
    demand(Object.hasOwn(outageDoes, name), `There is no service ${name}.`);
    demand(minutes > 0 && minutes <= 120, "Minutes: give a number above 0, up to 120.");
    while (this.outage) await this.outage.end();
    const outage = new Outage(name);
    outage.attach(platform);
    const end = async () => {
      clearTimeout(timer);
      this.outage = undefined;
      faults.outage = undefined;
      await outage.change(undefined);
    };
    const milliseconds = minutes * 60_000;
    const timer = setTimeout(end, milliseconds).unref();
    this.outage = { name, until: Date.now() + milliseconds, end };
    faults.outage = outage;
    await outage.change("answered 5xx");
  }

  send(leads: number): void {
    const { crm } = this.#context.platform;
    demand(Number.isInteger(leads) && leads > 0 && leads <= 10_000, "Leads: give a whole number from 1 to 10,000.");
    this.burst = { leads, before: crm.requests.settled };
    void crm.sendLeads(leads);
  }
}

/** Switches for everything that can fail, outages that end by themselves, and bursts of leads. */
export const faultsPage: Page = {
  name: "faults",
  routes(context) {
    const trouble = new Trouble(context);
    return new Hono()
      .get("/live", (c) => live(c, () => trouble.view()))
      .post("/switch", async (c) => {
        const { name, on } = await c.req.json<{ name: keyof typeof does; on: boolean }>();
        demand(faultsOf(context).includes(name), `There is no fault ${name}.`);
        await (on ? context.faults.turnOn(name) : context.faults.turnOff(name));
        return c.json({});
      })
      .post("/outage", async (c) => {
        const { name, minutes } = await c.req.json<{ name: OutageName; minutes: number }>();
        await trouble.takeDown(name, minutes);
        return c.json({});
      })
      .post("/outage/end", async (c) => {
        await trouble.outage?.end();
        return c.json({});
      })
      .post("/burst", async (c) => {
        trouble.send((await c.req.json<{ leads: number }>()).leads);
        return c.json({});
      });
  },
};
