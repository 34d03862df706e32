import { mapValues, sum } from "es-toolkit";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { SourceFormat } from "../../../functions/sources/index.ts";
import { senders } from "../../../local/senders/index.ts";
import { Subscription } from "../../../local/subscription.ts";

/** Milliseconds of a run for a vendor's second. */
const second = 100;

/** How often a vendor sends an event that always gets the same answer, and for how many seconds; whether it then stopped. */
function delivered(format: SourceFormat, status: number, body = "") {
  const subscription = new Subscription(senders[format].delivery, () => now);
  let now = 0;
  const delays: number[] = [];
  for (let attempt = 1; ; attempt++) {
    subscription.note(attempt, status, body);
    if (subscription.loses(0)) return { attempts: attempt, seconds: sum(delays), stopped: true };
    const success = subscription.isSuccess(status, body);
    const delay = success ? undefined : subscription.delayAfter(attempt, status, 0);
    if (delay === undefined) return { attempts: attempt, seconds: sum(delays), stopped: false };
    delays.push(delay / second);
    now += delay;
  }
}

const hour = 3600;
const delivery = suite("vendors' rules of delivery");

delivery("HubSpot sends an event ten times more within 24 hours, after any 4xx and 5xx", () => {
  for (const status of [400, 401, 404, 429, 500, 503]) {
    const { attempts, seconds, stopped } = delivered("hubspot", status);
    assert.equal([attempts, stopped], [11, false], String(status));
    assert.ok(seconds <= 24 * hour);
  }
});

delivery("Pipedrive sends an event after 3, 30 and 150 seconds, and then no more", () => {
  const { attempts, seconds, stopped } = delivered("pipedrive", 503);
  assert.equal([attempts, stopped], [4, false]);
  assert.ok(seconds > 160 && seconds <= 183);
});

delivery("Pipedrive bans an endpoint for 30 minutes after ten events whose first attempt failed", () => {
  let now = 0;
  const subscription = new Subscription(senders.pipedrive.delivery, () => now);
  for (let event = 1; event < 10; event++) subscription.note(1, 503, "");
  assert.not(subscription.loses(now));
  subscription.note(1, 503, "");
  now += 29 * 60 * second;
  assert.ok(subscription.loses(now));
  now += 2 * 60 * second;
  assert.not(subscription.loses(now));
});

delivery(
  "Calendly deletes a subscription after a 410, takes redirects for failures, and gives up after 24 hours",
  () => {
    assert.equal(delivered("calendly", 410), { attempts: 1, seconds: 0, stopped: true });
    assert.ok(delivered("calendly", 302).attempts > 5);
    const { seconds } = delivered("calendly", 503);
    assert.ok(seconds > 12 * hour && seconds <= 24 * hour, String(seconds));
  },
);

delivery("Close sends for up to 72 hours", () => {
  const { attempts, seconds } = delivered("close", 400);
  assert.ok(attempts > 100 && seconds > 60 * hour && seconds <= 72 * hour, String(seconds));
});

delivery("Close pauses after three days of failures, and clears what waits", () => {
  let now = 0;
  const subscription = new Subscription(senders.close.delivery, () => now);
  subscription.note(1, 503, "");
  now += 71 * hour * second;
  subscription.note(1, 503, "");
  assert.not(subscription.loses(0));
  now += hour * second;
  subscription.note(2, 503, "");
  assert.ok(subscription.loses(now));
});

delivery("Salesforce sends until it gets the Ack, for 24 hours", () => {
  assert.is(delivered("salesforce", 200, "<Ack>true</Ack>").attempts, 1);
  for (const [status, body] of [
    [200, "{}"],
    [202, "<Ack>true</Ack>"],
    [200, "<Ack>false</Ack>"],
    [404, ""],
  ] as const) {
    const { attempts, seconds } = delivered("salesforce", status, body);
    assert.ok(attempts > 5 && seconds > 12 * hour && seconds <= 24 * hour, `${status} ${body}`);
  }
});

delivery("Typeform disables a webhook after a 410, and takes a 404 as final", () => {
  assert.equal(delivered("typeform", 410), { attempts: 1, seconds: 0, stopped: true });
  assert.equal(delivered("typeform", 404), { attempts: 1, seconds: 0, stopped: false });
});

delivery("each vendor waits for an answer as long as it says", () => {
  assert.equal(
    mapValues(senders, ({ delivery: { answerSeconds } }) => answerSeconds),
    {
      hubspot: 5,
      "meta-lead-ads": 20,
      pipedrive: 10,
      salesforce: 60,
      "standard-webhooks": 30,
      hmac: 30,
      token: 30,
      typeform: 30,
      calendly: 15,
      "google-ads": 10,
      close: 15,
    },
  );
});

delivery(
  "senders of no single vendor send for two and a half hours, at first often, and wait when they are asked to",
  () => {
    for (const format of ["standard-webhooks", "hmac", "token"] as const) {
      const { delays, honoursRetryAfter } = senders[format].delivery;
      assert.equal(
        [delays.slice(0, 6), Math.max(...delays), sum(delays) <= 9000 && sum(delays) > 9000 - 80, honoursRetryAfter],
        [[2.5, 5, 10, 20, 40, 80], 80, true, true],
        format,
      );
    }
  },
);

delivery.run();
