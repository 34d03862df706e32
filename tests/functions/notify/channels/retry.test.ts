import { once } from "node:events";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ChannelMessage, Outcome } from "../../../../functions/notify/channels/channel.ts";
import { type RetryRule, withRetryAndCircuitBreaker } from "../../../../functions/notify/channels/retry.ts";
import { enrichedLead } from "../../../helpers/leads.ts";

const leads = [{ lead: enrichedLead(), mayBeRepeat: false }] as const;
const delivered: Outcome = { status: "delivered" };
const down: Outcome = { status: "refused", reason: "http_503", remedy: "retry" };
const gone: Outcome = { status: "refused", reason: "no_service", remedy: "giveUp", kind: "needsPerson" };
const limited: Outcome = { status: "refused", reason: "rate_limited", remedy: "wait", retryAfterSeconds: 1 };
const unanswered: Outcome = { status: "unknown", reason: "TimeoutError" };
const open: Outcome = { status: "refused", reason: "circuit_open", remedy: "giveUp", kind: "unavailable" };

interface Given extends Partial<RetryRule> {
  /** A channel with webhooks has several destinations. */
  readonly hasWebhooks?: boolean;
  /** What the service answers, one after the other; the last one for ever. */
  readonly answers: readonly Outcome[];
  readonly during?: (signal: AbortSignal) => Promise<unknown>;
}

function setUp({ answers, during = async () => {}, hasWebhooks = true, ...rule }: Given) {
  const posted: string[] = [];
  const channel = {
    patienceMilliseconds: 0,
    async post({ destination }: ChannelMessage, signal: AbortSignal) {
      posted.push(destination);
      await during(signal);
      return answers[Math.min(posted.length, answers.length) - 1] ?? delivered;
    },
  };
  const post = withRetryAndCircuitBreaker(channel, {
    budgetSeconds: 5,
    retryDelayMilliseconds: 1,
    circuitBreaker: { failures: 3, openSeconds: 30 },
    ...(hasWebhooks && { webhooks: { settings: {} } }),
    ...rule,
  });
  return { post: (destination = "sales") => post({ destination, leads }), posted };
}

const retry = suite("retry and circuit breaker");

retry("tries twice more while the remedy is to try again", async () => {
  const { post, posted } = setUp({ answers: [down, down, delivered] });
  assert.equal(await post(), delivered);
  assert.equal(posted, ["sales", "sales", "sales"]);
});

retry("gives up after the third attempt", async () => {
  const { post, posted } = setUp({ answers: [down], circuitBreaker: { failures: 10, openSeconds: 30 } });
  assert.equal([await post(), posted.length], [down, 3]);
});

retry("does not try again once the budget is used up", async () => {
  const { post, posted } = setUp({
    answers: [down],
    budgetSeconds: 0.02,
    during: async (signal) => signal.aborted || once(signal, "abort"),
  });
  const alive = setTimeout(() => {}, 1000);
  assert.equal([await post(), posted.length], [down, 1]);
  clearTimeout(alive);
});

for (const [what, outcome] of [
  ["is refused for good", gone],
  ["has to wait, which the announcer does", limited],
  ["was not answered, because somebody may have seen it", unanswered],
] as const) {
  retry(`does not try a message again that ${what}`, async () => {
    const { post, posted } = setUp({ answers: [outcome] });
    assert.equal([await post(), posted.length], [outcome, 1]);
  });
}

retry("refuses at once while the destination is down, and does not affect the others", async () => {
  const { post, posted } = setUp({ answers: [down] });
  await post();
  const before = posted.length;
  assert.equal([await post(), posted.length], [open, before]);
  assert.not.equal(await post("emea"), open);
});

retry("counts unanswered messages as the destination being down", async () => {
  const { post, posted } = setUp({ answers: [unanswered] });
  for (let count = 0; count < 3; count += 1) assert.equal(await post(), unanswered);
  assert.equal([await post(), posted.length], [open, 3]);
});

retry("asks again when the circuit has been open for the declared time", async () => {
  const { post } = setUp({
    answers: [unanswered, delivered],
    circuitBreaker: { failures: 1, openSeconds: 0.001 },
  });
  await post();
  let outcome = await post();
  for (let count = 0; count < 1000 && outcome.status !== "delivered"; count += 1) {
    await new Promise((done) => setImmediate(done));
    outcome = await post();
  }
  assert.equal(outcome, delivered);
});

for (const outcome of [limited, gone]) {
  retry(`does not count ${outcome.status === "refused" && outcome.reason} as the destination being down`, async () => {
    const { post, posted } = setUp({ answers: [outcome] });
    for (let count = 0; count < 10; count += 1) assert.equal(await post(), outcome);
    assert.is(posted.length, 10);
  });
}

retry("does not count a throttle as the destination being down, though it is tried again", async () => {
  const throttled: Outcome = { status: "refused", reason: "Throttling", remedy: "retry", isThrottled: true };
  const { post, posted } = setUp({ answers: [throttled] });
  for (let count = 0; count < 5; count += 1) assert.equal(await post(), throttled);
  assert.is(posted.length, 15);
});

retry("has one circuit breaker for every destination of a channel without webhooks", async () => {
  const { post, posted } = setUp({ answers: [unanswered], hasWebhooks: false });
  for (const destination of ["sales", "emea", "dach"]) assert.equal(await post(destination), unanswered);
  assert.equal([await post("apac"), posted.length], [open, 3]);
});

retry(
  "sends one message to a destination that was down, and refuses the others at once until it is answered",
  async () => {
    const answer = Promise.withResolvers<void>();
    const during = () => (posted.length > 1 ? answer.promise : Promise.resolve());
    const { post, posted } = setUp({
      answers: [unanswered, delivered],
      circuitBreaker: { failures: 1, openSeconds: 0 },
      during,
    });
    await post();
    const probe = post();
    const others = Promise.all([post(), post()]);
    await new Promise((done) => setImmediate(done));
    answer.resolve();
    assert.equal(await others, [open, open]);
    assert.is(posted.length, 2);
    assert.equal([await probe, await post()], [delivered, delivered]);
  },
);

retry("stays open for the declared time again when the one message fails", async () => {
  const clock = { now: Date.now() };
  const { now } = Date;
  Date.now = () => clock.now;
  try {
    const { post, posted } = setUp({ answers: [unanswered], circuitBreaker: { failures: 3, openSeconds: 30 } });
    for (const _ of [1, 2, 3]) await post();
    for (const [milliseconds, expected] of [
      [29_999, open],
      [1, unanswered],
      [29_999, open],
      [1, unanswered],
    ] as const) {
      clock.now += milliseconds;
      assert.equal(await post(), expected);
    }
    assert.is(posted.length, 5);
  } finally {
    Date.now = now;
  }
});

retry("passes on what the channel throws", async () => {
  const { post } = setUp({ answers: [], during: () => Promise.reject(new TypeError("our fault")) });
  const error = await post().catch((thrown: Error) => thrown);
  assert.instance(error, TypeError);
});

retry.run();
