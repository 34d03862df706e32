import { suite } from "uvu";
import * as assert from "uvu/assert";
import { resilient } from "../../../functions/notify/slack-channel.ts";
import type { SlackOutcome } from "../../../functions/notify/slack-webhook.ts";

const message = { text: "New lead", blocks: [] };
const delivered: SlackOutcome = { status: "delivered" };
const down: SlackOutcome = { status: "refused", reason: "http_503", remedy: "retry" };
const gone: SlackOutcome = { status: "refused", reason: "no_service", remedy: "giveUp" };
const limited: SlackOutcome = { status: "refused", reason: "rate_limited", remedy: "wait", retryAfterSeconds: 1 };
const unanswered: SlackOutcome = { status: "unknown", reason: "TimeoutError" };

/** A channel whose Slack gives the answers one after the other, the last one for ever. */
function setUp(...answers: SlackOutcome[]) {
  const state = { asked: 0 };
  const post = resilient(
    async () => {
      state.asked += 1;
      return answers[Math.min(state.asked, answers.length) - 1] ?? delivered;
    },
    { initialDelay: 1 },
  );
  return { state, post: () => post(message) };
}

const channel = suite("slack channel");

channel("does not try again once the time for the message is over", async () => {
  const over = new AbortController();
  let asked = 0;
  const post = resilient(
    async () => {
      asked += 1;
      over.abort();
      return down;
    },
    { initialDelay: 1, patience: () => over.signal },
  );
  assert.equal([await post(message), asked], [down, 1]);
});

channel("tries twice more what was refused for the moment", async () => {
  const { state, post } = setUp(down, down, delivered);
  assert.equal(await post(), delivered);
  assert.is(state.asked, 3);
});

for (const [what, outcome] of [
  ["a webhook that is gone", gone],
  ["a 429, whose waiting is for the announcer", limited],
  ["a message without an answer, which may have been seen", unanswered],
] as const) {
  channel(`does not try again ${what}`, async () => {
    const { state, post } = setUp(outcome);
    assert.equal(await post(), outcome);
    assert.is(state.asked, 1);
  });
}

channel("refuses at once while Slack is down", async () => {
  const { state, post } = setUp(down);
  assert.is((await post()).status, "refused");
  const before = state.asked;
  assert.equal(await post(), { status: "refused", reason: "circuit_open", remedy: "giveUp" });
  assert.is(state.asked, before);
});

channel("counts unanswered messages as Slack being down", async () => {
  const { state, post } = setUp(unanswered);
  for (let count = 0; count < 3; count += 1) assert.equal(await post(), unanswered);
  assert.is(((await post()) as { reason: string }).reason, "circuit_open");
  assert.is(state.asked, 3);
});

channel("does not count 429s and refused payloads as Slack being down", async () => {
  for (const outcome of [limited, gone]) {
    const { state, post } = setUp(outcome);
    for (let count = 0; count < 10; count += 1) assert.equal(await post(), outcome);
    assert.is(state.asked, 10);
  }
});

channel.run();
