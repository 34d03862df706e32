import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkEnvironments, InvalidEnvironmentsError } from "../../../environments/check.ts";
import type { Environment } from "../../../environments/environment.ts";
import { environments } from "../../../environments/index.ts";
import { slackDeclaration } from "../../../functions/notify/channels/slack/declaration.ts";
import { makeHandler } from "../../../functions/notify/handler.ts";
import { sqsEvent, sqsRecord } from "../../helpers/aws-events.ts";
import { recordedLog, recordedMeter } from "../../helpers/fakes.ts";
import { enrichedLead } from "../../helpers/leads.ts";
import { recordedOutcomes } from "../../helpers/outcomes.ts";
import { VirtualClock } from "../../helpers/virtual-clock.ts";

interface Burst {
  readonly maximumConcurrency: number;
  readonly destinations: number;
  readonly timeoutSeconds: number;
}

/** Milliseconds that reading and claiming a batch take, and a message to Slack. */
const [reading, posting] = [1500, 400];

/** Announces a burst that does not end, with a Slack that works. @returns the share of messages with a slot in time */
async function inTime({ maximumConcurrency, destinations, timeoutSeconds }: Burst): Promise<number> {
  const clock = new VirtualClock();
  const slots = { free: new Map<string, number>(), inTime: 0, late: 0 };
  let count = 0;
  const handler = makeHandler({
    prepare: async (message) => {
      await clock.sleepUntil(clock.now + reading);
      count += 1;
      const destination = `destination-${(count * 7) % destinations}`;
      return {
        lead: enrichedLead(),
        mayBeRepeat: false,
        wasInterrupted: false,
        claim: { ids: [], claimant: "" },
        destination,
        message,
      };
    },
    queue: { take: async () => [], delete: async () => {}, retryAfter: async () => {}, sendAgain: async () => [] },
    postpone: async (failed) => failed.map(({ message }) => message),
    release: async () => {},
    outcomes: recordedOutcomes(),
    capacity: 50,
    gatherMilliseconds: 150,
    reserveSeconds: 13,
    reserveFirstSlot: async (destination, latest) => {
      const slot = Math.max(clock.now, slots.free.get(destination) ?? 0);
      slots[slot <= latest ? "inTime" : "late"] += 1;
      if (slot <= latest) slots.free.set(destination, slot + slackDeclaration.rate.milliseconds);
      return slot;
    },
    announce: async () => {
      await clock.sleepUntil(clock.now + posting);
      return "announced";
    },
    log: recordedLog(),
    meter: recordedMeter(),
    now: () => clock.now,
    sleepUntil: clock.sleepUntil,
  });
  const batch = sqsEvent(...Array.from({ length: 10 }, (_, index) => sqsRecord("", `message-${index}`)));
  const context = { getRemainingTimeInMillis: () => timeoutSeconds * 1000 };
  const invocations = async () => {
    for (let invocation = 0; invocation < 8; invocation += 1) await handler(batch, context);
  };
  await clock.run(Promise.all(Array.from({ length: maximumConcurrency }, invocations)));
  return slots.inTime / (slots.inTime + slots.late);
}

/** Whether synth takes the settings. */
function isTaken({ maximumConcurrency, destinations, timeoutSeconds }: Burst): boolean {
  const routes = Array.from({ length: destinations - 1 }, (_, index) => ({
    channel: `route-${index}`,
    when: { leastEmployees: 1000 - index },
  }));
  const { dev } = environments;
  const tuning = { ...dev.tuning, notify: { maximumConcurrency, timeoutSeconds } };
  try {
    checkEnvironments({ dev: { ...dev, slack: { ...dev.slack, routes }, tuning } as Environment });
    return true;
  } catch (error) {
    assert.instance(error, InvalidEnvironmentsError);
    return false;
  }
}

const burst = suite("notify in a burst");

for (const [maximumConcurrency, destinations] of [
  [2, 1],
  [2, 2],
  [5, 1],
  [5, 3],
  [10, 1],
  [10, 2],
  [20, 5],
] as const) {
  burst(
    `has a send slot in time for all of ${maximumConcurrency} invocations and ${destinations} destinations`,
    async () => {
      let timeoutSeconds = 13;
      while (!isTaken({ maximumConcurrency, destinations, timeoutSeconds })) timeoutSeconds += 1;
      assert.is(await inTime({ maximumConcurrency, destinations, timeoutSeconds }), 1);
    },
  );
}

burst("would have none in time for most leads with settings that synth refuses", async () => {
  const settings = { maximumConcurrency: 10, destinations: 1, timeoutSeconds: 15 };
  assert.not(isTaken(settings));
  assert.ok((await inTime(settings)) < 0.5);
});

burst.run();
