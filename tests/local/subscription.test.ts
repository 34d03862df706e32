import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type DeliveryRules, doublingDelays } from "../../local/senders/sender.ts";
import { Subscription } from "../../local/subscription.ts";

const rules: DeliveryRules = { delays: [60, 120], answerSeconds: 5 };
/** Milliseconds of the run for a vendor's second. */
const second = 100;

/** A subscription and its clock. */
function subscribed(changed: Partial<DeliveryRules>) {
  let now = 0;
  const subscription = new Subscription({ ...rules, ...changed }, () => now);
  const wait = (seconds: number) => {
    now += seconds * second;
  };
  return { subscription, wait, now: () => now };
}

const subscription = suite("a vendor's subscription");

subscription("sends again after no answer, 429 and 5xx, as often as the vendor has delays", () => {
  const { subscription: one } = subscribed({});
  for (const status of [0, 429, 500, 503]) assert.type(one.delayAfter(1, status, 0), "number", String(status));
  for (const status of [302, 400, 401, 404]) assert.is(one.delayAfter(1, status, 0), undefined, String(status));
  const second = one.delayAfter(2, 503, 0) ?? 0;
  assert.ok(second >= 10_800 && second <= 12_000, String(second));
  assert.is(one.delayAfter(3, 503, 0), undefined);
});

subscription("a vendor can send again after other statuses, and honour Retry-After", () => {
  const { subscription: one } = subscribed({ isRetried: (status) => status >= 400, honoursRetryAfter: true });
  assert.is(one.delayAfter(1, 401, 60), 60_000);
  assert.ok((subscribed({}).subscription.delayAfter(1, 503, 60) ?? 0) <= 6000);
});

subscription("success is what the vendor takes for it", () => {
  assert.equal(
    [200, 202, 302, 404].map((status) => subscribed({}).subscription.isSuccess(status, "")),
    [true, true, false, false],
  );
  const acked = subscribed({ isSuccess: (status, body) => status === 200 && body.includes("Ack") }).subscription;
  assert.equal([acked.isSuccess(200, "<Ack>"), acked.isSuccess(200, "{}")], [true, false]);
});

subscription(
  "stops for a time after failures at the first attempt in a row, and loses what waits or comes meanwhile",
  () => {
    const { subscription: one, wait, now } = subscribed({ stop: { firstFailures: 3, seconds: 1800 } });
    const fail = () => one.note(1, 503, "");
    fail();
    fail();
    one.note(2, 503, "");
    assert.not(one.loses(now()));
    one.note(1, 200, "");
    fail();
    fail();
    const waiting = now();
    wait(1);
    fail();
    const stopped = now();
    assert.ok(one.loses(waiting));
    assert.ok(one.loses(stopped));
    wait(1801);
    assert.ok(one.loses(waiting));
    assert.ok(one.loses(stopped));
    assert.not(one.loses(now()));
    fail();
    assert.not(one.loses(now()));
  },
);

subscription("stops for ever after a status that ends it", () => {
  const { subscription: one, wait, now } = subscribed({ stop: { status: 410 } });
  one.note(1, 404, "");
  assert.not(one.loses(now()));
  one.note(1, 410, "");
  wait(1e9);
  assert.ok(one.loses(now()));
});

subscription("stops after failing for a time without a success in between", () => {
  const { subscription: one, wait, now } = subscribed({ stop: { failingSeconds: 259_200 } });
  one.note(1, 503, "");
  wait(259_100);
  one.note(2, 200, "");
  wait(259_100);
  one.note(1, 503, "");
  assert.not(one.loses(now()));
  wait(259_200);
  one.note(2, 503, "");
  assert.ok(one.loses(now()));
});

subscription("a vendor that never stops loses nothing", () => {
  const { subscription: one, now } = subscribed({});
  for (let failures = 0; failures < 100; failures++) one.note(1, 410, "");
  assert.not(one.loses(now()));
});

subscription("doubling delays grow to the longest and fit into the time", () => {
  assert.equal(doublingDelays(5, 20, 80), [5, 10, 20, 20, 20]);
});

subscription.run();
