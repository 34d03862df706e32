import { NotFoundException, type SESv2Client } from "@aws-sdk/client-sesv2";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createReachabilityCheck } from "../../../../../functions/notify/channels/email/suppression.ts";
import { failureOf } from "../../../../helpers/failure.ts";
import { awsError, recordedLog } from "../../../../helpers/fakes.ts";

const notListed = new NotFoundException({ message: "", $metadata: { httpStatusCode: 404 } });

/** An SES that knows the suppressed addresses, or fails in a way of its own. */
function sesWith(suppressed: readonly string[], fail?: (signal: AbortSignal) => Promise<never>) {
  const asked: string[] = [];
  const send = async (
    { input: { EmailAddress } }: { input: { EmailAddress: string } },
    { abortSignal }: { abortSignal: AbortSignal },
  ) => {
    asked.push(EmailAddress);
    if (fail) return fail(abortSignal);
    if (!suppressed.includes(EmailAddress)) throw notListed;
    return {};
  };
  return { ses: { send } as unknown as SESv2Client, asked };
}
const [a, b, c] = ["a@example.com", "b@example.com", "c@example.com"] as const;

const suppression = suite("suppression");

suppression("one recipient who can be reached is enough, and nobody after that one is asked about", async () => {
  const { ses, asked } = sesWith([a]);
  const log = recordedLog();
  await createReachabilityCheck(ses, [a, b, c], log)();
  assert.equal([asked, log.lines], [[a, b], []]);
});

suppression("an email that would reach nobody is refused, and the error names no address", async () => {
  const { ses } = sesWith([a, b]);
  const { name, message } = await failureOf(createReachabilityCheck(ses, [a, b], recordedLog())());
  assert.equal(
    [name, message],
    ["RecipientsSuppressedError", "All 2 recipients are on the account's suppression list."],
  );
});

for (const [problem, fail] of [
  ["throttled", async () => Promise.reject(awsError("TooManyRequestsException", 429))],
  ["denied", async () => Promise.reject(awsError("AccessDeniedException", 403))],
  [
    "slow",
    (signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  ],
] as const) {
  suppression(`when asking is ${problem} the email is sent all the same, and the log says so`, async () => {
    const { ses } = sesWith([a], fail);
    const log = recordedLog();
    const alive = setTimeout(() => {}, 1000);
    await createReachabilityCheck(ses, [a], log, { milliseconds: 50 })();
    clearTimeout(alive);
    assert.equal(
      log.lines.map(({ level }) => level),
      ["warn"],
    );
    assert.not.match(JSON.stringify(log.lines), "example.com");
  });
}

/** A check with a clock that does not begin at 0, and an SES that throttles on demand. */
function setUp(suppressed: string[]) {
  const state = { now: Date.parse("2026-03-01T12:00:00.000Z"), throttled: false };
  const { ses, asked } = sesWith(suppressed);
  const client = {
    send: (...args: Parameters<SESv2Client["send"]>) =>
      state.throttled ? Promise.reject(awsError("TooManyRequestsException", 429)) : ses.send(...args),
  } as unknown as SESv2Client;
  const log = recordedLog();
  const check = createReachabilityCheck(client, [a], log, { now: () => state.now });
  const outcome = () =>
    check().then(
      () => "reachable",
      ({ name }: Error) => name,
    );
  return { state, asked, log, outcome };
}

for (const [suppressed, expected] of [
  [[a], "RecipientsSuppressedError"],
  [[], "reachable"],
] as const) {
  suppression(`the answer ${expected} holds for a minute, and no longer`, async () => {
    const { state, asked, outcome } = setUp([...suppressed]);
    assert.equal([await outcome(), asked.length], [expected, 1]);
    state.now += 59_999;
    assert.equal([await outcome(), asked.length], [expected, 1]);
    state.now += 1;
    assert.equal([await outcome(), asked.length], [expected, 2]);
  });

  suppression(`the answer ${expected} is used when a later one cannot be had`, async () => {
    const { state, log, outcome } = setUp([...suppressed]);
    await outcome();
    state.now += 60_000;
    state.throttled = true;
    assert.is(await outcome(), expected);
    assert.equal(
      log.lines.map(({ level, context }) => [level, context.known]),
      [["warn", true]],
    );
  });
}

suppression("an answer that is no longer true is replaced after a minute", async () => {
  const suppressed: string[] = [a];
  const { state, outcome } = setUp(suppressed);
  assert.is(await outcome(), "RecipientsSuppressedError");
  suppressed.pop();
  state.now += 60_000;
  assert.is(await outcome(), "reachable");
});

suppression.run();
