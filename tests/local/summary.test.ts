import { suite } from "uvu";
import * as assert from "uvu/assert";
import { forgetBefore } from "../../local/simulated-server.ts";
import { isAccepted, type LeadRecord, percentile, summarize } from "../../local/summary.ts";

const circumstances = {
  env: "dev",
  sent: 4,
  refused: {},
  unanswered: 0,
  endedEarly: false,
  slackMessages: 2,
  deniedCalls: 0,
  wallMs: 9,
};
const lead = (record: Partial<LeadRecord>): LeadRecord => ({
  acceptedAt: 1000,
  stored: true,
  enriched: true,
  notifications: 0,
  deadLettered: false,
  ...record,
});

const summary = suite("summary of a run");

summary("a percentile is the value of the nearest rank, and null without values", () => {
  const values = Array.from({ length: 10 }, (_, index) => index + 1);
  assert.equal(
    [0.01, 0.5, 0.91, 0.99, 1].map((share) => percentile(values, share)),
    [1, 5, 10, 10, 10],
  );
  assert.is(percentile([], 0.5), null);
});

summary("every 2xx accepts a request, and nothing else does", () => {
  assert.equal([199, 200, 299, 300, 0].map(isAccepted), [false, true, true, false, false]);
});

summary(
  "a lead is lost when it is neither announced nor dead-lettered, and a duplicate for each further message",
  () => {
    const leads = [
      lead({}),
      lead({ deadLettered: true }),
      lead({ notifications: 3, notifiedAt: 1500, firstChannel: "slack" }),
      lead({ notifications: 1, notifiedAt: 1100, firstChannel: "email" }),
    ];
    const { accepted, lost, deadLettered, duplicates, slack, email, latencyMs } = summarize(leads, circumstances);
    assert.equal(
      { accepted, lost, deadLettered, duplicates, slack, email },
      { accepted: 4, lost: 1, deadLettered: 1, duplicates: 2, slack: 1, email: 1 },
    );
    assert.equal(latencyMs, { p50: 100, p99: 500, max: 500 });
  },
);

summary("when the run was ended early, no lead is lost: it is in progress, like a request without an answer", () => {
  const leads = [lead({}), lead({ deadLettered: true })];
  const { lost, inProgress } = summarize(leads, { ...circumstances, unanswered: 2, endedEarly: true });
  assert.equal({ lost, inProgress }, { lost: 0, inProgress: 3 });
});

summary("a lead that no request brought is not counted", () => {
  const { acceptedAt: _, ...unknown } = lead({ notifications: 2 });
  const { accepted, duplicates } = summarize([unknown], circumstances);
  assert.equal({ accepted, duplicates }, { accepted: 0, duplicates: 0 });
});

summary("what is forgotten is older than the time", () => {
  const list = [{ at: 1 }, { at: 2 }, { at: 3 }];
  forgetBefore(list, new Date(2));
  assert.equal(list, [{ at: 2 }, { at: 3 }]);
  forgetBefore(list, new Date(9));
  assert.equal(list, []);
});

summary.run();
